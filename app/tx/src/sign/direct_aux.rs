//! `SIGN_MODE_DIRECT_AUX`: for signers who do not pay; over the body but not over the fee.

use iz_core::{Chain, Error, Result};
use iz_proto::cosmos::tx::v1beta1::SignDocDirectAux;
use prost::Message;

use super::SignerData;
use crate::decode::CheckedTx;

pub(super) fn bytes(signer: &SignerData<'_>, tx: &CheckedTx, chain: &Chain) -> Result<Vec<u8>> {
    let named = &tx.fee()?.payer;
    let payer = if named.is_empty() {
        let first = tx.messages.first().and_then(|message| message.handler.as_ref());
        let signers = first.ok_or_else(|| Error::plain("no signer found"))?.signers(chain)?;
        signers.first().map(|address| chain.addresses.account(address)).unwrap_or_default()
    } else {
        named.clone()
    };
    if payer == signer.address {
        return Err(Error::plain(format!(
            "fee payer {payer} cannot sign with SIGN_MODE_DIRECT_AUX: unauthorized"
        )));
    }
    let document = SignDocDirectAux {
        body_bytes: tx.raw.body.clone().into(),
        public_key: Some(signer.public_key.clone()),
        chain_id: signer.chain_id.to_owned(),
        account_number: signer.account_number,
        sequence: signer.sequence,
        ..SignDocDirectAux::default()
    };
    Ok(document.encode_to_vec())
}
