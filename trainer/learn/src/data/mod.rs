//! Data as tensors: tables, images and text, read strictly, and shared out among simulated clients.

mod fault;
pub mod images;
pub mod split;
pub mod table;
pub mod text;

use rand_chacha::ChaCha20Rng;
use tch::{Kind, Tensor};

pub use fault::DataError;

use crate::Error;

/// Examples with their classes, and the group of people or places that each belongs to.
#[derive(Debug)]
pub struct Dataset {
    /// One row an example.
    features: Tensor,
    labels: Tensor,
    classes: i64,
    groups: Vec<u32>,
    group_names: Vec<String>,
    /// Pixels by which images are moved, at most, whenever they are trained on.
    shift: u32,
}

impl Dataset {
    /// `labels` has one class for each example, or one row of them where every step of a sequence has its own.
    pub fn new(features: Tensor, labels: Tensor, classes: i64) -> Result<Self, Error> {
        let (rows, answers) = (first_side(&features), first_side(&labels));
        if rows == 0 {
            return Err(DataError::Empty.into());
        }
        if rows != answers {
            return Err(DataError::Count { features: rows, labels: answers }.into());
        }
        let (lowest, highest) = (labels.f_min()?.f_int64_value(&[])?, labels.f_max()?.f_int64_value(&[])?);
        if lowest < 0 || highest >= classes {
            let found = if lowest < 0 { lowest } else { highest };
            return Err(DataError::Label { found, classes }.into());
        }
        if features.kind() == Kind::Float && features.f_isfinite()?.f_all()?.f_int64_value(&[])? == 0 {
            return Err(DataError::NotFinite.into());
        }
        Ok(Self { features, labels, classes, groups: Vec::new(), group_names: Vec::new(), shift: 0 })
    }

    /// Says which group each example belongs to, by the place of its name.
    pub fn grouped(mut self, groups: Vec<u32>, names: Vec<String>) -> Result<Self, Error> {
        if groups.len() as i64 != self.len() {
            return Err(DataError::Count { features: self.len(), labels: groups.len() as i64 }.into());
        }
        if let Some(found) = groups.iter().find(|group| **group as usize >= names.len()) {
            return Err(DataError::Group { found: *found, names: names.len() }.into());
        }
        (self.groups, self.group_names) = (groups, names);
        Ok(self)
    }

    #[must_use]
    pub fn len(&self) -> i64 {
        first_side(&self.features)
    }

    /// Never: a set without examples is refused.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub const fn classes(&self) -> i64 {
        self.classes
    }

    pub const fn features(&self) -> &Tensor {
        &self.features
    }

    pub const fn labels(&self) -> &Tensor {
        &self.labels
    }

    /// How many examples each class has; of sequences, steps.
    pub fn class_counts(&self) -> Result<Vec<u64>, Error> {
        let counts = self.labels.f_reshape([-1])?.f_bincount::<Tensor>(None, self.classes)?;
        Ok(Vec::<i64>::try_from(&counts)?.into_iter().map(|count| count as u64).collect())
    }

    /// The group of each example; empty where none were given.
    #[must_use]
    pub fn groups(&self) -> &[u32] {
        &self.groups
    }

    #[must_use]
    pub fn group_names(&self) -> &[String] {
        &self.group_names
    }

    /// The features and labels of some examples.
    pub fn batch(&self, rows: &[i64]) -> Result<(Tensor, Tensor), Error> {
        let index = Tensor::f_from_slice(rows)?;
        Ok((self.features.f_index_select(0, &index)?, self.labels.f_index_select(0, &index)?))
    }

    /// Lets images be trained on a little beside where they are, by up to so many pixels and elsewhere every time: an image that is moved shows
    /// the same, and one that is never the same twice cannot be learned by heart.
    pub fn shifted(mut self, pixels: u32) -> Result<Self, Error> {
        if pixels > 0 {
            images::check_shift(&self.features, pixels)?;
        }
        self.shift = pixels;
        Ok(self)
    }

    /// A batch as it is trained on: images are moved where they are to be.
    pub(crate) fn training_batch(
        &self,
        rows: &[i64],
        random: &mut ChaCha20Rng,
    ) -> Result<(Tensor, Tensor), Error> {
        let (features, labels) = self.batch(rows)?;
        if self.shift == 0 {
            return Ok((features, labels));
        }
        Ok((images::moved(&features, self.shift, random)?, labels))
    }

    /// A set of some of the examples.
    pub fn select(&self, rows: &[i64]) -> Result<Self, Error> {
        let (features, labels) = self.batch(rows)?;
        let groups = rows.iter().filter_map(|row| self.groups.get(*row as usize).copied()).collect();
        let mut selected = Self::new(features, labels, self.classes)?;
        selected.shift = self.shift;
        if self.groups.is_empty() { Ok(selected) } else { selected.grouped(groups, self.group_names.clone()) }
    }

    /// The same examples with other features: noisy ones, say.
    pub(crate) fn with_features(&self, features: Tensor) -> Result<Self, Error> {
        let changed = Self::new(features, self.labels.shallow_clone(), self.classes)?;
        if self.groups.is_empty() {
            return Ok(changed);
        }
        changed.grouped(self.groups.clone(), self.group_names.clone())
    }
}

fn first_side(tensor: &Tensor) -> i64 {
    tensor.size().first().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_that_contradicts_itself_is_refused() {
        let features = || Tensor::from_slice(&[1f32, 2.0, 3.0, 4.0]).reshape([2, 2]);
        let refused =
            |features: Tensor, labels: &[i64]| match Dataset::new(features, Tensor::from_slice(labels), 3) {
                Err(Error::Data(fault)) => fault,
                other => panic!("{other:?}"),
            };
        assert_eq!(refused(features(), &[0, 1, 2]), DataError::Count { features: 2, labels: 3 });
        assert_eq!(refused(features(), &[0, 3]), DataError::Label { found: 3, classes: 3 });
        assert_eq!(refused(features(), &[-1, 0]), DataError::Label { found: -1, classes: 3 });
        assert_eq!(refused(features().narrow(0, 0, 0), &[]), DataError::Empty);
        assert_eq!(refused(features() / 0.0, &[0, 1]), DataError::NotFinite);
        let good = Dataset::new(features(), Tensor::from_slice(&[2i64, 0]), 3).unwrap();
        assert_eq!((good.len(), good.classes()), (2, 3));
        let wrong = good.grouped(vec![0, 2], vec!["north".into(), "south".into()]);
        assert!(matches!(wrong, Err(Error::Data(DataError::Group { found: 2, names: 2 }))));
    }

    #[test]
    fn a_selection_keeps_labels_and_groups_together() {
        let features = Tensor::from_slice(&[1f32, 2.0, 3.0]).reshape([3, 1]);
        let all = Dataset::new(features, Tensor::from_slice(&[2i64, 0, 1]), 3).unwrap();
        let all = all.grouped(vec![1, 0, 1], vec!["a".into(), "b".into()]).unwrap();
        let some = all.select(&[2, 0]).unwrap();
        assert_eq!(Vec::<f32>::try_from(some.features().reshape([-1])).unwrap(), [3.0, 1.0]);
        assert_eq!(Vec::<i64>::try_from(some.labels()).unwrap(), [1, 2]);
        assert_eq!(some.groups(), [1, 1]);
    }
}
