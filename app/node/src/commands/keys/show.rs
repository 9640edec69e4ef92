//! `keys show`: one key, or the multisig of several that is not stored.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use iz_core::Address;

use super::output::{self, Format, Shown};
use crate::{
    keyring::{Keyring, PublicKey, Record},
    setup::Setup,
};

#[derive(Args)]
pub struct Show {
    /// Names or addresses
    #[arg(required = true)]
    names: Vec<String>,
    /// Print the address only
    #[arg(long, short)]
    address: bool,
    /// Print the public key only
    #[arg(long, short)]
    pubkey: bool,
    /// Form of the address (acc, val or cons)
    #[arg(long, default_value = "acc")]
    bech: String,
    /// How many of the keys must sign
    #[arg(long, default_value_t = 1)]
    multisig_threshold: u32,
}

impl Show {
    pub fn run(&self, setup: &Setup, keyring: &Keyring, format: Format, format_given: bool) -> Result<()> {
        if self.address && self.pubkey {
            bail!("cannot use both --address and --pubkey at once");
        }
        if format_given && (self.address || self.pubkey) {
            bail!("cannot use --output with --address or --pubkey");
        }
        let codec = &setup.addresses;
        let text: Box<dyn Fn(&Address) -> String> = match self.bech.as_str() {
            "acc" => Box::new(|address| codec.account(address)),
            "val" => Box::new(|address| codec.validator(address)),
            "cons" => Box::new(|address| codec.consensus(address)),
            other => bail!("invalid Bech32 prefix encoding provided: {other}; use acc, val or cons"),
        };
        let shown = if let [name] = self.names.as_slice() {
            Shown::with(&fetch(setup, keyring, name)?, text)?
        } else {
            let keys = self
                .names
                .iter()
                .map(|name| fetch(setup, keyring, name)?.public_key())
                .collect::<Result<Vec<_>>>()?;
            let key = multisig(self.multisig_threshold, keys)?;
            Shown::of("", "multi", &key, text)?
        };
        if self.address {
            say!("{}", shown.address);
        } else if self.pubkey {
            say!("{}", shown.pubkey);
        } else {
            output::print_one(&shown, format)?;
        }
        Ok(())
    }
}

/// A multisig after the check of its threshold.
pub fn multisig(threshold: u32, keys: Vec<PublicKey>) -> Result<PublicKey> {
    if threshold == 0 {
        bail!("threshold must be a positive integer");
    }
    if usize::try_from(threshold)? > keys.len() {
        bail!("threshold k of n multisignature: {} < {threshold}", keys.len());
    }
    Ok(PublicKey::multisig(threshold, keys))
}

/// A key by its name or else by its address.
pub fn fetch(setup: &Setup, keyring: &Keyring, reference: &str) -> Result<Record> {
    if let Some(record) = keyring.find(reference)? {
        return Ok(record);
    }
    let invalid = || format!("{reference} is not a valid name or address");
    let address = setup
        .addresses
        .parse_account(reference)
        .map_err(|error| anyhow::anyhow!("{error}"))
        .with_context(invalid)?;
    match keyring.key_by_address(&address)? {
        Some(record) => Ok(record),
        None => bail!("{reference} is not a valid name or address: no key has this address: key not found"),
    }
}
