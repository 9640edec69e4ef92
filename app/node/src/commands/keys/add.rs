//! `keys add`: a new key, a key from its mnemonic, a public key, or a multisig.

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::Args;
use zeroize::Zeroizing;

use super::{
    check_name,
    output::{self, Format, Shown},
    show,
};
use crate::{
    keyring::{Backend, Keyring, PublicKey, Record, derive, generate_mnemonic, hd_path, mnemonic_is_valid},
    prompt,
    setup::Setup,
};

#[derive(Args)]
pub struct Add {
    name: String,
    /// Take the key from a mnemonic that is asked for
    #[arg(long)]
    recover: bool,
    /// Ask for a mnemonic and its passphrase
    #[arg(long, short)]
    interactive: bool,
    /// File with the mnemonic, with --recover or --interactive
    #[arg(long)]
    source: Option<PathBuf>,
    /// Do not print the mnemonic
    #[arg(long)]
    no_backup: bool,
    /// Make the key and do not store it
    #[arg(long)]
    dry_run: bool,
    /// Coin type of the derivation
    #[arg(long, default_value_t = 118)]
    coin_type: u32,
    /// Account of the derivation
    #[arg(long, default_value_t = 0)]
    account: u32,
    /// Index of the derivation
    #[arg(long, default_value_t = 0)]
    index: u32,
    /// Path of the derivation, in place of the three
    #[arg(long, default_value = "")]
    hd_path: String,
    /// Kind of the key
    #[arg(long, alias = "algo", default_value = "secp256k1")]
    key_type: String,
    /// Names of the keys of a multisig
    #[arg(long, value_delimiter = ',')]
    multisig: Vec<String>,
    /// How many of them must sign
    #[arg(long, default_value_t = 1)]
    multisig_threshold: u32,
    /// Keep the order of the keys of the multisig
    #[arg(long)]
    nosort: bool,
    /// Add this public key, in JSON
    #[arg(long)]
    pubkey: Option<String>,
    /// Add this public key, in base64
    #[arg(long, conflicts_with = "pubkey")]
    pubkey_base64: Option<String>,
    /// Take the key from a Ledger: not in this binary
    #[arg(long)]
    ledger: bool,
}

impl Add {
    pub fn run(&self, setup: &Setup, keyring: &Keyring, format: Format) -> Result<()> {
        check_name(&self.name)?;
        if self.key_type != "secp256k1" {
            bail!("provided algorithm \"{}\" is not supported; use secp256k1", self.key_type);
        }
        if self.ledger {
            bail!("Ledger devices are not supported by this binary; use wasmd to add such a key");
        }
        let memory;
        let keyring = if self.dry_run {
            memory = Keyring::open(Backend::Memory, &setup.home)?;
            &memory
        } else {
            if keyring.find(&self.name)?.is_some() {
                if !prompt::confirm(&format!("override the existing name {}", self.name))? {
                    bail!("aborted");
                }
                keyring.delete(&self.name)?;
            }
            keyring
        };
        if !self.multisig.is_empty() && !self.dry_run {
            let record = keyring.add_public(&self.name, &self.multisig_key(keyring)?)?;
            return print(setup, &record, None, format);
        }
        if let Some(key) = self.given_public_key()? {
            let record = keyring.add_public(&self.name, &key)?;
            return print(setup, &record, None, format);
        }
        let path = if self.hd_path.is_empty() {
            hd_path(self.coin_type, self.account, self.index)
        } else {
            self.hd_path.clone()
        };
        let given = self.given_mnemonic()?;
        let mnemonic = if given.is_empty() { generate_mnemonic()? } else { given };
        let passphrase = self.passphrase()?;
        let record = keyring.add_account(&self.name, &derive(&mnemonic, &passphrase, &path)?)?;
        let shown = (!self.no_backup && !self.recover).then_some(mnemonic.as_str());
        print(setup, &record, shown, format)
    }

    fn multisig_key(&self, keyring: &Keyring) -> Result<PublicKey> {
        let mut seen = BTreeSet::new();
        let mut keys = Vec::with_capacity(self.multisig.len());
        for name in &self.multisig {
            if !seen.insert(name) {
                bail!("duplicate multisig keys: {name}");
            }
            keys.push(keyring.key(name)?.public_key()?);
        }
        if !self.nosort {
            keys.sort_by_key(PublicKey::address);
        }
        show::multisig(self.multisig_threshold, keys)
    }

    fn given_public_key(&self) -> Result<Option<PublicKey>> {
        if let Some(text) = &self.pubkey {
            let value = serde_json::from_str(text).context("--pubkey is no valid JSON")?;
            return PublicKey::from_json(&value).context("--pubkey").map(Some);
        }
        let Some(text) = &self.pubkey_base64 else { return Ok(None) };
        let key = STANDARD.decode(text).context("--pubkey-base64 is no valid base64")?;
        PublicKey::secp256k1(key).context("--pubkey-base64").map(Some)
    }

    /// Empty if a new one is wanted.
    fn given_mnemonic(&self) -> Result<Zeroizing<String>> {
        if !self.recover && !self.interactive {
            return Ok(Zeroizing::default());
        }
        let words = match &self.source {
            Some(file) => {
                let text =
                    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()));
                let text = Zeroizing::new(text?);
                Zeroizing::new(text.trim().to_owned())
            }
            None if self.recover => prompt::text("Enter your bip39 mnemonic")?,
            None => prompt::text("Enter your bip39 mnemonic, or hit enter to generate one.")?,
        };
        let wanted = self.recover || !words.is_empty();
        if wanted && !mnemonic_is_valid(&words) {
            bail!("invalid mnemonic");
        }
        Ok(words)
    }

    fn passphrase(&self) -> Result<Zeroizing<String>> {
        if !self.interactive {
            return Ok(Zeroizing::default());
        }
        let passphrase = prompt::text(
            "Enter your bip39 passphrase. This is combined with the mnemonic to derive the seed. Most users should \
             just hit enter to use the default, \"\"",
        )?;
        if !passphrase.is_empty() && prompt::text("Repeat the passphrase:")? != passphrase {
            bail!("passphrases don't match");
        }
        Ok(passphrase)
    }
}

fn print(setup: &Setup, record: &Record, mnemonic: Option<&str>, format: Format) -> Result<()> {
    let mut shown = Shown::account(record, setup)?;
    match format {
        Format::Text => {
            eprintln!();
            output::print_one(&shown, format)?;
            if let Some(words) = mnemonic {
                eprintln!(
                    "\n**Important** write this mnemonic phrase in a safe place.\nIt is the only way to recover your \
                     account if you ever forget your password.\n\n{words}"
                );
            }
        }
        Format::Json => {
            mnemonic.unwrap_or_default().clone_into(&mut shown.mnemonic);
            output::print_one(&shown, format)?;
        }
    }
    Ok(())
}
