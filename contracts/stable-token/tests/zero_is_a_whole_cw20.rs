//! What wallets and other contracts expect of a cw20.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use cosmwasm_std::{Addr, Binary, Uint128, to_json_binary, to_json_string};
use cw20::{
    AllAccountsResponse, AllAllowancesResponse, AllSpenderAllowancesResponse, AllowanceResponse,
    Cw20ExecuteMsg, DownloadLogoResponse, EmbeddedLogo, Expiration, Logo, LogoInfo, MarketingInfoResponse,
    MinterResponse, TokenInfoResponse,
};
use iz_contract_types::payment::PaymentError;
use iz_contract_types::stable_token::{ExecuteMsg, Marketing, QueryMsg};
use iz_stable_token::error::ContractError;

fn issued() -> Chain {
    running(200, 1_000)
}

#[test]
fn the_messages_are_byte_for_byte_those_of_cw20() {
    let amount = Uint128::new(7);
    let (a, b) = ("a".to_owned(), "b".to_owned());
    let msg = Binary::from(b"{}");
    let expires = Some(Expiration::AtHeight(5));
    let pairs = [
        (
            to_json_string(&ExecuteMsg::Transfer { recipient: a.clone(), amount }),
            to_json_string(&Cw20ExecuteMsg::Transfer { recipient: a.clone(), amount }),
        ),
        (to_json_string(&ExecuteMsg::Burn { amount }), to_json_string(&Cw20ExecuteMsg::Burn { amount })),
        (
            to_json_string(&ExecuteMsg::Send { contract: a.clone(), amount, msg: msg.clone() }),
            to_json_string(&Cw20ExecuteMsg::Send { contract: a.clone(), amount, msg: msg.clone() }),
        ),
        (
            to_json_string(&ExecuteMsg::IncreaseAllowance { spender: a.clone(), amount, expires }),
            to_json_string(&Cw20ExecuteMsg::IncreaseAllowance { spender: a.clone(), amount, expires }),
        ),
        (
            to_json_string(&ExecuteMsg::DecreaseAllowance { spender: a.clone(), amount, expires: None }),
            to_json_string(&Cw20ExecuteMsg::DecreaseAllowance { spender: a.clone(), amount, expires: None }),
        ),
        (
            to_json_string(&ExecuteMsg::TransferFrom { owner: a.clone(), recipient: b.clone(), amount }),
            to_json_string(&Cw20ExecuteMsg::TransferFrom { owner: a.clone(), recipient: b.clone(), amount }),
        ),
        (
            to_json_string(&ExecuteMsg::SendFrom {
                owner: a.clone(),
                contract: b.clone(),
                amount,
                msg: msg.clone(),
            }),
            to_json_string(&Cw20ExecuteMsg::SendFrom { owner: a.clone(), contract: b.clone(), amount, msg }),
        ),
        (
            to_json_string(&ExecuteMsg::BurnFrom { owner: a.clone(), amount }),
            to_json_string(&Cw20ExecuteMsg::BurnFrom { owner: a.clone(), amount }),
        ),
        (
            to_json_string(&ExecuteMsg::UploadLogo(Logo::Url(b.clone()))),
            to_json_string(&Cw20ExecuteMsg::UploadLogo(Logo::Url(b))),
        ),
        (
            to_json_string(&ExecuteMsg::UpdateMarketing {
                project: Some(a.clone()),
                description: None,
                marketing: None,
            }),
            to_json_string(&Cw20ExecuteMsg::UpdateMarketing {
                project: Some(a),
                description: None,
                marketing: None,
            }),
        ),
    ];
    for (ours, theirs) in pairs {
        assert_eq!(ours.unwrap(), theirs.unwrap());
    }
}

#[test]
fn transfers_move_balances_and_nothing_else() {
    let mut chain = issued();
    let (before, supply) = (chain.balance("holder"), chain.supply());
    chain.transfer("holder", "friend", 100).unwrap();
    assert_eq!((chain.balance("holder"), chain.balance("friend")), (before - 100, 100));
    chain.transfer("holder", "holder", 50).unwrap();
    assert_eq!(chain.balance("holder"), before - 100);
    assert_eq!(chain.supply(), supply);
    chain.check();
    let state = chain.state();
    let short = chain.transfer("friend", "holder", 101).unwrap_err();
    assert_eq!(short, ContractError::InsufficientBalance { balance: 100u128.into(), needed: 101u128.into() });
    assert_eq!(chain.transfer("friend", "holder", 0).unwrap_err(), ContractError::ZeroAmount);
    let recipient = chain.token.to_string();
    let own = chain.execute("friend", &ExecuteMsg::Transfer { recipient, amount: 1u128.into() });
    assert_eq!(own.unwrap_err(), ContractError::OwnContract);
    let most = ExecuteMsg::Transfer { recipient: chain.addr("holder").into(), amount: Uint128::MAX };
    assert!(matches!(chain.execute("friend", &most), Err(ContractError::InsufficientBalance { .. })));
    let nobody = ExecuteMsg::Transfer { recipient: "nobody".into(), amount: 1u128.into() };
    assert!(matches!(chain.execute("friend", &nobody), Err(ContractError::Std(_))));
    let friend = chain.addr("friend");
    chain.fund("friend", 5, USDC);
    let paid = chain.send(&friend, &nobody, &[cosmwasm_std::coin(5, USDC)]);
    assert_eq!(paid.unwrap_err(), PaymentError::Unwanted.into());
    assert_eq!(chain.state(), state);
}

