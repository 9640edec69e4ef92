//! Snapshots that izd makes are restored by wasmd and the other way round, and both go on with the blocks that follow.
//!
//! The blocks are recorded ones, over a genesis with contracts.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Child,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::{Program, home};
use iz_testkit::{
    abci::Client,
    application::{Launch, free_port, prefix_flag, prepare_home, spawn, tail},
    recording::Recording,
    wire,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tendermint_proto::v0_38::abci::{RequestInfo, RequestQuery, ResponseQuery, request, response};

/// The snapshot is taken behind so many blocks, and so many follow.
const BLOCKS: usize = 16;
const MORE: usize = 6;

/// Requests of consensus, in two parts.
struct Recorded {
    genesis: Value,
    contract: String,
    before: Vec<request::Value>,
    after: Vec<request::Value>,
}

fn recorded() -> Recorded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/golden/mixed.parity");
    let recording = Recording::open(&path).unwrap();
    let mut genesis = recording.header.genesis.clone();
    let contract = add_contracts(&mut genesis["app_state"]);
    let (mut before, mut after, mut blocks) = (Vec::new(), Vec::new(), 0);
    for pair in recording {
        let mut request = pair.unwrap().0;
        if let request::Value::InitChain(init) = &mut request {
            init.app_state_bytes = genesis["app_state"].to_string().into();
        }
        let is_commit = matches!(request, request::Value::Commit(_));
        let is_consensus =
            matches!(request, request::Value::InitChain(_) | request::Value::FinalizeBlock(_)) || is_commit;
        if is_consensus {
            if blocks < BLOCKS { before.push(request) } else { after.push(request) }
        }
        blocks += usize::from(is_commit);
        if blocks == BLOCKS + MORE {
            return Recorded { genesis, contract, before, after };
        }
    }
    panic!("the recorded chain is shorter");
}

/// Three codes of which two are the same and one is pinned, and a contract; its address.
fn add_contracts(state: &mut Value) -> String {
    let account = |index: usize| state["auth"]["accounts"][index]["address"].as_str().unwrap().to_owned();
    let (creator, contract) = (account(0), account(1));
    let text = include_str!("../../wasm/tests/common/echo.wat");
    let echo = wat::parse_str(text).unwrap();
    let other = wat::parse_str(text.replace("heard", "HEARD")).unwrap();
    let code = |id: u64, bytes: &[u8], pinned: bool| {
        json!({
            "code_id": id.to_string(),
            "code_info": {
                "code_hash": STANDARD.encode(Sha256::digest(bytes)),
                "creator": creator,
                "instantiate_config": { "permission": "Everybody", "addresses": [] },
            },
            "code_bytes": STANDARD.encode(bytes),
            "pinned": pinned,
        })
    };
    let at = json!({ "block_height": "0", "tx_index": "0" });
    state["wasm"]["codes"] = json!([code(1, &echo, true), code(2, &other, false), code(3, &echo, false)]);
    state["wasm"]["contracts"] = json!([{
        "contract_address": contract,
        "contract_info": {
            "code_id": "1", "creator": creator, "admin": "", "label": "echo", "created": at, "ibc_port_id": "",
        },
        "contract_state": [{ "key": "65", "value": STANDARD.encode("kept") }],
        "contract_code_history": [{
            "operation": "CONTRACT_CODE_HISTORY_OPERATION_TYPE_GENESIS",
            "code_id": "1", "updated": at, "msg": {},
        }],
    }]);
    let sequence = |key: &str| json!({ "id_key": STANDARD.encode(key), "value": "10" });
    state["wasm"]["sequences"] = json!([sequence("\u{4}lastCodeId"), sequence("\u{4}lastContractId")]);
    contract
}

/// An application that runs as a bare ABCI server on a home.
struct Running {
    child: Child,
    client: Client,
    home: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(program: &Program, home: &Path) -> Self {
        let binary = program.path().to_owned();
        let launch = Launch { extra: prefix_flag(&binary), binary };
        let address = format!("127.0.0.1:{}", free_port().unwrap());
        let child = spawn(&[], &launch, home, &address).unwrap();
        let client = Client::connect(&address, Duration::from_secs(120));
        let client = client.unwrap_or_else(|error| panic!("{error:#}: {}", tail(home)));
        Self { child, client, home: home.to_owned() }
    }

    /// The app hash of each block.
    fn play(&mut self, requests: &[request::Value]) -> Vec<Vec<u8>> {
        let mut hashes = Vec::new();
        for request in requests {
            match self.call(request.clone()) {
                response::Value::FinalizeBlock(block) => hashes.push(block.app_hash.to_vec()),
                response::Value::Exception(error) => panic!("{error:?}: {}", tail(&self.home)),
                _ => {}
            }
        }
        hashes
    }

    fn call(&mut self, request: request::Value) -> response::Value {
        self.client.call(request).unwrap_or_else(|error| panic!("{error:#}: {}", tail(&self.home)))
    }

