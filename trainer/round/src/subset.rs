//! Which values of an update a round sends. Where a recipe asks for it, large tensors send some of their columns only: fewer bytes a round. The
//! columns follow from the round, so they are the same for all clients, and sums stay sums; no client chooses what it shows.
//!
//! Columns, not rows: every unit of a layer learns a little in every round, from some of what it sees, rather than some units all. And since
//! each value has its turn once in many rounds only, its steps can be longer by as much (`pace`). With both, a layer that sends one of 16
//! values learns as fast as one that sends all (`trainer/learn`).

use std::ops::Range;

use iz_rounds_machine::{Digest, draw::Stream};
use serde::{Deserialize, Serialize};

use crate::weights::{Layout, TensorShape};

/// What large tensors send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subset {
    /// One of so many columns: places in a row, all further dimensions taken together.
    pub part: u32,
    /// Of tensors that have more values than this.
    pub above: u32,
    /// Steps on what such tensors send are so many times as long as others. It travels divided by this, so that it is clipped and rounded like
    /// the rest.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub pace: u32,
}

/// Longer steps than this are a mistake.
const MAX_PACE: u32 = 1 << 10;

const fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_one(pace: &u32) -> bool {
    *pace == 1
}

/// The values that a round sends, by their places in an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    tensors: Vec<Sent>,
    dimension: usize,
    pace: u32,
}

/// What is sent of one tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sent {
    places: Range<usize>,
    /// Of each column whether it is sent; empty where all are.
    columns: Vec<bool>,
}

impl Sent {
    const fn whole(places: Range<usize>) -> Self {
        Self { places, columns: Vec::new() }
    }

    fn has(&self, place: usize) -> bool {
        let Some(column) = place.wrapping_sub(self.places.start).checked_rem(self.columns.len()) else {
            return true;
        };
        self.columns.get(column).copied().unwrap_or(false)
    }

    fn sent(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.clone().filter(|place| self.has(*place))
    }

    fn count(&self) -> usize {
        let width = self.columns.len();
        let kept = self.columns.iter().filter(|sent| **sent).count();
        self.places.len().checked_div(width).map_or(self.places.len(), |rows| rows * kept)
    }
}

impl Subset {
    pub(crate) const fn is_possible(self) -> bool {
        self.part > 0 && self.pace > 0 && self.pace <= MAX_PACE
    }

    /// The columns that a tensor has and sends; none where it is sent whole.
    fn columns(self, tensor: &TensorShape) -> Option<(usize, usize)> {
        let rows = *tensor.shape.first().filter(|rows| tensor.shape.len() > 1 && **rows > 0)?;
        let count = tensor.count()?;
        let large = count > usize::try_from(self.above).unwrap_or(usize::MAX);
        let width = count / rows;
        (large && width > 0).then(|| (width, width.div_ceil(usize::try_from(self.part).unwrap_or(1).max(1))))
    }

    /// How many values of a layout are sent, in whatever round.
    #[must_use]
    pub fn count(self, layout: &Layout) -> usize {
        let sent = |tensor: &TensorShape| {
            let count = tensor.count().unwrap_or(0);
            self.columns(tensor).map_or(count, |(width, sent)| count / width * sent)
        };
        layout.0.iter().map(sent).sum()
    }

    /// The columns of a round, by its seed.
    #[must_use]
    pub fn draw(self, layout: &Layout, seed: Digest) -> Selection {
        // a name from when rows were drawn; the records of `trainer/learn` were made with it
        let mut stream = Stream::new(seed, "rows");
        let mut drawn = |(tensor, places): (&TensorShape, Range<usize>)| {
            let Some((width, sent)) = self.columns(tensor) else { return Sent::whole(places) };
            let mut order: Vec<usize> = (0..width).collect();
            for first in 0..sent {
                let other = first + stream.below((width - first) as u128) as usize;
                order.swap(first, other);
            }
            let mut columns = vec![false; width];
            for column in order.into_iter().take(sent) {
                columns[column] = true;
            }
            Sent { places, columns }
        };
        let tensors = layout.ranges().map(&mut drawn).collect();
        Selection { tensors, dimension: layout.count(), pace: self.pace }
    }
}

