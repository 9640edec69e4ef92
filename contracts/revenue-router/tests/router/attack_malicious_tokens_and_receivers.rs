//! Attack: contracts that pretend to be tokens, and receivers that call back while they are paid.

use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, WasmMsg, coins, to_json_binary,
};
use cw_multi_test::{App, ContractWrapper, Executor, IntoAddr};
use cw20::Cw20ReceiveMsg;
use iz_contract_kit::register::RegisterError;
use iz_contract_types::asset::Asset;
use iz_contract_types::revenue_router::*;
use iz_revenue_router::{ContractError, contract};

use crate::fixture::{Router, usdc};

#[test]
fn who_is_no_listed_token_pays_no_fee() {
    let mut router = Router::new();
    let received = |amount: u128| {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: router.address("payer").into(),
            amount: amount.into(),
            msg: to_json_binary(&ReceiveMsg::PayFee { app: "acme".into(), job: None }).unwrap(),
        })
    };
    let (pretended, empty) = (received(1_000_000), received(0));
    let fake = Asset::cw20(router.address("fake")).key();
    assert_eq!(router.refuse("fake", &[], pretended), RegisterError::Unknown { asset: fake }.into());
    assert!(matches!(router.refuse("zero", &[], empty), ContractError::Payment(_)));
    let garbage = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: router.address("payer").into(),
        amount: 5u128.into(),
        msg: Binary::from(b"{}"),
    });
    assert!(matches!(router.refuse("zero", &[], garbage), ContractError::Std(_)));
    let token = router.token();
    let assets: Vec<AssetResponse> = router.ask(QueryMsg::Assets {});
    assert!(assets.iter().all(|entry| entry.held.is_zero()), "{token}");
}

/// A sink that asks for the same money again while it is being paid.
mod greedy {
    use super::*;

    pub fn instantiate(_: DepsMut<'_>, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn execute(_: DepsMut<'_>, _: Env, info: MessageInfo, _: serde_json::Value) -> StdResult<Response> {
        let again = to_json_binary(&ExecuteMsg::Flush { sink: SinkName::Pledge, asset: usdc() })?;
        let call = WasmMsg::Execute { contract_addr: info.sender.into(), msg: again, funds: vec![] };
        Ok(Response::new().add_submessage(cosmwasm_std::SubMsg::reply_on_error(call, 1)))
    }

    /// Swallows the refusal, so that the payment itself stands.
    pub fn reply(_: DepsMut<'_>, _: Env, _: cosmwasm_std::Reply) -> StdResult<Response> {
        Ok(Response::new())
    }

    pub fn query(_: Deps<'_>, _: Env, _: Empty) -> StdResult<Binary> {
        Ok(Binary::default())
    }
}

#[test]
fn a_receiver_that_calls_back_is_paid_once() {
    let payer = "payer".into_addr();
    let mut app = App::new(|router, _, storage| {
        router.bank.init_balance(storage, &payer, coins(20_000, "uusdc")).unwrap();
    });
    let wrapper = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_reply(contract::reply);
    let router_code = app.store_code(Box::new(wrapper));
    let greedy_code = app.store_code(Box::new(
        ContractWrapper::new(greedy::execute, greedy::instantiate, greedy::query).with_reply(greedy::reply),
    ));
    let admin = "admin".into_addr();
    let mut place = |code: u64, message: &Binary| -> Addr {
        let message: serde_json::Value = cosmwasm_std::from_json(message).unwrap();
        app.instantiate_contract(code, admin.clone(), &message, &[], "x", None).unwrap()
    };
    let sink = place(greedy_code, &Binary::from(b"{}"));
    let account = |name: &str| Sink::Account { address: name.into_addr().into() };
    let message = InstantiateMsg {
        admin: "admin".into_addr().into(),
        policy: Policy { minimum: Shares::default(), most_for_app: 10_000 },
        sinks: Sinks {
            nodes: account("nodes"),
            insurance: account("insurance"),
            pledge: Sink::Contract {
                address: sink.to_string(),
                native: Binary::from(br#"{"pledge":{}}"#),
                hook: Binary::from(br#""pledge""#),
            },
            research: account("research"),
            treasury: account("treasury"),
            ainft: "ainft".into_addr().into(),
        },
        assets: vec![usdc()],
    };
    let router = place(router_code, &to_json_binary(&message).unwrap());
    let terms = Terms {
        shares: Shares { app: 5_000, pledge: 5_000, ..Shares::default() },
        pool: None,
        artefact: None,
    };
    let register = ExecuteMsg::RegisterApp { app: "acme".into(), terms, operators: vec![] };
    app.execute_contract(admin.clone(), router.clone(), &register, &[]).unwrap();
    let pay = ExecuteMsg::PayFee { app: "acme".into(), job: None };
    app.execute_contract(payer.clone(), router.clone(), &pay, &coins(20_000, "uusdc")).unwrap();
    let flush = ExecuteMsg::Flush { sink: SinkName::Pledge, asset: usdc() };
    app.execute_contract(payer.clone(), router.clone(), &flush, &[]).unwrap();
    let balance = |address: &Addr| app.wrap().query_balance(address, "uusdc").unwrap().amount.u128();
    assert_eq!((balance(&sink), balance(&router)), (10_000, 10_000));
}
