//! Signatures that were verified already: once per transaction, from CheckTx to FinalizeBlock.
//!
//! A verification is remembered with everything it depended on. It is used again only where all of that is the same, so what the memory holds
//! never changes a result, only when the work is done.

use std::sync::Mutex;

use iz_core::{Address, Chain, Result};
use iz_proto::Any;

use crate::{
    decode::CheckedTx,
    public_key::PublicKey,
    sign::{self, SignerData},
    signature::SignatureData,
};

/// What one verification found, and what it depended on.
#[derive(Clone, Debug)]
struct Entry {
    index: usize,
    account_number: u64,
    sequence: u64,
    key: Any,
    result: Result<()>,
}

/// The memory of one transaction's verifications.
#[derive(Debug, Default)]
pub struct Verified(Mutex<Vec<Entry>>);

impl Verified {
    /// Verifies signature `index` of `tx`, unless that was done before for the same signer data.
    pub fn verify(
        &self,
        index: usize,
        key: &PublicKey,
        signer: &SignerData<'_>,
        signature: &SignatureData,
        tx: &CheckedTx,
        chain: &Chain,
    ) -> Result<()> {
        if let Some(result) = self.remembered(index, signer) {
            return result;
        }
        let result = key.verify(signature, &mut |mode| sign::bytes(mode, signer, tx, chain));
        let entry = Entry {
            index,
            account_number: signer.account_number,
            sequence: signer.sequence,
            key: signer.public_key.clone(),
            result: result.clone(),
        };
        if let Ok(mut entries) = self.0.lock() {
            // one signer's data can change a few times at most while the transaction waits; do not collect more
            entries.retain(|old| old.index != index);
            entries.push(entry);
        }
        result
    }

    fn remembered(&self, index: usize, signer: &SignerData<'_>) -> Option<Result<()>> {
        let entries = self.0.lock().ok()?;
        let same = |entry: &&Entry| {
            entry.index == index
                && entry.account_number == signer.account_number
                && entry.sequence == signer.sequence
                && entry.key == *signer.public_key
        };
        entries.iter().find(same).map(|entry| entry.result.clone())
    }
}

/// What is known of a signer before the transaction runs.
pub struct KnownSigner {
    pub account_number: u64,
    pub public_key: Option<Any>,
}

/// Verifies the signatures of `tx` before its turn, on any thread. `look_up` tells what the state knows of a signer now; if the
/// guess is wrong, the ante chain verifies again.
pub fn verify_ahead(
    tx: &CheckedTx,
    verified: &Verified,
    chain_id: &str,
    chain: &Chain,
    look_up: impl Fn(&Address) -> Option<KnownSigner>,
) {
    let (Ok(signers), Ok(signatures)) = (tx.signers(), tx.signatures()) else { return };
    if signers.len() != signatures.len() || signers.len() != tx.raw.signatures.len() {
        return;
    }
    for (index, (address, signature)) in signers.iter().zip(&signatures).enumerate() {
        let Some(signature) = signature else { continue };
        let Some(known) = look_up(address) else { continue };
        let given = tx.keys.get(index).and_then(Option::as_ref);
        let (key, any) = match (&known.public_key, given) {
            (Some(any), _) => match PublicKey::from_any(any) {
                Ok(key) => (key, any.clone()),
                Err(_) => continue,
            },
            (None, Some(key)) => (key.clone(), key.to_any()),
            (None, None) => continue,
        };
        let signer = SignerData {
            chain_id,
            address: chain.addresses.account(address),
            account_number: known.account_number,
            sequence: tx.auth_info.signer_infos.get(index).map_or(0, |info| info.sequence),
            public_key: &any,
        };
        // the result is kept in `verified`; what it is matters only when the transaction runs
        let _ = verified.verify(index, &key, &signer, signature, tx, chain);
    }
}
