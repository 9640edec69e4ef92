//! Addresses: bytes inside, bech32 outside. The prefix is a setting of the chain, so texts are made and read by an [`AddressCodec`].

use std::fmt;

use bech32::{Bech32, Hrp};
use sha2::{Digest, Sha256};

use crate::{Error, Result, errors::sdk};

/// The longest address that may appear.
pub const MAX_LENGTH: usize = 255;

/// Raw bytes of an account, validator or consensus address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Address(Vec<u8>);

impl Address {
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The account of a module: the first 20 bytes of its name's hash.
    #[must_use]
    pub fn module(name: &str) -> Self {
        Self(Sha256::digest(name.as_bytes())[..20].to_vec())
    }

    /// `address.Module(name, key)`: 32 bytes, derived from a module's name and a key.
    #[must_use]
    pub fn derived(module: &str, key: &[u8]) -> Self {
        let mut inner = module.as_bytes().to_vec();
        inner.push(0);
        inner.extend_from_slice(key);
        Self::hashed("module", &inner)
    }

    /// `address.Hash(type, key)`: sha256(sha256(type) ‖ key).
    #[must_use]
    pub fn hashed(kind: &str, key: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(Sha256::digest(kind.as_bytes()));
        hasher.update(key);
        Self(hasher.finalize().to_vec())
    }

    /// The length byte and the bytes, as store keys hold them.
    #[must_use]
    pub fn length_prefixed(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        self.append_length_prefixed(&mut out);
        out
    }

    pub fn append_length_prefixed(&self, out: &mut Vec<u8>) {
        // addresses are never longer than 255 bytes: every constructor from text checks it
        out.push(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        out.extend_from_slice(&self.0);
    }
}

impl AsRef<[u8]> for Address {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in &self.0 {
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

/// Reads and writes addresses as text under the chain's prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressCodec {
    account: Hrp,
    validator: Hrp,
    consensus: Hrp,
}

impl AddressCodec {
    /// A codec for `prefix`; validators get `prefix` + "valoper", consensus keys `prefix` + "valcons".
    pub fn new(prefix: &str) -> Result<Self> {
        let parse = |text: String| {
            Hrp::parse(&text).map_err(|error| Error::plain(format!("bech32 prefix {text}: {error}")))
        };
        Ok(Self {
            account: parse(prefix.to_owned())?,
            validator: parse(format!("{prefix}valoper"))?,
            consensus: parse(format!("{prefix}valcons"))?,
        })
    }

    #[must_use]
    pub fn prefix(&self) -> &str {
        self.account.as_str()
    }

    #[must_use]
    pub fn account(&self, address: &Address) -> String {
        encode(self.account, address.as_bytes())
    }

    #[must_use]
    pub fn validator(&self, address: &Address) -> String {
        encode(self.validator, address.as_bytes())
    }

    #[must_use]
    pub fn consensus(&self, address: &Address) -> String {
        encode(self.consensus, address.as_bytes())
    }

    /// `addresscodec.Bech32Codec.StringToBytes` of the account prefix.
    pub fn parse_account(&self, text: &str) -> Result<Address> {
        parse(self.account, text)
    }

    pub fn parse_validator(&self, text: &str) -> Result<Address> {
        parse(self.validator, text)
    }

