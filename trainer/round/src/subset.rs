//! Which values of an update a round sends. Where a recipe asks for it, large tensors send some of their rows only: fewer bytes a round. The
//! rows follow from the round, so they are the same for all clients, and sums stay sums; no client chooses what it shows.

use std::ops::Range;

use iz_rounds_machine::{Digest, draw::Stream};
use serde::{Deserialize, Serialize};

use crate::weights::{Layout, TensorShape};

/// What large tensors send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subset {
    /// One of so many rows.
    pub part: u32,
    /// Of tensors that have more values than this.
    pub above: u32,
}

/// The values that a round sends, by their places in an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    ranges: Vec<Range<usize>>,
    dimension: usize,
}

impl Subset {
    /// The rows that a tensor has and sends; none where it is sent whole.
    fn rows(self, tensor: &TensorShape) -> Option<(usize, usize)> {
        let rows = *tensor.shape.first().filter(|_| tensor.shape.len() > 1)?;
        let large = tensor.count()? > usize::try_from(self.above).unwrap_or(usize::MAX);
        (large && rows > 0).then(|| (rows, rows.div_ceil(usize::try_from(self.part).unwrap_or(1).max(1))))
    }

    /// How many values of a layout are sent, in whatever round.
    #[must_use]
    pub fn count(self, layout: &Layout) -> usize {
        let sent = |tensor: &TensorShape| {
            let count = tensor.count().unwrap_or(0);
            self.rows(tensor).map_or(count, |(rows, sent)| count / rows * sent)
        };
        layout.0.iter().map(sent).sum()
    }

    /// The rows of a round, by its seed.
    #[must_use]
    pub fn draw(self, layout: &Layout, seed: Digest) -> Selection {
        let mut stream = Stream::new(seed, "rows");
        let mut ranges = Vec::new();
        for (tensor, place) in layout.ranges() {
            let Some((rows, sent)) = self.rows(tensor) else {
                ranges.push(place);
                continue;
            };
            let length = place.len() / rows;
            let mut order: Vec<usize> = (0..rows).collect();
            for first in 0..sent {
                let other = first + stream.below((rows - first) as u128) as usize;
                order.swap(first, other);
            }
            order.truncate(sent);
            order.sort_unstable();
            ranges.extend(order.into_iter().map(|row| {
                let start = place.start + row * length;
                start..start + length
            }));
        }
        Selection { ranges, dimension: layout.count() }
    }
}

impl Selection {
    /// All values.
    #[must_use]
    pub fn whole(dimension: usize) -> Self {
        Self { ranges: std::iter::once(0..dimension).collect(), dimension }
    }

