//! The way to other chains: the memo of a transfer, the sequence it got, and what becomes of it.
//!
//! A transfer is booked under (channel, sequence) when the chain has told the sequence. The chain reports an error or a timeout
//! after ICS-20 has given the money back to this contract; the booking is removed in the same step that credits the claimant
//! again, so a second report finds nothing.

use cosmwasm_std::{
    DepsMut, Env, IbcSourceCallbackMsg, IbcTimeout, Response, StdResult, Storage, from_json, to_json_string,
};
use iz_contract_types::revenue_router::{Callbacks, LifecycleComplete, Route, Source, SudoMsg};
use serde::{Deserialize, Serialize};

use crate::error::ContractError;
use crate::ledger::{self, account};
use crate::pools;
use crate::state::{ASSETS, PACKETS};

pub const SHORTEST_TIMEOUT: u64 = 60;
pub const LONGEST_TIMEOUT: u64 = 30 * 24 * 3_600;
pub const MOST_HOPS: usize = 2;
const PORT: &str = "transfer";
/// Not an address on any chain: money that is forwarded can rest with nobody on its way.
const NOBODY: &str = "pfm";

#[derive(Serialize)]
struct Memo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    src_callback: Option<SourceCallback<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ibc_callback: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forward: Option<Forward<'a>>,
}

#[derive(Serialize)]
struct SourceCallback<'a> {
    address: &'a str,
}

/// What packet-forward-middleware reads on the next chain.
#[derive(Serialize)]
struct Forward<'a> {
    receiver: &'a str,
    port: &'a str,
    channel: &'a str,
    timeout: String,
    retries: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next<'a>>,
}

#[derive(Serialize)]
struct Next<'a> {
    forward: Box<Forward<'a>>,
}

/// The receiver on the next chain and the memo, for a transfer along `route` to `receiver`. Users give no memo of their own.
pub fn address_and_memo(contract: &str, route: &Route, receiver: &str) -> StdResult<(String, String)> {
    let timeout = format!("{}s", route.timeout_seconds);
    let mut forward: Option<Forward<'_>> = None;
    for channel in route.hops.iter().rev() {
        let (to, next) = match forward.take() {
            None => (receiver, None),
            Some(further) => (NOBODY, Some(Next { forward: Box::new(further) })),
        };
        forward =
            Some(Forward { receiver: to, port: PORT, channel, timeout: timeout.clone(), retries: 0, next });
    }
    let first = if forward.is_some() { NOBODY } else { receiver };
    let (src_callback, ibc_callback) = match route.callbacks {
        Callbacks::Source => (Some(SourceCallback { address: contract }), None),
        Callbacks::Hooks => (None, Some(contract)),
    };
    Ok((first.to_string(), to_json_string(&Memo { src_callback, ibc_callback, forward })?))
}

pub fn timeout(env: &Env, route: &Route) -> IbcTimeout {
    env.block.time.plus_seconds(route.timeout_seconds).into()
}

pub fn check_route(route: &Route) -> Result<(), ContractError> {
    for channel in std::iter::once(&route.channel).chain(&route.hops) {
        let number =
            channel.strip_prefix("channel-").filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if number.and_then(|text| text.parse::<u64>().ok()).is_none() {
            return Err(ContractError::BadChannel { channel: channel.clone() });
        }
    }
    if route.hops.len() > MOST_HOPS {
        return Err(ContractError::TooMany { what: "hops", count: route.hops.len(), most: MOST_HOPS });
    }
    if !(SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&route.timeout_seconds) {
        return Err(ContractError::BadTimeout {
            seconds: route.timeout_seconds,
            least: SHORTEST_TIMEOUT,
            most: LONGEST_TIMEOUT,
        });
    }
    Ok(())
}

/// Letters and digits alone: nothing that a memo or another chain's parser could read as more than a name.
pub fn check_receiver(receiver: &str) -> Result<(), ContractError> {
    let fits = (1..=128).contains(&receiver.len());
    if fits && receiver.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(ContractError::BadReceiver { receiver: receiver.to_string() })
    }
}

/// The sequence in a MsgTransferResponse: its field 1, a varint.
pub fn sequence(bytes: &[u8]) -> Option<u64> {
    let (tag, mut rest) = bytes.split_first()?;
    if *tag != 0x08 {
        return None;
    }
    let mut value: u64 = 0;
    for shift in (0..64).step_by(7) {
        let (byte, further) = rest.split_first()?;
        rest = further;
        let part = u64::from(byte & 0x7f);
        if part << shift >> shift != part {
            return None;
        }
        value |= part << shift;
        if byte & 0x80 == 0 {
            return (value > 0).then_some(value);
        }
    }
    None
}

#[derive(Deserialize)]
struct Acknowledgement {
    result: Option<String>,
    error: Option<String>,
}

/// Whether an ICS-20 acknowledgement reports success.
fn succeeded(bytes: &[u8]) -> Result<bool, ContractError> {
    let read: Acknowledgement = from_json(bytes).map_err(|_| ContractError::BadAcknowledgement {})?;
    match (read.result, read.error) {
        (Some(_), None) => Ok(true),
        (None, Some(_)) => Ok(false),
        _ => Err(ContractError::BadAcknowledgement {}),
    }
}

/// ADR-8's report; only the chain can make it.
pub fn source_callback(deps: DepsMut<'_>, msg: IbcSourceCallbackMsg) -> Result<Response, ContractError> {
    let (packet, success) = match msg {
        IbcSourceCallbackMsg::Acknowledgement(ack) => {
            (ack.original_packet, succeeded(ack.acknowledgement.data.as_slice())?)
        }
        IbcSourceCallbackMsg::Timeout(timeout) => (timeout.packet, false),
    };
    if packet.src.port_id != PORT {
        return Err(ContractError::ForeignPort { port: packet.src.port_id });
    }
    resolve(deps.storage, &packet.src.channel_id, packet.sequence, success)
}

