//! The corpus: from one seed, blocks of transactions that make sense to the chain, and many that do not.

pub mod contract_queries;
pub mod contracts;
pub mod faults;
pub mod foreign_text;
pub mod kinds;
pub mod mutate;
pub mod plan;
pub mod queries;
pub mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde_json::json;
use tendermint_proto::v0_38::abci::{Event, ExecTxResult};

use crate::dice::Dice;
use crate::genesis::{CHAIN, OTHERS, STAKE};
use crate::keys::Key;
use crate::transaction::{Body, Fee, Mode, Signer};
use contracts::Contracts;
use faults::Draft;
use plan::{Effect, Kind, Plan};
use world::{Proposal, Unbonding, World};

/// What the corpus is made of.
#[derive(Clone, Debug)]
pub struct Choice {
    pub seed: u64,
    pub transactions: u64,
    /// Modules whose messages are sent; empty for all.
    pub modules: Vec<String>,
    /// Only transactions that are meant to be well-formed.
    pub valid_only: bool,
    /// Where the contracts lie that are uploaded; without them there are no messages of the module wasm.
    pub contracts: Option<PathBuf>,
}

/// One transaction and what it was meant to be.
pub struct Item {
    pub bytes: Vec<u8>,
    pub label: String,
    plan: Option<Plan>,
}

pub struct Corpus {
    pub world: World,
    pub dice: Dice,
    choice: Choice,
    kinds: Vec<&'static Kind>,
    scheduled: Vec<(i64, Plan)>,
}

impl Corpus {
    pub fn new(choice: Choice) -> Result<Self> {
        let named = |module: &str| choice.modules.iter().any(|m| m == module);
        // without contracts to upload there is nothing to say about them, unless that was asked for
        let silent = choice.contracts.is_none() && !named("wasm");
        let kinds: Vec<_> = kinds::all()
            .into_iter()
            .filter(|kind| choice.modules.is_empty() || named(kind.module))
            .filter(|kind| !(silent && kind.module == "wasm"))
            .collect();
        if kinds.is_empty() {
            let mut known: Vec<_> = kinds::all().iter().map(|k| k.module).collect();
            known.dedup();
            bail!("no such modules: {:?}; there are {known:?}", choice.modules);
        }
        let mut world = World::new()?;
        let mut scheduled = Vec::new();
        if kinds.iter().any(|kind| kind.module == "wasm") {
            let Some(folder) = &choice.contracts else {
                bail!(
                    "messages of the module wasm need contracts to upload: name their folder with --contracts"
                )
            };
            world.contracts = Contracts::read(folder)?;
            scheduled.extend(kinds::foundation(&world));
        }
        // proposals that send from gov's account would otherwise spend deposits, and a refund that fails stops the chain
        let rich = world.operators.len();
        let message = json!({
            "@type": "/cosmos.bank.v1beta1.MsgSend", "from_address": world.address(rich), "to_address": world.authority(), "amount": [world::coin(STAKE, 20_000_000_000)],
        });
        let mut endow = Plan::new(rich, message);
        endow.kind = "bank/send of a benefactor to gov";
        scheduled.push((0, endow));
        Ok(Self { world, dice: Dice::new(choice.seed), choice, kinds, scheduled })
    }

    /// The transactions of the block that the world is about to have.
    pub fn block(&mut self) -> Result<Vec<Item>> {
        let count = self.dice.between(0, self.choice.transactions * 2);
        let mut next: BTreeMap<usize, u64> = BTreeMap::new();
        let height = self.world.height;
        let (due, rest) = std::mem::take(&mut self.scheduled).into_iter().partition(|(at, _)| *at <= height);
        self.scheduled = rest;
        let mut plans: Vec<Plan> = due.into_iter().map(|(_, plan): (i64, Plan)| plan).collect();
        for _ in 0..count {
            plans.extend(self.plan());
        }
        plans.into_iter().map(|plan| self.item(plan, &mut next)).collect()
    }

    /// A transaction that is not sent, only tried: with the sequence numbers of the last block's end.
    pub fn trial(&mut self) -> Result<Option<Vec<u8>>> {
        // nothing bounds the gas of a simulation
        let Some(plan) = self.plan().filter(|plan| !plan.kind.contains("loop")) else { return Ok(None) };
        Ok(Some(self.draft(&plan, &BTreeMap::new()).build()?.bytes()))
    }

