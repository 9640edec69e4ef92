//! Packed messages as Go packs them: it writes again what it has read, so stored messages never keep a client's way of writing.

use iz_proto::{Any, json};

/// The message in the bytes Go would write: known fields in order, and those written that Go always writes. What cannot be read as its
/// type stays as it is; such a message has not passed decoding.
#[must_use]
pub fn any(packed: &Any) -> Any {
    Any {
        type_url: packed.type_url.clone(),
        value: rewritten(packed).unwrap_or_else(|| packed.value.clone()),
    }
}

fn rewritten(packed: &Any) -> Option<Vec<u8>> {
    let name = packed.type_url.strip_prefix('/')?;
    json::decode(name, &json::encode(name, &packed.value).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use iz_proto::cosmos::{
        bank::v1beta1::MsgSend,
        base::v1beta1::Coin,
        upgrade::v1beta1::{MsgSoftwareUpgrade, Plan},
    };
    use prost::{Message, Name};

    use super::*;

    #[test]
    fn fields_that_go_always_writes_are_filled_in() {
        let plan = Plan { name: "v2".into(), height: 7, ..Plan::default() };
        let message = MsgSoftwareUpgrade { authority: "a".into(), plan: Some(plan.clone()) };
        let packed = Any { type_url: MsgSoftwareUpgrade::type_url(), value: message.encode_to_vec() };
        let filled = MsgSoftwareUpgrade { plan: Some(crate::upgrade::plan::complete(plan)), ..message };
        assert_eq!(any(&packed).value, filled.encode_to_vec());
    }

    #[test]
    fn what_is_canonical_stays() {
        let message = MsgSend {
            from_address: "a".into(),
            to_address: "b".into(),
            amount: vec![Coin { denom: "stake".into(), amount: "5".into() }],
        };
        let packed = Any { type_url: MsgSend::type_url(), value: message.encode_to_vec() };
        assert_eq!(any(&packed), packed);
        let unknown = Any { type_url: "/unknown.Kind".into(), value: vec![1, 2] };
        assert_eq!(any(&unknown), unknown);
    }
}
