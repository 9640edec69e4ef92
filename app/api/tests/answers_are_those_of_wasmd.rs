//! REST bodies, byte for byte, against a running wasmd.
//!
//! Needs a wasmd binary, named by `IZ_WASMD`; without it nothing is compared. The servers of this crate are put before the
//! same wasmd: they ask it for the modules' answers over ABCI and give them out by themselves.

#![allow(clippy::unwrap_used)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use iz_api::{
    GrpcSettings, Head, NodeSettings, QueryError, QueryReply, QueryService, RestSettings, Settings,
    SimulationError,
};
use iz_proto::cosmos::base::abci::v1beta1::SimulationResponse;
use iz_proto::tendermint::abci::{RequestQuery, ResponseQuery};
use serde_json::{Value, json};

/// One HTTP exchange; a connection each.
fn http(
    address: &str,
    verb: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut request = format!("{verb} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let split = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..split].to_vec()).unwrap().to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut body = answer[split + 4..].to_vec();
    if head.contains("transfer-encoding: chunked") {
        body = unchunk(&body);
    }
    (status, head, String::from_utf8(body).unwrap())
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            break;
        }
        out.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
    out
}

/// The application behind another node's RPC.
struct Remote {
    rpc: String,
}

impl Remote {
    fn call(&self, method: &str, parameters: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).to_string();
        let (_, _, text) = http(&self.rpc, "POST", "/", &[("content-type", "application/json")], &body);
        serde_json::from_str::<Value>(&text).unwrap()["result"].take()
    }
}

impl QueryService for Remote {
    fn has(&self, path: &str) -> bool {
        let Some((service, method)) = path[1..].rsplit_once('/') else { return false };
        iz_proto::descriptors()
            .get_service_by_name(service)
            .is_some_and(|service| service.methods().any(|known| known.name() == method))
    }

    fn query(&self, path: &str, data: &[u8], height: i64) -> Result<QueryReply, QueryError> {
        let request = RequestQuery {
            data: data.to_vec().into(),
            path: path.to_owned(),
            height,
            ..RequestQuery::default()
        };
        let answer = self.abci_query(&request);
        if answer.code != 0 {
            return Err(QueryError { code: 2, message: answer.log });
        }
        Ok(QueryReply { data: answer.value.to_vec(), height })
    }

    fn head(&self, height: i64) -> Result<Head, QueryError> {
        let latest = self.call("abci_info", json!({}))["response"]["last_block_height"].take();
        // There is none before the first block.
        let latest: i64 = latest.as_str().unwrap_or("0").parse().unwrap();
        Ok(Head { height: if height == 0 { latest } else { height }, ..Head::default() })
    }

    fn abci_query(&self, request: &RequestQuery) -> ResponseQuery {
        let parameters = json!({
            "path": request.path,
            "data": hex::encode(&request.data),
            "height": request.height.to_string(),
            "prove": request.prove,
        });
        let answer = self.call("abci_query", parameters)["response"].take();
        let bytes =
            |key: &str| Bytes::from(STANDARD.decode(answer[key].as_str().unwrap_or_default()).unwrap());
        ResponseQuery {
            code: u32::try_from(answer["code"].as_u64().unwrap()).unwrap(),
            log: answer["log"].as_str().unwrap().to_owned(),
            key: bytes("key"),
            value: bytes("value"),
            height: answer["height"].as_str().unwrap().parse().unwrap(),
            codespace: answer["codespace"].as_str().unwrap().to_owned(),
            ..ResponseQuery::default()
        }
    }

    fn simulate(&self, _: &Bytes) -> Result<SimulationResponse, SimulationError> {
        Err(SimulationError { message: "not here".to_owned(), gas_used: 0 })
    }

    fn decode(&self, _: &Bytes) -> Result<(), QueryError> {
        Ok(())
    }
}

/// Ends the process when the test does.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

struct Ports {
    rpc: u16,
    p2p: u16,
    grpc: u16,
    rest: u16,
}

