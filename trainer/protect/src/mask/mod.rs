//! One-message secure aggregation: a committee that together can open a sum, and nothing but the sum.
//!
//! A client draws a short secret s of the ring R_q = Z_q[X]/(X^N + 1), adds a_j·s + t·e_j to each chunk of its values, and shares s
//! among the committee, each share sealed to its member. That is its one message. Once the set of included clients is fixed, each
//! member adds up the shares of exactly that set; enough of those sums give Σs, which takes the masks off the sum of the uploads, and
//! off nothing else. Values come out exact: t·Σe is removed by taking the rest modulo t.
//!
//! The way: `plan` (what all agree on) → `client` (mask and share) → `upload` (bytes) → `member` (check, complain, add up) →
//! `aggregate` (rebuild Σs, unmask). Why this hides a client, and the numbers behind it, is in docs/spec/secure-aggregation.md.

mod aggregate;
mod bits;
mod client;
mod complaint;
mod expand;
mod field;
mod gaussian;
mod gaussian_table;
mod member;
mod plan;
#[cfg(test)]
mod reference;
mod ring;
mod seal;
mod set;
mod shamir;
mod test_share;
#[cfg(test)]
mod tests;
mod upload;

pub use aggregate::{AggregateError, Aggregator, Opening};
pub use client::{MaskError, mask};
pub use complaint::{Complaint, ComplaintError, Fault};
pub use member::{FilePledges, Member, MemberError, MemoryPledges, PledgeError, Pledges, Refusal, ShareSum};
pub use plan::{Context, MemberKey, Plan, PlanError, Terms};
pub use seal::MemberSecret;
pub use set::{IncludedSet, SetError, SetHash};
pub use upload::{ClientId, Envelope, ParseError, Upload, UploadDigest};

/// The version of everything in this module: it separates all hashes and begins all messages.
pub(crate) const VERSION: &[u8; 10] = b"iz-mask/1\0";

/// A hash whose inputs are told apart by what they are for and by their lengths.
pub(crate) fn digest(purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
    use sha2::Digest as _;
    let mut hash = sha2::Sha256::new();
    hash.update(VERSION);
    for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
