//! Parameters of governance: their defaults, and what they may be.

use std::str::FromStr;

use iz_core::{Chain, Dec, Error, Result, duration};
use iz_proto::cosmos::{base::v1beta1::Coin as WireCoin, gov::v1::Params};

use crate::convert::coins_from_proto;

const DAY: i64 = 86_400;
const BOND_DENOM: &str = "stake";

#[must_use]
pub fn default() -> Params {
    let stake = |amount: &str| vec![WireCoin { denom: BOND_DENOM.to_owned(), amount: amount.to_owned() }];
    let thousandths = |value| Dec::with_places(value, 3).to_string();
    Params {
        min_deposit: stake("10000000"),
        max_deposit_period: Some(duration::seconds(2 * DAY)),
        voting_period: Some(duration::seconds(2 * DAY)),
        quorum: thousandths(334),
        threshold: thousandths(500),
        veto_threshold: thousandths(334),
        min_initial_deposit_ratio: thousandths(0),
        proposal_cancel_ratio: thousandths(500),
        proposal_cancel_dest: String::new(),
        expedited_voting_period: Some(duration::seconds(DAY)),
        expedited_threshold: thousandths(667),
        expedited_min_deposit: stake("50000000"),
        burn_vote_quorum: false,
        burn_proposal_deposit_prevote: false,
        burn_vote_veto: true,
        min_deposit_ratio: thousandths(10),
    }
}

/// `Params.ValidateBasic`, in its order.
pub fn validate(params: &Params, chain: &Chain) -> Result<()> {
    validate_deposits(params)?;
    validate_thresholds(params)?;
    validate_periods(params)?;
    let initial =
        ratio(&params.min_initial_deposit_ratio, "invalid mininum initial deposit ratio of proposal")?;
    within(
        initial,
        "mininum initial deposit ratio of proposal must be positive",
        "mininum initial deposit ratio of proposal is too large",
    )?;
    let cancel = ratio(&params.proposal_cancel_ratio, "invalid burn rate of cancel proposal")?;
    within(
        cancel,
        "burn rate of cancel proposal must be positive",
        "burn rate of cancel proposal is too large",
    )?;
    let destination = &params.proposal_cancel_dest;
    if !destination.is_empty() && chain.addresses.parse_account(destination).is_err() {
        return refuse(format!("deposits destination address is invalid: {destination}"));
    }
    Ok(())
}

fn validate_deposits(params: &Params) -> Result<()> {
    let least = coins_from_proto(&params.min_deposit)?;
    if least.is_empty() || !least.is_valid() {
        return refuse(format!("invalid minimum deposit: {least}"));
    }
    let expedited = coins_from_proto(&params.expedited_min_deposit)?;
    if expedited.is_empty() || !expedited.is_valid() {
        return refuse(format!("invalid expedited minimum deposit: {expedited}"));
    }
    if expedited.is_all_lte(&least) {
        return refuse(format!(
            "expedited minimum deposit must be greater than minimum deposit: {expedited}"
        ));
    }
    let Some(period) = &params.max_deposit_period else {
        return refuse("maximum deposit period must not be nil: 0");
    };
    let period = duration::nanos(Some(period));
    if period <= 0 {
        return refuse(format!("maximum deposit period must be positive: {period}"));
    }
    Ok(())
}

fn validate_thresholds(params: &Params) -> Result<()> {
    let quorum = ratio(&params.quorum, "invalid quorum string")?;
    if quorum.is_negative() {
        return refuse(format!("quorom cannot be negative: {quorum}"));
    }
    if quorum > Dec::one() {
        return refuse(format!("quorom too large: {}", params.quorum));
    }
    let threshold = positive_part(&params.threshold, "invalid threshold string", "vote threshold")?;
    let expedited = positive_part(
        &params.expedited_threshold,
        "invalid expedited threshold string",
        "expedited vote threshold",
    )?;
    if expedited <= threshold {
        return refuse(format!(
            "expedited vote threshold {expedited}, must be greater than the regular threshold {threshold}"
        ));
    }
    positive_part(&params.veto_threshold, "invalid vetoThreshold string", "veto threshold")?;
    Ok(())
}

fn validate_periods(params: &Params) -> Result<()> {
    let Some(voting) = &params.voting_period else {
        return refuse("voting period must not be nil: 0");
    };
    let voting = duration::nanos(Some(voting));
    if voting <= 0 {
        return refuse(format!("voting period must be positive: {}", duration::go_string(voting)));
    }
    let Some(expedited) = &params.expedited_voting_period else {
        return refuse("expedited voting period must not be nil: 0");
    };
    let expedited = duration::nanos(Some(expedited));
    if expedited <= 0 {
        return refuse(format!(
            "expedited voting period must be positive: {}",
            duration::go_string(expedited)
        ));
    }
    if expedited >= voting {
        return refuse(format!(
            "expedited voting period {} must be strictly less that the regular voting period {}",
            duration::go_string(expedited),
            duration::go_string(voting)
        ));
    }
    Ok(())
}

fn ratio(text: &str, name: &str) -> Result<Dec> {
    Dec::from_str(text).map_err(|error| error.obscure(|log| format!("{name}: {log}")))
}

fn positive_part(text: &str, unreadable: &str, name: &str) -> Result<Dec> {
    let value = ratio(text, unreadable)?;
    if !value.is_positive() {
        return Err(Error::plain(format!("{name} must be positive: {value}")));
    }
    if value > Dec::one() {
        return Err(Error::plain(format!("{name} too large: {value}")));
    }
    Ok(value)
}

fn within(value: Dec, negative: &str, too_large: &str) -> Result<()> {
    if value.is_negative() {
        return refuse(format!("{negative}: {value}"));
    }
    if value > Dec::one() {
        return refuse(format!("{too_large}: {value}"));
    }
    Ok(())
}

fn refuse(text: impl Into<String>) -> Result<()> {
    Err(Error::plain(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn the_defaults_are_those_of_a_fresh_chain_and_valid() {
        let chain = testing::context().chain;
        let params = default();
        validate(&params, &chain).unwrap();
        assert_eq!(params.quorum, "0.334000000000000000");
        assert_eq!(params.min_initial_deposit_ratio, "0.000000000000000000");
    }

    #[test]
    fn what_is_wrong_is_said_in_the_words_of_the_sdk() {
        let chain = testing::context().chain;
        let log = |change: fn(&mut Params)| {
            let mut params = default();
            change(&mut params);
            validate(&params, &chain).unwrap_err().log().to_owned()
        };
        assert_eq!(log(|params| params.min_deposit.clear()), "invalid minimum deposit: ");
        assert_eq!(log(|params| params.quorum = "1.1".into()), "quorom too large: 1.1");
        assert_eq!(
            log(|params| params.threshold = String::new()),
            "invalid threshold string: decimal string cannot be empty"
        );
        assert_eq!(
            log(|params| params.expedited_voting_period = params.voting_period),
            "expedited voting period 48h0m0s must be strictly less that the regular voting period 48h0m0s"
        );
        assert_eq!(
            log(|params| params.proposal_cancel_dest = "nobody".into()),
            "deposits destination address is invalid: nobody"
        );
    }
}
