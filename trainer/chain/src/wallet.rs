//! Sending: one account, its sequence, its fees, and the wait until a transaction is in a block.
//!
//! Each transaction carries the last height at which it may be taken. So "not included" is known for certain in the end, and sending
//! it anew is safe: the same thing cannot happen twice.

use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use iz_proto::Any;
use iz_proto::cosmos::bank::v1beta1::MsgSend;
use iz_proto::cosmos::tx::v1beta1::{SimulateRequest, SimulateResponse};
use serde_json::json;

use crate::transaction::{Draft, hash_of};
use crate::{Account, Chain, ChainError, Coin, GasPrice, Outcome, answers, any};

/// Codes of the SDK that are met on the way.
const WRONG_SEQUENCE: u32 = 32;
const IN_MEMPOOL: u32 = 19;
const MEMPOOL_FULL: u32 = 20;

/// How transactions are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletSettings {
    pub gas_price: GasPrice,
    /// What a simulation found is multiplied by so many hundredths.
    pub gas_adjustment: u64,
    /// Blocks after which a transaction is void.
    pub timeout_blocks: u64,
    /// Between two looks for a transaction.
    pub poll: Duration,
    /// How long a chain that cannot be asked is waited for.
    pub patience: Duration,
    /// How often a transaction is sent anew that was not included or came with a wrong sequence.
    pub attempts: u32,
}

impl WalletSettings {
    pub fn new(gas_price: GasPrice) -> Self {
        Self {
            gas_price,
            gas_adjustment: 140,
            timeout_blocks: 40,
            poll: Duration::from_millis(250),
            patience: Duration::from_secs(60),
            attempts: 4,
        }
    }
}

/// An account that sends. Threads may share it: transactions are signed one after the other and waited for side by side.
pub struct Wallet {
    chain: Chain,
    account: Account,
    settings: WalletSettings,
    /// Number and next sequence, once known.
    next: Mutex<Option<(u64, u64)>>,
}

/// A transaction that the mempool has taken.
struct Sent {
    hash: String,
    timeout_height: u64,
}

impl Wallet {
    pub fn new(chain: &Chain, account: Account, settings: WalletSettings) -> Self {
        Self { chain: chain.clone(), account, settings, next: Mutex::new(None) }
    }

    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn address(&self) -> &str {
        self.account.address()
    }

    pub fn settings(&self) -> &WalletSettings {
        &self.settings
    }

    /// Sends coins.
    pub fn send(&self, recipient: &str, amount: &[Coin]) -> Result<Outcome, ChainError> {
        let message = MsgSend {
            from_address: self.address().to_owned(),
            to_address: recipient.to_owned(),
            amount: amount.to_vec(),
        };
        self.submit(&[any(&message)])
    }

    /// Signs, sends and waits until the messages have been carried out, together or not at all.
    pub fn submit(&self, messages: &[Any]) -> Result<Outcome, ChainError> {
        let mut attempt = 1;
        loop {
            let sent = self.broadcast(messages)?;
            match self.wait(&sent) {
                Err(ChainError::NotIncluded { .. }) if attempt < self.settings.attempts => {
                    tracing::warn!(hash = sent.hash, "not included in time, sent anew");
                    self.forget();
                    attempt += 1;
                }
                Err(error) => {
                    self.forget();
                    return Err(error);
                }
                Ok(outcome) if outcome.code != 0 => {
                    return Err(ChainError::Failed {
                        hash: outcome.hash,
                        height: outcome.height,
                        code: outcome.code,
                        codespace: outcome.codespace,
                        log: outcome.log,
                    });
                }
                Ok(outcome) => return Ok(outcome),
            }
        }
    }

    /// What the messages would use of gas.
    pub fn simulate(&self, messages: &[Any]) -> Result<u64, ChainError> {
        let (_, sequence) = self.chain.account(self.address())?;
        self.simulate_at(messages, sequence)
    }

    fn forget(&self) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn simulate_at(&self, messages: &[Any], sequence: u64) -> Result<u64, ChainError> {
        let draft = Draft { messages, memo: "", timeout_height: 0, fee: Vec::new(), gas: 0, sequence };
        let request =
            SimulateRequest { tx_bytes: draft.unsigned(&self.account), ..SimulateRequest::default() };
        let answer: SimulateResponse = self.chain.query("/cosmos.tx.v1beta1.Service/Simulate", &request)?;
        let used = answer.gas_info.ok_or_else(|| ChainError::Malformed("a simulation without gas".into()))?;
        Ok(used.gas_used)
    }

