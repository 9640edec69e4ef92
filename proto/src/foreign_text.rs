//! Strings that are no UTF-8. Go's gogoproto takes any bytes for a string, prost refuses the whole message; but whether a transaction
//! is refused while it is read or while it runs shows in its code and its gas, so what Go reads has to be read here too.
//!
//! Texts that are kept are bytes in our types ([`crate::free_text`]). Every other string is an address, a denomination, a number or a
//! name, which the chain looks up or parses: there a wrong byte can be put in the place of another without changing the answer, as
//! long as the length stays, because lengths cost gas.

use prost::{DecodeError, Message, Name};

use crate::{
    schema::{Kind, MessageId, schema},
    wire::{Reader, Value},
};

/// Stands for a byte that belongs to no UTF-8. No address, denomination, number or name of a type may hold it.
const MARK: u8 = 0x01;

/// How deep messages lie in each other; what is deeper prost refuses.
const RECURSION: usize = 100;

/// Reads a message as gogoproto does. What strings hold besides UTF-8 is marked; what is packed in an `Any` stays as it is.
pub fn decode<M: Message + Name + Default>(bytes: &[u8]) -> Result<M, DecodeError> {
    M::decode(bytes).or_else(|error| match marked(&M::full_name(), bytes) {
        Some(marked) => M::decode(marked.as_slice()),
        None => Err(error),
    })
}

/// The full name of the first field with a string that is no UTF-8, which protobuf's own runtime for Go refuses in messages that it knows by
/// their descriptors alone.
#[must_use]
pub fn first(name: &str, bytes: &[u8]) -> Option<String> {
    first_in(schema().find(name)?, bytes, RECURSION)
}

fn first_in(id: MessageId, bytes: &[u8], depth: usize) -> Option<String> {
    let known = schema().message(id);
    let mut reader = Reader::new(bytes);
    while let Ok(Some((number, value))) = reader.field() {
        let (Some(field), Value::Bytes(bytes)) = (known.by_number(number).map(|(_, field)| field), value)
        else {
            continue;
        };
        let found = match field.kind {
            Kind::Message(inner) if depth > 0 => first_in(inner, bytes, depth - 1),
            Kind::String if std::str::from_utf8(bytes).is_err() => {
                Some(format!("{}.{}", known.name, field.name))
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The message with marks where its strings are no UTF-8; none if there is nothing to mark, or it cannot be read.
fn marked(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut places = Vec::new();
    find(schema().find(name)?, bytes, bytes, &mut places);
    if places.is_empty() {
        return None;
    }
    let mut marked = bytes.to_vec();
    for place in places {
        if let Some(byte) = marked.get_mut(place) {
            *byte = MARK;
        }
    }
    Some(marked)
}

/// Collects where in `whole` the wrong bytes of `message`, a part of it, lie. Messages that are too deep or broken have no places:
/// prost says why it refuses them.
fn find(id: MessageId, message: &[u8], whole: &[u8], places: &mut Vec<usize>) {
    let mut open = vec![(id, message)];
    while let Some((id, message)) = open.pop() {
        let known = schema().message(id);
        let mut reader = Reader::new(message);
        while let Ok(Some((number, value))) = reader.field() {
            let (Some(field), Value::Bytes(bytes)) = (known.by_number(number).map(|(_, field)| field), value)
            else {
                continue;
            };
            match field.kind {
                Kind::Message(inner) => open.push((inner, bytes)),
                Kind::String if !field.free_text => mark(bytes, whole, places),
                _ => {}
            }
        }
    }
}

fn mark(text: &[u8], whole: &[u8], places: &mut Vec<usize>) {
    // both are slices of one buffer
    let start = text.as_ptr() as usize - whole.as_ptr() as usize;
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        at += chunk.valid().len();
        places.extend((0..chunk.invalid().len()).map(|offset| start + at + offset));
        at += chunk.invalid().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cosmos::{
        bank::v1beta1::MsgSend,
        base::v1beta1::Coin,
        staking::v1beta1::{Description, MsgCreateValidator},
        tx::v1beta1::TxBody,
    };

    /// The message with its last byte that equals `from` made `to`.
    fn damaged<M: Message>(message: &M, from: u8, to: u8) -> Vec<u8> {
        let mut bytes = message.encode_to_vec();
        let place = bytes.iter().rposition(|byte| *byte == from).unwrap();
        bytes[place] = to;
        bytes
    }

    #[test]
    fn wrong_bytes_are_marked_and_the_length_stays() {
        let send = MsgSend {
            from_address: "a".into(),
            to_address: "bZ\u{e9}".into(),
            amount: vec![Coin { denom: "stake".into(), amount: "5".into() }],
        };
        let bytes = damaged(&send, b'Z', 0xe1);
        assert!(MsgSend::decode(bytes.as_slice()).is_err());
        let read: MsgSend = decode(&bytes).unwrap();
        assert_eq!(read.to_address, "b\u{1}\u{e9}");
        assert_eq!(read.encoded_len(), send.encoded_len());
        let first = |bytes: &[u8]| first("cosmos.bank.v1beta1.MsgSend", bytes);
        assert_eq!(first(&bytes).as_deref(), Some("cosmos.bank.v1beta1.MsgSend.to_address"));
        assert_eq!(first(&send.encode_to_vec()), None);
        let inner: MsgSend = decode(&damaged(&send, b'k', 0xff)).unwrap();
        assert_eq!(inner.amount[0].denom, "sta\u{1}e");
        let found = first(&damaged(&send, b'k', 0xff));
        assert_eq!(found.as_deref(), Some("cosmos.base.v1beta1.Coin.denom"));
    }

    #[test]
    fn kept_texts_keep_every_byte() {
        let body = TxBody { memo: b"memo \xff\xfe".to_vec(), ..TxBody::default() };
        assert_eq!(decode::<TxBody>(&body.encode_to_vec()).unwrap(), body);
        let description = Description { moniker: vec![0xc3, 0x28], ..Description::default() };
        let message = MsgCreateValidator {
            description: Some(description.clone()),
            validator_address: "Z".into(),
            ..MsgCreateValidator::default()
        };
        let read: MsgCreateValidator = decode(&damaged(&message, b'Z', 0x80)).unwrap();
        assert_eq!((read.description, read.validator_address.as_str()), (Some(description), "\u{1}"));
    }

    #[test]
    fn what_is_broken_otherwise_is_refused_as_before() {
        let broken = [0x0a, 0x05, b'a'];
        assert_eq!(decode::<MsgSend>(&broken), MsgSend::decode(broken.as_slice()));
    }
}
