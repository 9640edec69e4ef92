//! `keys export`, `keys import` and `keys import-hex`: private keys out and in.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use zeroize::Zeroizing;

use super::check_name;
use crate::{keyring::Keyring, prompt};

#[derive(Args)]
pub struct Export {
    name: String,
    /// Print the key in hex, not encrypted; with --unsafe only
    #[arg(long)]
    unarmored_hex: bool,
    /// Allow what is unsafe
    #[arg(long = "unsafe")]
    allow_unsafe: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl Export {
    pub fn run(&self, keyring: &Keyring) -> Result<()> {
        if self.unarmored_hex != self.allow_unsafe {
            bail!("the flags unsafe and unarmored-hex must be used together");
        }
        if self.unarmored_hex {
            let question = "WARNING: The private key will be exported as an unarmored hexadecimal string. USE AT YOUR \
                            OWN RISK. Continue?";
            if self.yes || prompt::confirm(question)? {
                let text = Zeroizing::new(hex::encode(keyring.private_key(&self.name)?.as_bytes()));
                say!("{}", text.as_str());
            }
            return Ok(());
        }
        let passphrase = prompt::password("Enter passphrase to encrypt the exported key:")?;
        say!("{}", keyring.export_armored(&self.name, &passphrase)?);
        Ok(())
    }
}

pub fn import(keyring: &Keyring, name: &str, file: &Path) -> Result<()> {
    check_name(name)?;
    let armored = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let passphrase = prompt::password("Enter passphrase to decrypt your key:")?;
    keyring.import_armored(name, &armored, &passphrase)
}

#[derive(Args)]
pub struct ImportHex {
    name: String,
    /// The key; asked for if not given
    hex: Option<String>,
    /// Kind of the key
    #[arg(long, default_value = "secp256k1")]
    key_type: String,
}

impl ImportHex {
    pub fn run(&self, keyring: &Keyring) -> Result<()> {
        check_name(&self.name)?;
        if self.key_type != "secp256k1" {
            bail!("provided algorithm \"{}\" is not supported; use secp256k1", self.key_type);
        }
        let text = match &self.hex {
            Some(text) => Zeroizing::new(text.clone()),
            None => prompt::password("Enter hex private key:")?,
        };
        keyring.import_hex(&self.name, &text)
    }
}