    /// How many values are sent.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).sum()
    }

    /// The rows of each tensor that are sent; none where it is sent whole.
    #[must_use]
    pub fn rows(&self, layout: &Layout) -> Vec<Option<Vec<u32>>> {
        let of_tensor = |(tensor, place): (&TensorShape, Range<usize>)| {
            if self.ranges.iter().any(|range| range.start <= place.start && place.end <= range.end) {
                return None;
            }
            let length = place.len() / tensor.shape.first().copied().unwrap_or(1).max(1);
            let within =
                self.ranges.iter().filter(|range| place.start <= range.start && range.end <= place.end);
            Some(within.map(|range| ((range.start - place.start) / length.max(1)) as u32).collect())
        };
        layout.ranges().map(of_tensor).collect()
    }

    /// What these rows are, told as `rows` tells them. None where not each tensor is told of, where one has no rows, not so many, or where
    /// they do not ascend.
    #[must_use]
    pub fn of_rows(layout: &Layout, told: &[Option<Vec<u32>>]) -> Option<Self> {
        if told.len() != layout.0.len() {
            return None;
        }
        let mut ranges = Vec::new();
        for ((tensor, place), rows) in layout.ranges().zip(told) {
            let Some(rows) = rows else {
                ranges.push(place);
                continue;
            };
            let count = *tensor.shape.first().filter(|count| **count > 0)?;
            let length = place.len() / count;
            if !rows.is_sorted_by(|one, other| one < other) {
                return None;
            }
            for row in rows {
                let row = usize::try_from(*row).ok().filter(|row| *row < count)?;
                let start = place.start + row * length;
                ranges.push(start..start + length);
            }
        }
        Some(Self { ranges, dimension: layout.count() })
    }

    /// The values of an update that are sent. Of an update of another dimension none are: it is refused by their number.
    #[must_use]
    pub fn gather(&self, update: &[f32]) -> Vec<f32> {
        if update.len() != self.dimension {
            return Vec::new();
        }
        self.ranges.iter().flat_map(|range| update.get(range.clone()).unwrap_or_default()).copied().collect()
    }

    /// Sets everything else to zero: gradients, in learners that leave what is not sent as it is.
    pub fn keep(&self, update: &mut [f32]) {
        let mut done = 0;
        for range in &self.ranges {
            update.get_mut(done..range.start).unwrap_or_default().fill(0.0);
            done = range.end;
        }
        update.get_mut(done..).unwrap_or_default().fill(0.0);
    }

    /// An update from the values that were sent: what was not sent did not change.
    #[must_use]
    pub fn scatter(&self, values: &[f32]) -> Vec<f32> {
        let mut update = vec![0.0; self.dimension];
        let mut values = values.iter();
        for range in &self.ranges {
            let places = update.get_mut(range.clone()).unwrap_or_default();
            places.iter_mut().zip(&mut values).for_each(|(place, value)| *place = *value);
        }
        update
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
        fn what_is_sent_comes_back_and_nothing_else_changes(rows in 1usize..40, width in 1usize..20, part in 1u32..9, above in 0u32..400, number: u64) {
            let layout = layout(&[&[rows], &[rows, width], &[3, 2, width], &[]]);
            let subset = Subset { part, above };
            let selection = subset.draw(&layout, seed(number));
            prop_assert_eq!(selection.count(), subset.count(&layout));
            // no value is zero
            let update: Vec<f32> = (0..layout.count()).map(|place| place as f32 + 1.0).collect();
            let sent = selection.gather(&update);
            prop_assert_eq!(sent.len(), selection.count());
            let mut kept = update.clone();
            selection.keep(&mut kept);
            prop_assert_eq!(&kept, &selection.scatter(&sent));
            let back = selection.scatter(&sent);
            let told = selection.rows(&layout);
            prop_assert_eq!(Selection::of_rows(&layout, &told), Some(selection.clone()));
            prop_assert_eq!(Selection::of_rows(&layout, &told[1..]), None);
            prop_assert_eq!(back.iter().filter(|value| **value != 0.0).count(), sent.len());
            prop_assert!(back.iter().zip(&update).all(|(one, other)| *one == 0.0 || one == other));
            // the slow way: row by row
            for ((tensor, range), told) in layout.ranges().zip(told) {
                let (found, all) = (&back[range.clone()], &update[range]);
                let lines = tensor.shape.first().map_or(1, |rows| found.len() / rows);
                let sent: Vec<u32> =
                    (0u32..).zip(found.chunks(lines)).filter(|(_, line)| line[0] != 0.0).map(|(row, _)| row).collect();
                let whole = sent.len() * lines == found.len();
                prop_assert_eq!(told.unwrap_or_else(|| sent.clone()), sent.clone());
                prop_assert!(whole || tensor.shape.len() > 1);
                if tensor.shape.len() < 2 || all.len() as u32 <= above {
                    prop_assert_eq!(found, all);
                    continue;
                }
                let lines = found.chunks(all.len() / tensor.shape[0]);
                let full = lines.clone().filter(|line| line.iter().all(|value| *value != 0.0)).count();
                let empty = lines.filter(|line| line.iter().all(|value| *value == 0.0)).count();
                prop_assert_eq!((full, full + empty), (tensor.shape[0].div_ceil(part as usize), tensor.shape[0]));
            }
        }
    }

    #[test]
    fn rounds_differ_and_every_row_has_its_turn() {
        let layout = layout(&[&[32, 4]]);
        let subset = Subset { part: 8, above: 100 };
        let draw = |number| subset.draw(&layout, seed(number));
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let mut turns = [0; 32];
        for number in 0..800 {
            for range in draw(number).ranges {
                turns[range.start / 4] += 1;
            }
        }
        // 100 each on average, nine or ten the deviation
        assert!(turns.iter().all(|count| (50..150).contains(count)), "{turns:?}");
    }

    #[test]
    fn an_update_of_another_dimension_is_not_sent() {
        let selection = Selection::whole(4);
        assert_eq!(selection.gather(&[1.0; 4]), [1.0; 4]);
        assert!(selection.gather(&[1.0; 5]).is_empty() && selection.gather(&[1.0; 3]).is_empty());
        assert_eq!(selection.scatter(&[2.0]), [2.0, 0.0, 0.0, 0.0]);
    }
}
