//! What the generator knows about the chain: who exists, who validates, which proposals, grants and unbondings are open.
//!
//! It follows the oracle's answers, never its own idea of the rules, and is only ever used to make transactions meaningful.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::{Value, json};

use super::contracts::Contracts;
use crate::dice::Dice;
use crate::genesis::{OTHERS, PREFIX, STAKE, START_SECONDS, VALIDATORS};
use crate::keys::{Key, bech32, consensus_address, consensus_key, module_address};

/// An account, existing or not yet.
pub struct Actor {
    pub name: String,
    pub key: Key,
    pub raw: Vec<u8>,
    pub address: String,
    /// Its number once the chain knows it.
    pub number: Option<u64>,
    pub sequence: u64,
}

/// An account with a consensus key.
pub struct Operator {
    pub actor: usize,
    pub address: String,
    pub consensus_address: Vec<u8>,
    /// Whether the chain has a validator for it.
    pub created: bool,
}

/// How a proposal is meant to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Pass,
    Reject,
    Veto,
    NoQuorum,
    Mixed,
}

pub struct Proposal {
    pub id: u64,
    pub proposer: usize,
    pub fate: Fate,
    pub height: i64,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    pub granter: usize,
    pub grantee: usize,
    pub url: String,
}

pub struct Unbonding {
    pub delegator: usize,
    pub operator: usize,
    pub height: i64,
    pub amount: u64,
}

#[derive(Default)]
pub struct World {
    pub actors: Vec<Actor>,
    pub by_address: BTreeMap<String, usize>,
    pub operators: Vec<Operator>,
    pub proposals: Vec<Proposal>,
    /// The latest last.
    pub grants: Vec<Grant>,
    /// Fee allowances as (granter, grantee), the latest last.
    pub allowances: Vec<(usize, usize)>,
    /// Delegations as (delegator, operator).
    pub delegations: BTreeSet<(usize, usize)>,
    pub unbondings: Vec<Unbonding>,
    pub contracts: Contracts,
    /// Recipients of continuous funds.
    pub funds: BTreeSet<String>,
    pub height: i64,
    pub seconds: i64,
}

impl World {
    /// The world before the first block.
    pub fn new() -> Result<Self> {
        let mut world = Self { seconds: START_SECONDS, ..Self::default() };
        for index in 0..VALIDATORS + 6 {
            let actor = world.add(
                &format!("operator {index}"),
                Key::secp256k1(&format!("operator {index}"))?,
                true,
            )?;
            let raw = world.actors[actor].raw.clone();
            world.operators.push(Operator {
                actor,
                address: bech32(&format!("{PREFIX}valoper"), &raw)?,
                consensus_address: consensus_address(&consensus_key(&format!("operator {index}"))),
                created: index < VALIDATORS,
            });
            if index < VALIDATORS {
                world.delegations.insert((actor, index));
            }
        }
        for index in 0..40 {
            let name = format!("user {index}");
            let key = if index % 13 == 12 { Key::secp256r1(&name)? } else { Key::secp256k1(&name)? };
            world.add(&name, key, true)?;
        }
        for (index, (threshold, members)) in [(2, 3), (3, 5), (1, 1)].into_iter().enumerate() {
            let name = format!("multisig {index}");
            world.add(&name, Key::multisig(&name, threshold, members)?, true)?;
        }
        world.add("ed25519", Key::ed25519("ed25519"), true)?;
        for kind in ["continuous", "delayed", "periodic", "permanent"] {
            let name = format!("vesting {kind}");
            world.add(&name, Key::secp256k1(&name)?, true)?;
        }
        for index in 0..300 {
            let name = format!("newcomer {index}");
            world.add(&name, Key::secp256k1(&name)?, false)?;
        }
        Ok(world)
    }

    fn add(&mut self, name: &str, key: Key, exists: bool) -> Result<usize> {
        let raw = key.address()?;
        let address = bech32(PREFIX, &raw)?;
        let index = self.actors.len();
        self.by_address.insert(address.clone(), index);
        self.actors.push(Actor {
            name: name.into(),
            key,
            raw,
            address,
            number: exists.then_some(index as u64),
            sequence: 0,
        });
        Ok(index)
    }

    pub fn address(&self, actor: usize) -> &str {
        self.actors.get(actor).map_or("", |a| &a.address)
    }

    /// The address of the module whose word is law.
    pub fn authority(&self) -> String {
        bech32(PREFIX, &module_address("gov")).unwrap_or_default()
    }

    fn exists(&self, actor: usize) -> bool {
        self.actors.get(actor).is_some_and(|a| a.number.is_some())
    }

    /// Somebody who can sign.
    pub fn somebody(&self, dice: &mut Dice) -> usize {
        for _ in 0..50 {
            let limit = if dice.one_in(4) { self.actors.len() } else { self.operators.len() + 40 };
            let actor = dice.below(limit as u64) as usize;
            let unusual = matches!(self.actors[actor].key, Key::Ed25519(_));
            if self.exists(actor) && (!unusual || dice.one_in(10)) {
                return actor;
            }
        }
        self.operators.len()
    }

    /// An address to send to: an account, now and then a new one, a module or nonsense.
    pub fn recipient(&self, dice: &mut Dice) -> String {
        match dice.below(40) {
            0..6 => {
                let first = self.actors.len() - 300;
                self.address(first + dice.below(300) as usize).to_owned()
            }
            6 => {
                let modules = [
                    "distribution",
                    "bonded_tokens_pool",
                    "fee_collector",
                    "gov",
                    "mint",
                    "protocolpool",
                    "transfer",
                    "nonsense",
                ];
                let name = dice.pick(&modules).copied().unwrap_or("gov");
                bech32(PREFIX, &module_address(name)).unwrap_or_default()
            }
            7 => {
                // wasmd knows accounts of 20 bytes and contracts of 32
                let length = if dice.one_in(3) { dice.between(1, 40) as usize } else { 32 };
                bech32(PREFIX, &dice.bytes(length)).unwrap_or_default()
            }
            _ => {
                let somebody = self.somebody(dice);
                self.address(somebody).to_owned()
            }
        }
    }

    /// An operator who mostly has a validator.
    pub fn operator(&self, dice: &mut Dice) -> usize {
        let mostly = !dice.one_in(25);
        let choices: Vec<usize> =
            (0..self.operators.len()).filter(|i| !mostly || self.operators[*i].created).collect();
        dice.pick(&choices).copied().unwrap_or_default()
    }

    /// One to three coins in order.
    pub fn coins(&self, dice: &mut Dice) -> Value {
        let mut coins = vec![coin(STAKE, dice.magnitude(8))];
        for denom in OTHERS {
            if dice.one_in(12) {
                coins.push(coin(denom, dice.magnitude(6)));
            }
        }
        if dice.one_in(8) && coins.len() > 1 {
            coins.remove(0);
        }
        coins.sort_by_key(|c| c["denom"].as_str().unwrap_or_default().to_owned());
        Value::Array(coins)
    }

    /// The block's time plus so many seconds, as JSON has it.
    pub fn later(&self, seconds: i64) -> String {
        time::OffsetDateTime::from_unix_timestamp(self.seconds + seconds)
            .ok()
            .and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok())
            .unwrap_or_default()
    }
}

/// One of the last few: what is older has mostly come to its end.
pub fn recent<'a, T>(dice: &mut Dice, from: &'a [T]) -> Option<&'a T> {
    dice.pick(&from[from.len().saturating_sub(12)..])
}

pub fn coin(denom: &str, amount: u64) -> Value {
    json!({ "denom": denom, "amount": amount.to_string() })
}
