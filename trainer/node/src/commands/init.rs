//! Makes a folder: settings, an account, keys. What is there already stays as it is.

use std::fs;
use std::io::Read as _;

use anyhow::{Context as _, Result};
use iz_chain_client::Account;
use serde_json::json;
use zeroize::Zeroizing;

use crate::cli::Init;
use crate::config::{Config, TEMPLATE, with_values};
use crate::home::Home;
use crate::keys::{MNEMONIC, SEED, new_seed};
use crate::say::Say;

pub fn run(home: &Home, say: &Say, arguments: &Init) -> Result<()> {
    fs::create_dir_all(home.path()).with_context(|| home.path().display().to_string())?;
    let path = home.config();
    let before = if path.exists() { fs::read_to_string(&path)? } else { TEMPLATE.to_owned() };
    let text = with_values(&before, &arguments.changes)?;
    let config = Config::parse(&text)?;
    // the account first: settings without one would look finished
    if !home.join(MNEMONIC).exists() {
        let words = if arguments.recover {
            let mut words = Zeroizing::new(String::new());
            std::io::stdin().take(4096).read_to_string(&mut words)?;
            words
        } else {
            Account::new_mnemonic()?
        };
        Account::from_mnemonic(&words, &config.chain.prefix)?;
        home.write_secret(MNEMONIC, &words)?;
    }
    if !home.join(SEED).exists() {
        home.write_secret(SEED, &new_seed())?;
    }
    let fresh = path.with_extension("toml.new");
    fs::write(&fresh, text)?;
    fs::rename(&fresh, &path)?;
    let account = Account::from_mnemonic(&home.read_secret(MNEMONIC)?, &config.chain.prefix)?;
    let folder = home.path().display().to_string();
    let text = format!(
        "{folder}/config.toml holds the settings; {MNEMONIC} and {SEED} are secret: keep a copy of them.\naddress  {}",
        account.address()
    );
    say.answer("init", Some(text), json!({ "home": folder, "address": account.address() }));
    Ok(())
}
