//! How long something may be paused: seven days at a time, a day between two pauses, fourteen days in any ninety.
//!
//! A pause that begins at `t` may last what is left of fourteen days over the ninety days before `t`. Then no window of ninety days
//! has more: one that ends within the pause, at `t + s`, holds at most what the window before `t` held, and `s`.

pub const DAY: u64 = 86_400;
const LONGEST: u64 = 7 * DAY;
const BUDGET: u64 = 14 * DAY;
const WINDOW: u64 = 90 * DAY;
const GAP: u64 = DAY;

/// Pauses so far, from and until, in order; old ones may be missing.
pub type Pauses = Vec<(u64, u64)>;

pub fn paused_until(pauses: &Pauses, now: u64) -> Option<u64> {
    pauses.last().filter(|(from, until)| (*from..*until).contains(&now)).map(|(_, until)| *until)
}

/// Seconds of the last ninety days that were paused.
pub fn used(pauses: &Pauses, now: u64) -> u64 {
    let start = now.saturating_sub(WINDOW);
    pauses.iter().map(|(from, until)| until.min(&now).saturating_sub(*from.max(&start))).sum()
}

/// The longest pause that may begin now.
pub fn available(pauses: &Pauses, now: u64) -> u64 {
    let rested = pauses.last().is_none_or(|(_, until)| until.saturating_add(GAP) <= now);
    if rested { BUDGET.saturating_sub(used(pauses, now)).min(LONGEST) } else { 0 }
}

/// Adds a pause of available length, and forgets those that no longer count.
pub fn begin(pauses: &mut Pauses, now: u64, seconds: u64) {
    pauses.retain(|(_, until)| *until > now.saturating_sub(WINDOW));
    pauses.push((now, now.saturating_add(seconds)));
}

/// Ends the present pause.
pub fn end(pauses: &mut Pauses, now: u64) {
    if let Some((_, until)) = pauses.last_mut() {
        *until = (*until).min(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// D5, hour by hour: whatever a guardian does, no ninety days have more than fourteen paused, no pause is longer than seven.
    #[test]
    fn no_window_of_ninety_days_has_more_than_fourteen_paused() {
        const HOUR: u64 = 3_600;
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let mut fullest = 0;
        for _ in 0..20 {
            let mut pauses = Pauses::new();
            let mut hours: Vec<bool> = Vec::new();
            let eager = random.random_range(1..200);
            for hour in 0..24 * 400 {
                let now = 1_000_000_000 + hour * HOUR;
                if paused_until(&pauses, now).is_some() {
                    if random.random_range(0..500) == 0 {
                        end(&mut pauses, now);
                    }
                } else if random.random_range(0..eager) == 0 {
                    let seconds = available(&pauses, now) / HOUR * HOUR;
                    let seconds = if random.random() { seconds } else { seconds.min(30 * HOUR) };
                    if seconds > 0 {
                        begin(&mut pauses, now, seconds);
                    }
                }
                hours.push(paused_until(&pauses, now).is_some());
            }
            let mut sum = 0;
            let mut run = 0;
            for hour in 0..hours.len() {
                sum += u64::from(hours[hour]);
                if hour >= 24 * 90 {
                    sum -= u64::from(hours[hour - 24 * 90]);
                }
                run = if hours[hour] { run + 1 } else { 0 };
                assert!(sum <= 24 * 14, "{sum} hours of ninety days");
                assert!(run <= 24 * 7, "{run} hours at a stretch");
                fullest = fullest.max(sum);
            }
        }
        assert!(fullest > 24 * 13, "the budget was used up: {fullest} hours");
    }

    #[test]
    fn a_pause_ends_by_itself_and_leaves_a_day_before_the_next() {
        let mut pauses = Pauses::new();
        let start = 1_000 * DAY;
        assert_eq!(available(&pauses, start), LONGEST);
        begin(&mut pauses, start, LONGEST);
        assert_eq!(paused_until(&pauses, start + LONGEST - 1), Some(start + LONGEST));
        assert_eq!(paused_until(&pauses, start + LONGEST), None);
        assert_eq!(available(&pauses, start + LONGEST + DAY - 1), 0);
        assert_eq!(available(&pauses, start + LONGEST + DAY), LONGEST);
        begin(&mut pauses, start + 8 * DAY, LONGEST);
        assert_eq!(available(&pauses, start + 20 * DAY), 0);
        assert_eq!(available(&pauses, start + 93 * DAY), 3 * DAY);
    }
}
