//! An epoch as it is stored: every moment and span is written, also when it is zero.

use iz_core::{Error, Result, Timestamp};
use iz_proto::{Duration, cosmos::epochs::v1beta1::EpochInfo};

/// An epoch that has not begun; it starts with the chain.
#[must_use]
pub fn fresh(identifier: &str, seconds: i64) -> EpochInfo {
    EpochInfo {
        identifier: identifier.to_owned(),
        start_time: Some(Timestamp::ZERO.into()),
        duration: Some(Duration { seconds, nanos: 0 }),
        current_epoch: 0,
        current_epoch_start_time: Some(Timestamp::ZERO.into()),
        epoch_counting_started: false,
        current_epoch_start_height: 0,
    }
}

/// When the counter starts.
#[must_use]
pub fn start_time(epoch: &EpochInfo) -> Timestamp {
    epoch.start_time.as_ref().map_or(Timestamp::ZERO, Timestamp::from)
}

/// When the present epoch started, by the counter's own reckoning.
#[must_use]
pub fn current_start_time(epoch: &EpochInfo) -> Timestamp {
    epoch.current_epoch_start_time.as_ref().map_or(Timestamp::ZERO, Timestamp::from)
}

/// The epoch with all that Go writes.
#[must_use]
pub fn complete(mut epoch: EpochInfo) -> EpochInfo {
    epoch.start_time = Some(start_time(&epoch).into());
    epoch.current_epoch_start_time = Some(current_start_time(&epoch).into());
    epoch.duration = Some(epoch.duration.unwrap_or_default());
    epoch
}

/// `EpochInfo.Validate`.
pub fn validate(epoch: &EpochInfo) -> Result<()> {
    let failed = |text: &str| Err(Error::plain(text));
    if epoch.identifier.is_empty() {
        return failed("epoch identifier should NOT be empty");
    }
    if epoch.duration.as_ref().is_none_or(|span| span.seconds == 0 && span.nanos == 0) {
        return failed("epoch duration should NOT be 0");
    }
    if epoch.current_epoch < 0 {
        return failed("epoch CurrentEpoch must be non-negative");
    }
    if epoch.current_epoch_start_height < 0 {
        return failed("epoch CurrentEpochStartHeight must be non-negative");
    }
    Ok(())
}
