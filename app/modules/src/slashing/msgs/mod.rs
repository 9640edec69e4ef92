//! Messages of slashing.

mod unjail;
mod update_params;

pub use iz_proto::cosmos::slashing::v1beta1::{MsgUnjail, MsgUpdateParams};
