//! `debug`: addresses, public keys, bytes and types in their other forms.

mod raw_key;

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use iz_core::Address;
use iz_proto::interfaces;

use crate::{keyring::PublicKey, setup::Setup};

#[derive(Subcommand)]
pub enum Command {
    /// Print an address in all its forms
    Addr {
        /// In hex or bech32
        address: String,
    },
    /// Print the address and the bytes of a public key
    Pubkey {
        /// In JSON
        pubkey: String,
    },
    /// Print a public key of ed25519 or secp256k1 in all its forms
    PubkeyRaw(raw_key::RawKey),
    /// Print bytes that are written as in [10 21 13 120] in hex
    RawBytes {
        #[arg(allow_hyphen_values = true)]
        bytes: String,
    },
    /// Print the prefixes of addresses
    Prefixes,
    /// Look at the types that messages can hold
    #[command(subcommand)]
    Codec(Codec),
}

#[derive(Subcommand)]
pub enum Codec {
    /// List all interfaces
    ListInterfaces,
    /// List the types that can stand for an interface
    ListImplementations { interface: String },
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let codec = &setup.addresses;
        match self {
            Self::Addr { address } => {
                let parsed = parse_address(setup, address)?;
                let bytes: Vec<String> = parsed.as_bytes().iter().map(ToString::to_string).collect();
                say!("Address: [{}]", bytes.join(" "));
                say!("Address (hex): {}", hex::encode_upper(parsed.as_bytes()));
                say!("Bech32 Acc: {}", codec.account(&parsed));
                say!("Bech32 Val: {}", codec.validator(&parsed));
                say!("Bech32 Con: {}", codec.consensus(&parsed));
            }
            Self::Pubkey { pubkey } => {
                let value = serde_json::from_str(pubkey).context("the public key is no valid JSON")?;
                let key = PublicKey::from_json(&value)?;
                say!("Address: {}", hex::encode_upper(key.address().as_bytes()));
                say!("PubKey Hex: {}", hex::encode(key.bytes()));
            }
            Self::PubkeyRaw(key) => key.run(setup)?,
            Self::RawBytes { bytes } => say!("{}", hex::encode_upper(signed_bytes(bytes)?)),
            Self::Prefixes => {
                let prefix = codec.prefix();
                say!("Bech32 Acc: {prefix}\nBech32 Val: {prefix}valoper\nBech32 Con: {prefix}valcons");
            }
            Self::Codec(Codec::ListInterfaces) => interfaces::interfaces().for_each(|name| say!("{name}")),
            Self::Codec(Codec::ListImplementations { interface }) => {
                interfaces::implementations(interface).for_each(|name| say!("{name}"));
            }
        }
        Ok(())
    }
}

/// Hex first, then the three kinds of addresses; the errors of all four if it is none of them.
fn parse_address(setup: &Setup, text: &str) -> Result<Address> {
    let codec = &setup.addresses;
    let mut reasons = match hex::decode(text) {
        Ok(bytes) => return Ok(Address::new(bytes)),
        Err(_) => vec![format!("hex: {}", hex_error(text))],
    };
    for (kind, parsed) in [
        ("acc", codec.parse_account(text)),
        ("val", codec.parse_validator(text)),
        ("con", codec.parse_consensus(text)),
    ] {
        match parsed {
            Ok(address) => return Ok(address),
            Err(error) => reasons.push(format!("bech32 {kind}: {error}")),
        }
    }
    bail!("expected hex or bech32. Got errors: {}", reasons.join(", "))
}

/// What Go says of text that is no hex.
fn hex_error(text: &str) -> String {
    match text.chars().find(|character| !character.is_ascii_hexdigit()) {
        Some(character) => {
            format!("encoding/hex: invalid byte: U+{:04X} '{character}'", u32::from(character))
        }
        None => "encoding/hex: odd length hex string".to_owned(),
    }
}

/// Go reads the bytes as signed numbers: those above 127 are written as negative ones.
fn signed_bytes(text: &str) -> Result<Vec<u8>> {
    let inner = text.trim_matches('[').trim_matches(']');
    let number = |part: &str| -> Result<u8> {
        let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!("strconv.ParseInt: parsing {part:?}: invalid syntax");
        }
        match part.parse::<i8>() {
            Ok(number) => Ok(number.cast_unsigned()),
            Err(_) => bail!("strconv.ParseInt: parsing {part:?}: value out of range"),
        }
    };
    inner.split(' ').map(number).collect()
}
