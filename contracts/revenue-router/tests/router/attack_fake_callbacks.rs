//! Attack: reports about transfers that this contract did not send, or that are ended already, made to credit money twice.

use cosmwasm_std::{
    Addr, IbcAckCallbackMsg, IbcAcknowledgement, IbcEndpoint, IbcPacket, IbcSourceCallbackMsg,
    IbcTimeoutCallbackMsg, Timestamp,
};
use iz_revenue_router::{ContractError, contract};

use crate::fixture::*;

fn packet(port: &str, channel: &str, sequence: u64) -> IbcPacket {
    let end = |port: &str, channel: &str| IbcEndpoint { port_id: port.into(), channel_id: channel.into() };
    let timeout = Timestamp::from_seconds(1).into();
    IbcPacket::new(b"{}", end(port, channel), end("transfer", "channel-9"), sequence, timeout)
}

fn acked(answer: &[u8], packet: IbcPacket) -> IbcSourceCallbackMsg {
    let acknowledgement = IbcAcknowledgement::new(answer);
    IbcSourceCallbackMsg::Acknowledgement(IbcAckCallbackMsg::new(
        acknowledgement,
        packet,
        Addr::unchecked("r"),
    ))
}

fn timed_out(packet: IbcPacket) -> IbcSourceCallbackMsg {
    IbcSourceCallbackMsg::Timeout(IbcTimeoutCallbackMsg::new(packet, Addr::unchecked("r")))
}

fn call(router: &mut Router, message: IbcSourceCallbackMsg) -> Result<String, ContractError> {
    let env = router.env.clone();
    let response = contract::ibc_source_callback(router.deps.as_mut(), env, message)?;
    Ok(response.attributes.iter().find(|attribute| attribute.key == "outcome").unwrap().value.clone())
}

fn with_a_transfer() -> Router {
    let mut router = Router::new();
    router.pay(10_000, None).unwrap();
    let response = router.claim_app(to_hub()).unwrap();
    router.sent(&response, 4).unwrap();
    router
}

#[test]
fn only_the_packet_that_was_sent_is_credited_and_once() {
    let mut router = with_a_transfer();
    let error = br#"{"error":"ABCI code: 1"}"#;
    for other in [("channel-0", 5), ("channel-1", 4), ("channel-00", 4)] {
        let outcome = call(&mut router, acked(error, packet("transfer", other.0, other.1))).unwrap();
        assert_eq!((outcome.as_str(), router.app_balance()), ("unknown", 0));
    }
    assert_eq!(
        call(&mut router, timed_out(packet("wasm.attacker", "channel-0", 4))),
        Err(ContractError::ForeignPort { port: "wasm.attacker".into() })
    );
    assert_eq!(
        call(&mut router, acked(error, packet("transfer", "channel-0", 4))).unwrap(),
        "credited_again"
    );
    assert_eq!((router.app_balance(), router.held()), (5_000, 10_000));
    for report in [
        acked(error, packet("transfer", "channel-0", 4)),
        timed_out(packet("transfer", "channel-0", 4)),
        acked(br#"{"result":"AQ=="}"#, packet("transfer", "channel-0", 4)),
    ] {
        assert_eq!(call(&mut router, report).unwrap(), "unknown");
        assert_eq!((router.app_balance(), router.held()), (5_000, 10_000));
    }
}

#[test]
fn an_acknowledgement_that_cannot_be_read_ends_nothing() {
    let mut router = with_a_transfer();
    for garbage in [&b""[..], b"{}", b"\xff", br#"{"result":"AQ==","error":"x"}"#] {
        let report = acked(garbage, packet("transfer", "channel-0", 4));
        assert_eq!(call(&mut router, report), Err(ContractError::BadAcknowledgement {}));
    }
    assert_eq!(call(&mut router, timed_out(packet("transfer", "channel-0", 4))).unwrap(), "credited_again");
}
