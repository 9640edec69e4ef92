//! Step 13: keys must belong to their signers; an account's first transaction puts its key on the account.

use base64::{Engine, engine::general_purpose::STANDARD};
use iz_core::{Context, Event, Result, errors::sdk};
use iz_modules::auth::keeper;

use super::{Ante, is_simulation, signer_account, signer_at, simulated_key};

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let empty = |key: &iz_proto::Any| key.type_url.is_empty();
    if ante.tx.auth_info.signer_infos.iter().any(|info| info.public_key.as_ref().is_some_and(empty)) {
        return Err(sdk::LOGIC.wrap("Expecting PubKey, got: <nil>"));
    }
    // Go returns no context with this error, and with it loses the meter
    let signers = ante.tx.signers().inspect_err(|_| ante.meter_lost.set(true))?;
    for (index, given) in ante.tx.keys.iter().enumerate() {
        let signer = signer_at(signers, index)?;
        let simulated;
        let key = match given {
            Some(key) => key,
            None if is_simulation(context) => {
                simulated = simulated_key();
                &simulated
            }
            None => continue,
        };
        if !is_simulation(context) && key.address()? != *signer {
            let text = context.addresses().account(signer);
            let why = format!("pubKey does not match signer address {text} with signer index: {index}");
            return Err(sdk::INVALID_PUB_KEY.wrap(why));
        }
        let mut account = signer_account(context, signer)?;
        if account.base.pub_key.is_some() {
            continue;
        }
        account.base.pub_key = Some(key.to_any());
        keeper::set_account(context, signer, &account)?;
    }
    emit(ante, context)
}

/// Lets indexers find the transaction by account and sequence, and by signature.
fn emit(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let signers = ante.tx.signers()?;
    for (index, signature) in ante.tx.signatures()?.iter().enumerate() {
        if !ante.tx.body.unordered {
            let signer = context.addresses().account(signer_at(signers, index)?);
            // where the mode is missing, Go does not look at the sequence either
            let sequence = signature.as_ref().map_or(0, |_| ante.tx.auth_info.signer_infos[index].sequence);
            context.emit(Event::new("tx").with("acc_seq", format!("{signer}/{sequence}")));
        }
        let Some(signature) = signature else { return Err(iz_core::Error::plain("got empty SignatureData")) };
        for raw in signature.raw()? {
            context.emit(Event::new("tx").with("signature", STANDARD.encode(raw)));
        }
    }
    Ok(())
}
