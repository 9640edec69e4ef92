//! Sign modes: which bytes a signature is over.

mod amino;
mod direct;
mod direct_aux;

use iz_core::{Chain, Error, Result};
use iz_proto::Any;

use crate::{decode::CheckedTx, signature::SignMode};

/// What a signer's bytes depend on besides the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerData<'a> {
    pub chain_id: &'a str,
    /// bech32 of the account.
    pub address: String,
    pub account_number: u64,
    pub sequence: u64,
    /// The key on the account.
    pub public_key: &'a Any,
}

/// The bytes that a signature in `mode` is over.
pub fn bytes(mode: SignMode, signer: &SignerData<'_>, tx: &CheckedTx, chain: &Chain) -> Result<Vec<u8>> {
    match mode {
        SignMode::Direct => Ok(direct::bytes(signer, tx)),
        SignMode::LegacyAminoJson => amino::bytes(signer, tx),
        SignMode::DirectAux => direct_aux::bytes(signer, tx, chain),
        SignMode::Textual => Err(Error::plain("unsupported sign mode SIGN_MODE_TEXTUAL")),
        SignMode::Other(0) => Err(Error::plain("unsupported sign mode SIGN_MODE_UNSPECIFIED")),
        SignMode::Other(191) => Err(Error::plain("unsupported sign mode SIGN_MODE_EIP_191")),
        SignMode::Other(other) => Err(Error::plain(format!("unsupported sign mode {other}"))),
    }
}
