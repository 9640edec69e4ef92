//! Addresses: bytes inside, bech32 outside. The prefix is a setting of the chain, so texts are made and read by an [`AddressCodec`].

use std::fmt;

use bech32::Hrp;
use sha2::{Digest, Sha256};

use crate::{Error, Result, errors::sdk};

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
        // addresses that come from texts have 20 or 32 bytes
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
    account: Prefix,
    validator: Prefix,
    consensus: Prefix,
}

/// A prefix, and the checksum of every text that begins with it as far as the prefix goes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Prefix {
    text: String,
    state: Checksum,
}

impl AddressCodec {
    /// A codec for `prefix`; validators get `prefix` + "valoper", consensus keys `prefix` + "valcons".
    pub fn new(prefix: &str) -> Result<Self> {
        let parse = |text: String| match Hrp::parse(&text) {
            Ok(_) => Ok(Prefix { state: Checksum::of_prefix(&text), text }),
            Err(error) => Err(Error::plain(format!("bech32 prefix {text}: {error}"))),
        };
        Ok(Self {
            account: parse(prefix.to_owned())?,
            validator: parse(format!("{prefix}valoper"))?,
            consensus: parse(format!("{prefix}valcons"))?,
        })
    }

    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.account.text
    }

    #[must_use]
    pub fn account(&self, address: &Address) -> String {
        encode(&self.account, address.as_bytes())
    }

    #[must_use]
    pub fn validator(&self, address: &Address) -> String {
        encode(&self.validator, address.as_bytes())
    }

    #[must_use]
    pub fn consensus(&self, address: &Address) -> String {
        encode(&self.consensus, address.as_bytes())
    }

    /// `addresscodec.Bech32Codec.StringToBytes` of the account prefix.
    pub fn parse_account(&self, text: &str) -> Result<Address> {
        parse(&self.account, text)
    }

    pub fn parse_validator(&self, text: &str) -> Result<Address> {
        parse(&self.validator, text)
    }

    /// `sdk.AccAddressFromBech32`, which refuses foreign prefixes in other words.
    pub fn account_from_bech32(&self, text: &str) -> Result<Address> {
        from_bech32(&self.account, text)
    }

    /// `sdk.ValAddressFromBech32`.
    pub fn validator_from_bech32(&self, text: &str) -> Result<Address> {
        from_bech32(&self.validator, text)
    }

    pub fn parse_consensus(&self, text: &str) -> Result<Address> {
        parse(&self.consensus, text)
    }
}

/// bech32 of any bytes; empty bytes give an empty text, as in the SDK. Every transfer makes several of these texts, so it is done in one pass.
fn encode(prefix: &Prefix, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let mut state = prefix.state;
    let symbols = (bytes.len() * 8).div_ceil(5);
    let mut text = Vec::with_capacity(prefix.text.len() + 1 + symbols + CHECKSUM_LENGTH);
    text.extend_from_slice(prefix.text.as_bytes());
    text.push(b'1');
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut push = |value: u32| {
        let value = (value & 31) as u8;
        state.feed(value);
        text.push(CHARSET[usize::from(value)]);
    };
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    text.extend_from_slice(&state.symbols());
    // the prefix is ASCII and so is every symbol
    String::from_utf8(text).unwrap_or_default()
}

/// The address in a text that is as it should be; whatever is wrong with another one is found out by [`decode_go`].
fn parse_canonical(prefix: &Prefix, text: &str) -> Option<Address> {
    let data = text.strip_prefix(&*prefix.text)?.strip_prefix('1')?.as_bytes();
    let length = data.len().checked_sub(CHECKSUM_LENGTH)?;
    if !(MIN_TEXT..=MAX_TEXT).contains(&text.len()) {
        return None;
    }
    let (mut state, mut held, mut bits) = (prefix.state, 0_u32, 0_u32);
    let mut bytes = Vec::with_capacity(length * 5 / 8);
    for (place, symbol) in data.iter().enumerate() {
        let value = VALUES[usize::from(*symbol & 127)];
        if value == NO_VALUE || *symbol > 127 {
            return None;
        }
        state.feed(value);
        if place < length {
            held = (held << 5) | u32::from(value);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((held >> bits) as u8);
                held &= (1 << bits) - 1;
            }
        }
    }
    // with its checksum, a text leaves one behind
    (state.0 == 1 && bits < 5 && held == 0 && is_length(bytes.len())).then_some(Address(bytes))
}

