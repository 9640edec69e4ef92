//! An account's view of the chain, and its faults: what it puts and posts goes through here.

use std::{cell::RefCell, rc::Rc};

use cosmwasm_std::Coin;
use iz_contract_types::rounds::{ClientResponse, ExecuteMsg, MemberResponse, RoundResponse, TaskResponse};
use iz_round::{
    Board, BoardError, NodeKeys, Place,
    aggregate::{join_sums, split_sums},
    board,
};
use iz_rounds_machine::Digest;

use crate::{Chain, Fault};

/// Bytes of an upload before the answers to the share test: version, context, client, ephemeral key.
const HEAD: usize = 10 + 32 + 32 + 32;
/// Where the elements of a share sum begin.
const SUM_HEAD: usize = 10 + 32 + 32 + 2;

pub struct Account {
    pub chain: Rc<RefCell<Chain>>,
    pub address: String,
    pub faults: Vec<Fault>,
    /// Of a node: a liar signs its lies.
    pub keys: Option<NodeKeys>,
    /// Killed, until somebody restarts it.
    pub killed: bool,
}

impl Account {
    fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    fn submit_false_shares(&self, message: ExecuteMsg) -> Result<ExecuteMsg, BoardError> {
        let ExecuteMsg::Submit { round, upload, .. } = message else { return Ok(message) };
        let mut chain = self.chain.borrow_mut();
        let mut bytes = chain.blobs.get(&upload).cloned().unwrap_or_default();
        let parameters = chain.parameters.clone();
        let answers = (10 * usize::from(parameters.threshold) * 14).div_ceil(8);
        let private = (parameters.committee - iz_rounds_machine::quorum::needed(parameters.committee)).max(1);
        let packed = usize::from(parameters.threshold - private);
        let sealed = ((4096usize.div_ceil(packed) + 10) * 14).div_ceil(8) + 16;
        bytes[HEAD + answers + 7] ^= 1;
        let masked = HEAD + answers + usize::from(parameters.committee) * sealed;
        let envelope = {
            // the same with the masked coefficients replaced by their hash
            let digest = masked_digest(&bytes[masked..]);
            [&bytes[..HEAD - 32], &digest, &bytes[HEAD - 32..masked]].concat()
        };
        let (upload, shares) = (board::address(&bytes), board::address(&envelope));
        chain.blobs.insert(upload, bytes);
        chain.blobs.insert(shares, envelope);
        Ok(ExecuteMsg::Submit { round, upload, shares })
    }

    /// Every sum with its first element changed.
    fn false_sums(&self, message: ExecuteMsg) -> Result<ExecuteMsg, BoardError> {
        let ExecuteMsg::PostSum { round, set, sum, .. } = message else { return Ok(message) };
        let keys = self.keys.as_ref().ok_or_else(|| BoardError::Refused("no keys".into()))?;
        let mut chain = self.chain.borrow_mut();
        let groups = usize::from(chain.running(round)?.round.groups);
        let bytes = chain.blobs.get(&sum).cloned().unwrap_or_default();
        let mut parts: Vec<Vec<u8>> =
            split_sums(&bytes, groups).unwrap_or_default().into_iter().map(<[u8]>::to_vec).collect();
        for part in &mut parts {
            part[SUM_HEAD] ^= 1;
        }
        let bytes = join_sums(&parts);
        let sum = board::address(&bytes);
        chain.blobs.insert(sum, bytes);
        let signature = keys.sign_sum(&chain.place, round, &set, &sum).into();
        Ok(ExecuteMsg::PostSum { round, set, sum, signature })
    }
}

/// As `trainer/protect` hashes the masked coefficients: version, purpose and content, each of the latter after its length.
fn masked_digest(masked: &[u8]) -> [u8; 32] {
    let mut bytes = b"iz-mask/1\0".to_vec();
    for part in [b"masked".as_slice(), masked] {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part);
    }
    board::address(&bytes).0
}

impl Board for Account {
    fn place(&self) -> Place {
        self.chain.borrow().place.clone()
    }

    fn address(&self) -> String {
        self.address.clone()
    }

    fn now(&mut self) -> Result<u64, BoardError> {
        Ok(self.chain.borrow().now)
    }

    fn round(&mut self, round: u64) -> Result<RoundResponse, BoardError> {
        self.chain.borrow().shown_round(round)
    }

    fn task(&mut self, task: u64) -> Result<TaskResponse, BoardError> {
        Ok(self.chain.borrow().shown_task(task))
    }

    fn clients(&mut self, round: u64) -> Result<Vec<ClientResponse>, BoardError> {
        self.chain.borrow().shown_clients(round)
    }

    fn client(&mut self, round: u64) -> Result<Option<ClientResponse>, BoardError> {
        let own = self.address.clone();
        Ok(self.clients(round)?.into_iter().find(|client| client.client.as_str() == own))
    }

    fn committee(&mut self, round: u64) -> Result<Vec<MemberResponse>, BoardError> {
        self.chain.borrow().shown_committee(round)
    }

    fn latest(&mut self, task: u64, before: u64) -> Result<Option<Digest>, BoardError> {
        Ok(self.chain.borrow().latest(task, before))
    }

    fn post(&mut self, message: ExecuteMsg, _: &[Coin]) -> Result<(), BoardError> {
        let mut message = message;
        for fault in self.faults.clone() {
            message = match (fault, message) {
                (Fault::FalseShares, message) => self.submit_false_shares(message)?,
                (Fault::FalseSums, message) => self.false_sums(message)?,
                (Fault::FalseAggregate, ExecuteMsg::Attest { round, aggregate }) => {
                    ExecuteMsg::Attest { round, aggregate: Digest::of("lie", &[&aggregate.0]) }
                }
                (_, message) => message,
            };
        }
        self.chain.borrow_mut().execute(&self.address, message.clone())?;
        if self.has(Fault::Duplicate) {
            // the second one has to be refused, and changes nothing
            let again = self.chain.borrow_mut().execute(&self.address, message);
            assert!(matches!(again, Err(BoardError::Refused(_))), "a message was taken twice");
        }
        if self.has(Fault::Restart) {
            self.faults.retain(|fault| *fault != Fault::Restart);
            self.killed = true;
            return Err(BoardError::Unavailable("killed".into()));
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<Digest, BoardError> {
        let digest = board::address(bytes);
        let mut kept = bytes.to_vec();
        if self.has(Fault::Corrupt) {
            let middle = kept.len() / 2;
            kept[middle] ^= 4;
            // a store keeps what it got first
            self.chain.borrow_mut().blobs.entry(digest).or_insert(kept);
        } else {
            self.chain.borrow_mut().blobs.insert(digest, kept);
        }
        Ok(digest)
    }

    fn get(&mut self, digest: Digest, limit: u64) -> Result<Vec<u8>, BoardError> {
        let chain = self.chain.borrow();
        let bytes = chain.blobs.get(&digest).ok_or(BoardError::Missing(digest))?;
        if bytes.len() as u64 > limit {
            return Err(BoardError::TooLarge { limit, found: bytes.len() as u64 });
        }
        Ok(bytes.clone())
    }
}
