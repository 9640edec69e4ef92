//! Attacks: taking income with a transfer, prices changed under a buyer, moving what is for sale, pretended tokens, donations, calls back.

use cosmwasm_std::{Binary, Uint128, coins, to_json_binary};
use cw20::Cw20ReceiveMsg;
use iz_ainft::ContractError;
use iz_contract_kit::register::RegisterError;
use iz_contract_types::ainft::*;
use iz_contract_types::asset::Asset;

use crate::fixture::*;

fn offer(id: &str, price: u128) -> ExecuteMsg {
    ExecuteMsg::Offer { id: id.into(), asset: usdc(), price: Uint128::new(price), buyer: None, expires: None }
}

fn buy(id: &str) -> ExecuteMsg {
    ExecuteMsg::Buy { id: id.into() }
}

#[test]
fn a_new_owner_gets_income_of_the_time_after_only() {
    let mut registry = Registry::new();
    let root = registry.model("maker", &[], Royalty::default()).unwrap();
    let child = registry.model("ann", &[(&root, 1_000)], Royalty::default()).unwrap();
    registry.fund(&child, 10_000);
    let atom = coins(70, "uatom");
    registry.run("payer", &atom, ExecuteMsg::Fund { id: child.clone() }).unwrap();
    registry.transfer("ann", "bob", &child).unwrap();
    assert_eq!((registry.owed("ann"), registry.owed("bob"), registry.pending(&root)), (9_000, 0, 1_000));
    let address = registry.address("ann").into();
    let owed: Uint128 = registry.ask(QueryMsg::Owed { address, asset: Asset::native("uatom") });
    assert_eq!(owed.u128(), 63, "every asset is settled");
    registry.fund(&child, 10_000);
    registry.settle(&child).unwrap();
    assert_eq!((registry.owed("ann"), registry.owed("bob")), (9_000, 9_000));
}

#[test]
fn a_sale_pays_seller_and_creator_and_gives_the_buyer_nothing_of_the_past() {
    let mut registry = Registry::new();
    let royalty = Royalty { sale: 500, ..Royalty::default() };
    let id = registry.model("maker", &[], royalty).unwrap();
    registry.transfer("maker", "ann", &id).unwrap();
    registry.fund(&id, 1_000);
    registry.run("ann", &[], offer(&id, 20_000)).unwrap();
    registry.run("bob", &coins(20_000, "uusdc"), buy(&id)).unwrap();
    assert_eq!(registry.owner(&id), registry.address("bob"));
    assert_eq!((registry.owed("maker"), registry.owed("ann"), registry.owed("bob")), (1_000, 20_000, 0));
    assert_eq!(registry.held(), 21_000);
    assert_eq!(
        registry.run("eve", &coins(20_000, "uusdc"), buy(&id)).unwrap_err(),
        ContractError::NotForSale { id }
    );
}

#[test]
fn a_price_that_changed_under_the_buyer_ends_the_purchase() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    registry.run("ann", &[], offer(&id, 100)).unwrap();
    assert_eq!(
        registry.run("ann", &[], offer(&id, 200)).unwrap_err(),
        ContractError::Offered { id: id.clone() }
    );
    registry.run("ann", &[], ExecuteMsg::WithdrawOffer { id: id.clone() }).unwrap();
    registry.run("ann", &[], offer(&id, 200)).unwrap();
    let wrong = |paid: u128, with: &str| ContractError::WrongPrice {
        price: Uint128::new(200),
        asset: "native:uusdc".into(),
        paid: Uint128::new(paid),
        with: with.into(),
    };
    assert_eq!(registry.run("bob", &coins(100, "uusdc"), buy(&id)).unwrap_err(), wrong(100, "native:uusdc"));
    assert_eq!(registry.run("bob", &coins(201, "uusdc"), buy(&id)).unwrap_err(), wrong(201, "native:uusdc"));
    assert_eq!(registry.run("bob", &coins(200, "uatom"), buy(&id)).unwrap_err(), wrong(200, "native:uatom"));
}