impl Selection {
    /// All values.
    #[must_use]
    pub fn whole(dimension: usize) -> Self {
        Self { tensors: vec![Sent::whole(0..dimension)], dimension, pace: 1 }
    }

    /// The places that are sent, in ascending order, with the pace of each.
    pub fn places(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.tensors.iter().flat_map(|tensor| {
            let pace = if tensor.columns.is_empty() { 1 } else { self.pace };
            tensor.sent().map(move |place| (place, pace))
        })
    }

    /// How many values are sent.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tensors.iter().map(Sent::count).sum()
    }

    /// By how much steps on tensors that are sent in part are longer.
    #[must_use]
    pub const fn pace(&self) -> u32 {
        self.pace
    }

    /// The columns of each tensor that are sent; none where it is sent whole.
    #[must_use]
    pub fn columns(&self, layout: &Layout) -> Vec<Option<Vec<u32>>> {
        let told = |(_, places): (&TensorShape, Range<usize>)| {
            let tensor = self.tensors.iter().find(|tensor| tensor.places == places)?;
            let columns = (0u32..).zip(&tensor.columns).filter(|(_, sent)| **sent).map(|(column, _)| column);
            (!tensor.columns.is_empty()).then(|| columns.collect())
        };
        layout.ranges().map(told).collect()
    }

    /// What these columns are, told as `columns` tells them. None where not each tensor is told of, where one has no columns, not so many, or
    /// where they do not ascend; nor at a pace that a recipe cannot have.
    #[must_use]
    pub fn of_columns(layout: &Layout, told: &[Option<Vec<u32>>], pace: u32) -> Option<Self> {
        if told.len() != layout.0.len() || !(Subset { part: 1, above: 0, pace }).is_possible() {
            return None;
        }
        let mut tensors = Vec::new();
        for ((tensor, places), columns) in layout.ranges().zip(told) {
            let Some(columns) = columns else {
                tensors.push(Sent::whole(places));
                continue;
            };
            let width = places.len().checked_div(*tensor.shape.first()?).filter(|width| *width > 0)?;
            if !columns.is_sorted_by(|one, other| one < other) {
                return None;
            }
            let mut sent = vec![false; width];
            for column in columns {
                *sent.get_mut(usize::try_from(*column).ok()?)? = true;
            }
            tensors.push(Sent { places, columns: sent });
        }
        Some(Self { tensors, dimension: layout.count(), pace })
    }

    /// The values of an update that are sent, as they travel. Of an update of another dimension none are: it is refused by their number.
    #[must_use]
    pub fn gather(&self, update: &[f32]) -> Vec<f32> {
        if update.len() != self.dimension {
            return Vec::new();
        }
        self.places()
            .map(|(place, pace)| update.get(place).copied().unwrap_or_default() / pace as f32)
            .collect()
    }

    /// Makes a gradient one that a learner follows which leaves what is not sent as it is: zeros there, and elsewhere its pace.
    pub fn hold(&self, gradient: &mut [f32]) {
        for tensor in self.tensors.iter().filter(|tensor| !tensor.columns.is_empty()) {
            for place in tensor.places.clone() {
                if let Some(value) = gradient.get_mut(place) {
                    *value *= if tensor.has(place) { self.pace as f32 } else { 0.0 };
                }
            }
        }
    }

    /// The values that were sent at their places, as they travel, and zeros elsewhere.
    #[must_use]
    pub fn scatter(&self, values: &[f32]) -> Vec<f32> {
        let mut update = vec![0.0; self.dimension];
        for ((place, _), value) in self.places().zip(values) {
            if let Some(found) = update.get_mut(place) {
                *found = *value;
            }
        }
        update
    }

    /// What changes by an update as it travels.
    #[must_use]
    pub fn changes(&self, travelled: &[f64]) -> Vec<f64> {
        let mut changes = vec![0.0; self.dimension];
        for (place, pace) in self.places() {
            if let (Some(change), Some(value)) = (changes.get_mut(place), travelled.get(place)) {
                *change = *value * f64::from(pace);
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout(shapes: &[&[usize]]) -> Layout {
        let tensor = |(index, shape): (usize, &&[usize])| TensorShape {
            name: format!("t{index}"),
            shape: shape.to_vec(),
        };
        Layout::new(shapes.iter().enumerate().map(tensor)).unwrap()
    }

    fn seed(number: u64) -> Digest {
        Digest::of("test", &[&number.to_be_bytes()])
    }

    proptest! {
        #[test]
        fn what_is_sent_comes_back_and_nothing_else_changes(rows in 1usize..20, width in 1usize..40, part in 1u32..9, above in 0u32..400, pace in 1u32..20, number: u64) {
            let layout = layout(&[&[rows], &[rows, width], &[3, 2, width], &[]]);
            let subset = Subset { part, above, pace };
            let selection = subset.draw(&layout, seed(number));
            prop_assert_eq!(selection.count(), subset.count(&layout));
            // no value is zero
            let update: Vec<f32> = (0..layout.count()).map(|place| place as f32 + 1.0).collect();
            let sent = selection.gather(&update);
            prop_assert_eq!(sent.len(), selection.count());
            let told = selection.columns(&layout);
            prop_assert_eq!(Selection::of_columns(&layout, &told, pace), Some(selection.clone()));
            prop_assert_eq!(Selection::of_columns(&layout, &told[1..], pace), None);
            let mut held = update.clone();
            selection.hold(&mut held);
            prop_assert_eq!(held.iter().filter(|value| **value != 0.0).count(), sent.len());
            // the slow way: value by value
            let travelled = selection.scatter(&sent);
            let doubles: Vec<f64> = travelled.iter().map(|value| f64::from(*value)).collect();
            let changes = selection.changes(&doubles);
            for ((tensor, range), told) in layout.ranges().zip(told) {
                let wide = tensor.shape.iter().skip(1).product::<usize>();
                let partly = tensor.shape.len() > 1 && range.len() as u32 > above;
                prop_assert_eq!(told.as_ref().map(Vec::len), partly.then(|| wide.div_ceil(part as usize)));
                for (within, place) in range.enumerate() {
                    let sent = told.as_ref().is_none_or(|told| told.contains(&((within % wide) as u32)));
                    let (pace, own) = (if partly { pace as f32 } else { 1.0 }, if sent { update[place] } else { 0.0 });
                    prop_assert_eq!(held[place], own * pace);
                    prop_assert_eq!(travelled[place], own / pace);
                    prop_assert!((changes[place] - f64::from(own)).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn rounds_differ_and_every_column_has_its_turn() {
        let layout = layout(&[&[4, 32]]);
        let subset = Subset { part: 8, above: 100, pace: 1 };
        let draw = |number| subset.draw(&layout, seed(number));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let mut turns = [0; 32];
        for number in 0..800 {
            for (place, _) in draw(number).places().take(4) {
                turns[place] += 1;
            }
        }
        // 100 each on average, nine or ten the deviation
        assert!(turns.iter().all(|count| (50..150).contains(count)), "{turns:?}");
    }

    #[test]
    fn columns_that_are_not_there_are_refused() {
        let layout = layout(&[&[3, 2], &[4], &[]]);
        let of =
            |told: &[u32], pace| Selection::of_columns(&layout, &[Some(told.to_vec()), None, None], pace);
        assert!(of(&[0, 1], 1).is_some() && of(&[1], 1 << 10).is_some());
        for (told, pace) in
            [(&[2][..], 1), (&[u32::MAX], 1), (&[1, 1], 1), (&[1, 0], 1), (&[0], 0), (&[0], 1025)]
        {
            assert_eq!(of(told, pace), None, "{told:?} {pace}");
        }
        // a number has no columns; a list has one
        assert_eq!(Selection::of_columns(&layout, &[None, None, Some(vec![0])], 1), None);
        assert!(Selection::of_columns(&layout, &[None, Some(vec![0]), None], 1).is_some());
    }

    #[test]
    fn an_update_of_another_dimension_is_not_sent() {
        let selection = Selection::whole(4);
        assert_eq!(selection.gather(&[1.0; 4]), [1.0; 4]);
        assert!(selection.gather(&[1.0; 5]).is_empty() && selection.gather(&[1.0; 3]).is_empty());
        assert_eq!(selection.scatter(&[2.0]), [2.0, 0.0, 0.0, 0.0]);
    }
}
