//! The outer shape of a transaction: `TxRaw` must be written in one way only (ADR 027), so that its hash names it.

use bytes::Bytes;
use iz_core::{Error, Result, errors::sdk};

/// The three parts of a transaction, as they were sent: signatures are over these very bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawTx {
    pub body: Bytes,
    pub auth_info: Bytes,
    pub signatures: Vec<Bytes>,
}

const LENGTH_DELIMITED: u64 = 2;

impl RawTx {
    /// Splits a transaction; fields out of order, long-winded lengths and unknown fields are refused.
    pub fn parse(tx: &Bytes) -> Result<Self> {
        Self::split(tx).map_err(|why| sdk::TX_DECODE.wrap(why.log()))
    }

    fn split(tx: &Bytes) -> Result<Self> {
        let mut raw = Self { body: Bytes::new(), auth_info: Bytes::new(), signatures: Vec::new() };
        let (mut at, mut previous) = (0, 0);
        while at < tx.len() {
            let (tag, read) = varint(&tx[at..])?;
            let (number, wire_type) = (tag >> 3, tag & 7);
            if number == 0 || number > 0x1fff_ffff {
                return Err(invalid("invalid field number"));
            }
            if wire_type != LENGTH_DELIMITED {
                return Err(Error::plain(format!("expected {LENGTH_DELIMITED} wire type, got {wire_type}")));
            }
            if number < previous {
                return Err(Error::plain(format!(
                    "txRaw must follow ADR-027, got tagNum {number} after tagNum {previous}"
                )));
            }
            previous = number;
            at += read;
            let (length, read) = varint(&tx[at..])?;
            let needed = shortest(length);
            if read != needed {
                return Err(Error::plain(format!(
                    "length prefix varint for tagNum {number} is not as short as possible, read {read}, only need {needed}"
                )));
            }
            at += read;
            let end = usize::try_from(length)
                .ok()
                .and_then(|length| at.checked_add(length))
                .filter(|end| *end <= tx.len());
            let Some(end) = end else { return Err(invalid("unexpected EOF")) };
            let part = tx.slice(at..end);
            at = end;
            match number {
                1 => raw.body = part,
                2 => raw.auth_info = part,
                3 => raw.signatures.push(part),
                _ => {
                    return Err(Error::plain(format!(
                        "errUnknownField \"*tx.TxRaw\": {{TagNum: {number}, WireType:\"bytes\"}}"
                    )));
                }
            }
        }
        Ok(raw)
    }
}

fn invalid(why: &str) -> Error {
    Error::plain(format!("invalid length; {why}"))
}

fn varint(bytes: &[u8]) -> Result<(u64, usize)> {
    let mut value = 0_u64;
    for (place, byte) in bytes.iter().enumerate().take(10) {
        if place == 9 && *byte > 1 {
            return Err(invalid("variable length integer overflow"));
        }
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Ok((value, place + 1));
        }
    }
    Err(invalid(if bytes.len() < 10 { "unexpected EOF" } else { "variable length integer overflow" }))
}

/// Bytes of the shortest varint of `value`.
fn shortest(value: u64) -> usize {
    let bits = 64 - usize::try_from((value | 1).leading_zeros()).unwrap_or(0);
    bits.div_ceil(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_out_as_they_went_in() {
        let raw = RawTx::parse(&Bytes::from_static(b"\x0a\x01a\x12\x02bb\x1a\x01c\x1a\x00")).unwrap();
        assert_eq!(raw.body, "a");
        assert_eq!(raw.auth_info, "bb");
        assert_eq!(raw.signatures, [Bytes::from_static(b"c"), Bytes::new()]);
    }

    #[test]
    fn another_spelling_of_the_same_parts_is_refused() {
        let text = |bytes: &'static [u8]| RawTx::parse(&Bytes::from_static(bytes)).unwrap_err().to_string();
        assert_eq!(
            text(b"\x12\x01b\x0a\x01a"),
            "txRaw must follow ADR-027, got tagNum 1 after tagNum 2: tx parse error"
        );
        assert!(text(b"\x0a\x81\x00a").starts_with(
            "length prefix varint for tagNum 1 is not as short as possible, read 2, only need 1"
        ));
        assert!(text(b"\x08\x01").starts_with("expected 2 wire type, got 0"));
        assert!(text(b"\x0a\x05a").starts_with("invalid length; unexpected EOF"));
        assert!(text(b"\x22\x01a").starts_with("errUnknownField"));
    }
}
