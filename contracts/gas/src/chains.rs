//! wasmd and `izd` on the same blocks, a transaction a block: every answer of both is compared, gas, events, data and state hashes
//! among them. Consensus is played by the harness, so that time can pass at will.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use iz_proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgMigrateContract, MsgStoreCode,
    QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use iz_testkit::application::{Launch, prefix_flag};
use iz_testkit::chain::{Chain, Header};
use iz_testkit::compare::Rules;
use iz_testkit::corpus::world::World;
use iz_testkit::exchange::Exchange;
use iz_testkit::genesis::{START_SECONDS, build_genesis};
use iz_testkit::keys::{Key, bech32, consensus_address};
use iz_testkit::report::Report;
use iz_testkit::wire::{bytes_field, uint_field};
use prost::{Message, Name};
use serde_json::{Value, json};
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::abci::{RequestCommit, RequestQuery, Validator, VoteInfo, request, response};
use tendermint_proto::v0_38::crypto::public_key::Sum;
use tendermint_proto::v0_38::types::BlockIdFlag;

use crate::ground::{CHAIN, Call, DENOMS, Done, Ground, PREFIX, RICHES, key};

/// Account numbers of our people; those of the harness's own are below.
const FIRST_NUMBER: u64 = 1_000;
/// Gas that every transaction may use.
const LIMIT: u64 = 100_000_000;

struct Person {
    key: Key,
    address: String,
    number: u64,
    sequence: u64,
}

pub struct Chains {
    exchange: Exchange,
    people: BTreeMap<String, Person>,
    height: i64,
    seconds: i64,
    votes: Vec<VoteInfo>,
    proposer: Vec<u8>,
}

/// The genesis of the harness with our people in it.
fn genesis(people: &BTreeMap<String, Person>) -> Result<Value> {
    let mut genesis = build_genesis(&World::new()?)?;
    genesis["consensus"]["params"]["block"] = json!({ "max_bytes": "22020096", "max_gas": "-1" });
    let state = &mut genesis["app_state"];
    let accounts = state["auth"]["accounts"].as_array_mut().context("no accounts")?;
    for person in people.values() {
        accounts.push(json!({
            "@type": "/cosmos.auth.v1beta1.BaseAccount",
            "address": person.address,
            "pub_key": null,
            "account_number": person.number.to_string(),
            "sequence": "0",
        }));
    }
    let balances = state["bank"]["balances"].as_array_mut().context("no balances")?;
    for person in people.values() {
        let mut coins = vec![json!({ "denom": "stake", "amount": "1000000000000" })];
        coins.extend(DENOMS.map(|denom| json!({ "denom": denom, "amount": RICHES.to_string() })));
        balances.push(json!({ "address": person.address, "coins": coins }));
    }
    Ok(genesis)
}

impl Chains {
    /// Starts both on a genesis with these people.
    pub fn start(wasmd: &Path, izd: &Path, names: impl Iterator<Item = String>) -> Result<Self> {
        let mut people = BTreeMap::new();
        for (index, name) in names.enumerate() {
            let key = key(&name)?;
            let address = bech32(PREFIX, &key.address()?)?;
            people.insert(name, Person { key, address, number: FIRST_NUMBER + index as u64, sequence: 0 });
        }
        let genesis = genesis(&people)?;
        let launch = |binary: &Path| Launch { binary: binary.to_owned(), extra: prefix_flag(binary) };
        let mut exchange =
            Exchange::start(Some(&launch(wasmd)), Some(&launch(izd)), &genesis, Rules::default(), false)?;
        let answer = exchange.ask(request::Value::InitChain(Chain::init(&genesis)?), &[]);
        let answer = answer.inspect_err(|_| {
            exchange.report.print();
        })?;
        let response::Value::InitChain(begun) = answer else { bail!("the genesis is refused: {answer:?}") };
        let mut votes = vec![];
        for update in &begun.validators {
            let Some(Sum::Ed25519(key)) = update.pub_key.as_ref().and_then(|key| key.sum.as_ref()) else {
                continue;
            };
            votes.push(VoteInfo {
                validator: Some(Validator { address: consensus_address(key).into(), power: update.power }),
                block_id_flag: BlockIdFlag::Commit as i32,
            });
        }
        let proposer = votes.first().and_then(|vote| vote.validator.as_ref()).context("no validators")?;
        let proposer = proposer.address.to_vec();
        let mut chains = Self { exchange, people, height: 0, seconds: START_SECONDS, votes, proposer };
        // nothing is signed yet in the first
        if let Err(error) = chains.block(vec![]) {
            chains.exchange.report.print();
            return Err(error);
        }
        Ok(chains)
    }

    fn block(&mut self, txs: Vec<Vec<u8>>) -> Result<Vec<Done>> {
        self.height += 1;
        let header = Header {
            height: self.height,
            // later than the last, and by so little that waiting alone decides what time it is
            time: Timestamp { seconds: self.seconds, nanos: (self.height % 1_000_000) as i32 },
            proposer: self.proposer.clone(),
            votes: if self.height == 1 { vec![] } else { self.votes.clone() },
            misbehavior: vec![],
        };
        let labels = vec![String::new(); txs.len()];
        let answer = self.exchange.ask(request::Value::FinalizeBlock(header.finalize(&txs)), &labels)?;
        let response::Value::FinalizeBlock(finalized) = answer else {
            bail!("wasmd stopped at height {}: {answer:?}", self.height)
        };
        self.exchange.ask(request::Value::Commit(RequestCommit {}), &[])?;
        let mut all = vec![];
        for result in finalized.tx_results {
            if result.code != 0 {
                bail!("code {} of {}: {}", result.code, result.codespace, result.log);
            }
            let attributes = result.events.into_iter().flat_map(|event| event.attributes);
            let gas = u64::try_from(result.gas_used)?;
            all.push(Done { gas, attributes: attributes.map(|pair| (pair.key, pair.value)).collect() });
        }
        Ok(all)
    }