/// `VerifyAddressLen`, which wasmd sets for the whole chain: accounts have 20 bytes, contracts 32.
fn is_length(length: usize) -> bool {
    matches!(length, 20 | 32)
}

fn from_bech32(prefix: &Prefix, text: &str) -> Result<Address> {
    parse_with(prefix, text, |found| {
        Error::plain(format!("invalid Bech32 prefix; expected {}, got {found}", prefix.text))
    })
}

fn parse(prefix: &Prefix, text: &str) -> Result<Address> {
    parse_with(prefix, text, |found| {
        let expected = &prefix.text;
        sdk::LOGIC.wrap(format!("hrp does not match bech32 prefix: expected '{expected}' got '{found}'"))
    })
}

fn parse_with(prefix: &Prefix, text: &str, foreign: impl FnOnce(&str) -> Error) -> Result<Address> {
    if let Some(address) = parse_canonical(prefix, text) {
        return Ok(address);
    }
    if text.trim().is_empty() {
        return Err(Error::plain("empty address string is not allowed"));
    }
    let lower;
    let canonical = if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        lower = text.to_ascii_lowercase();
        &lower
    } else {
        text
    };
    let (found, bytes) = decode_go(text, canonical)?;
    if found != prefix.text {
        return Err(foreign(found));
    }
    if !is_length(bytes.len()) {
        return Err((&sdk::INVALID_ADDRESS).into());
    }
    Ok(Address(bytes))
}

const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The symbol of each value, and (below) the value of each symbol.
const VALUES: [u8; 128] = {
    let mut values = [NO_VALUE; 128];
    let mut value = 0;
    while value < CHARSET.len() {
        values[CHARSET[value] as usize] = value as u8;
        value += 1;
    }
    values
};
const NO_VALUE: u8 = u8::MAX;
const CHECKSUM_LENGTH: usize = 6;

/// Lengths that a text may have.
const MIN_TEXT: usize = 8;
const MAX_TEXT: usize = 1023;

/// The checksum over a prefix and the values that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Checksum(u32);

impl Checksum {
    /// What the five bits that leave the state at the top add to it.
    const OVERFLOW: [u32; 32] = {
        const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        let mut table = [0; 32];
        let mut top = 0;
        while top < 32 {
            let mut bit = 0;
            while bit < 5 {
                if (top >> bit) & 1 == 1 {
                    table[top] ^= GENERATOR[bit];
                }
                bit += 1;
            }
            top += 1;
        }
        table
    };

    fn of_prefix(prefix: &str) -> Self {
        let mut state = Self(1);
        prefix.bytes().for_each(|byte| state.feed(byte >> 5));
        state.feed(0);
        prefix.bytes().for_each(|byte| state.feed(byte & 31));
        state
    }

    fn feed(&mut self, value: u8) {
        let top = (self.0 >> 25) & 31;
        self.0 = ((self.0 & 0x01ff_ffff) << 5) ^ u32::from(value) ^ Self::OVERFLOW[top as usize];
    }

    /// The six symbols that end a text.
    fn symbols(mut self) -> [u8; CHECKSUM_LENGTH] {
        (0..CHECKSUM_LENGTH).for_each(|_| self.feed(0));
        let sum = self.0 ^ 1;
        std::array::from_fn(|place| CHARSET[(sum >> (5 * (CHECKSUM_LENGTH - 1 - place))) as usize & 31])
    }
}