    fn plan(&mut self) -> Option<Plan> {
        let total = self.kinds.iter().map(|k| k.weight).sum();
        let mut at = self.dice.below(total);
        for kind in &self.kinds {
            if at < kind.weight {
                let mut plan = (kind.make)(&mut self.dice, &self.world)?;
                plan.kind = kind.name;
                return Some(plan);
            }
            at -= kind.weight;
        }
        None
    }

    fn item(&mut self, mut plan: Plan, next: &mut BTreeMap<usize, u64>) -> Result<Item> {
        let mut label = plan.kind.to_owned();
        let scheduled = is_scheduled(&plan);
        let faulty = !self.choice.valid_only && !scheduled && self.dice.one_in(9);
        if !self.choice.valid_only && !scheduled && !faulty && self.dice.one_in(9) {
            let mut spoiled = plan.messages.clone();
            let at = self.dice.below(spoiled.len() as u64) as usize;
            if spoiled.get_mut(at).is_some_and(|message| mutate::spoil(&mut self.dice, message)) {
                let mut trial = plan.clone();
                trial.messages = spoiled;
                let draft = self.draft(&trial, next);
                if draft.build().is_ok() {
                    plan = trial;
                    plan.effects.clear();
                    label.push_str(" (spoiled)");
                }
            }
        }
        let mut draft = self.draft(&plan, next);
        if !scheduled && !self.choice.valid_only && self.dice.one_in(14) {
            draft.fee.gas = self.dice.between(1, 300_000);
            label.push_str(" (gas)");
        }
        if faulty {
            let now = self.world.later(self.dice.between(0, 400) as i64 - 20);
            let (name, bytes) = faults::inflict(&mut self.dice, draft, self.world.height, &now)?;
            return Ok(Item { bytes, label: format!("{label} ({name})"), plan: None });
        }
        let parts = draft.build()?;
        for signer in &plan.signers {
            *next.entry(*signer).or_insert(self.world.actors[*signer].sequence) += 1;
        }
        Ok(Item { bytes: parts.bytes(), label, plan: Some(plan) })
    }

    fn draft(&mut self, plan: &Plan, next: &BTreeMap<usize, u64>) -> Draft {
        let dice = &mut self.dice;
        let mut coins = vec![(STAKE.to_owned(), plan.gas.div_ceil(100).to_string())];
        if dice.one_in(12) {
            let amount = dice.magnitude(3).to_string();
            // not everybody has it, and what the rest of the corpus needs has to succeed
            if !is_scheduled(plan) {
                coins.push((OTHERS[0].to_owned(), amount));
                coins.sort();
            }
        }
        let fee = Fee {
            coins,
            gas: plan.gas,
            payer: plan.payer.map(|p| self.world.address(p).to_owned()).unwrap_or_default(),
            granter: plan.granter.map(|g| self.world.address(g).to_owned()).unwrap_or_default(),
        };
        let mut body = Body { messages: plan.messages.clone(), ..Body::default() };
        if dice.one_in(5) {
            body.memo = "a memo <with> & signs".into();
        }
        if dice.one_in(10) {
            body.timeout_height = self.world.height as u64 + dice.between(0, 5);
        }
        let amino = dice.one_in(4);
        let signers = plan
            .signers
            .iter()
            .enumerate()
            .filter_map(|(place, actor)| {
                let known = self.world.actors.get(*actor)?;
                let sequence = next.get(actor).copied().unwrap_or(known.sequence);
                let (multisig, members) = match &known.key {
                    Key::Multisig { threshold, members } => {
                        (true, choose(dice, members.len(), *threshold as usize))
                    }
                    _ => (false, vec![]),
                };
                let payer = plan.payer.unwrap_or(plan.signers[0]);
                let mode = match () {
                    () if multisig || amino => Mode::AminoJson,
                    () if place > 0 && *actor != payer && dice.one_in(3) => Mode::DirectAux,
                    () => Mode::Direct,
                };
                Some(Signer {
                    key: known.key.clone(),
                    number: known.number.unwrap_or_default(),
                    sequence,
                    mode,
                    members,
                    with_key: true,
                })
            })
            .collect();
        Draft { chain: CHAIN.into(), body, fee, signers }
    }

