//! Keys of the group store: each kind of thing has a table and a sequence of ids.

/// Last id of a group.
pub const GROUP_SEQUENCE: &[u8] = &[0x01, 0x01];
/// Last number of a group policy.
pub const POLICY_SEQUENCE: &[u8] = &[0x21, 0x01];
/// Last id of a proposal.
pub const PROPOSAL_SEQUENCE: &[u8] = &[0x31, 0x01];
