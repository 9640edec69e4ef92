//! `genesis gentx`.

use std::{fs::OpenOptions, io::Write as _, net::UdpSocket, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use iz_proto::cosmos::staking::v1beta1::Description;

use crate::{
    coins::{parse_coin, parse_coins},
    commands::{init::Identity, keys::KeyringFlags},
    config::{Document, FileKind},
    genesis::{
        Genesis,
        gentx::{Envelope, Validator, check_funds, message, sign, unsigned},
        state,
    },
    keyring::{Kind, PublicKey},
    setup::{Setup, make_folder},
};

#[derive(Args)]
pub struct Gentx {
    /// Name of the key that signs
    key_name: String,
    /// What it stakes, as in 1000000uiz
    amount: String,
    #[command(flatten)]
    keyring: KeyringFlags,
    /// Id of the chain [default: that of the genesis]
    #[arg(long)]
    chain_id: Option<String>,
    /// The validator's name [default: moniker of config.toml]
    #[arg(long, default_value = "")]
    moniker: String,
    /// Who it is at keybase.io
    #[arg(long, default_value = "")]
    identity: String,
    /// Its website
    #[arg(long, default_value = "")]
    website: String,
    /// Address for reports of security issues
    #[arg(long, default_value = "")]
    security_contact: String,
    /// What else there is to say
    #[arg(long, default_value = "")]
    details: String,
    /// Share of the rewards it keeps
    #[arg(long, default_value = "0.1")]
    commission_rate: String,
    /// Most it may ever keep
    #[arg(long, default_value = "0.2")]
    commission_max_rate: String,
    /// Most by which that may change in a day
    #[arg(long, default_value = "0.01")]
    commission_max_change_rate: String,
    /// Least it must stake itself
    #[arg(long, default_value = "1")]
    min_self_delegation: String,
    /// Consensus key, in JSON [default: that of the home folder]
    #[arg(long)]
    pubkey: Option<String>,
    /// Where peers reach it [default: found out]
    #[arg(long)]
    ip: Option<String>,
    /// Port at which they do
    #[arg(long, default_value_t = 26656)]
    p2p_port: u16,
    /// Node id [default: that of the home folder]
    #[arg(long)]
    node_id: Option<String>,
    /// File to write [default: config/gentx/gentx-<node id>.json]
    #[arg(long)]
    output_document: Option<PathBuf>,
    /// Fee
    #[arg(long, default_value = "")]
    fees: String,
    /// Gas limit
    #[arg(long, default_value_t = 200_000)]
    gas: u64,
    /// Number of the account: zero in a genesis
    #[arg(long, short = 'a', default_value_t = 0)]
    account_number: u64,
    /// Sequence of the account: zero in a genesis
    #[arg(long, short, default_value_t = 0)]
    sequence: u64,
    /// Text in place of the address of the node
    #[arg(long)]
    note: Option<String>,
    /// Accepted for the SDK's sake: nothing is asked of a node
    #[arg(long)]
    offline: bool,
    /// Accepted for the SDK's sake: nothing is asked
    #[arg(long, short)]
    yes: bool,
}

impl Gentx {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        let identity = Identity::make(setup, None).context("failed to initialize node validator files")?;
        let node_id = self.node_id.clone().unwrap_or(identity.node_id);
        let consensus_key = match &self.pubkey {
            Some(text) => {
                PublicKey::from_json(&serde_json::from_str(text).context("--pubkey is no valid JSON")?)?
            }
            None => identity.validator.public_key(),
        };
        let genesis = Genesis::load(&setup.config("genesis.json"))?;
        let app_state = genesis.state()?;
        state::validate(setup, &app_state).context("failed to validate genesis state")?;
        let keyring = self.keyring.open(setup)?;
        let key = keyring
            .key(&self.key_name)
            .with_context(|| format!("failed to fetch '{}' from the keyring", self.key_name))?;
        let coins = parse_coins(&self.amount).context("failed to parse coins")?;
        check_funds(setup, &app_state, &key, &coins).context("failed to validate account in genesis")?;

        let moniker = if self.moniker.is_empty() {
            Document::open(FileKind::Comet, &FileKind::Comet.path(setup))?.text_of("moniker")?
        } else {
            self.moniker.clone()
        };
        let validator = Validator {
            description: Description {
                moniker: moniker.into_bytes(),
                identity: self.identity.clone().into_bytes(),
                website: self.website.clone().into_bytes(),
                security_contact: self.security_contact.clone().into_bytes(),
                details: self.details.clone().into_bytes(),
            },
            rate: self.commission_rate.clone(),
            max_rate: self.commission_max_rate.clone(),
            max_change_rate: self.commission_max_change_rate.clone(),
            min_self_delegation: self.min_self_delegation.clone(),
            consensus_key,
            stake: parse_coin(&self.amount)?,
        };
        let envelope = Envelope {
            chain_id: self.chain_id.clone().unwrap_or_else(|| genesis.chain_id.clone()),
            memo: self.memo(&node_id),
            fee: parse_coins(&self.fees).context("--fees")?,
            gas: self.gas,
            account_number: self.account_number,
            sequence: self.sequence,
        };
        let tx = unsigned(&message(setup, &key, &validator)?, &envelope);
        if matches!(key.kind(), Kind::Offline | Kind::Multi) {
            eprintln!("Offline key passed in. Use `tx sign` command to sign.");
            say!("{}", iz_proto::json::to_string(&tx)?);
            return Ok(());
        }
        let signed = sign(tx, &key.private_key()?, &envelope)?;
        let path = match &self.output_document {
            Some(path) => path.clone(),
            None => {
                make_folder(&setup.config("gentx"), 0o700)?;
                setup.config("gentx").join(format!("gentx-{node_id}.json"))
            }
        };
        write_new(&path, &iz_proto::json::to_string(&signed)?)?;
        eprintln!("Genesis transaction written to \"{}\"", path.display());
        Ok(())
    }

    /// Where peers find the node; it becomes a persistent peer of the others.
    fn memo(&self, node_id: &str) -> String {
        if let Some(note) = &self.note {
            return note.clone();
        }
        let ip = self.ip.clone().or_else(external_ip).unwrap_or_default();
        if ip.is_empty() {
            eprintln!("failed to retrieve an external IP; the tx's memo field will be unset");
            return String::new();
        }
        format!("{node_id}@{ip}:{}", self.p2p_port)
    }
}

/// A transaction that is there is not overwritten: it may be published already.
fn write_new(path: &std::path::Path, text: &str) -> Result<()> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already; remove it to make another", path.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    writeln!(file, "{text}").with_context(|| format!("cannot write {}", path.display()))
}

/// The address from which this machine would speak to the world; nothing is sent.
pub fn external_ip() -> Option<String> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("198.51.100.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then(|| address.to_string())
}
