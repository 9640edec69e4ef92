//! What a scenario stands on: the machine alone, or two chains that have to agree.

use anyhow::{Context, Result};
use cosmwasm_std::Coin;
use iz_testkit::keys::Key;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub const CHAIN: &str = iz_testkit::genesis::CHAIN;
pub const PREFIX: &str = iz_testkit::genesis::PREFIX;

/// What everybody has from the beginning, of each denomination.
pub const RICHES: u128 = 1_000_000_000_000_000;
pub const COIN: &str = "uiz";
pub const DOLLAR: &str = "uusdc";
pub const DENOMS: [&str; 2] = [COIN, DOLLAR];

/// How a message went.
pub struct Done {
    /// Gas of the message alone on the machine; of the whole transaction on a chain.
    pub gas: u64,
    /// Attributes of all events, in order.
    pub attributes: Vec<(String, String)>,
}

impl Done {
    /// The last value under a key.
    pub fn attribute(&self, key: &str) -> Result<&str> {
        let found = self.attributes.iter().rev().find(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str()).with_context(|| format!("no attribute {key}"))
    }

    pub fn number(&self, key: &str) -> Result<u64> {
        Ok(self.attribute(key)?.parse()?)
    }
}

/// A message to a contract.
pub struct Call<'a> {
    pub sender: &'a str,
    pub contract: &'a str,
    pub message: Vec<u8>,
    pub funds: &'a [Coin],
}

pub trait Ground {
    /// The address of a person; everyone exists and is rich.
    fn address(&mut self, person: &str) -> Result<String>;
    /// Unix time of the block that the next message is in.
    fn now(&self) -> u64;
    fn wait(&mut self, seconds: u64);
    /// Keeps the code of a contract; its number.
    fn store(&mut self, sender: &str, name: &str, wasm: &[u8]) -> Result<u64>;
    fn instantiate(
        &mut self,
        sender: &str,
        code: u64,
        label: &str,
        admin: &str,
        message: Vec<u8>,
    ) -> Result<Done>;
    fn execute(&mut self, call: &Call<'_>) -> Result<Done>;
    fn migrate(&mut self, sender: &str, contract: &str, code: u64, message: Vec<u8>) -> Result<Done>;
    fn query(&mut self, contract: &str, question: Vec<u8>) -> Result<Vec<u8>>;
}

/// The key of a person, which is nobody's of the harness.
pub fn key(person: &str) -> Result<Key> {
    Key::secp256k1(&format!("person {person}"))
}

pub fn json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    // as cosmwasm-std writes it, which is what clients of contracts send
    Ok(cosmwasm_std::to_json_vec(value)?)
}

pub fn ask<T: DeserializeOwned>(
    ground: &mut dyn Ground,
    contract: &str,
    question: &impl Serialize,
) -> Result<T> {
    let answer = ground.query(contract, json(question)?)?;
    Ok(cosmwasm_std::from_json(answer)?)
}