    /// Until the mempool has taken it. The lock is held, so that sequences follow each other.
    fn broadcast(&self, messages: &[Any]) -> Result<Sent, ChainError> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let started = Instant::now();
        let mut attempt = 1;
        loop {
            let (number, sequence) = match *next {
                Some(known) => known,
                None => self.chain.account(self.address())?,
            };
            let again = match self.try_broadcast(messages, number, sequence) {
                Ok(sent) => {
                    *next = Some((number, sequence + 1));
                    return Ok(sent);
                }
                Err(error) => error,
            };
            *next = None;
            match &again {
                _ if is_wrong_sequence(&again) && attempt < self.settings.attempts => {
                    if let Some(expected) = expected_sequence(&again) {
                        *next = Some((number, expected));
                    }
                    attempt += 1;
                }
                ChainError::Refused { code: MEMPOOL_FULL, codespace, .. }
                    if codespace == "sdk" && started.elapsed() < self.settings.patience =>
                {
                    sleep(self.settings.poll);
                }
                _ => return Err(again),
            }
        }
    }

    fn try_broadcast(&self, messages: &[Any], number: u64, sequence: u64) -> Result<Sent, ChainError> {
        let used = self.simulate_at(messages, sequence)?;
        let gas = u64::try_from(u128::from(used) * u128::from(self.settings.gas_adjustment) / 100)
            .map_err(|_| ChainError::Malformed(format!("{used} of gas")))?;
        let height = self.chain.height()?;
        let timeout_height = height + self.settings.timeout_blocks;
        let fee = self.settings.gas_price.fee(gas);
        let fee = if fee.amount == "0" { Vec::new() } else { vec![fee] };
        let draft = Draft { messages, memo: "", timeout_height, fee, gas, sequence };
        let bytes = draft.sign(&self.account, self.chain.id(), number);
        let hash = hash_of(&bytes);
        // one endpoint after the other gets the same bytes: the chain takes them once
        let params = json!({ "tx": STANDARD.encode(&bytes) });
        let answer = self.chain.endpoints().call("broadcast_tx_sync", &params, answers::broadcast);
        match answer {
            Ok((0, ..)) => {}
            Ok((IN_MEMPOOL, codespace, ..)) if codespace == "sdk" => {}
            Ok((code, codespace, log, _)) => return Err(ChainError::Refused { code, codespace, log }),
            Err(ChainError::Rpc { message, .. }) if message.contains("tx already exists in cache") => {}
            Err(ChainError::Rpc { message, .. }) if message.contains("mempool is full") => {
                return Err(ChainError::Refused {
                    code: MEMPOOL_FULL,
                    codespace: "sdk".into(),
                    log: message,
                });
            }
            // it may have arrived: the wait will tell
            Err(ChainError::Unavailable(_)) => {}
            Err(error) => return Err(error),
        }
        Ok(Sent { hash, timeout_height })
    }

    fn wait(&self, sent: &Sent) -> Result<Outcome, ChainError> {
        let mut silent_since = None;
        loop {
            // the height first: what is not found afterwards is not in any block up to it
            let looked =
                self.chain.height().and_then(|height| Ok((height, self.chain.transaction(&sent.hash)?)));
            match looked {
                Ok((_, Some(outcome))) => return Ok(outcome),
                // the index of transactions follows a block by moments
                Ok((height, None)) if height > sent.timeout_height + 1 => {
                    let (hash, timeout_height) = (sent.hash.clone(), sent.timeout_height);
                    return Err(ChainError::NotIncluded { hash, timeout_height });
                }
                Ok(_) => silent_since = None,
                Err(error) => {
                    let since = *silent_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= self.settings.patience {
                        let (hash, reason) = (sent.hash.clone(), error.to_string());
                        return Err(ChainError::Unknown { hash, reason });
                    }
                }
            }
            sleep(self.settings.poll);
        }
    }
}

fn log_of(error: &ChainError) -> Option<&str> {
    match error {
        ChainError::Refused { log, .. } | ChainError::Query { log, .. } => Some(log),
        _ => None,
    }
}

fn is_wrong_sequence(error: &ChainError) -> bool {
    let by_code =
        matches!(error, ChainError::Refused { code: WRONG_SEQUENCE, codespace, .. } if codespace == "sdk");
    // a simulation says it in words only
    by_code || log_of(error).is_some_and(|log| log.contains("account sequence mismatch"))
}

/// `account sequence mismatch, expected 7, got 5: incorrect account sequence`
fn expected_sequence(error: &ChainError) -> Option<u64> {
    let (_, rest) = log_of(error)?.split_once("account sequence mismatch, expected ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_sequence_is_read_from_the_refusal() {
        let refused = |log: &str| ChainError::Refused { code: 32, codespace: "sdk".into(), log: log.into() };
        let usual = refused("account sequence mismatch, expected 7, got 5: incorrect account sequence");
        assert!(is_wrong_sequence(&usual));
        assert_eq!(expected_sequence(&usual), Some(7));
        assert_eq!(expected_sequence(&refused("account sequence mismatch, expected x")), None);
        assert_eq!(expected_sequence(&refused("something else")), None);
        assert!(!is_wrong_sequence(&ChainError::Refused {
            code: 5,
            codespace: "sdk".into(),
            log: "poor".into()
        }));
    }
}