fn wasmd(binary: &str, home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(binary).args(arguments).arg("--home").arg(home).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn start(binary: &str, home: &Path, ports: &Ports) -> Running {
    wasmd(binary, home, &["init", "t", "--chain-id", "t-1"]);
    wasmd(binary, home, &["keys", "add", "val", "--keyring-backend", "test"]);
    let coins = "1000000000000stake,5000000uusd";
    wasmd(binary, home, &["genesis", "add-genesis-account", "val", coins, "--keyring-backend", "test"]);
    let gentx = ["genesis", "gentx", "val", "1000000stake", "--keyring-backend", "test", "--chain-id", "t-1"];
    wasmd(binary, home, &gentx);
    wasmd(binary, home, &["genesis", "collect-gentxs"]);
    let config = home.join("config/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("timeout_commit = \"5s\"", "timeout_commit = \"500ms\"")).unwrap();
    let flags = [
        format!("--rpc.laddr=tcp://127.0.0.1:{}", ports.rpc),
        format!("--p2p.laddr=tcp://127.0.0.1:{}", ports.p2p),
        format!("--grpc.address=127.0.0.1:{}", ports.grpc),
        format!("--api.address=tcp://127.0.0.1:{}", ports.rest),
        "--api.enable=true".to_owned(),
        "--rpc.pprof_laddr=".to_owned(),
        "--minimum-gas-prices=0stake".to_owned(),
    ];
    let child = Command::new(binary)
        .arg("start")
        .args(flags)
        .arg("--home")
        .arg(home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Running(child)
}

fn wait_for_height(remote: &Remote, wanted: i64) {
    for _ in 0..120 {
        std::thread::sleep(Duration::from_millis(500));
        let is_up = TcpStream::connect(&remote.rpc).is_ok();
        if is_up && remote.head(0).is_ok_and(|head| head.height >= wanted) {
            return;
        }
    }
    panic!("wasmd did not reach height {wanted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_wasmd() {
    let Ok(binary) = std::env::var("IZ_WASMD") else {
        eprintln!("IZ_WASMD names no wasmd: nothing is compared");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let ports = Ports { rpc: free_port(), p2p: free_port(), grpc: free_port(), rest: free_port() };
    let running = start(&binary, home.path(), &ports);
    let rpc = format!("127.0.0.1:{}", ports.rpc);
    let remote = Remote { rpc: rpc.clone() };
    wait_for_height(&remote, 2);

    let address = wasmd(&binary, home.path(), &["keys", "show", "val", "-a", "--keyring-backend", "test"]);
    let address = address.trim().to_owned();
    let node = format!("tcp://{rpc}");
    let sent = wasmd(
        &binary,
        home.path(),
        &[
            "tx",
            "bank",
            "send",
            "val",
            &address,
            "7stake",
            "--keyring-backend",
            "test",
            "--chain-id",
            "t-1",
            "--node",
            &node,
            "--note",
            "<note>",
            "--yes",
            "--output",
            "json",
        ],
    );
    let hash = serde_json::from_str::<Value>(&sent).unwrap()["txhash"].as_str().unwrap().to_owned();
    let height = remote.head(0).unwrap().height + 4;
    wait_for_height(&remote, height + 1);

    let rest: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let settings = Settings {
        node: NodeSettings {
            chain_id: "t-1".to_owned(),
            bech32_prefix: "wasm".to_owned(),
            comet_rpc: node,
            pruning_keep_recent: "0".to_owned(),
            pruning_interval: "0".to_owned(),
            ..NodeSettings::default()
        },
        grpc: Some(GrpcSettings::new(format!("127.0.0.1:{}", free_port()).parse().unwrap())),
        rest: Some(RestSettings::new(rest)),
    };
    let server = tokio::spawn(iz_api::serve(settings, Arc::new(remote), std::future::pending()));
    let theirs = format!("127.0.0.1:{}", ports.rest);
    for address in [theirs.clone(), rest.to_string()] {
        while TcpStream::connect(&address).is_err() {
            assert!(!server.is_finished());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let compared =
        tokio::task::spawn_blocking(move || compare(&theirs, &rest.to_string(), height, &address, &hash));
    let differences = compared.await.unwrap();
    assert!(!server.is_finished());
    server.abort();
    drop(running);
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn compare(theirs: &str, ours: &str, height: i64, address: &str, hash: &str) -> Vec<String> {
    let mut paths: Vec<String> = include_str!("routes.tsv")
        .lines()
        .filter_map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            (columns[1] == "GET" && !columns[2].contains('{')).then(|| columns[2].to_owned())
        })
        // These tell of the newest block, of the node's own build or of its own settings.
        .filter(|path| {
            !["/latest", "node_info", "node/v1beta1/status"].iter().any(|part| path.contains(part))
        })
        .collect();
    let validator = first_validator(ours);
    paths.extend([
        format!("/cosmos/auth/v1beta1/accounts/{address}"),
        format!("/cosmos/auth/v1beta1/account_info/{address}"),
        format!("/cosmos/auth/v1beta1/bech32/{address}"),
        "/cosmos/auth/v1beta1/bech32/AAEC".to_owned(),
        "/cosmos/auth/v1beta1/module_accounts/gov".to_owned(),
        format!("/cosmos/bank/v1beta1/balances/{address}?pagination.limit=1"),
        format!("/cosmos/bank/v1beta1/balances/{address}/by_denom?denom=stake"),
        "/cosmos/bank/v1beta1/supply?pagination.limit=1&pagination.reverse=true".to_owned(),
        "/cosmos/bank/v1beta1/supply?pagination.limit=x".to_owned(),
        "/cosmos/bank/v1beta1/supply/by_denom?denom=uusd".to_owned(),
        "/cosmos/distribution/v1beta1/community_pool".to_owned(),
        format!("/cosmos/distribution/v1beta1/delegators/{address}/rewards"),
        format!("/cosmos/distribution/v1beta1/validators/{validator}/outstanding_rewards"),
        "/cosmos/gov/v1/params/tallying".to_owned(),
        "/cosmos/gov/v1/proposals?proposal_status=X".to_owned(),
        "/cosmos/gov/v1/proposals/x".to_owned(),
        "/cosmos/gov/v1beta1/params/deposit".to_owned(),
        format!("/cosmos/staking/v1beta1/validators/{validator}"),
        format!("/cosmos/staking/v1beta1/validators/{validator}/delegations"),
        format!("/cosmos/staking/v1beta1/delegations/{address}"),
        format!("/cosmos/staking/v1beta1/historical_info/{}", height - 1),
        format!("/cosmos/base/tendermint/v1beta1/blocks/{height}"),
        format!("/cosmos/base/tendermint/v1beta1/validatorsets/{height}"),
        "/cosmos/base/tendermint/v1beta1/blocks/99999999".to_owned(),
        "/cosmos/base/tendermint/v1beta1/abci_query?path=/x&data=AA==".to_owned(),
        format!("/cosmos/tx/v1beta1/txs/{hash}"),
        "/cosmos/tx/v1beta1/txs/AB".to_owned(),
        "/cosmos/tx/v1beta1/txs/zz".to_owned(),
        format!("/cosmos/tx/v1beta1/txs?query=tx.hash%3D%27{hash}%27"),
        "/cosmos/tx/v1beta1/txs?query=foo%20bar".to_owned(),
        "/cosmos/tx/v1beta1/txs".to_owned(),
        format!("/cosmos/tx/v1beta1/txs/block/{}", height - 3),
        "/ibc/apps/transfer/v1/denoms/ibc%2FAB".to_owned(),
        "/ibc/core/client/v1/params".to_owned(),
        "/cosmwasm/wasm/v1/code/99".to_owned(),
        "/nope".to_owned(),
        "/cosmos/bank//v1beta1/supply".to_owned(),
    ]);
    let height = height.to_string();
    let headers = [("x-cosmos-block-height", height.as_str())];
    let mut differences = Vec::new();
    for path in &paths {
        let (their_status, their_head, their_body) = http(theirs, "GET", path, &headers, "");
        let (status, head, body) = http(ours, "GET", path, &headers, "");
        // Errors of modules reach this crate as text over ABCI, which is not what a client of gRPC sees.
        let is_module_error = their_status >= 400
            && (their_body.contains("codespace ")
                || ["rpc error: ", ": invalid request\""].iter().any(|part| body.contains(part)));
        if is_module_error {
            continue;
        }
        if (status, &body) != (their_status, &their_body) {
            differences
                .push(format!("{path}\n  wasmd: {their_status} {their_body}\n  here:  {status} {body}"));
        }
        for header in ["x-cosmos-block-height: ", "grpc-metadata-x-cosmos-block-height: ", "content-type: "] {
            let line = |head: &str| head.lines().find(|line| line.starts_with(header)).map(str::to_owned);
            if line(&head) != line(&their_head) {
                differences.push(format!(
                    "{path}: {header}\n  wasmd: {:?}\n  here:  {:?}",
                    line(&their_head),
                    line(&head)
                ));
            }
        }
    }
    for body in [
        r#"{"tx_bytes":"AAEC"}"#,
        r#"{"tx_bytes":"AAEC","mode":"BROADCAST_MODE_SYNC","x":1} rest"#,
        r#"{"tx_bytes":1}"#,
        "{x",
        "{}",
    ] {
        let path = "/cosmos/tx/v1beta1/txs";
        let (their_status, _, their_body) = http(theirs, "POST", path, &[], body);
        let (status, _, text) = http(ours, "POST", path, &[], body);
        if (status, &text) != (their_status, &their_body) {
            differences.push(format!(
                "{path} {body}\n  wasmd: {their_status} {their_body}\n  here:  {status} {text}"
            ));
        }
    }
    eprintln!("{} paths compared", paths.len());
    differences
}

fn first_validator(address: &str) -> String {
    let (_, _, body) = http(address, "GET", "/cosmos/staking/v1beta1/validators", &[], "");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["validators"][0]["operator_address"].as_str().unwrap().to_owned()
}
