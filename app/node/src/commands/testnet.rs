//! `testnet init-files`: the homes of several validators of one new chain.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use iz_core::{Address, Coin, Coins, Int};
use iz_proto::cosmos::staking::v1beta1::Description;
use rand::Rng as _;
use serde_json::json;

use super::{genesis::external_ip, init::Identity};
use crate::{
    config::{self, FileKind},
    genesis::{
        Genesis,
        accounts::{NewAccount, add},
        collect::collect,
        gentx::{Envelope, Validator, message, sign, unsigned},
        now, state,
    },
    keyring::{Backend, Keyring, derive, generate_mnemonic, hd_path},
    setup::{Setup, make_folder, write_private, write_public},
};

const POWER: i64 = 1_000_000;
const RPC_PORT: u16 = 26657;
const API_PORT: u16 = 1317;
const GRPC_PORT: u16 = 9090;

#[derive(Subcommand)]
pub enum Command {
    /// Make the home folders of validators that run as processes of their own
    InitFiles(InitFiles),
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        match self {
            Self::InitFiles(init) => init.run(setup),
        }
    }
}

#[derive(Args)]
pub struct InitFiles {
    /// How many validators
    #[arg(long = "validator-count", alias = "v", default_value_t = 4)]
    validators: u16,
    /// Where their folders go
    #[arg(long, short, default_value = "./.testnets")]
    output_dir: PathBuf,
    /// Id of the chain; a random one if not given
    #[arg(long, default_value = "")]
    chain_id: String,
    /// Address of the first; each further one has the next. Empty: the address of this machine
    #[arg(long, default_value = "192.168.0.1")]
    starting_ip_address: String,
    /// Where keys are kept (file or test)
    #[arg(long, default_value = "test")]
    keyring_backend: String,
    /// Least gas prices of the validators [default: 0.000006 of the default denomination]
    #[arg(long)]
    minimum_gas_prices: Option<String>,
    /// Begin of the folders' names
    #[arg(long, default_value = "node")]
    node_dir_prefix: String,
    /// Name of the home folder inside
    #[arg(long, default_value = "izd")]
    node_daemon_home: String,
    /// All on this machine, each with ports of its own
    #[arg(long)]
    single_host: bool,
    /// Pause after each block
    #[arg(long, default_value = "5s")]
    commit_timeout: String,
    /// Kind of the keys
    #[arg(long, alias = "algo", default_value = "secp256k1")]
    key_type: String,
}

/// One validator of the network.
struct Node {
    name: String,
    setup: Setup,
    account: Address,
}

impl InitFiles {
    fn run(&self, setup: &Setup) -> Result<()> {
        if self.key_type != "secp256k1" {
            bail!("provided algorithm \"{}\" is not supported; use secp256k1", self.key_type);
        }
        let chain_id = if self.chain_id.is_empty() { random_chain_id() } else { self.chain_id.clone() };
        let gentxs = self.output_dir.join("gentxs");
        make_folder(&gentxs, 0o755)?;
        let nodes = (0..self.validators)
            .map(|number| self.make_node(setup, number, &chain_id, &gentxs))
            .collect::<Result<Vec<_>>>()?;

        let mut genesis = Genesis::new(&chain_id);
        genesis.genesis_time = now()?;
        let mut app_state = state::default_state(setup)?;
        let accounts: Vec<NewAccount> = nodes.iter().map(|node| funded(setup, &node.account)).collect();
        add(setup, &mut app_state, &accounts, false)?;
        for (number, node) in (0..).zip(&nodes) {
            let mut own = app_state.clone();
            let collected = collect(setup, &mut own, &gentxs, &node.name)?;
            genesis.set_state(&own)?;
            genesis.save(&node.setup.config("genesis.json"))?;
            self.write_settings(node, number, &chain_id, &collected.persistent_peers)?;
        }
        eprintln!("Successfully initialized {} node directories", self.validators);
        Ok(())
    }

