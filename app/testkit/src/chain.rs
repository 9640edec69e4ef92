//! The part of consensus: heights, times, the validator set two blocks ahead, votes, and those who misbehave.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use tendermint_proto::google::protobuf::{Duration, Timestamp};
use tendermint_proto::v0_38::abci::{
    CommitInfo, ExtendedCommitInfo, ExtendedVoteInfo, Misbehavior, MisbehaviorType, RequestFinalizeBlock,
    RequestInitChain, RequestPrepareProposal, RequestProcessProposal, Validator, ValidatorUpdate, VoteInfo,
};
use tendermint_proto::v0_38::crypto::public_key::Sum;
use tendermint_proto::v0_38::types::{
    AbciParams, BlockIdFlag, BlockParams, ConsensusParams, EvidenceParams, ValidatorParams, VersionParams,
};

use crate::dice::Dice;
use crate::genesis::{CHAIN, START_SECONDS, VALIDATORS};
use crate::keys::consensus_address;
use serde_json::Value;

/// Power by address: the set of one height.
type Validators = BTreeMap<Vec<u8>, i64>;

/// One block as consensus hands it over.
#[derive(Clone)]
pub struct Header {
    pub height: i64,
    pub time: Timestamp,
    pub proposer: Vec<u8>,
    pub votes: Vec<VoteInfo>,
    pub misbehavior: Vec<Misbehavior>,
}

pub struct Chain {
    pub height: i64,
    seconds: i64,
    nanos: i32,
    sets: BTreeMap<i64, Validators>,
    /// Until which height a validator is away, and whether it votes nil instead.
    away: BTreeMap<Vec<u8>, (i64, bool)>,
    /// The genesis validators.
    anchors: Vec<Vec<u8>>,
    punished: u64,
    times: BTreeMap<i64, Timestamp>,
    pub faults: bool,
}

impl Chain {
    pub fn new(anchors: &[Vec<u8>], faults: bool) -> Self {
        Self {
            height: 0,
            seconds: START_SECONDS,
            nanos: 0,
            sets: BTreeMap::new(),
            away: BTreeMap::new(),
            anchors: anchors.to_vec(),
            punished: 0,
            times: BTreeMap::new(),
            faults,
        }
    }

    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    pub fn init(genesis: &Value) -> Result<RequestInitChain> {
        let params = &genesis["consensus"]["params"];
        let number = |value: &Value| {
            value
                .as_str()
                .and_then(|text| text.parse::<i64>().ok())
                .with_context(|| format!("not a number: {value}"))
        };
        Ok(RequestInitChain {
            time: Some(Timestamp { seconds: START_SECONDS, nanos: 0 }),
            chain_id: CHAIN.into(),
            consensus_params: Some(ConsensusParams {
                block: Some(BlockParams {
                    max_bytes: number(&params["block"]["max_bytes"])?,
                    max_gas: number(&params["block"]["max_gas"])?,
                }),
                evidence: Some(EvidenceParams {
                    max_age_num_blocks: number(&params["evidence"]["max_age_num_blocks"])?,
                    max_age_duration: Some(Duration {
                        seconds: number(&params["evidence"]["max_age_duration"])? / 1_000_000_000,
                        nanos: 0,
                    }),
                    max_bytes: number(&params["evidence"]["max_bytes"])?,
                }),
                validator: Some(ValidatorParams { pub_key_types: vec!["ed25519".into()] }),
                version: Some(VersionParams::default()),
                abci: Some(AbciParams::default()),
            }),
            validators: vec![],
            app_state_bytes: serde_json::to_vec(&genesis["app_state"])?.into(),
            initial_height: 1,
        })
    }

    pub fn start(&mut self, updates: &[ValidatorUpdate]) {
        let mut set = Validators::new();
        apply(&mut set, updates);
        self.sets.insert(1, set.clone());
        self.sets.insert(2, set);
    }

    /// Takes in the updates of the block just executed; they count two blocks later.
    pub fn update(&mut self, updates: &[ValidatorUpdate]) {
        let mut set = self.sets.get(&(self.height + 1)).cloned().unwrap_or_default();
        apply(&mut set, updates);
        self.sets.insert(self.height + 2, set);
        let old = self.height - 200;
        self.sets.retain(|height, _| *height > old);
        self.times.retain(|height, _| *height > old);
    }

    /// Moves on to the next block.
    pub fn next(&mut self, dice: &mut Dice) -> Header {
        self.height += 1;
        let step = match dice.below(60) {
            _ if self.height == 1 => 0,
            0 => dice.between(3600, 90_000),
            1..4 => dice.between(60, 400),
            _ => dice.between(1, 12),
        };
        self.seconds += step as i64;
        self.nanos = (dice.below(1000) * 1_000_000 + dice.below(1000)) as i32;
        let time = Timestamp { seconds: self.seconds, nanos: self.nanos };
        self.times.insert(self.height, time);
        self.wander(dice);
        let set = self.sets.get(&self.height).cloned().unwrap_or_default();
        let addresses: Vec<&Vec<u8>> = set.keys().collect();
        let proposer = dice.pick(&addresses).map(|a| (*a).clone()).unwrap_or_default();
        let votes = self.votes(dice);
        let misbehavior = self.misbehavior(dice);
        Header { height: self.height, time, proposer, votes, misbehavior }
    }

