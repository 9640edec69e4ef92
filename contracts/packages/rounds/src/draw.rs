//! Drawing a committee by stake, without reading all candidates: their stakes are kept as running totals, a random point is found
//! by bisection, and the stakes of those drawn before are stepped over, so nothing has to be drawn again.

use crate::Digest;
use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DrawError {
    #[error("{candidates} candidates for {seats} seats")]
    TooFewCandidates { candidates: u32, seats: u8 },
    #[error("the running totals of stake do not rise at candidate {index}")]
    TotalsDoNotRise { index: u32 },
}

/// Uniform numbers from a seed, in the order they are asked for.
#[derive(Debug, Clone)]
pub struct Stream {
    seed: Digest,
    counter: u64,
}

impl Stream {
    pub fn new(seed: Digest, purpose: &str) -> Self {
        Self { seed: Digest::of(purpose, &[&seed.0]), counter: 0 }
    }

    fn next(&mut self) -> u128 {
        let block = Digest::of("stream", &[&self.seed.0, &self.counter.to_be_bytes()]);
        self.counter += 1;
        block.0[..16].iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }

    /// A number below `bound`, which is not zero; zero below zero. Numbers in the last, incomplete stretch are dropped, which
    /// makes it exactly uniform; for stakes below 2¹⁰⁰ that happens once in 2²⁸ times.
    pub fn below(&mut self, bound: u128) -> u128 {
        if bound == 0 {
            return 0;
        }
        let excess = (u128::MAX % bound + 1) % bound;
        loop {
            let number = self.next();
            if number <= u128::MAX - excess {
                return number % bound;
            }
        }
    }
}

/// Draws `seats` of `candidates`, each next one with probability stake over the stake of those not drawn yet. `total_up_to(i)` is the
/// stake of candidates 0 to i together; it must rise with i. At most `seats` × (log₂ `candidates` + 2) totals are asked for.
pub fn committee<E: From<DrawError>>(
    seed: Digest,
    seats: u8,
    candidates: u32,
    mut total_up_to: impl FnMut(u32) -> Result<u128, E>,
) -> Result<Vec<u32>, E> {
    if candidates < u32::from(seats) {
        return Err(DrawError::TooFewCandidates { candidates, seats }.into());
    }
    let mut stream = Stream::new(seed, "committee");
    let mut order = Vec::with_capacity(seats.into());
    // stretches of stake that are taken: (start, length), by start
    let mut taken: Vec<(u128, u128)> = Vec::with_capacity(seats.into());
    let Some(last) = candidates.checked_sub(1) else {
        return Ok(order);
    };
    let total = total_up_to(last)?;
    let mut left = total;
    while order.len() < usize::from(seats) {
        let mut point = stream.below(left);
        for (start, length) in &taken {
            if *start <= point {
                point += length;
            }
        }
        let (mut low, mut high) = (0, last);
        while low < high {
            let middle = low + (high - low) / 2;
            if total_up_to(middle)? > point {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let start = match low.checked_sub(1) {
            Some(before) => total_up_to(before)?,
            None => 0,
        };
        let length = total_up_to(low)?
            .checked_sub(start)
            .filter(|length| *length > 0 && *length <= left)
            .ok_or(DrawError::TotalsDoNotRise { index: low })?;
        let place = taken.partition_point(|(other, _)| *other < start);
        taken.insert(place, (start, length));
        left -= length;
        order.push(low);
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn totals(stakes: &[u64]) -> Vec<u128> {
        stakes
            .iter()
            .scan(0, |sum, stake| {
                *sum += u128::from(*stake);
                Some(*sum)
            })
            .collect()
    }

    fn draw(seed: u64, seats: u8, stakes: &[u64]) -> Vec<u32> {
        let totals = totals(stakes);
        let seed = Digest::of("test", &[&seed.to_be_bytes()]);
        committee::<DrawError>(seed, seats, stakes.len() as u32, |index| Ok(totals[index as usize])).unwrap()
    }

    /// The same draw with the whole list in hand: one ticket after the other, the drawn ones taken out.
    fn naive(seed: u64, seats: u8, stakes: &[u64]) -> Vec<u32> {
        let mut stream = Stream::new(Digest::of("test", &[&seed.to_be_bytes()]), "committee");
        let mut rest: Vec<(u32, u64)> =
            stakes.iter().copied().enumerate().map(|(i, s)| (i as u32, s)).collect();
        let mut order = Vec::new();
        for _ in 0..seats {
            let total = rest.iter().map(|(_, stake)| u128::from(*stake)).sum();
            let mut point = stream.below(total);
            let place = rest
                .iter()
                .position(|(_, stake)| match point.checked_sub(u128::from(*stake)) {
                    Some(less) => {
                        point = less;
                        false
                    }
                    None => true,
                })
                .unwrap();
            order.push(rest.remove(place).0);
        }
        order
    }

    proptest! {
        #[test]
        fn bisection_draws_whom_the_whole_list_draws(
            seed in any::<u64>(),
            stakes in proptest::collection::vec(1..1_000_u64, 1..80),
            seats in 1..32_u8,
        ) {
            let seats = seats.min(stakes.len() as u8);
            prop_assert_eq!(draw(seed, seats, &stakes), naive(seed, seats, &stakes));
        }
    }

    #[test]
    fn a_seat_follows_stake() {
        let stakes = [1, 2, 3, 4];
        let mut first = [0_u32; 4];
        for seed in 0..10_000 {
            first[draw(seed, 1, &stakes)[0] as usize] += 1;
        }
        for (count, stake) in first.iter().zip(stakes) {
            let expected = 1_000 * stake as u32;
            assert!(count.abs_diff(expected) < 200, "{first:?}");
        }
    }

    #[test]
    fn splitting_a_stake_does_not_change_how_much_of_it_is_drawn_first() {
        let (mut whole, mut split) = (0, 0);
        for seed in 0..10_000 {
            whole += u32::from(draw(seed, 1, &[50, 50])[0] == 0);
            split += u32::from(draw(seed, 1, &[10, 10, 10, 10, 10, 50])[0] < 5);
        }
        assert!(whole.abs_diff(split) < 300, "{whole} {split}");
    }

    #[test]
    fn one_who_holds_nearly_all_takes_one_seat() {
        let mut order = draw(7, 3, &[1, u64::MAX, 1]);
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2]);
    }

    #[test]
    fn totals_that_do_not_rise_are_an_error() {
        let seed = Digest::default();
        assert_eq!(
            committee::<DrawError>(seed, 3, 2, |_| Ok(1)),
            Err(DrawError::TooFewCandidates { candidates: 2, seats: 3 })
        );
        assert!(matches!(
            committee::<DrawError>(seed, 2, 2, |_| Ok(0)),
            Err(DrawError::TotalsDoNotRise { .. })
        ));
        assert!(committee::<DrawError>(seed, 2, 2, |_| Ok(5)).is_err());
        assert_eq!(committee::<DrawError>(seed, 0, 0, |_| Ok(5)), Ok(vec![]));
    }
}
