//! What contracts that call each other have above them. It goes down with a call and is put back when the call ends.

use std::collections::BTreeSet;

/// The calls above the one that runs.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Checksums of the code that this transaction ran so far; none outside of transactions. Nothing takes an entry back.
    pub loaded: Option<BTreeSet<[u8; 32]>>,
    /// Contracts that query each other.
    pub query_depth: u32,
    /// Contracts that send messages to each other.
    pub depth: u32,
    /// What the messages of a contract may do beyond what its address may.
    pub policy: Option<SubMessagePolicy>,
}

/// Rights that the messages of a contract have from whoever called it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubMessagePolicy {
    /// No more than anybody.
    Default,
    /// Governance called: new contracts may be made of any code.
    Instantiate,
}
