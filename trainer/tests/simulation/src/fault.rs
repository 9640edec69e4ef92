//! What can go wrong, and whom it happens to.

use iz_rounds_machine::Phase;

/// Somebody of a simulation, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Client(usize),
    /// A node; all nodes of these simulations are drawn.
    Node(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Never acts again.
    Drop,
    /// Acts so many ticks after the others.
    Delay(u8),
    /// Puts and posts everything twice.
    Duplicate,
    /// What it puts is damaged on the way into the store.
    Corrupt,
    /// Is killed right behind its first post, before it learns that it was accepted, and comes back with what is on its disk.
    Restart,
    /// A client that sends a member a share that does not open; its test then fails for all of them.
    FalseShares,
    /// A client that sends as much of the opposite of its update as the protocol lets through.
    Opposite,
    /// A node whose sums are false.
    FalseSums,
    /// A node that attests what does not follow from the sums.
    FalseAggregate,
    /// A node that scores everything as perfect, or as worthless.
    FalseScores,
}

/// A fault from some phase of a round on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    pub round: u64,
    pub phase: Phase,
    pub who: Who,
    pub fault: Fault,
}
