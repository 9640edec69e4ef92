//! Which clients are included, from what the members say they hold.
//!
//! A client counts if a quorum of the committee holds its upload and a share that opens. That alone is not enough: a sum is over the
//! whole set, so at least `threshold` members must hold every share of it, and clients that each cheat one other member could
//! prevent it. Such clients are the ones with the fewest witnesses; they are left out one by one until the sums can be made.
//! Members below a third cannot push an honest client under the quorum, nor lift one over it that honest members do not hold.

use crate::{Bitmap, quorum};

/// The largest set by that rule, or none if too few members hold anything. `members` is the size of the committee, not the number
/// that answered.
pub fn included(answers: &[Bitmap], members: u8, threshold: u8) -> Option<Bitmap> {
    let mut witnesses = [0_u8; Bitmap::BITS as usize];
    for answer in answers {
        for client in answer.indices() {
            witnesses[usize::from(client)] = witnesses[usize::from(client)].saturating_add(1);
        }
    }
    let mut set: Bitmap = (0..=u8::MAX)
        .filter(|client| quorum::reached(witnesses[usize::from(*client)].into(), members))
        .collect();
    loop {
        let whole = answers.iter().filter(|answer| set.is_subset_of(answer)).count();
        if whole >= usize::from(threshold) {
            return Some(set);
        }
        // the fewest witnesses; among equals the later client
        let weakest =
            set.indices().min_by_key(|client| (witnesses[usize::from(*client)], u8::MAX - client))?;
        set.remove(weakest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bitmap(clients: impl IntoIterator<Item = u8>) -> Bitmap {
        clients.into_iter().collect()
    }

    #[test]
    fn two_thirds_are_not_enough() {
        let answers = [bitmap([0, 1]), bitmap([0, 1]), bitmap([0])];
        assert_eq!(included(&answers, 3, 1), Some(bitmap([0])));
        assert_eq!(included(&answers[..2], 3, 1), Some(bitmap([])));
    }

    #[test]
    fn clients_who_each_cheat_another_member_are_left_out() {
        // seven members; clients 100 to 106 each give one member a share that does not open
        let answers: Vec<Bitmap> = (0..7_u8)
            .map(|member| bitmap((0..20).chain((100..107).filter(move |client| client - 100 != member))))
            .collect();
        let set = included(&answers, 7, 3).unwrap();
        assert!(bitmap(0..20).is_subset_of(&set));
        assert_eq!(set, bitmap((0..20).chain(100..104)));
    }

    #[test]
    fn with_too_few_answers_there_is_no_set() {
        assert_eq!(included(&[], 7, 3), None);
        assert_eq!(included(&[bitmap([1])], 7, 3), None);
    }

    proptest! {
        /// Colluders below a third: honest clients whom all honest members hold stay in unless clients cheat too; clients whom no
        /// honest member holds never get in; and the set can always be summed.
        #[test]
        fn a_minority_neither_censors_nor_smuggles(
            members in 1..=32_u8,
            lies in proptest::collection::vec(any::<[u8; 32]>(), 0..11),
            honest in any::<[u8; 32]>(),
        ) {
            let corrupt = members - quorum::needed(members);
            let lies = &lies[..lies.len().min(corrupt.into())];
            let honest = Bitmap(honest);
            let threshold = quorum::needed(members) - corrupt;
            let answers: Vec<Bitmap> = std::iter::repeat_n(honest, usize::from(members) - lies.len())
                .chain(lies.iter().map(|lie| Bitmap(*lie)))
                .collect();
            prop_assert_eq!(included(&answers, members, threshold), Some(honest));
        }

        /// Against a model that tries sets from the definition.
        #[test]
        fn the_set_is_the_first_that_can_be_summed(
            answers in proptest::collection::vec(proptest::collection::vec(0..12_u8, 0..12), 1..8),
            threshold in 1..4_u8,
        ) {
            let members = answers.len() as u8;
            let answers: Vec<Bitmap> = answers.into_iter().map(bitmap).collect();
            let count = |client: u8| answers.iter().filter(|answer| answer.contains(client)).count();
            let mut ranked: Vec<u8> = (0..12).filter(|client| 3 * count(*client) > 2 * answers.len()).collect();
            ranked.sort_by_key(|client| (std::cmp::Reverse(count(*client)), *client));
            let expected = (0..=ranked.len()).rev().map(|size| bitmap(ranked[..size].iter().copied())).find(|set| {
                answers.iter().filter(|answer| set.is_subset_of(answer)).count() >= usize::from(threshold)
            });
            prop_assert_eq!(included(&answers, members, threshold), expected);
        }
    }
}
