//! Step 16: sequences and signatures.

use iz_core::{Context, Error, Mode, Result, errors::sdk};

use super::{Ante, account_key, is_simulation, signer_account, signer_at};
use crate::sign::SignerData;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    if ante.tx.body.unordered {
        return Err(sdk::NOT_SUPPORTED.wrap("unordered transactions are not enabled"));
    }
    let signatures = ante.tx.signatures()?;
    let signers = ante.tx.signers()?;
    if signatures.len() != signers.len() {
        let why = format!("invalid number of signer;  expected: {}, got {}", signers.len(), signatures.len());
        return Err(sdk::UNAUTHORIZED.wrap(why));
    }
    for (index, signature) in signatures.iter().enumerate() {
        let address = signer_at(signers, index)?;
        let account = signer_account(context, address)?;
        let key = account_key(&account)?;
        if !is_simulation(context) && key.is_none() {
            return Err(sdk::INVALID_PUB_KEY.wrap("pubkey on account is not set"));
        }
        let sequence = signature.as_ref().map_or(0, |_| ante.tx.auth_info.signer_infos[index].sequence);
        if sequence != account.sequence() {
            let why = format!("account sequence mismatch, expected {}, got {sequence}", account.sequence());
            return Err(sdk::WRONG_SEQUENCE.wrap(why));
        }
        if is_simulation(context) || context.mode == Mode::Recheck {
            continue;
        }
        // Go takes the keys of all signer infos into the bytes to sign, and looks into them without asking whether they are there
        if ante.tx.auth_info.signer_infos.iter().any(|info| info.public_key.is_none()) {
            return Err(Error::panic("runtime error: invalid memory address or nil pointer dereference"));
        }
        // genesis transactions are signed before accounts have numbers
        let account_number = if context.height() == 0 { 0 } else { account.number() };
        let (Some(key), Some(public_key)) = (&key, account.base.pub_key.as_ref()) else { continue };
        let Some(signature) = signature else {
            return Err(sdk::UNAUTHORIZED.wrap(mismatch(
                account_number,
                context,
                "unexpected SignatureData <nil>",
            )));
        };
        let signer = SignerData {
            chain_id: &context.block.chain_id,
            address: context.addresses().account(address),
            account_number,
            sequence,
            public_key,
        };
        if let Err(why) = ante.verified.verify(index, key, &signer, signature, ante.tx, &context.chain) {
            if why.is_panic() {
                return Err(why);
            }
            let text = if signature.is_all_amino() {
                format!(
                    "signature verification failed; please verify account number ({account_number}), sequence ({}) and chain-id ({})",
                    account.sequence(),
                    context.block.chain_id
                )
            } else {
                mismatch(account_number, context, why.log())
            };
            return Err(sdk::UNAUTHORIZED.wrap(text));
        }
    }
    Ok(())
}

fn mismatch(account_number: u64, context: &Context, why: &str) -> String {
    let chain_id = &context.block.chain_id;
    format!(
        "signature verification failed; please verify account number ({account_number}) and chain-id ({chain_id}): ({why})"
    )
}
