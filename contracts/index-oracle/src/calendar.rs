//! Months counted from the year zero, and the seconds at which they begin (Gregorian, UTC).

use iz_contract_types::index_oracle::Period;

use crate::error::ContractError;

const DAY: u64 = 86_400;

/// Months since the year zero.
pub fn months(period: Period) -> Result<u32, ContractError> {
    if !(1970..=9998).contains(&period.year) || !(1..=12).contains(&period.month) {
        return Err(ContractError::BadPeriod(period));
    }
    Ok(u32::from(period.year) * 12 + u32::from(period.month) - 1)
}

pub fn period(months: u32) -> Period {
    // months come from `months` or from a block's time, so the year has four digits
    Period { year: u16::try_from(months / 12).unwrap_or(u16::MAX), month: (months % 12 + 1) as u8 }
}

/// Days from 1970-01-01 to the first of a month, for months from 1970 on.
fn days(months: u32) -> u64 {
    // years that begin in March, so that the leap day is their last
    let shifted = u64::from(months) - 2;
    let (year, month) = (shifted / 12, shifted % 12);
    let before = (153 * month + 2) / 5;
    year * 365 + year / 4 - year / 100 + year / 400 + before - 719_468
}

/// The second at which a month begins.
pub fn begins(months: u32) -> u64 {
    days(months) * DAY
}

/// The month of a second.
pub fn month_of(seconds: u64) -> u32 {
    // a mean month has 30.436875 days: off by at most one
    let guess = u32::try_from(seconds / 2_629_746).unwrap_or(u32::MAX / 2) + 1970 * 12;
    if begins(guess) > seconds {
        guess - 1
    } else if begins(guess + 1) <= seconds {
        guess + 1
    } else {
        guess
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_for_four_centuries() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut day = 0;
        for year in 1970u64..2400 {
            for month in 0..12u32 {
                let count = year as u32 * 12 + month;
                assert_eq!(begins(count), day * DAY, "{year}-{}", month + 1);
                let leap = month == 1 && (year % 4 == 0 && year % 100 != 0 || year % 400 == 0);
                day += lengths[month as usize] + u64::from(leap);
                assert_eq!(month_of(begins(count)), count);
                assert_eq!(month_of(day * DAY - 1), count);
                assert_eq!(months(period(count)).unwrap(), count);
            }
        }
    }

    #[test]
    fn a_month_is_between_1_and_12() {
        for (year, month) in [(2024, 0), (2024, 13), (1969, 12), (9999, 1)] {
            let period = Period { year, month };
            assert_eq!(months(period), Err(ContractError::BadPeriod(period)));
        }
    }
}