/// The report of ibc-hooks; only the chain can make it.
pub fn hooks_callback(deps: DepsMut<'_>, msg: SudoMsg) -> Result<Response, ContractError> {
    let SudoMsg::IbcLifecycleComplete(report) = msg;
    match report {
        LifecycleComplete::IbcAck { channel, sequence, success, .. } => {
            resolve(deps.storage, &channel, sequence, success)
        }
        LifecycleComplete::IbcTimeout { channel, sequence } => {
            resolve(deps.storage, &channel, sequence, false)
        }
    }
}

/// Ends a transfer. What is not booked was not sent by this contract, or is ended already: nothing happens then, since an error
/// would not undo anything on the chain.
fn resolve(
    storage: &mut dyn Storage,
    channel: &str,
    sequence: u64,
    success: bool,
) -> Result<Response, ContractError> {
    let response = Response::new()
        .add_attribute("action", "end_transfer")
        .add_attribute("channel", channel)
        .add_attribute("sequence", sequence.to_string());
    let Some(packet) = PACKETS.may_load(storage, (channel, sequence))? else {
        return Ok(response.add_attribute("outcome", "unknown"));
    };
    PACKETS.remove(storage, (channel, sequence));
    if success {
        return Ok(response.add_attribute("outcome", "arrived"));
    }
    ASSETS.hold_again(storage, &packet.asset, packet.amount)?;
    match &packet.source {
        Source::App { app } => {
            ledger::credit(storage, &account::app(app), &packet.asset.key(), packet.amount)?;
        }
        Source::Pool { pool } => {
            pools::give_back(storage, pool, &packet.claimant, &packet.asset, packet.amount)?;
        }
    }
    Ok(response.add_attribute("outcome", "credited_again").add_attribute("amount", packet.amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(callbacks: Callbacks, hops: &[&str]) -> Route {
        Route {
            channel: "channel-7".into(),
            callbacks,
            timeout_seconds: 600,
            hops: hops.iter().map(|hop| hop.to_string()).collect(),
        }
    }

    #[test]
    fn memos_are_what_the_middlewares_read() {
        let (to, memo) = address_and_memo("iz1c", &route(Callbacks::Source, &[]), "cosmos1r").unwrap();
        assert_eq!((to.as_str(), memo.as_str()), ("cosmos1r", r#"{"src_callback":{"address":"iz1c"}}"#));
        let (to, memo) =
            address_and_memo("iz1c", &route(Callbacks::Hooks, &["channel-1"]), "cosmos1r").unwrap();
        assert_eq!(to, "pfm");
        assert_eq!(
            memo,
            r#"{"ibc_callback":"iz1c","forward":{"receiver":"cosmos1r","port":"transfer","channel":"channel-1","timeout":"600s","retries":0}}"#
        );
        let two = route(Callbacks::Source, &["channel-1", "channel-2"]);
        let (to, memo) = address_and_memo("iz1c", &two, "cosmos1r").unwrap();
        assert_eq!(to, "pfm");
        assert_eq!(
            memo,
            concat!(
                r#"{"src_callback":{"address":"iz1c"},"forward":{"receiver":"pfm","port":"transfer","channel":"channel-1","#,
                r#""timeout":"600s","retries":0,"next":{"forward":{"receiver":"cosmos1r","port":"transfer","channel":"channel-2","#,
                r#""timeout":"600s","retries":0}}}}"#
            )
        );
    }

    #[test]
    fn sequences_are_read_or_refused() {
        assert_eq!(sequence(&[0x08, 0x01]), Some(1));
        assert_eq!(sequence(&[0x08, 0xac, 0x02]), Some(300));
        let largest = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(sequence(&largest), Some(u64::MAX));
        let beyond = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        for bad in [&[][..], &[0x08], &[0x10, 0x01], &[0x08, 0x00], &[0x08, 0x80], &beyond] {
            assert_eq!(sequence(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn acknowledgements_say_one_thing() {
        assert_eq!(succeeded(br#"{"result":"AQ=="}"#), Ok(true));
        assert_eq!(succeeded(br#"{"error":"ABCI code: 1"}"#), Ok(false));
        for bad in [&b"{}"[..], b"", b"x", br#"{"result":"AQ==","error":"no"}"#] {
            assert_eq!(succeeded(bad), Err(ContractError::BadAcknowledgement {}));
        }
    }

    #[test]
    fn routes_have_channels_bounded_hops_and_time() {
        assert!(check_route(&route(Callbacks::Source, &["channel-0", "channel-1"])).is_ok());
        assert!(check_route(&route(Callbacks::Source, &["channel-0", "channel-1", "channel-2"])).is_err());
        for bad in ["channel-", "channel-+1", "07-tendermint-0", "channel-99999999999999999999", ""] {
            assert!(check_route(&route(Callbacks::Source, &[bad])).is_err(), "{bad}");
        }
        for seconds in [0, SHORTEST_TIMEOUT - 1, LONGEST_TIMEOUT + 1, u64::MAX] {
            assert!(
                check_route(&Route { timeout_seconds: seconds, ..route(Callbacks::Hooks, &[]) }).is_err()
            );
        }
        assert!(check_receiver("cosmos1abc").is_ok());
        for bad in ["", "a b", "a\"b", "{}", "ä", &"x".repeat(129)] {
            assert!(check_receiver(bad).is_err(), "{bad:?}");
        }
    }
}