    pub fn parse_consensus(&self, text: &str) -> Result<Address> {
        parse(self.consensus, text)
    }
}

/// bech32 of any bytes; empty bytes give an empty text, as in the SDK.
fn encode(prefix: Hrp, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    bech32::encode::<Bech32>(prefix, bytes).unwrap_or_default()
}

fn parse(prefix: Hrp, text: &str) -> Result<Address> {
    if text.trim().is_empty() {
        return Err(Error::plain("empty address string is not allowed"));
    }
    let (found, bytes) = decode_go(text)?;
    if found != prefix.as_str() {
        return Err(sdk::LOGIC.wrap(format!(
            "hrp does not match bech32 prefix: expected '{}' got '{found}'",
            prefix.as_str()
        )));
    }
    if bytes.len() > MAX_LENGTH {
        return Err(
            sdk::UNKNOWN_ADDRESS.wrap(format!("address max length is {MAX_LENGTH}, got {}", bytes.len()))
        );
    }
    Ok(Address(bytes))
}

const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// bech32 decoding with the error texts of the SDK's own decoder (btcutil's), which clients see in logs.
fn decode_go(text: &str) -> Result<(String, Vec<u8>)> {
    let failed = |why: String| Error::plain(format!("decoding bech32 failed: {why}"));
    if text.len() < 8 || text.len() > 1023 {
        return Err(failed(format!("invalid bech32 string length {}", text.len())));
    }
    let (mut lower, mut upper) = (false, false);
    for byte in text.bytes() {
        if !(33..=126).contains(&byte) {
            return Err(failed(format!("invalid character in string: '{}'", char::from(byte))));
        }
        lower |= byte.is_ascii_lowercase();
        upper |= byte.is_ascii_uppercase();
        if lower && upper {
            return Err(failed("string not all lowercase or all uppercase".into()));
        }
    }
    let text = text.to_ascii_lowercase();
    let one = text.rfind('1').map_or(-1, |at| i64::try_from(at).unwrap_or(-1));
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    if one < 1 || one + 7 > length {
        return Err(failed(format!("invalid separator index {one}")));
    }
    let split = usize::try_from(one).unwrap_or(0);
    let (hrp, data) = (&text[..split], &text[split + 1..]);
    let mut values = Vec::with_capacity(data.len());
    for byte in data.bytes() {
        match CHARSET.iter().position(|symbol| *symbol == byte) {
            Some(value) => values.push(u8::try_from(value).unwrap_or(0)),
            None => {
                return Err(failed(format!(
                    "failed converting data to bytes: invalid character not part of charset: {byte}"
                )));
            }
        }
    }
    let (payload, checksum) = values.split_at(values.len() - 6);
    let expected = checksum_of(hrp, payload);
    if checksum != expected {
        let symbols = |values: &[u8]| {
            values.iter().map(|value| char::from(CHARSET[usize::from(*value)])).collect::<String>()
        };
        return Err(failed(format!(
            "invalid checksum (expected {} got {})",
            symbols(&expected),
            &data[data.len() - 6..]
        )));
    }
    let bytes = regroup(payload).map_err(|why| Error::plain(format!("decoding bech32 failed: {why}")))?;
    Ok((hrp.to_owned(), bytes))
}

fn checksum_of(hrp: &str, payload: &[u8]) -> [u8; 6] {
    let mut state = 1_u32;
    let mut feed = |value: u8| {
        const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        let top = state >> 25;
        state = ((state & 0x01ff_ffff) << 5) ^ u32::from(value);
        for (bit, constant) in GENERATOR.iter().enumerate() {
            if (top >> bit) & 1 == 1 {
                state ^= constant;
            }
        }
    };
    hrp.bytes().for_each(|byte| feed(byte >> 5));
    feed(0);
    hrp.bytes().for_each(|byte| feed(byte & 31));
    payload.iter().for_each(|value| feed(*value));
    (0..6).for_each(|_| feed(0));
    let sum = state ^ 1;
    std::array::from_fn(|i| u8::try_from((sum >> (5 * (5 - i))) & 31).unwrap_or(0))
}

/// Five-bit groups to bytes; the rest must be short and zero.
fn regroup(values: &[u8]) -> Result<Vec<u8>, String> {
    let (mut bits, mut held, mut out) = (0_u32, 0_u32, Vec::with_capacity(values.len() * 5 / 8));
    for value in values {
        held = (held << 5) | u32::from(*value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).unwrap_or(0));
            held &= (1 << bits) - 1;
        }
    }
    if bits >= 5 || held != 0 {
        return Err("invalid incomplete group".into());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gov_module_account_has_its_known_address() {
        let codec = AddressCodec::new("wasm").unwrap();
        let gov = Address::module("gov");
        assert_eq!(codec.account(&gov), "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc");
        assert_eq!(codec.parse_account("wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc").unwrap(), gov);
    }

    #[test]
    fn a_foreign_prefix_and_a_wrong_checksum_are_named() {
        let codec = AddressCodec::new("iz").unwrap();
        let wrong = codec.parse_account("wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc").unwrap_err();
        assert_eq!(
            wrong.log(),
            "hrp does not match bech32 prefix: expected 'iz' got 'wasm': internal logic error"
        );
        let wrong = codec.parse_account("iz10d07y265gmmuvt4z0w9aw880jnsr700js7zslc").unwrap_err();
        assert!(wrong.log().starts_with("decoding bech32 failed: invalid checksum (expected "), "{wrong}");
    }
}