    /// Learns from what the chain answered.
    pub fn learn(&mut self, items: &[Item], results: &[ExecTxResult], block_events: &[Event]) {
        for (item, result) in items.iter().zip(results) {
            for sequence in attributes(&result.events, "tx", "acc_seq") {
                let Some((address, number)) = sequence.split_once('/') else { continue };
                if let (Some(actor), Ok(number)) = (self.world.by_address.get(address), number.parse::<u64>())
                {
                    self.world.actors[*actor].sequence = number + 1;
                }
            }
            if result.code == 0
                && let Some(plan) = &item.plan
            {
                for effect in plan.effects.clone() {
                    self.apply(effect, result);
                }
            }
        }
        for (item, result) in items.iter().zip(results).filter(|(_, result)| result.code == 0) {
            let messages = item.plan.as_ref().map(|plan| plan.messages.as_slice()).unwrap_or_default();
            self.world.contracts.learn(&result.events, messages);
        }
        self.world.contracts.learn(block_events, &[]);
        for recipient in attributes(block_events, "create_continuous_fund", "recipient") {
            self.world.funds.insert(recipient.to_owned());
        }
    }

    /// Accounts that were paid and whose number is not known yet.
    pub fn strangers(&self, events: &[&Event]) -> Vec<usize> {
        let mut found: Vec<usize> = events
            .iter()
            .flat_map(|event| attributes(std::slice::from_ref(*event), "coin_received", "receiver"))
            .filter_map(|address| self.world.by_address.get(address).copied())
            .filter(|actor| self.world.actors[*actor].number.is_none())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn apply(&mut self, effect: Effect, result: &ExecTxResult) {
        let height = self.world.height;
        match effect {
            Effect::Created(operator) => self.world.operators[operator].created = true,
            Effect::Delegated(delegator, operator) => {
                self.world.delegations.insert((delegator, operator));
            }
            Effect::Unbonded { delegator, operator, amount } => {
                self.world.unbondings.push(Unbonding { delegator, operator, height, amount })
            }
            Effect::Granted(grant) => {
                self.world.grants.retain(|g| *g != grant);
                self.world.grants.push(grant);
            }
            Effect::Revoked(grant) => {
                self.world.grants.retain(|g| *g != grant);
            }
            Effect::Allowed(granter, grantee) => {
                self.world.allowances.retain(|a| *a != (granter, grantee));
                self.world.allowances.push((granter, grantee));
            }
            Effect::Disallowed(granter, grantee) => {
                self.world.allowances.retain(|a| *a != (granter, grantee));
            }
            Effect::Proposed { proposer, fate } => {
                let Some(id) = attributes(&result.events, "submit_proposal", "proposal_id")
                    .next()
                    .and_then(|id| id.parse().ok())
                else {
                    return;
                };
                self.world.proposals.push(Proposal { id, proposer, fate, height });
                for plan in kinds::votes_for(&mut self.dice, &self.world, id, fate) {
                    let at = height + self.dice.between(1, 3) as i64;
                    self.scheduled.push((at, plan));
                }
            }
            Effect::Cancelled(id) => self.world.proposals.retain(|p| p.id != id),
        }
    }
}

/// Whether a plan prepares or completes what others need, and is not of the random part.
fn is_scheduled(plan: &Plan) -> bool {
    plan.kind.contains(" of a ")
}

/// The threshold's worth of members, sometimes one fewer or more.
fn choose(dice: &mut Dice, count: usize, threshold: usize) -> Vec<usize> {
    let wanted = match dice.below(10) {
        0 => threshold.saturating_sub(1),
        1 => threshold + 1,
        _ => threshold,
    };
    let mut members: Vec<usize> = (0..count).collect();
    while members.len() > wanted {
        members.remove(dice.below(members.len() as u64) as usize);
    }
    members
}

/// The values of an attribute of events of one type.
pub fn attributes<'a>(events: &'a [Event], kind: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    events
        .iter()
        .filter(move |e| e.r#type == kind)
        .flat_map(|e| &e.attributes)
        .filter(move |a| a.key == key)
        .map(|a| a.value.as_str())
}
