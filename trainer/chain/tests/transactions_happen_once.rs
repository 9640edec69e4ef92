//! Wrong sequences, lost answers, full mempools and blocks that leave a transaction out: it happens once or the caller knows why not.

#![allow(clippy::unwrap_used, clippy::disallowed_types, reason = "tests fail this way, and wait")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iz_chain_client::{Account, Chain, ChainError, Coin, Wallet, WalletSettings, any, coin};
use iz_proto::cosmos::auth::v1beta1::{BaseAccount, QueryAccountResponse};
use iz_proto::cosmos::base::abci::v1beta1::GasInfo;
use iz_proto::cosmos::tx::v1beta1::{AuthInfo, SimulateResponse, TxBody, TxRaw};
use prost::Message as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::{Fake, Reply, WORDS, settings, status};

/// What the fake chain knows and does.
#[derive(Default)]
struct Book {
    height: u64,
    sequence: u64,
    /// What each broadcast in turn does; then all are taken.
    plan: Vec<Do>,
    received: Vec<Vec<u8>>,
    taken: Vec<Vec<u8>>,
}

#[derive(Clone, Copy)]
enum Do {
    /// Sees another transaction of the account first.
    OtherFirst,
    /// Takes it, but the answer is lost.
    LoseAnswer,
    /// Accepts it, and no block ever has it.
    Forget,
    Full,
    Poor,
}

impl Book {
    fn broadcast(&mut self, bytes: Vec<u8>) -> Reply {
        let hash = hex::encode_upper(Sha256::digest(&bytes));
        self.received.push(bytes.clone());
        let todo = if self.plan.is_empty() { None } else { Some(self.plan.remove(0)) };
        let refusal = |code: u32, log: String| {
            Reply::Result(json!({ "code": code, "codespace": "sdk", "log": log, "hash": hash }))
        };
        if matches!(todo, Some(Do::OtherFirst)) {
            self.sequence += 3;
        }
        let raw = TxRaw::decode(bytes.as_slice()).unwrap();
        let sequence = AuthInfo::decode(raw.auth_info_bytes).unwrap().signer_infos[0].sequence;
        if sequence != self.sequence {
            let expected = self.sequence;
            return refusal(
                32,
                format!(
                    "account sequence mismatch, expected {expected}, got {sequence}: incorrect account sequence"
                ),
            );
        }
        match todo {
            Some(Do::Full) => {
                return Reply::Error(
                    json!({ "code": -32603, "message": "Internal error", "data": "mempool is full" }),
                );
            }
            Some(Do::Poor) => return refusal(5, "insufficient funds".into()),
            Some(Do::Forget) => {}
            Some(Do::LoseAnswer) => {
                self.taken.push(bytes);
                self.sequence += 1;
                return Reply::Nothing;
            }
            _ => {
                self.taken.push(bytes);
                self.sequence += 1;
            }
        }
        Reply::Result(json!({ "code": 0, "codespace": "", "log": "", "hash": hash }))
    }
}

fn abci(value: Vec<u8>) -> Reply {
    Reply::Result(json!({ "response": { "code": 0, "value": STANDARD.encode(value) } }))
}

fn chain_with(plan: Vec<Do>) -> (Fake, Arc<Mutex<Book>>, Wallet) {
    let book = Arc::new(Mutex::new(Book { height: 10, sequence: 4, plan, ..Book::default() }));
    let known = book.clone();
    let fake = Fake::new(move |method, params| {
        let mut book = known.lock().unwrap();
        match method {
            "status" => {
                book.height += 1;
                Reply::Result(status(book.height))
            }
            "abci_query" if params["path"] == "/cosmos.auth.v1beta1.Query/Account" => {
                let account =
                    BaseAccount { account_number: 2, sequence: book.sequence, ..BaseAccount::default() };
                abci(QueryAccountResponse { account: Some(any(&account)) }.encode_to_vec())
            }
            "abci_query" => {
                let gas_info = Some(GasInfo { gas_wanted: 0, gas_used: 100_000 });
                abci(SimulateResponse { gas_info, ..SimulateResponse::default() }.encode_to_vec())
            }
            "broadcast_tx_sync" => book.broadcast(STANDARD.decode(params["tx"].as_str().unwrap()).unwrap()),
            "tx" => {
                let wanted = STANDARD.decode(params["hash"].as_str().unwrap()).unwrap();
                let found = book.taken.iter().any(|taken| Sha256::digest(taken).as_slice() == wanted);
                match found {
                    true => Reply::Result(
                        json!({ "hash": hex::encode_upper(wanted), "height": book.height.to_string(),
                        "tx_result": { "code": 0, "gas_used": "90000" } }),
                    ),
                    false => Reply::Error(
                        json!({ "code": -32603, "message": "Internal error", "data": "tx (AB) not found" }),
                    ),
                }
            }
            _ => Reply::Error(json!({ "code": -32601, "message": "Method not found" })),
        }
    });
    let chain = Chain::new(settings(&[&fake.url])).unwrap();
    let mut how = WalletSettings::new("0.025uiz".parse().unwrap());
    how.poll = Duration::from_millis(1);
    how.timeout_blocks = 5;
    let wallet = Wallet::new(&chain, Account::from_mnemonic(WORDS, "iz").unwrap(), how);
    (fake, book, wallet)
}

