//! What a round's work is worth to one who took part. Everything rounds down: the parts never exceed the whole.

use crate::parameters::SCALE;

/// A client's part of what a final round gives its clients: by its group's score, shared equally in the group. Groups are drawn at
/// random, so over many rounds the mean of a client's groups estimates the client.
pub fn client(reward: u128, group: usize, groups: &[Vec<u8>], scores: &[u32]) -> u128 {
    let total: u128 =
        groups.iter().zip(scores).map(|(members, score)| members.len() as u128 * u128::from(*score)).sum();
    match scores.get(group) {
        Some(score) if total > 0 => proportion(reward, u128::from(*score), total),
        _ => 0,
    }
}

/// An evaluator's part of what a final round gives its evaluators: a seat's, times its agreement.
pub fn evaluator(reward: u128, seats: u8, agreement: u32) -> u128 {
    seat(reward, seats).checked_mul(u128::from(agreement)).map_or_else(
        || seat(reward, seats) / u128::from(SCALE) * u128::from(agreement),
        |product| product / u128::from(SCALE),
    )
}

/// A seat's equal part.
pub fn seat(reward: u128, seats: u8) -> u128 {
    reward.checked_div(u128::from(seats)).unwrap_or(0)
}

/// `whole` × `part` / `total` rounded down, `part` at most `total` and `total` below 2⁶⁴: the quotient and the rest of the whole apart,
/// so that nothing overflows.
fn proportion(whole: u128, part: u128, total: u128) -> u128 {
    whole / total * part + whole % total * part / total
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_parts_never_exceed_the_whole(
            reward in any::<u128>(),
            groups in proptest::collection::vec((2..9_u8, 0..=SCALE), 1..32),
        ) {
            let (sizes, scores): (Vec<u8>, Vec<u32>) = groups.into_iter().unzip();
            let groups: Vec<Vec<u8>> = sizes.iter().map(|size| (0..*size).collect()).collect();
            let mut rest = reward;
            for (index, size) in sizes.iter().enumerate() {
                for _ in 0..*size {
                    rest = rest.checked_sub(client(reward, index, &groups, &scores)).unwrap();
                }
            }
            // what rounding leaves is less than one unit a client
            if scores.iter().any(|score| *score > 0) {
                prop_assert!(rest < sizes.iter().map(|size| u128::from(*size)).sum());
            } else {
                prop_assert_eq!(rest, reward);
            }
        }

        #[test]
        fn a_higher_score_is_worth_no_less(
            reward in 0..1_000_000_u128,
            scores in proptest::collection::vec(0..SCALE, 2..8),
        ) {
            let groups: Vec<Vec<u8>> = vec![vec![0, 1]; scores.len()];
            let mut higher = scores.clone();
            higher[0] += 1;
            prop_assert!(client(reward, 0, &groups, &higher) >= client(reward, 0, &groups, &scores));
        }

        #[test]
        fn evaluators_get_at_most_their_seats(reward in any::<u128>(), seats in 1..=32_u8, agreement in 0..=SCALE) {
            prop_assert!(evaluator(reward, seats, agreement) <= seat(reward, seats));
            prop_assert!(seat(reward, seats).checked_mul(u128::from(seats)).unwrap() <= reward);
        }
    }

    #[test]
    fn the_edges_do_not_overflow() {
        assert_eq!(evaluator(u128::MAX, 1, SCALE), u128::MAX / u128::from(SCALE) * u128::from(SCALE));
        assert_eq!(client(u128::MAX, 0, &[vec![0]], &[SCALE]), u128::MAX);
        assert_eq!(client(10, 7, &[vec![0]], &[SCALE]), 0);
        assert_eq!(seat(10, 0), 0);
    }
}
