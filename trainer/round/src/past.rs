//! The ways that everybody knows already: what the last round came to, and how far training has come. An update along them can be copied from
//! what is published, so only what a group adds to them is scored.

use iz_rounds_machine::Digest;

use crate::{
    board::{self, Board, BoardError},
    error::RoleError,
    global::{self, Global},
    publish::{MAX_BYTES, MODEL, Manifest},
    recipe::Recipe,
    weights::{Layout, Weights},
};

/// Known directions: of length one, at right angles to each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    directions: Vec<Vec<f64>>,
}

impl Past {
    /// The directions from earlier weights to these.
    #[must_use]
    pub fn new(weights: &Weights, earlier: &[&Weights]) -> Self {
        let mut directions: Vec<Vec<f64>> = Vec::new();
        for before in earlier {
            let mut way: Vec<f64> = weights
                .values
                .iter()
                .zip(&before.values)
                .map(|(now, before)| f64::from(*now) - f64::from(*before))
                .collect();
            let whole = dot(&way, &way).sqrt();
            for known in &directions {
                let length = dot(&way, known);
                subtract(&mut way, known, length);
            }
            let length = dot(&way, &way).sqrt();
            // what rounding leaves of a way that is known has no direction
            if length > 1e-6 * whole {
                way.iter_mut().for_each(|value| *value /= length);
                directions.push(way);
            }
        }
        Self { directions }
    }

    /// Of the last round and of all of them, where there were any. Weights that nobody keeps any more are no reason not to score.
    pub fn read(
        board: &mut (impl Board + ?Sized),
        recipe: &Recipe,
        layout: &Layout,
        global: &Global,
    ) -> Result<Self, RoleError> {
        let Some(digest) = global.manifest else { return Ok(Self::default()) };
        let manifest = Manifest::parse(&board::fetch(board, digest, MAX_BYTES as u64)?)?;
        let last = match manifest.parent {
            Some(parent) => kept(board, parent, MAX_BYTES as u64)?
                .map(|bytes| Ok::<_, RoleError>(Manifest::parse(&bytes)?.file(MODEL)?.sha256))
                .transpose()?,
            None => None,
        };
        let mut earlier = Vec::new();
        for digest in last.into_iter().chain([recipe.initial]) {
            if let Some(bytes) = kept(board, digest, global::limit(layout))? {
                earlier.push(Weights::from_safetensors_as(&bytes, layout)?);
            }
        }
        Ok(Self::new(&global.weights, &earlier.iter().collect::<Vec<_>>()))
    }

    /// An update less what goes along the known directions. What goes against them is nobody's copy and stays. Values beyond the
    /// weights (SCAFFOLD's) stay as well.
    #[must_use]
    pub fn news(&self, update: &[f64]) -> Vec<f64> {
        let mut news = update.to_vec();
        for known in &self.directions {
            let length = dot(&news, known);
            if length > 0.0 {
                subtract(&mut news, known, length);
            }
        }
        news
    }
}

/// A blob, if anybody has it.
fn kept(
    board: &mut (impl Board + ?Sized),
    digest: Digest,
    limit: u64,
) -> Result<Option<Vec<u8>>, BoardError> {
    match board::fetch(board, digest, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(BoardError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn subtract(from: &mut [f64], direction: &[f64], length: f64) {
    from.iter_mut().zip(direction).for_each(|(value, part)| *value -= length * part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::TensorShape;
    use proptest::prelude::*;

    fn weights(values: &[f32]) -> Weights {
        let layout = Layout::new([TensorShape { name: "w".into(), shape: vec![values.len()] }]).unwrap();
        Weights::new(layout, values.to_vec()).unwrap()
    }

    #[test]
    fn a_copy_of_what_is_known_brings_no_news_and_its_opposite_stays() {
        let past = Past::new(&weights(&[3.0, 1.0, 0.0]), &[&weights(&[1.0, 1.0, 0.0]), &weights(&[0.0; 3])]);
        assert_eq!(past.directions.len(), 2);
        let near = |found: Vec<f64>, wanted: [f64; 3]| {
            assert!(found.iter().zip(wanted).all(|(one, other)| (one - other).abs() < 1e-12), "{found:?}");
        };
        near(past.news(&[2.0, 0.0, 0.0]), [0.0; 3]);
        near(past.news(&[3.0, 1.0, 0.0]), [0.0; 3]);
        near(past.news(&[-2.0, 0.0, 0.0]), [-2.0, 0.0, 0.0]);
        near(past.news(&[1.0, 0.0, 5.0]), [0.0, 0.0, 5.0]);
    }

    #[test]
    fn a_first_round_has_no_past_and_a_second_one_has_one() {
        assert_eq!(Past::new(&weights(&[0.0; 2]), &[&weights(&[0.0; 2])]), Past::default());
        let way = [&weights(&[0.0; 2]), &weights(&[0.0; 2])];
        assert_eq!(Past::new(&weights(&[1.0, 1.0]), &way).directions.len(), 1);
    }

    proptest! {
        #[test]
        fn news_are_no_longer_than_what_they_are_of_and_have_none_twice(
            now in prop::collection::vec(-1f32..1.0, 6),
            last in prop::collection::vec(-1f32..1.0, 6),
            first in prop::collection::vec(-1f32..1.0, 6),
            update in prop::collection::vec(-1f64..1.0, 6),
        ) {
            let past = Past::new(&weights(&now), &[&weights(&last), &weights(&first)]);
            let news = past.news(&update);
            prop_assert!(dot(&news, &news) <= dot(&update, &update) + 1e-9);
            for (one, other) in news.iter().zip(past.news(&news)) {
                prop_assert!((one - other).abs() < 1e-9);
            }
        }
    }
}