#[test]
fn burning_lowers_the_supply_and_raises_everybody_elses_backing() {
    let mut chain = issued();
    let before = chain.solvency();
    chain.execute("holder", &ExecuteMsg::Burn { amount: (100 * ONE).into() }).unwrap();
    let after = chain.solvency();
    assert_eq!(after.supply, before.supply - Uint128::new(100 * ONE));
    assert_eq!(after.reserve, before.reserve);
    assert!(after.ratio > before.ratio);
    chain.check();
}

#[test]
fn allowances_are_raised_lowered_spent_and_expire() {
    let mut chain = issued();
    let (owner, spender) = (chain.addr("holder"), chain.addr("spender"));
    let raise = |amount: u128, expires| ExecuteMsg::IncreaseAllowance {
        spender: spender.to_string(),
        amount: amount.into(),
        expires,
    };
    let take = |amount: u128| ExecuteMsg::TransferFrom {
        owner: owner.to_string(),
        recipient: spender.to_string(),
        amount: amount.into(),
    };
    assert_eq!(chain.send(&spender, &take(1), &[]).unwrap_err(), ContractError::NoAllowance);
    chain.send(&owner, &raise(100, None), &[]).unwrap();
    let height = chain.app.block_info().height + 3;
    chain.send(&owner, &raise(50, Some(Expiration::AtHeight(height))), &[]).unwrap();
    let query = QueryMsg::Allowance { owner: owner.to_string(), spender: spender.to_string() };
    let allowance: AllowanceResponse = chain.query(&query);
    let expires = Expiration::AtHeight(height);
    assert_eq!(allowance, AllowanceResponse { allowance: 150u128.into(), expires });
    chain.send(&spender, &take(60), &[]).unwrap();
    assert_eq!(
        chain.send(&spender, &take(91), &[]).unwrap_err(),
        ContractError::InsufficientAllowance { allowance: 90u128.into(), needed: 91u128.into() }
    );
    let lower = |amount: u128| ExecuteMsg::DecreaseAllowance {
        spender: spender.to_string(),
        amount: amount.into(),
        expires: None,
    };
    chain.send(&owner, &lower(40), &[]).unwrap();
    let supply = chain.supply();
    let burn = ExecuteMsg::BurnFrom { owner: owner.to_string(), amount: 10u128.into() };
    chain.send(&spender, &burn, &[]).unwrap();
    assert_eq!(chain.supply(), supply - 10);
    let listed: AllAllowancesResponse =
        chain.query(&QueryMsg::AllAllowances { owner: owner.to_string(), start_after: None, limit: None });
    assert_eq!(listed.allowances[0].allowance.u128(), 40);
    let query =
        QueryMsg::AllSpenderAllowances { spender: spender.to_string(), start_after: None, limit: None };
    let listed: AllSpenderAllowancesResponse = chain.query(&query);
    assert_eq!(listed.allowances[0].owner, owner.to_string());
    chain.advance(1);
    chain.advance(1);
    chain.advance(1);
    assert_eq!(chain.send(&spender, &take(1), &[]).unwrap_err(), ContractError::AllowanceExpired);
    let past = raise(1, Some(Expiration::AtHeight(1)));
    assert_eq!(chain.send(&owner, &past, &[]).unwrap_err(), ContractError::InvalidExpiration);
    let never = Some(Expiration::Never {});
    let too_much =
        ExecuteMsg::IncreaseAllowance { spender: spender.to_string(), amount: Uint128::MAX, expires: never };
    assert!(matches!(chain.send(&owner, &too_much, &[]), Err(ContractError::Overflow(_))));
    chain.send(&owner, &lower(1_000), &[]).unwrap();
    assert_eq!(chain.send(&owner, &lower(1), &[]).unwrap_err(), ContractError::NoAllowance);
    let own =
        ExecuteMsg::IncreaseAllowance { spender: owner.to_string(), amount: 1u128.into(), expires: None };
    assert_eq!(chain.send(&owner, &own, &[]).unwrap_err(), ContractError::OwnAccount);
}

