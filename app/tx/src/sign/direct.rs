//! `SIGN_MODE_DIRECT`: over the very bytes of body and auth info that were sent.

use iz_proto::cosmos::tx::v1beta1::SignDoc;
use prost::Message;

use super::SignerData;
use crate::decode::CheckedTx;

pub(super) fn bytes(signer: &SignerData<'_>, tx: &CheckedTx) -> Vec<u8> {
    let document = SignDoc {
        body_bytes: tx.raw.body.clone().into(),
        auth_info_bytes: tx.raw.auth_info.clone().into(),
        chain_id: signer.chain_id.to_owned(),
        account_number: signer.account_number,
    };
    document.encode_to_vec()
}
