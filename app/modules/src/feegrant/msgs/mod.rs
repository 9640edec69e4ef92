//! Messages of the feegrant module.

mod grant_allowance;
mod prune_allowances;
mod revoke_allowance;

pub use iz_proto::cosmos::feegrant::v1beta1::{MsgGrantAllowance, MsgPruneAllowances, MsgRevokeAllowance};
