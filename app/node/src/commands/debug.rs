//! `debug`: addresses and public keys in their other forms.

use anyhow::{Context as _, Result, bail};
use clap::Subcommand;
use iz_core::Address;

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
    /// Print the prefixes of addresses
    Prefixes,
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let codec = &setup.addresses;
        match self {
            Self::Addr { address } => {
                let parsed = hex::decode(address)
                    .map(Address::new)
                    .ok()
                    .or_else(|| codec.parse_account(address).ok())
                    .or_else(|| codec.parse_validator(address).ok())
                    .or_else(|| codec.parse_consensus(address).ok());
                let Some(parsed) = parsed else {
                    bail!("{address} is neither hex nor an address that begins with {}", codec.prefix());
                };
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
                let bytes = match &key {
                    PublicKey::Secp256k1(bytes) | PublicKey::Ed25519(bytes) => bytes,
                    PublicKey::Multisig { .. } => bail!("a multisig has no bytes of its own"),
                };
                say!("Address: {}", hex::encode_upper(key.address().as_bytes()));
                say!("PubKey Hex: {}", hex::encode(bytes));
            }
            Self::Prefixes => {
                let prefix = codec.prefix();
                say!("Bech32 Acc: {prefix}\nBech32 Val: {prefix}valoper\nBech32 Con: {prefix}valcons");
            }
        }
        Ok(())
    }
}
