//! A price reporter says what a settlement asset is worth. The reserve counts the lower median of fresh reports, at most a dollar; those
//! who bring the asset are credited the lowest, so that one reporter is enough to warn.

use cosmwasm_std::{Decimal, DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::reserve;
use crate::state::{CONFIG, PRICE_REPORTS, PriceReport, RESERVE};

pub fn report(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    denom: &str,
    price: Decimal,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    if !config.price_reporters.contains(&info.sender) {
        return Err(ContractError::NotReporter(info.sender.to_string()));
    }
    let mut holdings = RESERVE.load(deps.storage)?;
    let holding = reserve::find(&mut holdings, denom)?;

    let now = env.block.time.seconds();
    let oldest = now.saturating_sub(config.parameters.price_max_age_seconds);
    let mut reports = PRICE_REPORTS.may_load(deps.storage, denom)?.unwrap_or_default();
    reports.retain(|report| {
        report.reporter != info.sender
            && report.at >= oldest
            && config.price_reporters.contains(&report.reporter)
    });
    reports.push(PriceReport { reporter: info.sender.clone(), price, at: now });
    PRICE_REPORTS.save(deps.storage, denom, &reports)?;

    let needed = config.price_threshold as usize;
    if reports.len() >= needed {
        let mut times: Vec<u64> = reports.iter().map(|report| report.at).collect();
        times.sort_unstable_by(|a, b| b.cmp(a));
        let mut prices: Vec<Decimal> =
            reports.iter().map(|report| report.price.min(Decimal::one())).collect();
        prices.sort_unstable();
        let middle = (prices.len() - 1) / 2;
        if let (Some(lowest), Some(median), Some(since)) =
            (prices.first(), prices.get(middle), times.get(needed - 1))
        {
            holding.price = *median;
            holding.entry_price = *lowest;
            holding.fresh_until = since.saturating_add(config.parameters.price_max_age_seconds);
        }
    }
    let response = Response::new()
        .add_attribute("action", "report_reserve")
        .add_attribute("reporter", &info.sender)
        .add_attribute("denom", denom)
        .add_attribute("reported", price.to_string())
        .add_attribute("price", holding.price.to_string());
    RESERVE.save(deps.storage, &holdings)?;
    Ok(response)
}
