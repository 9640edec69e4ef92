//! A transaction as it is meant: messages, who signs, who pays, and what the world learns if it succeeds.

use serde_json::Value;

use super::world::{Fate, Grant, World};
use crate::dice::Dice;

/// What a success means for the world.
#[derive(Clone)]
pub enum Effect {
    Created(usize),
    Delegated(usize, usize),
    Unbonded { delegator: usize, operator: usize, amount: u64 },
    Granted(Grant),
    Revoked(Grant),
    Allowed(usize, usize),
    Disallowed(usize, usize),
    Proposed { proposer: usize, fate: Fate },
    Cancelled(u64),
}

#[derive(Clone)]
pub struct Plan {
    pub kind: &'static str,
    pub messages: Vec<Value>,
    /// In the order in which the messages name them; the first pays.
    pub signers: Vec<usize>,
    pub effects: Vec<Effect>,
    pub gas: u64,
    pub payer: Option<usize>,
    pub granter: Option<usize>,
}

impl Plan {
    pub fn new(signer: usize, message: Value) -> Self {
        Self {
            kind: "",
            messages: vec![message],
            signers: vec![signer],
            effects: vec![],
            gas: 400_000,
            payer: None,
            granter: None,
        }
    }

    pub fn with(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    pub fn gas(mut self, gas: u64) -> Self {
        self.gas = gas;
        self
    }
}

/// One way of making a transaction.
pub struct Kind {
    pub module: &'static str,
    pub name: &'static str,
    pub weight: u64,
    pub make: fn(&mut Dice, &World) -> Option<Plan>,
}
