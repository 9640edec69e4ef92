//! Step 12: the fee goes from its payer, or from whoever granted it, to the fee collector.

use iz_core::{Coin, Coins, Context, Dec, Event, Int, Result, coin, errors::sdk};
use iz_modules::{auth, bank, feegrant, fees, module_accounts::FEE_COLLECTOR};

use super::{Ante, is_simulation};
use crate::decode::nil_pointer;

pub(super) fn run(ante: &Ante<'_>, context: &mut Context) -> Result<()> {
    let gas = ante.tx.gas_limit()?;
    if !is_simulation(context) && context.height() > 0 && gas == 0 {
        return Err(sdk::INVALID_GAS_LIMIT.wrap("must provide positive gas"));
    }
    if ante.tx.fee_has_nil() {
        // only a recheck comes here with one; the others were refused before
        return Err(nil_pointer());
    }
    let fee = ante.tx.fee_coins()?;
    let worth = fees::keeper::accept(context, fee)?;
    if context.mode.is_check() {
        check_minimum(ante, fee, worth, gas)?;
    }
    deduct(ante, context, fee)
}

/// What this node asks for before a transaction may enter its mempool. Where other coins are accepted, what they are worth counts.
fn check_minimum(ante: &Ante<'_>, fee: &Coins, worth: Option<Coin>, gas: u64) -> Result<()> {
    let prices = &ante.settings.min_gas_prices;
    if prices.is_zero() {
        return Ok(());
    }
    let gas = Dec::from_int(Int::from(gas));
    let required = prices.iter().map(|price| {
        let amount = price.amount.mul(gas)?.ceil()?.round_int()?;
        coin::validate_denom(&price.denom)?;
        Ok(Coin::new(price.denom.clone(), amount))
    });
    let required = Coins::from_list(required.collect::<Result<_>>()?);
    let enough = |offered: &Coins| offered.is_any_gte(&required);
    if enough(fee) || worth.is_some_and(|worth| enough(&Coins::one(worth))) {
        Ok(())
    } else {
        Err(sdk::INSUFFICIENT_FEE.wrap(format!("insufficient fees; got: {fee} required: {required}")))
    }
}

fn deduct(ante: &Ante<'_>, context: &mut Context, fee: &Coins) -> Result<()> {
    let chain = context.chain.clone();
    let payer = ante.tx.fee_payer(&chain)?;
    let mut from = payer.clone();
    if let Some(granter) = ante.tx.fee_granter(&chain)? {
        if granter != payer {
            let messages =
                ante.tx.messages.iter().map(|message| message.type_url.clone()).collect::<Vec<_>>();
            feegrant::keeper::use_granted_fees(context, &granter, &payer, fee, &messages).map_err(
                |error| {
                    // Go prints the raw bytes of both addresses here
                    let text =
                        |address: &iz_core::Address| String::from_utf8_lossy(address.as_bytes()).into_owned();
                    error.wrap(format!("{} does not allow to pay fees for {}", text(&granter), text(&payer)))
                },
            )?;
        }
        from = granter;
    }
    if auth::keeper::account(context, &from)?.is_none() {
        let raw = String::from_utf8_lossy(from.as_bytes()).into_owned();
        return Err(sdk::UNKNOWN_ADDRESS.wrap(format!("fee payer address: {raw} does not exist")));
    }
    if !fee.is_zero() {
        if !fee.is_valid() {
            return Err(sdk::INSUFFICIENT_FEE.wrap(format!("invalid fee amount: {fee}")));
        }
        bank::keeper::send_coins_from_account_to_module(context, &from, FEE_COLLECTOR, fee)
            .map_err(|error| error.recast(&sdk::INSUFFICIENT_FUNDS))?;
    }
    let payer = context.addresses().account(&from);
    context.emit(Event::new("tx").with("fee", fee.to_string()).with("fee_payer", payer));
    Ok(())
}
