//! Step 8: what can be said of a transaction without looking at state.

use iz_core::{Context, Error, Mode, Result, errors::sdk};

use super::Ante;

/// The most gas a transaction may ask for.
const MAX_GAS: u64 = (1 << 63) - 1;

pub(super) fn run(ante: &Ante<'_>, context: &Context) -> Result<()> {
    if context.mode == Mode::Recheck {
        return Ok(());
    }
    let tx = ante.tx;
    let fee = tx.auth_info.fee.as_ref().ok_or_else(|| Error::plain("missing fee"))?;
    if fee.gas_limit > MAX_GAS {
        return Err(sdk::INVALID_REQUEST.wrap(format!("invalid gas supplied; {} > {MAX_GAS}", fee.gas_limit)));
    }
    if tx.fee_has_nil() {
        return Err(sdk::INSUFFICIENT_FEE.wrap("invalid fee provided: null"));
    }
    let coins = tx.fee_coins()?;
    if coins.is_any_negative() {
        return Err(sdk::INSUFFICIENT_FEE.wrap(format!("invalid fee provided: {coins}")));
    }
    if !fee.payer.is_empty()
        && let Err(why) = context.addresses().parse_account(&fee.payer)
    {
        return Err(sdk::INVALID_ADDRESS.wrap(format!("Invalid fee payer address ({why})")));
    }
    let given = tx.raw.signatures.len();
    if given == 0 {
        return Err((&sdk::NO_SIGNATURES).into());
    }
    let expected = tx.signers()?.len();
    if given != expected {
        return Err(
            sdk::UNAUTHORIZED.wrap(format!("wrong number of signers; expected {expected}, got {given}"))
        );
    }
    Ok(())
}
