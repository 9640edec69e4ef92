//! Gas: what store access costs, and the meter that stops a transaction.

use crate::{Error, Result};

/// Costs of store access; every store of the chain has the same.
pub mod cost {
    pub const HAS: u64 = 1_000;
    pub const DELETE: u64 = 1_000;
    pub const READ_FLAT: u64 = 1_000;
    pub const READ_PER_BYTE: u64 = 3;
    pub const WRITE_FLAT: u64 = 2_000;
    pub const WRITE_PER_BYTE: u64 = 30;
    pub const ITERATE_NEXT: u64 = 30;
}

/// Names of the places where gas is spent, as they stand in the out-of-gas text.
pub mod location {
    pub const HAS: &str = "Has";
    pub const DELETE: &str = "Delete";
    pub const READ_FLAT: &str = "ReadFlat";
    pub const READ_PER_BYTE: &str = "ReadPerByte";
    pub const WRITE_FLAT: &str = "WriteFlat";
    pub const WRITE_PER_BYTE: &str = "WritePerByte";
    pub const ITERATE_NEXT: &str = "IterNextFlat";
    pub const VALUE_PER_BYTE: &str = "ValuePerByte";
}

/// How much may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Infinite,
    At(u64),
}

/// Counts what is spent, and refuses what goes beyond the limit. Spending exactly the limit is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GasMeter {
    limit: Limit,
    consumed: u64,
}

impl GasMeter {
    #[must_use]
    pub const fn infinite() -> Self {
        Self { limit: Limit::Infinite, consumed: 0 }
    }

    #[must_use]
    pub const fn with_limit(limit: u64) -> Self {
        Self { limit: Limit::At(limit), consumed: 0 }
    }

    #[must_use]
    pub const fn consumed(&self) -> u64 {
        self.consumed
    }

    #[must_use]
    pub const fn limit(&self) -> Limit {
        self.limit
    }

    /// What was consumed, but no more than the limit: what a parent meter is charged after an overrun.
    #[must_use]
    pub fn consumed_to_limit(&self) -> u64 {
        match self.limit {
            Limit::Infinite => self.consumed,
            Limit::At(limit) => self.consumed.min(limit),
        }
    }

    /// What is left; the largest number if there is no limit.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        match self.limit {
            Limit::Infinite => u64::MAX,
            Limit::At(limit) => limit.saturating_sub(self.consumed),
        }
    }

    /// Spends `amount`. The spending is recorded even when it goes beyond the limit: that figure is what the result reports.
    #[inline]
    pub fn consume(&mut self, amount: u64, location: &'static str) -> Result<()> {
        let Some(consumed) = self.consumed.checked_add(amount) else { return Err(self.overflow(location)) };
        self.consumed = consumed;
        match self.limit {
            Limit::At(limit) if consumed > limit => Err(Error::out_of_gas(location)),
            _ => Ok(()),
        }
    }

    #[cold]
    fn overflow(&mut self, location: &'static str) -> Error {
        self.consumed = u64::MAX;
        Error::panic(format!("{{{location}}}"))
    }

    /// Gives gas back; used only where Go does.
    pub fn refund(&mut self, amount: u64) {
        self.consumed = self.consumed.saturating_sub(amount);
    }

    /// `consumed >= limit`.
    #[must_use]
    pub fn is_out_of_gas(&self) -> bool {
        matches!(self.limit, Limit::At(limit) if self.consumed >= limit)
    }

    /// `consumed > limit`.
    #[must_use]
    pub fn is_past_limit(&self) -> bool {
        matches!(self.limit, Limit::At(limit) if self.consumed > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_may_be_spent_and_overruns_are_counted() {
        let mut meter = GasMeter::with_limit(10);
        assert!(meter.consume(10, location::HAS).is_ok());
        assert!(meter.is_out_of_gas() && !meter.is_past_limit());
        let error = meter.consume(5, location::READ_FLAT).unwrap_err();
        assert_eq!(error.out_of_gas_location(), Some("ReadFlat"));
        assert_eq!((meter.consumed(), meter.consumed_to_limit()), (15, 10));
    }
}