    /// Sends an expendable validator away now and then, for long enough to be jailed.
    fn wander(&mut self, dice: &mut Dice) {
        let height = self.height;
        self.away.retain(|_, (until, _)| *until > height);
        let Some(set) = self.sets.get(&height) else { return };
        if self.faults && self.away.is_empty() && dice.one_in(15) {
            let choices: Vec<Vec<u8>> = set.keys().filter(|a| !self.carries(a)).cloned().collect();
            if let Some(who) = dice.pick(&choices) {
                let until = height + dice.between(1, 16) as i64;
                self.away.insert(who.clone(), (until, dice.one_in(3)));
            }
        }
    }

    fn votes(&self, dice: &mut Dice) -> Vec<VoteInfo> {
        let Some(set) = self.sets.get(&(self.height - 1)).filter(|_| self.height > 1) else { return vec![] };
        let mut ordered: Vec<(&Vec<u8>, &i64)> = set.iter().collect();
        ordered.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
        ordered
            .into_iter()
            .map(|(address, power)| {
                let flag = match self.away.get(address) {
                    Some((_, true)) => BlockIdFlag::Nil,
                    Some((_, false)) => BlockIdFlag::Absent,
                    None if self.faults && dice.one_in(40) => BlockIdFlag::Absent,
                    None => BlockIdFlag::Commit,
                };
                VoteInfo {
                    validator: Some(Validator { address: address.clone().into(), power: *power }),
                    block_id_flag: flag as i32,
                }
            })
            .collect()
    }

    fn misbehavior(&mut self, dice: &mut Dice) -> Vec<Misbehavior> {
        if !self.faults || self.height < 10 || !dice.one_in(70) {
            return vec![];
        }
        let height = self.height - dice.between(1, 150.min(self.height as u64 - 2)) as i64;
        let (Some(set), Some(time)) = (self.sets.get(&height), self.times.get(&height)) else {
            return vec![];
        };
        // one genesis validator, and whoever joined later
        let spared = usize::from(self.punished == 0);
        let choices: Vec<(&Vec<u8>, &i64)> = set
            .iter()
            .filter(|(a, _)| !self.anchors.iter().skip(spared).any(|anchor| anchor == *a))
            .collect();
        let Some((address, power)) = dice.pick(&choices).copied() else { return vec![] };
        self.punished += 1;
        let kind =
            if dice.one_in(4) { MisbehaviorType::LightClientAttack } else { MisbehaviorType::DuplicateVote };
        let evidence = Misbehavior {
            r#type: kind as i32,
            validator: Some(Validator { address: address.clone().into(), power: *power }),
            height,
            time: Some(*time),
            total_voting_power: set.values().sum(),
        };
        if dice.one_in(4) { vec![evidence.clone(), evidence] } else { vec![evidence] }
    }

    /// Whether the chain counts on this validator: the two heaviest of genesis never leave.
    fn carries(&self, address: &[u8]) -> bool {
        self.anchors.iter().skip(VALIDATORS - 2).any(|anchor| anchor == address)
    }
}

fn apply(set: &mut Validators, updates: &[ValidatorUpdate]) {
    for update in updates {
        let Some(Sum::Ed25519(key)) = update.pub_key.as_ref().and_then(|k| k.sum.as_ref()) else { continue };
        let address = consensus_address(key);
        if update.power == 0 {
            set.remove(&address);
        } else {
            set.insert(address, update.power);
        }
    }
}

impl Header {
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.height.to_be_bytes()).to_vec()
    }

    fn next_validators_hash(&self) -> Vec<u8> {
        Sha256::digest(format!("validators after {}", self.height)).to_vec()
    }

    pub fn prepare(&self, txs: &[Vec<u8>], max_tx_bytes: i64) -> RequestPrepareProposal {
        let votes = self
            .votes
            .iter()
            .map(|vote| ExtendedVoteInfo {
                validator: vote.validator.clone(),
                block_id_flag: vote.block_id_flag,
                ..Default::default()
            })
            .collect();
        RequestPrepareProposal {
            max_tx_bytes,
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            local_last_commit: Some(ExtendedCommitInfo { round: 0, votes }),
            misbehavior: self.misbehavior.clone(),
            height: self.height,
            time: Some(self.time),
            next_validators_hash: self.next_validators_hash().into(),
            proposer_address: self.proposer.clone().into(),
        }
    }

    pub fn process(&self, txs: &[Vec<u8>]) -> RequestProcessProposal {
        RequestProcessProposal {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            proposed_last_commit: Some(CommitInfo { round: 0, votes: self.votes.clone() }),
            misbehavior: self.misbehavior.clone(),
            hash: self.hash().into(),
            height: self.height,
            time: Some(self.time),
            next_validators_hash: self.next_validators_hash().into(),
            proposer_address: self.proposer.clone().into(),
        }
    }

    pub fn finalize(&self, txs: &[Vec<u8>]) -> RequestFinalizeBlock {
        RequestFinalizeBlock {
            txs: txs.iter().map(|tx| tx.clone().into()).collect(),
            decided_last_commit: Some(CommitInfo { round: 0, votes: self.votes.clone() }),
            misbehavior: self.misbehavior.clone(),
            hash: self.hash().into(),
            height: self.height,
            time: Some(self.time),
            next_validators_hash: self.next_validators_hash().into(),
            proposer_address: self.proposer.clone().into(),
        }
    }
}
