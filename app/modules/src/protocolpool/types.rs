//! Continuous funds and settings, as Go checks and stores them.

use iz_core::{Dec, Error, Result, Timestamp, coin::validate_denom};
use iz_proto::cosmos::protocolpool::v1::{ContinuousFund, Params};

/// What a fund is paid.
pub fn percentage(fund: &ContinuousFund) -> Result<Dec> {
    Dec::from_wire(&fund.percentage)
}

/// `ContinuousFund.Validate`.
pub fn validate_fund(fund: &ContinuousFund) -> Result<()> {
    if fund.recipient.is_empty() {
        return Err(Error::plain("recipient cannot be empty"));
    }
    let percentage = percentage(fund)?;
    if percentage.is_zero() {
        return Err(Error::plain("percentage cannot be zero or empty"));
    }
    if percentage.is_negative() {
        return Err(Error::plain("percentage cannot be negative"));
    }
    if percentage > Dec::one() {
        return Err(Error::plain("percentage cannot be greater than one"));
    }
    Ok(())
}

/// A fund that is never paid again.
#[must_use]
pub fn is_expired(fund: &ContinuousFund, now: Timestamp) -> bool {
    fund.expiry.as_ref().is_some_and(|expiry| Timestamp::from(expiry) < now)
}

/// The fund with its percentage as Go writes it.
pub fn complete(mut fund: ContinuousFund) -> Result<ContinuousFund> {
    fund.percentage = percentage(&fund)?.to_wire();
    Ok(fund)
}

/// `Params.Validate`.
pub fn validate_params(params: &Params) -> Result<()> {
    for (place, denom) in params.enabled_distribution_denoms.iter().enumerate() {
        validate_denom(denom)?;
        if params.enabled_distribution_denoms[..place].contains(denom) {
            return Err(Error::plain(format!("duplicate enabled distribution denom {denom}")));
        }
    }
    if params.distribution_frequency == 0 {
        return Err(Error::plain("DistributionFrequency must be greater than 0"));
    }
    Ok(())
}
