//! Packed Shamir sharing: several secrets are values of one polynomial, several of its other values are random, shares are further ones.
//!
//! Any `private` shares are uniform whatever the secrets are; any `packed + private` shares give the polynomial.

use super::field::{self, Element, PRIME};

/// The points and matrices of a committee.
#[derive(Clone)]
pub(super) struct Sharing {
    members: usize,
    packed: usize,
    /// Values that decide a polynomial: the secrets, then the random ones.
    basis: Vec<Element>,
    /// For each member the row that turns the basis values into its share.
    rows: Vec<Vec<Element>>,
}

impl Sharing {
    /// Members at 1, 2, …; secrets at −1, −2, …; random values at the points below.
    pub fn new(members: usize, packed: usize, private: usize) -> Self {
        let basis: Vec<Element> =
            (1..=packed + private).map(|place| (PRIME as usize - place) as Element).collect();
        let rows = (0..members).map(|member| weights(&basis, point(member))).collect();
        Self { members, packed, basis, rows }
    }

    pub fn members(&self) -> usize {
        self.members
    }

    /// The values that decide a polynomial.
    pub fn basis(&self) -> usize {
        self.basis.len()
    }

    /// A member's value of the polynomial with the given basis values.
    pub fn evaluate(&self, member: usize, basis: &[Element]) -> Element {
        self.rows.get(member).map_or(0, |row| field::dot(row, basis))
    }

    /// For each secret the row that turns the values of as many members as the basis has into it.
    pub fn opening(&self, members: &[usize]) -> Vec<Vec<Element>> {
        let points: Vec<Element> = members.iter().copied().map(point).collect();
        self.basis[..self.packed].iter().map(|secret| weights(&points, *secret)).collect()
    }

    /// Whether values lie on one polynomial.
    fn agree(&self, members: &[usize], word: &[Element]) -> bool {
        let (first, rest) = members.split_at(self.basis().min(members.len()));
        let points: Vec<Element> = first.iter().copied().map(point).collect();
        let known = &word[..first.len()];
        rest.iter()
            .zip(&word[first.len()..])
            .all(|(member, value)| field::dot(&weights(&points, point(*member)), known) == *value)
    }

    /// Which values of a word lie off the polynomial that most of them lie on, if at most half of the spare ones are off
    /// (Berlekamp and Welch).
    pub fn errors(&self, members: &[usize], word: &[Element]) -> Option<Vec<usize>> {
        let degree = self.basis();
        let spare = members.len().checked_sub(degree)?;
        for wrong in 0..=spare / 2 {
            // find E of degree `wrong`, monic, and Q of degree below degree + wrong with Q(x) = y E(x)
            let columns = degree + 2 * wrong;
            let mut rows: Vec<Vec<Element>> = members
                .iter()
                .zip(word)
                .map(|(member, value)| {
                    let place = point(*member);
                    let mut row = powers(place, degree + wrong);
                    row.extend(
                        powers(place, wrong)
                            .into_iter()
                            .map(|power| field::subtract(0, field::multiply(*value, power))),
                    );
                    row.push(field::multiply(*value, powers(place, wrong + 1).last().copied().unwrap_or(1)));
                    row
                })
                .collect();
            let Some(solution) = solve(&mut rows, columns) else { continue };
            let mut locator = solution[degree + wrong..].to_vec();
            locator.push(1);
            let off = |member: usize| field::dot(&locator, &powers(point(member), wrong + 1)) == 0;
            // with too many errors the equations have solutions that mean nothing: the rest must lie on one polynomial
            let (mut left, mut values) = (Vec::new(), Vec::new());
            for (member, value) in members.iter().zip(word).filter(|(member, _)| !off(**member)) {
                left.push(*member);
                values.push(*value);
            }
            if left.len() + wrong >= members.len() && self.agree(&left, &values) {
                return Some(members.iter().copied().filter(|member| off(*member)).collect());
            }
        }
        None
    }
}

fn point(member: usize) -> Element {
    (member + 1) as Element
}

fn powers(place: Element, count: usize) -> Vec<Element> {
    std::iter::successors(Some(1), |power| Some(field::multiply(*power, place))).take(count).collect()
}