    fn make_node(&self, setup: &Setup, number: u16, chain_id: &str, gentxs: &Path) -> Result<Node> {
        let name = format!("{}{number}", self.node_dir_prefix);
        let home = self.output_dir.join(&name).join(&self.node_daemon_home);
        let node_setup =
            Setup { home, addresses: setup.addresses.clone(), default_denom: setup.default_denom.clone() };
        let identity = Identity::make(&node_setup, None)?;
        let memo = format!("{}@{}:{}", identity.node_id, self.ip(number)?, self.p2p_port(number));

        let keyring = Keyring::open(Backend::parse(&self.keyring_backend)?, &node_setup.home)?;
        if keyring.find(&name)?.is_some() {
            keyring.delete(&name)?;
        }
        let mnemonic = generate_mnemonic()?;
        let key = derive(&mnemonic, "", &hd_path(118, 0, 0))?;
        let record = keyring.add_account(&name, &key)?;
        let seed = zeroize::Zeroizing::new(json!({ "secret": mnemonic.as_str() }).to_string());
        write_private(&node_setup.home.join("key_seed.json"), seed.as_bytes())?;

        let validator = Validator {
            description: Description { moniker: name.clone().into_bytes(), ..Description::default() },
            rate: "1".to_owned(),
            max_rate: "1".to_owned(),
            max_change_rate: "1".to_owned(),
            min_self_delegation: "1".to_owned(),
            consensus_key: identity.validator.public_key(),
            stake: Coin::new(setup.default_denom.as_str(), Int::from(100 * POWER)),
        };
        let envelope = Envelope {
            chain_id: chain_id.to_owned(),
            memo,
            fee: Coins::empty(),
            gas: 0,
            account_number: 0,
            sequence: 0,
        };
        let tx = sign(unsigned(&message(setup, &record, &validator)?, &envelope), &key, &envelope)?;
        let text = iz_proto::json::to_string(&tx)?;
        write_private(&gentxs.join(format!("{name}.json")), text.as_bytes())?;
        let account = record.address()?;
        Ok(Node { name, setup: node_setup, account })
    }

    fn write_settings(&self, node: &Node, number: u16, chain_id: &str, peers: &str) -> Result<()> {
        let offset = if self.single_host { number } else { 0 };
        let text = |value: String| format!("{value:?}");
        let all = |port: u16| text(format!("tcp://0.0.0.0:{port}"));
        let mut comet = BTreeMap::from([
            ("moniker".to_owned(), text(node.name.clone())),
            ("rpc.laddr".to_owned(), all(port(RPC_PORT, offset)?)),
            ("p2p.laddr".to_owned(), all(self.p2p_port(number))),
            ("p2p.persistent_peers".to_owned(), text(peers.to_owned())),
            ("consensus.timeout_commit".to_owned(), text(self.commit_timeout.clone())),
        ]);
        if self.single_host {
            comet.insert("p2p.addr_book_strict".to_owned(), "false".to_owned());
            comet.insert("p2p.pex".to_owned(), "false".to_owned());
            comet.insert("p2p.allow_duplicate_ip".to_owned(), "true".to_owned());
        }
        write_public(&FileKind::Comet.path(&node.setup), config::comet::render(&comet).as_bytes())?;

        let prices = self.minimum_gas_prices.clone();
        let prices = prices.unwrap_or_else(|| format!("0.000006{}", node.setup.default_denom));
        let app = BTreeMap::from([
            ("minimum-gas-prices".to_owned(), text(prices)),
            ("api.enable".to_owned(), "true".to_owned()),
            ("api.address".to_owned(), all(port(API_PORT, offset)?)),
            ("grpc.address".to_owned(), text(format!("0.0.0.0:{}", port(GRPC_PORT, offset)?))),
            ("telemetry.enabled".to_owned(), "true".to_owned()),
            ("telemetry.prometheus-retention-time".to_owned(), "60".to_owned()),
            ("telemetry.global-labels".to_owned(), format!("[[\"chain_id\", {chain_id:?}]]")),
        ]);
        write_public(&FileKind::App.path(&node.setup), config::app::render(&app).as_bytes())?;
        write_private(&FileKind::Client.path(&node.setup), config::client::render(chain_id).as_bytes())
    }

    fn p2p_port(&self, number: u16) -> u16 {
        if self.single_host { 16656_u16.saturating_add(number) } else { 26656 }
    }

    fn ip(&self, number: u16) -> Result<String> {
        if self.starting_ip_address.is_empty() {
            return external_ip().context("cannot find this machine's address; give --starting-ip-address");
        }
        let first: Ipv4Addr = self
            .starting_ip_address
            .parse()
            .with_context(|| format!("{}: non ipv4 address", self.starting_ip_address))?;
        let [a, b, c, d] = first.octets();
        // the last part wraps, as in wasmd
        let d = d.wrapping_add(number.to_le_bytes()[0]);
        Ok(Ipv4Addr::new(a, b, c, d).to_string())
    }
}

fn funded(setup: &Setup, account: &Address) -> NewAccount {
    let mut coins = vec![
        Coin::new("testtoken", Int::from(1000 * POWER)),
        Coin::new(setup.default_denom.as_str(), Int::from(500 * POWER)),
    ];
    coins.sort_by(|a, b| a.denom.cmp(&b.denom));
    NewAccount {
        address: account.clone(),
        coins: Coins::from_list(coins),
        vesting: Coins::empty(),
        vesting_start: 0,
        vesting_end: 0,
        module: String::new(),
    }
}

fn port(first: u16, offset: u16) -> Result<u16> {
    first.checked_add(offset).context("there are not so many ports")
}

fn random_chain_id() -> String {
    let mut random = rand::rng();
    let tail: String = (0..6).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect();
    format!("chain-{tail}")
}