    /// A transaction with one message.
    fn send<M: Message + Name>(&mut self, sender: &str, message: &M) -> Result<Done> {
        let person = self.people.get_mut(sender).with_context(|| format!("{sender} is nobody"))?;
        let tx = person.sign(&M::type_url(), &message.encode_to_vec())?;
        self.block(vec![tx])?.pop().context("a block without its transaction")
    }

    /// What was asked and how much of it was answered alike.
    pub fn finish(self) -> Result<Report> {
        self.exchange.finish()
    }
}

fn any(url: &str, value: &[u8]) -> Vec<u8> {
    let mut any = vec![];
    bytes_field(&mut any, 1, url.as_bytes());
    bytes_field(&mut any, 2, value);
    any
}

impl Person {
    fn sign(&mut self, url: &str, message: &[u8]) -> Result<Vec<u8>> {
        let (mut body, mut key, mut info) = (vec![], vec![], vec![]);
        bytes_field(&mut body, 1, &any(url, message));
        bytes_field(&mut key, 1, &self.key.bytes()?);
        bytes_field(&mut info, 1, &any("/cosmos.crypto.secp256k1.PubKey", &key));
        // signed directly
        bytes_field(&mut info, 2, &[0x0a, 0x02, 0x08, 0x01]);
        uint_field(&mut info, 3, self.sequence);
        let (mut coin, mut fee, mut auth) = (vec![], vec![], vec![]);
        bytes_field(&mut coin, 1, b"stake");
        bytes_field(&mut coin, 2, (LIMIT / 100).to_string().as_bytes());
        bytes_field(&mut fee, 1, &coin);
        uint_field(&mut fee, 2, LIMIT);
        bytes_field(&mut auth, 1, &info);
        bytes_field(&mut auth, 2, &fee);
        let (mut document, mut tx) = (vec![], vec![]);
        bytes_field(&mut document, 1, &body);
        bytes_field(&mut document, 2, &auth);
        bytes_field(&mut document, 3, CHAIN.as_bytes());
        uint_field(&mut document, 4, self.number);
        bytes_field(&mut tx, 1, &body);
        bytes_field(&mut tx, 2, &auth);
        bytes_field(&mut tx, 3, &self.key.sign(&document)?);
        self.sequence += 1;
        Ok(tx)
    }
}

impl Ground for Chains {
    fn address(&mut self, person: &str) -> Result<String> {
        Ok(self.people.get(person).with_context(|| format!("{person} is nobody"))?.address.clone())
    }

    fn now(&self) -> u64 {
        self.seconds.unsigned_abs()
    }

    fn wait(&mut self, seconds: u64) {
        self.seconds += seconds as i64;
    }

    fn store(&mut self, sender: &str, _name: &str, wasm: &[u8]) -> Result<u64> {
        let mut packed = GzEncoder::new(vec![], Compression::best());
        packed.write_all(wasm)?;
        let address = self.address(sender)?;
        let message =
            MsgStoreCode { sender: address, wasm_byte_code: packed.finish()?, ..MsgStoreCode::default() };
        self.send(sender, &message)?.number("code_id")
    }

    fn instantiate(
        &mut self,
        sender: &str,
        code: u64,
        label: &str,
        admin: &str,
        message: Vec<u8>,
    ) -> Result<Done> {
        let address = self.address(sender)?;
        let message = MsgInstantiateContract {
            sender: address,
            admin: admin.into(),
            code_id: code,
            label: label.into(),
            msg: message,
            funds: vec![],
        };
        self.send(sender, &message)
    }

    fn execute(&mut self, call: &Call<'_>) -> Result<Done> {
        let address = self.address(call.sender)?;
        let message = MsgExecuteContract {
            sender: address,
            contract: call.contract.into(),
            msg: call.message.clone(),
            funds: crate::memory::coins(call.funds),
        };
        self.send(call.sender, &message)
    }

    fn migrate(&mut self, sender: &str, contract: &str, code: u64, message: Vec<u8>) -> Result<Done> {
        let address = self.address(sender)?;
        let message =
            MsgMigrateContract { sender: address, contract: contract.into(), code_id: code, msg: message };
        self.send(sender, &message)
    }

    fn query(&mut self, contract: &str, question: Vec<u8>) -> Result<Vec<u8>> {
        let data =
            QuerySmartContractStateRequest { address: contract.into(), query_data: question }.encode_to_vec();
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState".into();
        let query = RequestQuery { path, data: data.into(), height: 0, prove: false };
        match self.exchange.ask(request::Value::Query(query), &[])? {
            response::Value::Query(answer) if answer.code == 0 => {
                Ok(QuerySmartContractStateResponse::decode(answer.value)?.data)
            }
            response::Value::Query(answer) => bail!("{}", answer.log),
            other => bail!("a query was not answered as one: {other:?}"),
        }
    }
}
