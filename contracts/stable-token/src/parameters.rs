//! The bounds within which the constitution may set parameters. It cannot close redemption with them.

use cosmwasm_std::Uint128;
use iz_contract_math::bps_floor;
use iz_contract_types::stable_token::{FlowLimit, Parameters};

use crate::error::ContractError;

/// A thousand ZERO.
const LEAST_REDEEMED: Uint128 = Uint128::new(1_000_000_000);
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// What may flow in a period.
pub fn capacity(limit: &FlowLimit, supply: Uint128) -> Uint128 {
    limit.amount.max(bps_floor(supply, limit.supply_bps))
}

pub fn check(parameters: &Parameters) -> Result<(), ContractError> {
    let Parameters {
        buffer_bps,
        mint_fee_bps,
        redeem_fee_bps,
        early_exit_fee_bps,
        issue_limit,
        redeem_limit,
        epoch_seconds,
        price_max_age_seconds,
    } = parameters;
    let period = HOUR..=DAY;
    let bounds = [
        ("buffer_bps", (500..=10_000).contains(buffer_bps)),
        ("mint_fee_bps", *mint_fee_bps <= 100),
        ("redeem_fee_bps", *redeem_fee_bps <= 100),
        ("early_exit_fee_bps", *early_exit_fee_bps <= 200),
        ("issue_limit", issue_limit.supply_bps <= 10_000 && period.contains(&issue_limit.period_seconds)),
        // at least a twentieth of all ZERO a day, and so much that the last of a queue is paid in the end
        (
            "redeem_limit",
            (500..=10_000).contains(&redeem_limit.supply_bps)
                && redeem_limit.amount >= LEAST_REDEEMED
                && period.contains(&redeem_limit.period_seconds),
        ),
        ("redeem_limit below issue_limit", !slower(redeem_limit, issue_limit)),
        ("epoch_seconds", (HOUR..=7 * DAY).contains(epoch_seconds)),
        ("price_max_age_seconds", (HOUR..=7 * DAY).contains(price_max_age_seconds)),
    ];
    match bounds.into_iter().find(|(_, holds)| !holds) {
        Some((name, _)) => Err(ContractError::BadParameter(name)),
        None => Ok(()),
    }
}

/// Whether one limit lets less through in the same time than another.
fn slower(limit: &FlowLimit, other: &FlowLimit) -> bool {
    let (own, others) = (Uint128::from(limit.period_seconds), Uint128::from(other.period_seconds));
    limit.amount.full_mul(others) < other.amount.full_mul(own)
        || others * Uint128::from(limit.supply_bps) < own * Uint128::from(other.supply_bps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redemption_is_never_slower_than_issuing() {
        let limit = |amount, supply_bps, period_seconds| FlowLimit {
            amount: Uint128::new(amount),
            supply_bps,
            period_seconds,
        };
        assert!(!slower(&limit(100, 500, HOUR), &limit(100, 500, HOUR)));
        assert!(slower(&limit(100, 500, 2 * HOUR), &limit(100, 500, HOUR)));
        assert!(slower(&limit(99, 500, HOUR), &limit(100, 500, HOUR)));
        assert!(slower(&limit(100, 499, HOUR), &limit(100, 500, HOUR)));
        assert!(!slower(&limit(u128::MAX, 10_000, HOUR), &limit(u128::MAX, 10_000, DAY)));
    }
}
