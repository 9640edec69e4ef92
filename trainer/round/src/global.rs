//! What all roles start a round from: the weights, and what else is carried from round to round. It is read from the last final
//! round's manifest, or from the recipe before there is one.

use iz_rounds_machine::Digest;

use crate::{
    board::{self, Board, BoardError},
    control::move_server,
    error::RoleError,
    publish::{CONTROL, FileRecord, MAX_BYTES, MODEL, MOMENTS, Manifest, ManifestError},
    recipe::Recipe,
    server::{Moments, Server},
    subset::Selection,
    weights::{Layout, TensorShape, Weights, WeightsError},
};

/// A file has its numbers and a header.
const MAX_HEADER: u64 = 16 << 20;

#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    pub weights: Weights,
    /// SCAFFOLD's control variate.
    pub control: Option<Weights>,
    /// FedAdam's memory.
    pub moments: Option<Moments>,
    /// Where it was read from; none before the first final round.
    pub manifest: Option<Digest>,
}

impl Global {
    /// What a round of the task starts from. Everything fetched is checked by hash, layout and for numbers.
    pub fn read(
        board: &mut (impl Board + ?Sized),
        recipe: &Recipe,
        layout: &Layout,
        task: u64,
        round: u64,
    ) -> Result<Self, RoleError> {
        let Some(digest) = board.latest(task, round)? else {
            let bytes = board::fetch(board, recipe.initial, limit(layout))?;
            let weights = Weights::from_safetensors_as(&bytes, layout)?;
            return Ok(Self { control: control(recipe, layout)?, weights, moments: None, manifest: None });
        };
        let manifest = Manifest::parse(&board::fetch(board, digest, MAX_BYTES as u64)?)?;
        if manifest.recipe != recipe.digest()? {
            return Err(RoleError::OtherRecipe(digest));
        }
        let mut file = |name, layout: &Layout| -> Result<Weights, RoleError> {
            let FileRecord { bytes, sha256, .. } = manifest.file(name)?;
            if *bytes > limit(layout) {
                return Err(BoardError::TooLarge { limit: limit(layout), found: *bytes }.into());
            }
            Ok(Weights::from_safetensors_as(&board::fetch(board, *sha256, *bytes)?, layout)?)
        };
        let weights = file(MODEL, layout)?;
        let control = if recipe.step.control { Some(file(CONTROL, layout)?) } else { None };
        let moments = match recipe.server {
            Server::Average { .. } => None,
            Server::Adam { .. } => {
                let both = file(MOMENTS, &doubled(layout)?)?;
                let (first, second) = both
                    .values
                    .split_at_checked(layout.count())
                    .ok_or(ManifestError::MissingFile(MOMENTS))?;
                Some(Moments { first: first.to_vec(), second: second.to_vec() })
            }
        };
        Ok(Self { weights, control, moments, manifest: Some(digest) })
    }

    /// How many values of an update a round sends.
    #[must_use]
    pub fn sent(recipe: &Recipe, layout: &Layout) -> usize {
        recipe.protection.subset.map_or_else(|| layout.count(), |subset| subset.count(layout))
    }

    /// Moves on by the combined update, as it travelled, of which so much was sent. `part` is the part of all seats for clients that were in the sum.
    pub fn advanced(
        &self,
        recipe: &Recipe,
        update: &[f64],
        sent: &Selection,
        part: f64,
    ) -> Result<Self, RoleError> {
        let mut next = self.clone();
        next.manifest = None;
        if update.len() != self.weights.values.len() {
            return Err(WeightsError::Layout.into());
        }
        let update = &sent.changes(update);
        recipe.server.step(&mut next.weights.values, update, &mut next.moments);
        if let Some(control) = &mut next.control {
            move_server(&mut control.values, update, recipe.step.learning_rate, part, sent);
            control.check()?;
        }
        next.weights.check()?;
        Ok(next)
    }

    /// Adam's memory as one file.
    pub(crate) fn moments_file(&self) -> Result<Option<Vec<u8>>, RoleError> {
        let Some(moments) = &self.moments else { return Ok(None) };
        let values = [moments.first.as_slice(), &moments.second].concat();
        Ok(Some(Weights::new(doubled(&self.weights.layout)?, values)?.to_safetensors()?))
    }
}

/// The bytes of a file of such weights, at most.
pub(crate) fn limit(layout: &Layout) -> u64 {
    4 * layout.count() as u64 + MAX_HEADER
}

fn control(recipe: &Recipe, layout: &Layout) -> Result<Option<Weights>, RoleError> {
    Ok(if recipe.step.control { Some(Weights::zeros(layout)?) } else { None })
}

/// Two of each tensor: all first moments come before all second ones.
fn doubled(layout: &Layout) -> Result<Layout, WeightsError> {
    let named = |prefix: &'static str| {
        layout.0.iter().map(move |tensor| TensorShape {
            name: format!("{prefix}{}", tensor.name),
            shape: tensor.shape.clone(),
        })
    };
    Layout::new(named("first.").chain(named("second.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{recipe::tests::recipe, subset::Subset};

    #[test]
    fn weights_move_as_far_as_what_travelled_means_and_the_control_variate_with_them() {
        let mut recipe = recipe();
        recipe.server = Server::Average { rate: 1.0 };
        recipe.step.control = true;
        recipe.step.learning_rate = 0.5;
        let layout = Layout::new([TensorShape { name: "t".into(), shape: vec![1, 4] }]).unwrap();
        let start = Weights::new(layout.clone(), vec![1.0; 4]).unwrap();
        let control = Weights::new(layout.clone(), vec![2.0; 4]).unwrap();
        let global = Global { weights: start, control: Some(control), moments: None, manifest: None };
        let sent = Subset { part: 2, above: 0, pace: 4 }.draw(&layout, Digest([1; 32]));
        // -1 travelled for each value that was sent, so they moved by -4: by gradients of 2 in sum, at a rate of 0.5 and a pace of 4
        let travelled: Vec<f64> = sent.scatter(&[-1.0, -1.0]).into_iter().map(f64::from).collect();
        let next = global.advanced(&recipe, &travelled, &sent, 0.25).unwrap();
        let control = next.control.unwrap().values;
        for (place, travelled) in travelled.iter().enumerate() {
            let moved = *travelled != 0.0;
            assert_eq!(next.weights.values[place], if moved { -3.0 } else { 1.0 });
            // what was meant: gradients of 2 less the control variate of 2, so it stays where it was
            assert_eq!(control[place], 2.0);
        }
        let doubled: Vec<f64> = travelled.iter().map(|value| 2.0 * value).collect();
        let further = global.advanced(&recipe, &doubled, &sent, 0.25).unwrap();
        assert!(further.control.unwrap().values.contains(&2.5));
        assert!(global.advanced(&recipe, &[0.0; 3], &sent, 0.25).is_err());
    }
}