    /// What a contract answers.
    fn ask(&mut self, contract: &str, question: &str) -> ResponseQuery {
        let mut data = Vec::new();
        wire::bytes_field(&mut data, 1, contract.as_bytes());
        wire::bytes_field(&mut data, 2, question.as_bytes());
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState".to_owned();
        let query = RequestQuery { path, data: data.into(), ..RequestQuery::default() };
        match self.call(request::Value::Query(query)) {
            response::Value::Query(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn stands_at(&mut self) -> (i64, Vec<u8>) {
        match self.call(request::Value::Info(RequestInfo::default())) {
            response::Value::Info(info) => (info.last_block_height, info.last_block_app_hash.to_vec()),
            other => panic!("{other:?}"),
        }
    }
}

/// The codes of contracts that lie in a home, by their checksums.
fn codes(home: &Path) -> Vec<String> {
    let folder = fs::read_dir(home.join("wasm/wasm/state/wasm")).unwrap();
    let mut names: Vec<_> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.iter_mut().for_each(|name| *name = name.trim_end_matches(".wasm").to_owned());
    names.sort();
    names
}

/// What a command printed, wherever.
fn said(program: &Program, home: &Path, command: &str) -> String {
    let output = program.try_run(home, &command.split(' ').collect::<Vec<_>>(), "");
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert!(output.status.success(), "{command}: {text}");
    text
}

fn prepared(genesis: &Value) -> TempDir {
    let home = home();
    prepare_home(home.path(), genesis).unwrap();
    home
}

#[test]
fn a_snapshot_of_one_is_restored_by_the_other_which_goes_on_with_the_same_hashes() {
    let Some(wasmd) = Program::wasmd() else { return };
    let chain = recorded();
    for (maker, taker) in [(Program::izd(), wasmd.clone()), (wasmd, Program::izd())] {
        let (made, taken) = (prepared(&chain.genesis), prepared(&chain.genesis));
        let mut running = Running::start(&maker, made.path());
        running.play(&chain.before);
        let stood = running.stands_at();
        drop(running);

        let height = stood.0;
        let exported = said(&maker, made.path(), "snapshots export");
        assert!(exported.contains(&format!("Exporting snapshot for height {height}")), "{exported}");
        let created = format!("Snapshot created at height {height}, format 3, chunks 1");
        assert!(exported.contains(&created), "{exported}");
        let line = format!("height: {height} format: 3 chunks: 1\n");
        assert_eq!(said(&maker, made.path(), "snapshots list"), line);
        let file = taken.path().join("archive.tar.gz");
        let file = file.to_str().unwrap();
        said(&maker, made.path(), &format!("snapshots dump {height} 3 --output {file}"));

        said(&taker, taken.path(), &format!("snapshots load {file}"));
        assert_eq!(said(&taker, taken.path(), "snapshots list"), line);
        said(&taker, taken.path(), &format!("snapshots restore {height} 3"));
        assert_eq!(codes(taken.path()), codes(made.path()));
        assert_eq!(codes(taken.path()).len(), 2);
        let [old, new] = [(&maker, &made), (&taker, &taken)].map(|(program, home)| {
            let mut running = Running::start(program, home.path());
            assert_eq!(running.stands_at(), stood);
            let hashes = running.play(&chain.after);
            // wasmd does not know the time of a block that it restored, and answers for contracts after the next one only
            let answer = running.ask(&chain.contract, r#"{"ok":"aGVsbG8="}"#);
            assert_eq!(answer.code, 0, "{answer:?}");
            assert!(answer.value.ends_with(b"hello"), "{answer:?}");
            (hashes, running.stands_at())
        });
        assert_eq!(old, new);
        assert_eq!((new.0.len(), new.1.0), (MORE, height + MORE as i64));
        said(&taker, taken.path(), &format!("snapshots delete {height} 3"));
        assert_eq!(said(&taker, taken.path(), "snapshots list"), "");
    }
}

#[test]
fn commands_without_a_snapshot_or_a_state_fail_and_name_the_reason() {
    let home = home();
    let izd = Program::izd();
    let refusal = |command: &str| izd.refusal(home.path(), &command.split(' ').collect::<Vec<_>>());
    assert!(refusal("snapshots dump 5 3").contains("no snapshot of height 5 in format 3"));
    assert!(refusal("snapshots restore 5 3").contains("no snapshot of height 5 in format 3"));
    assert!(refusal("snapshots export").contains("no block yet"));
    assert!(refusal("snapshots export --height 5").contains("version 5"));
    assert!(refusal("snapshots load nowhere.tar.gz").contains("nowhere.tar.gz"));
    assert!(refusal("snapshots dump x 3").contains("invalid value 'x'"));
    assert_eq!(said(&izd, home.path(), "snapshots list"), "");
    assert_eq!(said(&izd, home.path(), "snapshots delete 5 3"), "");
}
