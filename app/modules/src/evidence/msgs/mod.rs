//! Messages of evidence.

mod submit_evidence;

pub use iz_proto::cosmos::evidence::v1beta1::MsgSubmitEvidence;
