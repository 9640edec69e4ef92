//! Messages of the consensus module.

mod update_params;

pub use iz_proto::cosmos::consensus::v1::MsgUpdateParams;