fn one() -> Vec<Coin> {
    vec![coin(1, "uiz")]
}

#[test]
fn a_transaction_carries_fee_sequence_and_last_height() {
    let (_fake, book, wallet) = chain_with(vec![]);
    let outcome = wallet.send(wallet.address(), &one()).unwrap();
    assert_eq!(outcome.gas_used, 90_000);
    let book = book.lock().unwrap();
    let raw = TxRaw::decode(book.taken[0].as_slice()).unwrap();
    let auth = AuthInfo::decode(raw.auth_info_bytes).unwrap();
    let fee = auth.fee.unwrap();
    assert_eq!((fee.gas_limit, fee.amount), (140_000, vec![coin(3500, "uiz")]));
    assert_eq!(auth.signer_infos[0].sequence, 4);
    let body = TxBody::decode(raw.body_bytes).unwrap();
    assert!(body.timeout_height > 10 && body.timeout_height <= book.height + 5);
}

#[test]
fn a_sequence_that_another_process_moved_is_taken_up() {
    let (_fake, book, wallet) = chain_with(vec![Do::OtherFirst]);
    wallet.send(wallet.address(), &one()).unwrap();
    wallet.send(wallet.address(), &one()).unwrap();
    let book = book.lock().unwrap();
    assert_eq!((book.sequence, book.taken.len(), book.received.len()), (9, 2, 3));
}

#[test]
fn a_lost_answer_is_no_second_transaction() {
    let (_fake, book, wallet) = chain_with(vec![Do::LoseAnswer]);
    wallet.send(wallet.address(), &one()).unwrap();
    assert_eq!(book.lock().unwrap().taken.len(), 1);
}

#[test]
fn what_no_block_took_is_sent_anew_and_given_up_in_the_end() {
    let (_fake, book, wallet) = chain_with(vec![Do::Forget]);
    wallet.send(wallet.address(), &one()).unwrap();
    assert_eq!(book.lock().unwrap().received.len(), 2);
    let (_fake, book, wallet) = chain_with(vec![Do::Forget; 9]);
    assert!(matches!(wallet.send(wallet.address(), &one()), Err(ChainError::NotIncluded { .. })));
    assert_eq!(book.lock().unwrap().received.len(), 4);
}

#[test]
fn a_full_mempool_is_waited_for_and_a_refusal_is_told() {
    let (_fake, book, wallet) = chain_with(vec![Do::Full, Do::Full]);
    wallet.send(wallet.address(), &one()).unwrap();
    assert_eq!(book.lock().unwrap().taken.len(), 1);
    let (_fake, _book, wallet) = chain_with(vec![Do::Poor]);
    let refused = ChainError::Refused { code: 5, codespace: "sdk".into(), log: "insufficient funds".into() };
    assert_eq!(wallet.send(wallet.address(), &one()), Err(refused));
}

#[test]
fn threads_share_a_wallet() {
    let (_fake, book, wallet) = chain_with(vec![]);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| wallet.send(wallet.address(), &one()).unwrap());
        }
    });
    let book = book.lock().unwrap();
    assert_eq!((book.taken.len(), book.sequence), (8, 12));
}

#[test]
fn a_chain_that_goes_away_leaves_the_outcome_open() {
    let (fake, _book, wallet) = chain_with(vec![Do::Forget]);
    // it answers until the transaction is out
    let mut how = wallet.settings().clone();
    how.patience = Duration::from_millis(50);
    how.timeout_blocks = 1_000_000;
    let wallet = Wallet::new(wallet.chain(), wallet.account().clone(), how);
    std::thread::scope(|scope| {
        let sent = scope.spawn(|| wallet.send(wallet.address(), &one()));
        while _book.lock().unwrap().received.is_empty() {
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(fake);
        let Err(ChainError::Unknown { hash, reason }) = sent.join().unwrap() else { panic!() };
        assert_eq!(hash.len(), 64);
        assert!(reason.contains("no endpoint answers"), "{reason}");
    });
}

#[test]
fn an_unknown_account_is_named() {
    let fake = Fake::new(|method, _: &Value| match method {
        "status" => Reply::Result(status(5)),
        _ => Reply::Result(
            json!({ "response": { "code": 22, "codespace": "sdk", "log": "rpc error: code = NotFound desc = account iz1x not found" } }),
        ),
    });
    let chain = Chain::new(settings(&[&fake.url])).unwrap();
    assert_eq!(chain.account("iz1x"), Err(ChainError::NoAccount("iz1x".into())));
}
