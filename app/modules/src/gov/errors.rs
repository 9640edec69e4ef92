//! Errors of the gov module. Other modules use some of them: only governance may change their parameters.

use iz_core::Registered;

use super::NAME;

pub static INACTIVE_PROPOSAL: Registered = Registered::new(NAME, 3, "inactive proposal");
pub static INVALID_PROPOSAL_CONTENT: Registered = Registered::new(NAME, 5, "invalid proposal content");
pub static INVALID_PROPOSAL_TYPE: Registered = Registered::new(NAME, 6, "invalid proposal type");
pub static INVALID_VOTE: Registered = Registered::new(NAME, 7, "invalid vote option");
pub static NO_PROPOSAL_HANDLER_EXISTS: Registered =
    Registered::new(NAME, 9, "no handler exists for proposal type");
pub static UNROUTABLE_PROPOSAL_MSG: Registered =
    Registered::new(NAME, 10, "proposal message not recognized by router");
pub static NO_PROPOSAL_MSGS: Registered = Registered::new(NAME, 11, "no messages proposed");
pub static INVALID_PROPOSAL_MSG: Registered = Registered::new(NAME, 12, "invalid proposal message");
pub static INVALID_SIGNER: Registered =
    Registered::new(NAME, 13, "expected gov account as only signer for proposal message");
pub static METADATA_TOO_LONG: Registered = Registered::new(NAME, 15, "metadata too long");
pub static MIN_DEPOSIT_TOO_SMALL: Registered = Registered::new(NAME, 16, "minimum deposit is too small");
pub static INVALID_PROPOSER: Registered = Registered::new(NAME, 18, "invalid proposer");
pub static VOTING_PERIOD_ENDED: Registered = Registered::new(NAME, 20, "voting period already ended");
pub static INVALID_PROPOSAL: Registered = Registered::new(NAME, 21, "invalid proposal");
pub static SUMMARY_TOO_LONG: Registered = Registered::new(NAME, 22, "summary too long");
pub static INVALID_DEPOSIT_DENOM: Registered = Registered::new(NAME, 23, "invalid deposit denom");
