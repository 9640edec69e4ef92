//! Names of governance's events and their attributes.

pub const SUBMIT_PROPOSAL: &str = "submit_proposal";
pub const PROPOSAL_DEPOSIT: &str = "proposal_deposit";
pub const PROPOSAL_VOTE: &str = "proposal_vote";
pub const INACTIVE_PROPOSAL: &str = "inactive_proposal";
pub const ACTIVE_PROPOSAL: &str = "active_proposal";
pub const CANCEL_PROPOSAL: &str = "cancel_proposal";

pub const RESULT: &str = "proposal_result";
pub const VOTER: &str = "voter";
pub const OPTION: &str = "option";
pub const PROPOSAL_ID: &str = "proposal_id";
pub const DEPOSITOR: &str = "depositor";
pub const MESSAGES: &str = "proposal_messages";
pub const VOTING_PERIOD_START: &str = "voting_period_start";
pub const LOG: &str = "proposal_log";
pub const PROPOSER: &str = "proposal_proposer";

/// Values of [`RESULT`].
pub mod result {
    pub const DROPPED: &str = "proposal_dropped";
    pub const PASSED: &str = "proposal_passed";
    pub const REJECTED: &str = "proposal_rejected";
    pub const EXPEDITED_REJECTED: &str = "expedited_proposal_rejected";
    pub const FAILED: &str = "proposal_failed";
}
