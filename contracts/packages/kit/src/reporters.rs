//! M of N reporters: who they are, and how many must agree.

use cosmwasm_std::{Addr, Api, StdError, StdResult};
use thiserror::Error;

pub const MOST_REPORTERS: usize = 16;

#[derive(Error, Debug, PartialEq)]
pub enum ReportersError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error("between 1 and {most} reporters, each once")]
    List { most: usize },
    #[error("the threshold {threshold} is not more than half of {reporters} reporters, or more than all")]
    Threshold { threshold: u32, reporters: usize },
}

/// The reporters' addresses, sorted.
pub fn check(api: &dyn Api, names: &[String], threshold: u32) -> Result<Vec<Addr>, ReportersError> {
    let mut sorted = names.iter().map(|name| api.addr_validate(name)).collect::<StdResult<Vec<_>>>()?;
    sorted.sort();
    sorted.dedup();
    if sorted.is_empty() || sorted.len() != names.len() || sorted.len() > MOST_REPORTERS {
        return Err(ReportersError::List { most: MOST_REPORTERS });
    }
    // with half or fewer, two values could both be agreed on
    let needed = threshold as usize;
    if needed.saturating_mul(2) <= sorted.len() || needed > sorted.len() {
        return Err(ReportersError::Threshold { threshold, reporters: sorted.len() });
    }
    Ok(sorted)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::testing::MockApi;

    use super::*;

    #[test]
    fn more_than_half_agree_and_nobody_counts_twice() {
        let api = MockApi::default();
        let names = |count: usize| -> Vec<String> {
            (0..count).map(|index| api.addr_make(&format!("reporter {index}")).into()).collect()
        };
        for (count, threshold, good) in [
            (1, 1, true),
            (2, 1, false),
            (2, 2, true),
            (3, 2, true),
            (5, 2, false),
            (5, 6, false),
            (16, 9, true),
        ] {
            assert_eq!(check(&api, &names(count), threshold).is_ok(), good, "{threshold} of {count}");
        }
        let list = Err(ReportersError::List { most: MOST_REPORTERS });
        assert_eq!(check(&api, &[], 1), list);
        assert_eq!(check(&api, &names(17), 9), list);
        let twice = [names(1), names(1)].concat();
        assert_eq!(check(&api, &twice, 2), list);
        assert!(check(&api, &["nobody".into()], 1).is_err());
    }
}
