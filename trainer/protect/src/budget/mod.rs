//! A lifetime's privacy budget: what was spent, and the refusal to spend more.
//!
//! Every use of a person's data is written down before it happens, in a file that is replaced as a whole and whose lines are chained by
//! hashes. What would take the total beyond the allowance is refused and not written. The total is that of the accountant over
//! everything that was ever spent, so it grows far slower than the sum of the parts.

mod ledger;
mod spending;

pub use ledger::{Allowance, BudgetError, Ledger};
pub use spending::{Spending, total};