#[test]
fn what_is_for_sale_does_not_move_until_the_offer_ends() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let spender = registry.address("eve").into();
    registry.run("ann", &[], ExecuteMsg::Approve { spender, token_id: id.clone(), expires: None }).unwrap();
    let ends = registry.env.block.time.plus_seconds(100);
    let limited = ExecuteMsg::Offer {
        id: id.clone(),
        asset: usdc(),
        price: Uint128::new(5),
        buyer: Some(registry.address("bob").into()),
        expires: Some(ends),
    };
    registry.run("ann", &[], limited).unwrap();
    for mover in ["ann", "eve"] {
        assert_eq!(
            registry.transfer(mover, "eve", &id).unwrap_err(),
            ContractError::Offered { id: id.clone() }
        );
    }
    assert_eq!(
        registry.run("eve", &coins(5, "uusdc"), buy(&id)).unwrap_err(),
        ContractError::NotTheBuyer { buyer: registry.address("bob") }
    );
    registry.env.block.time = ends;
    assert_eq!(
        registry.run("bob", &coins(5, "uusdc"), buy(&id)).unwrap_err(),
        ContractError::OfferEnded { at: ends }
    );
    registry.transfer("ann", "eve", &id).unwrap();
    // the old offer does not stand against the new owner
    assert_eq!(
        registry.run("bob", &coins(5, "uusdc"), buy(&id)).unwrap_err(),
        ContractError::NotForSale { id }
    );
}

#[test]
fn a_seller_that_is_no_owner_any_more_sells_nothing() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    registry.transfer("ann", "bob", &id).unwrap();
    assert!(matches!(registry.run("ann", &[], offer(&id, 5)), Err(ContractError::Unauthorized { .. })));
    assert!(matches!(registry.run("bob", &[], offer(&id, 0)), Err(ContractError::ZeroPrice {})));
    let past = registry.env.block.time;
    let late =
        ExecuteMsg::Offer { id, asset: usdc(), price: Uint128::one(), buyer: None, expires: Some(past) };
    assert_eq!(registry.run("bob", &[], late).unwrap_err(), ContractError::OfferEnded { at: past });
}

#[test]
fn who_is_no_listed_token_funds_and_buys_nothing() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let zero = Asset::cw20(registry.address("zero"));
    let for_zero =
        ExecuteMsg::Offer { id: id.clone(), asset: zero, price: Uint128::new(7), buyer: None, expires: None };
    registry.run("ann", &[], for_zero).unwrap();
    let payer = registry.address("bob").to_string();
    let received = |hook: ReceiveMsg, amount: u128| {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: payer.clone(),
            amount: amount.into(),
            msg: to_json_binary(&hook).unwrap(),
        })
    };
    let buy = || received(ReceiveMsg::Buy { id: id.clone() }, 7);
    let fund = received(ReceiveMsg::Fund { id: id.clone() }, 7);
    let fake = Asset::cw20(registry.address("fake")).key();
    assert_eq!(registry.run("fake", &[], fund).unwrap_err(), RegisterError::Unknown { asset: fake }.into());
    assert!(matches!(registry.run("fake", &[], buy()), Err(ContractError::WrongPrice { .. })));
    registry.run("zero", &[], buy()).unwrap();
    assert_eq!(registry.owner(&id), registry.address("bob"));
}

#[test]
fn a_direct_donation_credits_nobody() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    let contract = registry.env.contract.address.clone();
    registry.deps.querier.bank.update_balance(contract, coins(1_000_000, "uusdc"));
    assert_eq!((registry.held(), registry.pending(&id)), (0, 0));
    assert_eq!(registry.settle(&id).unwrap_err(), ContractError::NothingPending {});
    let withdraw = ExecuteMsg::Withdraw { asset: usdc() };
    assert_eq!(registry.run("ann", &[], withdraw).unwrap_err(), ContractError::NothingOwed {});
}

#[test]
fn a_receiver_that_calls_back_finds_everything_written() {
    let mut registry = Registry::new();
    let id = registry.model("ann", &[], Royalty::default()).unwrap();
    registry.fund(&id, 500);
    let send = ExecuteMsg::SendNft {
        contract: registry.address("vault").into(),
        token_id: id.clone(),
        msg: Binary::from(b"{}"),
    };
    let response = registry.run("ann", &[], send.clone()).unwrap();
    assert_eq!(response.messages.len(), 1);
    // what the receiver sees while it is called: it owns the token, and none of the income before
    assert_eq!(registry.owner(&id), registry.address("vault"));
    assert_eq!((registry.owed("ann"), registry.owed("vault")), (500, 0));
    assert!(matches!(registry.run("ann", &[], send), Err(ContractError::Unauthorized { .. })));
    registry.run("ann", &[], ExecuteMsg::Withdraw { asset: usdc() }).unwrap();
    let again = ExecuteMsg::Withdraw { asset: usdc() };
    assert_eq!(registry.run("ann", &[], again).unwrap_err(), ContractError::NothingOwed {});
}
