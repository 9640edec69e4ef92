//! What staking keeps: validators, delegations, and what is on its way out of them, with their numbers read once from the wire.

mod commission;
mod consensus_key;
mod delegation;
mod description;
mod params;
mod redelegation;
mod unbonding;
mod validator;

pub use commission::{Commission, CommissionRates};
pub use consensus_key::ConsensusKey;
pub use delegation::Delegation;
pub use description::{ensure_length, update_description};
pub use params::Params;
pub use redelegation::{Redelegation, RedelegationEntry};
pub use unbonding::{UnbondingDelegation, UnbondingEntry};
pub use validator::{Status, Validator};

use iz_core::{Dec, Error, Int, Result, Timestamp};
use iz_proto::{Duration, Timestamp as WireTimestamp};

/// Tokens that make one unit of power.
const POWER_REDUCTION: i64 = 1_000_000;

/// `TokensToConsensusPower`.
pub fn consensus_power(tokens: Int) -> Result<i64> {
    tokens.quo(Int::from(POWER_REDUCTION))?.to_i64()
}

/// `TokensFromConsensusPower`.
pub fn tokens_of_power(power: i64) -> Result<Int> {
    Int::from(power).mul(Int::from(POWER_REDUCTION))
}

/// A number in a message that Go would hold as a nil pointer when it is absent: using it is a nil dereference.
pub fn required_int(text: &str) -> Result<Int> {
    if text.is_empty() { Err(nil_dereference()) } else { Int::from_wire(text) }
}

/// The same for decimals.
pub fn required_dec(text: &str) -> Result<Dec> {
    if text.is_empty() { Err(nil_dereference()) } else { Dec::from_wire(text) }
}

/// The text of Go's panic on a nil pointer.
#[must_use]
pub fn nil_dereference() -> Error {
    Error::panic("runtime error: invalid memory address or nil pointer dereference")
}

/// A moment that the wire leaves out is the first second of 1970 for gogoproto only if the message itself was there.
fn moment(wire: Option<&WireTimestamp>) -> Timestamp {
    wire.map_or(Timestamp::ZERO, Timestamp::from)
}

/// Nanoseconds of a duration, as Go counts them.
#[must_use]
pub fn nanos(duration: Option<&Duration>) -> i128 {
    duration.map_or(0, |span| i128::from(span.seconds) * 1_000_000_000 + i128::from(span.nanos))
}