#[test]
fn contracts_are_told_what_they_receive() {
    let mut chain = issued();
    let (owner, receiver) = (chain.addr("holder"), chain.receiver.clone());
    // the receiver passes on half of what it gets
    let onward = |chain: &Chain, amount: u128| {
        let recipient = chain.addr("third").into();
        let msg = to_json_binary(&ExecuteMsg::Transfer { recipient, amount: amount.into() }).unwrap();
        let contract_addr = chain.token.to_string();
        let message = cosmwasm_std::WasmMsg::Execute { contract_addr, msg, funds: vec![] };
        to_json_binary(&vec![cosmwasm_std::CosmosMsg::<cosmwasm_std::Empty>::from(message)]).unwrap()
    };
    let msg =
        ExecuteMsg::Send { contract: receiver.to_string(), amount: 100u128.into(), msg: onward(&chain, 50) };
    chain.send(&owner, &msg, &[]).unwrap();
    let spender = chain.addr("spender");
    let allow =
        ExecuteMsg::IncreaseAllowance { spender: spender.to_string(), amount: 10u128.into(), expires: None };
    chain.send(&owner, &allow, &[]).unwrap();
    let msg = ExecuteMsg::SendFrom {
        owner: owner.to_string(),
        contract: receiver.to_string(),
        amount: 10u128.into(),
        msg: onward(&chain, 5),
    };
    chain.send(&spender, &msg, &[]).unwrap();
    assert_eq!((chain.balance_of(&receiver), chain.balance("third")), (55, 55));
    chain.check();
}

#[test]
fn token_minter_accounts_and_marketing_are_listed() {
    let png = b"\x89PNG\r\n\x1a\nrest".to_vec();
    let mut chain = try_chain(|msg| {
        let marketing = Some(msg.price_reporters[0].clone());
        let logo = Some(Logo::Embedded(EmbeddedLogo::Png(png.clone().into())));
        msg.marketing = Some(Marketing { project: Some("p".into()), description: None, marketing, logo });
    })
    .unwrap();
    let info: TokenInfoResponse = chain.query(&QueryMsg::TokenInfo {});
    assert_eq!((info.name.as_str(), info.symbol.as_str(), info.decimals), ("Zero", "ZERO", 6));
    let minter: Option<MinterResponse> = chain.query(&QueryMsg::Minter {});
    assert_eq!(minter.unwrap().minter, chain.token.to_string(), "nobody but the contract");
    let logo: DownloadLogoResponse = chain.query(&QueryMsg::DownloadLogo {});
    assert_eq!((logo.mime_type.as_str(), logo.data.to_vec()), ("image/png", png));

    let artist = chain.reporters[0].clone();
    let text = |project: &str| ExecuteMsg::UpdateMarketing {
        project: Some(project.into()),
        description: Some("d".into()),
        marketing: None,
    };
    assert_eq!(chain.execute("stranger", &text("x")).unwrap_err(), ContractError::NotMarketing);
    chain.send(&artist, &text(""), &[]).unwrap();
    let bad = ExecuteMsg::UploadLogo(Logo::Embedded(EmbeddedLogo::Svg(b"<html>".into())));
    assert_eq!(chain.send(&artist, &bad, &[]).unwrap_err(), ContractError::BadLogo { most: 5_120 });
    let mut large = b"<svg ".to_vec();
    large.resize(5_121, b' ');
    let bad = ExecuteMsg::UploadLogo(Logo::Embedded(EmbeddedLogo::Svg(large.into())));
    assert_eq!(chain.send(&artist, &bad, &[]).unwrap_err(), ContractError::BadLogo { most: 5_120 });
    chain.send(&artist, &ExecuteMsg::UploadLogo(Logo::Url("https://zero".into())), &[]).unwrap();
    let info: MarketingInfoResponse = chain.query(&QueryMsg::MarketingInfo {});
    assert_eq!((info.project, info.description), (None, Some("d".into())));
    assert_eq!(info.logo, Some(LogoInfo::Url("https://zero".into())));

    let mut chain = issued();
    for i in 0..25u128 {
        chain.transfer("holder", &format!("friend{i}"), 1 + i).unwrap();
    }
    let first: AllAccountsResponse =
        chain.query(&QueryMsg::AllAccounts { start_after: None, limit: Some(20) });
    let start_after = first.accounts.last().cloned();
    let rest: AllAccountsResponse = chain.query(&QueryMsg::AllAccounts { start_after, limit: Some(20) });
    assert_eq!(first.accounts.len() + rest.accounts.len(), 26);
    assert!(first.accounts.iter().all(|holder| chain.balance_of(&Addr::unchecked(holder)) > 0));
}

#[test]
fn cw20_balances_lie_where_cw20_base_has_them() {
    let chain = issued();
    let key = cw_storage_plus::Map::<&Addr, Uint128>::new("balance").key(&chain.addr("holder")).to_vec();
    let raw = chain.app.wrap().query_wasm_raw(&chain.token, key).unwrap().unwrap();
    assert_eq!(raw, to_json_binary(&Uint128::new(chain.balance("holder"))).unwrap().to_vec());
}
