//! Payouts to other chains (R3): a transfer that fails or times out is credited again once, to whom it belonged.

use cosmwasm_std::{CosmosMsg, IbcMsg, SubMsgResponse, SubMsgResult};
use iz_contract_types::revenue_router::*;
use iz_revenue_router::{ContractError, contract};

use crate::fixture::*;

fn hooks(router: &mut Router, report: LifecycleComplete) -> String {
    let env = router.env.clone();
    let response = contract::sudo(router.deps.as_mut(), env, SudoMsg::IbcLifecycleComplete(report)).unwrap();
    response.attributes.iter().find(|attribute| attribute.key == "outcome").unwrap().value.clone()
}

fn packets(router: &Router) -> Vec<PacketResponse> {
    router.ask(QueryMsg::Packets { start_after: None, limit: None })
}

#[test]
fn a_claim_leaves_with_a_callback_and_is_booked_by_channel_and_sequence() {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let response = router.claim_app(to_hub()).unwrap();
    let CosmosMsg::Ibc(IbcMsg::Transfer { channel_id, to_address, amount, memo, .. }) =
        &response.messages[0].msg
    else {
        panic!("a transfer")
    };
    assert_eq!((channel_id.as_str(), to_address.as_str()), ("channel-0", "cosmos1receiver"));
    assert_eq!((amount.denom.as_str(), amount.amount.u128()), ("uusdc", 5_000));
    let contract = router.env.contract.address.clone();
    assert_eq!(memo.as_deref().unwrap(), format!(r#"{{"src_callback":{{"address":"{contract}"}}}}"#));
    router.sent(&response, 300).unwrap();
    let booked = packets(&router);
    assert_eq!(booked.len(), 1);
    assert_eq!((booked[0].channel.as_str(), booked[0].sequence), ("channel-0", 300));
    assert_eq!((router.held(), router.app_balance()), (5_000, 0));
}

#[test]
fn an_error_or_a_timeout_credits_the_claimant_again_once() {
    for timeout in [false, true] {
        let mut router = Router::new();
        router.weigh(POOL, "ann", 1);
        router.pay(10_000, None).unwrap();
        let remote = Payout::Remote { route: "osmosis".into(), receiver: "osmo1receiver".into() };
        let response = router.claim_pool("ann", Some(remote)).unwrap();
        router.sent(&response, 1).unwrap();
        let report = || {
            let channel = "channel-1".to_string();
            if timeout {
                LifecycleComplete::IbcTimeout { channel, sequence: 1 }
            } else {
                LifecycleComplete::IbcAck { channel, sequence: 1, ack: String::new(), success: false }
            }
        };
        assert_eq!(hooks(&mut router, report()), "credited_again");
        assert_eq!((router.claimable(POOL, "ann"), router.held()), (2_000, 10_000));
        assert_eq!(hooks(&mut router, report()), "unknown");
        assert_eq!((router.claimable(POOL, "ann"), router.held()), (2_000, 10_000));
    }
}

#[test]
fn what_arrived_is_not_credited_again() {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let response = router.claim_app(to_hub()).unwrap();
    router.sent(&response, 1).unwrap();
    let channel = || "channel-0".to_string();
    let ack =
        LifecycleComplete::IbcAck { channel: channel(), sequence: 1, ack: String::new(), success: true };
    assert_eq!(hooks(&mut router, ack), "arrived");
    let late = LifecycleComplete::IbcTimeout { channel: channel(), sequence: 1 };
    assert_eq!(hooks(&mut router, late), "unknown");
    assert_eq!((router.app_balance(), router.held()), (0, 5_000));
    assert!(packets(&router).is_empty());
}

#[test]
fn claims_for_other_chains_need_a_route_a_denomination_and_a_plain_receiver() {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let to =
        |route: &str, receiver: &str| Some(Payout::Remote { route: route.into(), receiver: receiver.into() });
    let refusal = router.claim_app(to("moon", "x")).unwrap_err();
    assert_eq!(refusal, ContractError::UnknownRoute { name: "moon".into() });
    // a chain undoes what was refused; this fixture does not
    router.pay(10_000, None).unwrap();
    let injected = r#"x","memo":"y"#;
    let refusal = router.claim_app(to("hub", injected)).unwrap_err();
    assert_eq!(refusal, ContractError::BadReceiver { receiver: injected.into() });

    let (token, zero, owner) = (router.token(), router.address("zero"), router.address("owner"));
    let received = cw20::Cw20ReceiveMsg {
        sender: router.address("payer").into(),
        amount: 10_000u128.into(),
        msg: cosmwasm_std::to_json_binary(&ReceiveMsg::PayFee { app: "acme".into(), job: None }).unwrap(),
    };
    router.run(&zero, &[], ExecuteMsg::Receive(received)).unwrap();
    let source = Source::App { app: "acme".into() };
    let claim = ExecuteMsg::Claim { source, asset: token.clone(), to: to("hub", "cosmos1x") };
    assert_eq!(router.run(&owner, &[], claim).unwrap_err(), ContractError::NotNative { asset: token.key() });
}

#[test]
fn older_chains_answer_in_data_and_an_answer_without_sequence_ends_the_transaction() {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let response = router.claim_app(to_hub()).unwrap();
    let id = response.messages[0].id;
    #[allow(deprecated)]
    let answer = |data: Option<&[u8]>| {
        SubMsgResult::Ok(SubMsgResponse { events: vec![], data: data.map(Into::into), msg_responses: vec![] })
    };
    router.answer(id, answer(Some(&[0x08, 0x05]))).unwrap();
    assert_eq!(packets(&router)[0].sequence, 5);
    assert_eq!(
        router.answer(id, answer(Some(&[0x08, 0x06]))).unwrap_err(),
        ContractError::UnknownReply { id },
        "a reply comes once"
    );

    router.pay(10_000, None).unwrap();
    let id = router.claim_app(to_hub()).unwrap().messages[0].id;
    assert_eq!(router.answer(id, answer(None)).unwrap_err(), ContractError::NoSequence {});

    router.pay(10_000, None).unwrap();
    let id = router.claim_app(to_hub()).unwrap().messages[0].id;
    assert_eq!(
        router.answer(id, answer(Some(&[0x08, 0x05]))).unwrap_err(),
        ContractError::PacketTaken { channel: "channel-0".into(), sequence: 5 }
    );
}