/// The Lagrange weights that turn values at some points into the value at another.
fn weights(points: &[Element], at: Element) -> Vec<Element> {
    points
        .iter()
        .map(|here| {
            let others = points.iter().filter(|other| *other != here);
            let (over, under) = others.fold((1, 1), |(over, under), other| {
                (
                    field::multiply(over, field::subtract(at, *other)),
                    field::multiply(under, field::subtract(*here, *other)),
                )
            });
            field::multiply(over, field::invert(under))
        })
        .collect()
}

/// A solution of the linear equations whose last column is the right side, if there is one.
fn solve(rows: &mut [Vec<Element>], columns: usize) -> Option<Vec<Element>> {
    let mut pivots = Vec::new();
    let mut used = 0;
    for column in 0..columns {
        let Some(found) = (used..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(used, found);
        let scale = field::invert(rows[used][column]);
        for value in &mut rows[used] {
            *value = field::multiply(*value, scale);
        }
        let pivot = rows[used].clone();
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row[column];
            if index != used && factor != 0 {
                for (value, from) in row.iter_mut().zip(&pivot) {
                    *value = field::subtract(*value, field::multiply(factor, *from));
                }
            }
        }
        pivots.push(column);
        used += 1;
    }
    if rows[used..].iter().any(|row| row[columns] != 0) {
        return None;
    }
    let mut solution = vec![0; columns];
    for (row, column) in pivots.into_iter().enumerate() {
        solution[column] = rows[row][columns];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn element() -> impl Strategy<Value = Element> {
        0..PRIME as Element
    }

    proptest! {
        #[test]
        fn any_threshold_of_members_opens(values in prop::collection::vec(element(), 6), members in Just((0..8usize).collect::<Vec<_>>()).prop_shuffle()) {
            let sharing = Sharing::new(8, 4, 2);
            let members = &members[..6];
            let shares: Vec<Element> = members.iter().map(|member| sharing.evaluate(*member, &values)).collect();
            let opened: Vec<Element> = sharing.opening(members).iter().map(|row| field::dot(row, &shares)).collect();
            prop_assert_eq!(&opened[..], &values[..4]);
        }

        #[test]
        fn wrong_values_are_found(values in prop::collection::vec(element(), 5), wrong in prop::collection::btree_map(0usize..11, 1..PRIME as Element, 0..=3)) {
            let sharing = Sharing::new(11, 3, 2);
            let members: Vec<usize> = (0..11).collect();
            let word: Vec<Element> = members
                .iter()
                .map(|member| field::add(sharing.evaluate(*member, &values), wrong.get(member).copied().unwrap_or(0)))
                .collect();
            prop_assert_eq!(sharing.errors(&members, &word), Some(wrong.keys().copied().collect::<Vec<_>>()));
        }
    }

    #[test]
    fn more_wrong_values_than_can_be_told_are_admitted() {
        let sharing = Sharing::new(8, 4, 2);
        let members: Vec<usize> = (0..8).collect();
        let mut word: Vec<Element> =
            members.iter().map(|member| sharing.evaluate(*member, &[1, 2, 3, 4, 5, 6])).collect();
        word[0] ^= 1;
        word[1] ^= 1;
        assert_eq!(sharing.errors(&members, &word), None);
        assert_eq!(sharing.errors(&members[..6], &word[..6]), Some(vec![]));
        assert_eq!(sharing.errors(&members[..5], &word[..5]), None);
    }

    /// Every pair of two members' shares comes from exactly one pair of random values, for whatever secrets: so two members' shares are
    /// uniform and tell nothing.
    #[test]
    fn as_many_members_as_are_private_see_uniform_shares() {
        let sharing = Sharing::new(8, 4, 2);
        for one in 0..8usize {
            for other in one + 1..8 {
                let column = |member: usize, place: usize| sharing.rows[member][place];
                let determinant = field::subtract(
                    field::multiply(column(one, 4), column(other, 5)),
                    field::multiply(column(one, 5), column(other, 4)),
                );
                assert_ne!(determinant, 0, "{one} {other}");
            }
        }
    }
}
