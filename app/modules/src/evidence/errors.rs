//! The errors of x/evidence.

use iz_core::Registered;

use super::NAME;

pub static INVALID_EVIDENCE: Registered = Registered::new(NAME, 3, "invalid evidence");
pub static EVIDENCE_EXISTS: Registered = Registered::new(NAME, 5, "evidence already exists");