/// bech32 decoding with the error texts of the SDK's own decoder (btcutil's), which clients see in logs. `text` is what was given,
/// `canonical` the same in lower case.
fn decode_go<'t>(text: &str, canonical: &'t str) -> Result<(&'t str, Vec<u8>)> {
    let failed = |why: String| Error::plain(format!("decoding bech32 failed: {why}"));
    if !(MIN_TEXT..=MAX_TEXT).contains(&text.len()) {
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
    let one = canonical.rfind('1');
    let Some(split) = one.filter(|one| *one >= 1 && one + 1 + CHECKSUM_LENGTH <= canonical.len()) else {
        let one = one.map_or(-1, |at| i64::try_from(at).unwrap_or(-1));
        return Err(failed(format!("invalid separator index {one}")));
    };
    let (hrp, data) = (&canonical[..split], &canonical.as_bytes()[split + 1..]);
    if let Some(byte) = data.iter().find(|byte| VALUES[usize::from(**byte & 127)] == NO_VALUE) {
        return Err(failed(format!("invalid character not part of charset: {byte}")));
    }
    let (payload, checksum) = data.split_at(data.len() - CHECKSUM_LENGTH);
    let mut state = Checksum::of_prefix(hrp);
    payload.iter().for_each(|symbol| state.feed(VALUES[usize::from(*symbol)]));
    let expected = state.symbols();
    if checksum != expected {
        let text = |symbols: &[u8]| symbols.iter().copied().map(char::from).collect::<String>();
        return Err(failed(format!(
            "invalid checksum (expected {} got {})",
            text(&expected),
            text(checksum)
        )));
    }
    Ok((hrp, regroup(payload).map_err(failed)?))
}

/// Five-bit groups to bytes; the rest must be short and zero.
fn regroup(symbols: &[u8]) -> Result<Vec<u8>, String> {
    let (mut bits, mut held, mut out) = (0_u32, 0_u32, Vec::with_capacity(symbols.len() * 5 / 8));
    for symbol in symbols {
        held = (held << 5) | u32::from(VALUES[usize::from(*symbol & 127)]);
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
    #[test]
    fn the_two_ways_to_read_an_account_differ_in_words() {
        let (wasm, other) = (AddressCodec::new("wasm").unwrap(), AddressCodec::new("cosmos").unwrap());
        let (account, odd) = (Address::new([1; 20]), Address::new([1; 19]));
        assert_eq!(wasm.account_from_bech32(&wasm.account(&account)).unwrap(), account);
        let error = wasm.account_from_bech32(&other.account(&account)).unwrap_err();
        assert_eq!(error.log(), "invalid Bech32 prefix; expected wasm, got cosmos");
        assert_eq!(wasm.account_from_bech32(&wasm.account(&odd)).unwrap_err().code(), 7);
        assert_eq!(wasm.parse_account(&wasm.account(&odd)).unwrap_err().code(), 7);
    }

    use super::*;

    #[test]
    fn the_gov_module_account_has_its_known_address() {
        let codec = AddressCodec::new("wasm").unwrap();
        let gov = Address::module("gov");
        assert_eq!(codec.account(&gov), "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc");
        assert_eq!(codec.parse_account("wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc").unwrap(), gov);
    }

    #[test]
    fn texts_are_those_of_another_implementation() {
        let (codec, hrp) = (AddressCodec::new("iz").unwrap(), Hrp::parse("iz").unwrap());
        for length in 1..=64_u8 {
            let address =
                Address::new((0..length).map(|byte| byte.wrapping_mul(37) ^ length).collect::<Vec<_>>());
            let text = codec.account(&address);
            assert_eq!(text, bech32::encode::<bech32::Bech32>(hrp, address.as_bytes()).unwrap());
            let known = is_length(usize::from(length)).then_some(address);
            assert_eq!(parse_canonical(&codec.account, &text), known);
            assert_eq!(codec.parse_account(&text).ok(), known);
            assert_eq!(codec.parse_account(&text.to_uppercase()).ok(), known);
            let wrong = text.replace(&text[3..4], if &text[3..4] == "q" { "p" } else { "q" });
            assert_eq!(parse_canonical(&codec.account, &wrong), None);
        }
        assert_eq!(codec.account(&Address::default()), "");
    }

    #[test]
    fn what_is_not_bech32_is_named() {
        let codec = AddressCodec::new("iz").unwrap();
        let log = |text: &str| codec.parse_account(text).unwrap_err().log().to_owned();
        assert_eq!(log("iz1"), "decoding bech32 failed: invalid bech32 string length 3");
        assert_eq!(log("izqqqqqqqqq"), "decoding bech32 failed: invalid separator index -1");
        assert_eq!(log("iz1qqqqq"), "decoding bech32 failed: invalid separator index 2");
        assert_eq!(log("iz1bqqqqqqqq"), "decoding bech32 failed: invalid character not part of charset: 98");
        assert_eq!(log("Iz1qqqqqqqqq"), "decoding bech32 failed: string not all lowercase or all uppercase");
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
