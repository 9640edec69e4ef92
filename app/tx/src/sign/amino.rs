//! `SIGN_MODE_LEGACY_AMINO_JSON`: over a sorted JSON text, which Ledger devices and older wallets show their users.

use iz_core::{Error, Result};
use iz_modules::canonical;
use iz_proto::{
    amino_json::{SignDoc, sign_bytes},
    cosmos::tx::v1beta1::TxBody,
    unknown_fields::reject_unknown_fields,
};
use prost::Name;

use super::SignerData;
use crate::decode::CheckedTx;

pub(super) fn bytes(signer: &SignerData<'_>, tx: &CheckedTx) -> Result<Vec<u8>> {
    reject_unknown_fields(&TxBody::full_name(), &tx.raw.body, false).map_err(Error::plain)?;
    let body = &tx.body;
    if !body.extension_options.is_empty() || !body.non_critical_extension_options.is_empty() {
        return Err(Error::plain(
            "SIGN_MODE_LEGACY_AMINO_JSON does not support protobuf extension options: invalid request",
        ));
    }
    // Go signs over what it has read and written again: messages in its own encoding, amounts as decimal digits
    let messages = body.messages.iter().map(canonical::any).collect::<Vec<_>>();
    let mut fee = tx.fee()?.clone();
    for (coin, checked) in fee.amount.iter_mut().zip(tx.fee_coins()?) {
        coin.amount = checked.amount.to_string();
    }
    let document = SignDoc {
        account_number: signer.account_number,
        sequence: signer.sequence,
        chain_id: signer.chain_id,
        memo: &body.memo,
        fee: &fee,
        messages: &messages,
        timeout_height: body.timeout_height,
        unordered: body.unordered,
        timeout_timestamp: body.timeout_timestamp.as_ref(),
    };
    sign_bytes(&document).map_err(|error| Error::plain(error.to_string()))
}
