//! Amino JSON: what people sign on devices that cannot show protobuf, and in multisig (SIGN_MODE_LEGACY_AMINO_JSON).
//!
//! Made from descriptors and wire bytes by the rules of `cosmossdk.io/x/tx/signing/aminojson`: keys are sorted, empty values
//! are left out unless `amino.dont_omitempty`, 64-bit numbers are quoted, an `Any` is `{"type": name, "value": …}`. Every byte
//! is signed, so every oddity counts.

mod encode;
mod inline;
mod messages;
mod sign_doc;

pub use sign_doc::{SignDoc, sign_bytes};

use crate::json::Error;
use crate::schema::{MessageId, schema};

fn find(name: &str) -> Result<MessageId, Error> {
    schema().find(name).ok_or_else(|| Error::new(format!("can't resolve type URL {name}: proto: not found")))
}

/// JSON as Go writes it after it has read it into maps and floating-point numbers; none if it cannot be read.
pub(crate) fn normalize(bytes: &[u8]) -> Option<String> {
    let mut out = Vec::new();
    inline::put(&mut out, bytes).ok()?;
    String::from_utf8(out).ok()
}

/// The amino JSON of a message given as wire bytes; inside of its name when it has one.
pub fn encode(message_name: &str, bytes: &[u8]) -> Result<String, Error> {
    let id = find(message_name)?;
    let mut out = Vec::new();
    match &schema().message(id).amino.name {
        Some(name) => encode::named(&mut out, name, id, bytes)?,
        None => encode::message(&mut out, id, bytes, encode::MAX_DEPTH)?,
    }
    String::from_utf8(out).map_err(|_| Error::new("amino JSON is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use prost::{Message as _, Name as _};

    use super::*;
    use crate::cosmos::bank::v1beta1::MsgSend;
    use crate::cosmos::base::v1beta1::Coin;
    use crate::cosmos::crypto::secp256k1::PubKey;

    #[test]
    fn messages_lie_inside_of_their_names() {
        let send = MsgSend {
            from_address: "a".into(),
            to_address: String::new(),
            amount: vec![Coin { denom: "b".into(), amount: "1".into() }],
        };
        assert_eq!(
            encode("cosmos.bank.v1beta1.MsgSend", &send.encode_to_vec()).unwrap(),
            r#"{"type":"cosmos-sdk/MsgSend","value":{"amount":[{"amount":"1","denom":"b"}],"from_address":"a"}}"#
        );
        assert_eq!(
            encode("cosmos.bank.v1beta1.MsgSend", b"").unwrap(),
            r#"{"type":"cosmos-sdk/MsgSend","value":{"amount":[]}}"#
        );
    }

    #[test]
    fn keys_are_their_bytes() {
        let key = PubKey { key: vec![1, 2, 3] };
        assert_eq!(
            encode(&PubKey::full_name(), &key.encode_to_vec()).unwrap(),
            r#"{"type":"tendermint/PubKeySecp256k1","value":"AQID"}"#
        );
    }
}
