//! Transactions in direct sign mode.

use iz_proto::Any;
use iz_proto::cosmos::crypto::secp256k1::PubKey;
use iz_proto::cosmos::tx::signing::v1beta1::SignMode;
use iz_proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
use iz_proto::cosmos::tx::v1beta1::{AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw};
use prost::{Message, Name};
use sha2::{Digest as _, Sha256};

use crate::{Account, Coin};

/// A message as transactions carry it.
pub fn any<M: Message + Name>(message: &M) -> Any {
    Any { type_url: M::type_url(), value: message.encode_to_vec() }
}

/// What is signed.
pub(crate) struct Draft<'a> {
    pub messages: &'a [Any],
    pub memo: &'a str,
    pub timeout_height: u64,
    pub fee: Vec<Coin>,
    pub gas: u64,
    pub sequence: u64,
}

impl Draft<'_> {
    fn parts(&self, account: &Account) -> (Vec<u8>, Vec<u8>) {
        let body = TxBody {
            messages: self.messages.to_vec(),
            memo: self.memo.as_bytes().to_vec(),
            timeout_height: self.timeout_height,
            ..TxBody::default()
        };
        let public_key = PubKey { key: account.public_key() };
        let signer = SignerInfo {
            public_key: Some(any(&public_key)),
            mode_info: Some(ModeInfo { sum: Some(Sum::Single(Single { mode: SignMode::Direct.into() })) }),
            sequence: self.sequence,
        };
        let fee = Fee { amount: self.fee.clone(), gas_limit: self.gas, ..Fee::default() };
        let auth = AuthInfo { signer_infos: vec![signer], fee: Some(fee), ..AuthInfo::default() };
        (body.encode_to_vec(), auth.encode_to_vec())
    }

    pub(crate) fn sign(&self, account: &Account, chain_id: &str, number: u64) -> Vec<u8> {
        let (body, auth) = self.parts(account);
        let document = SignDoc {
            body_bytes: body.clone(),
            auth_info_bytes: auth.clone(),
            chain_id: chain_id.to_owned(),
            account_number: number,
        };
        raw(body, auth, account.sign(&document.encode_to_vec()))
    }

    /// For simulation, which looks at no signature.
    pub(crate) fn unsigned(&self, account: &Account) -> Vec<u8> {
        let (body, auth) = self.parts(account);
        raw(body, auth, Vec::new())
    }
}

fn raw(body: Vec<u8>, auth: Vec<u8>, signature: Vec<u8>) -> Vec<u8> {
    TxRaw { body_bytes: body.into(), auth_info_bytes: auth.into(), signatures: vec![signature.into()] }
        .encode_to_vec()
}

/// How a transaction is found again.
pub(crate) fn hash_of(transaction: &[u8]) -> String {
    hex::encode_upper(Sha256::digest(transaction))
}
