//! One life of the network, with any number of users: what is measured is what the last of them would pay.

mod artefacts;
mod money;
mod renewal;
mod revenue;
mod round;
mod votes;
mod work;

use anyhow::Result;

use crate::network::{DAY, Trial};

pub use round::whole_life;

/// Everybody who acts and is not one of many.
const CAST: [&str; 48] = [
    "founder",
    "governor",
    "guardian",
    "foundation",
    "treasury",
    "research",
    "karl",
    "lena",
    "mona",
    "minter",
    "holder",
    "alice",
    "bob",
    "carol",
    "eve",
    "stranger",
    "anyone",
    "payer",
    "recipient",
    "reviewer",
    "spender",
    "marketing",
    "junior",
    "other junior",
    "reporter 0",
    "reporter 1",
    "reporter 2",
    "controller",
    "owner",
    "other owner",
    "gate",
    "subscriber",
    "prepaid",
    "free",
    "donor",
    "maker",
    "other maker",
    "buyer",
    "operator",
    "worker",
    "leaver",
    "slacker",
    "slasher",
    "auditor",
    "observer 0",
    "observer 1",
    "assessor",
    "challenger",
];

/// Everybody who takes part in a run with so many users.
pub fn everybody(count: usize) -> impl Iterator<Item = String> {
    let cast = CAST.iter().map(|name| (*name).to_owned());
    let clients = (0..6).map(|index| format!("client {index}"));
    let seats = (0..8).map(|index| format!("seat {index}"));
    cast.chain(clients).chain(seats).chain(users(count))
}

/// The names of many users.
pub fn users(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|index| format!("user {index}"))
}

/// Everything, in an order in which waiting for one thing is of use to another.
pub fn run(t: &mut Trial<'_>, count: usize) -> Result<()> {
    money::begin(t, count)?;
    money::token(t)?;
    money::print(t, 2025, 12, "304")?;
    votes::begin(t, count)?;
    revenue::begin(t, count)?;
    money::redeem(t)?;
    votes::membership(t)?;
    // 35 days after they began to unbond, and not a week more
    t.ground.wait(6 * DAY);
    money::leave(t)?;
    votes::proposals(t, count)?;
    money::prints(t)?;
    money::govern(t)?;
    revenue::fees(t)?;
    revenue::subscriptions(t)?;
    revenue::govern(t)?;
    artefacts::run(t, count)?;
    work::run(t, count)?;
    round::run(t)?;
    votes::treasury(t)?;
    renewal::run(t)
}
