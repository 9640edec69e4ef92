//! A model's weights as one row of numbers and the layout that says which tensors they are, and their form on disk: safetensors.
//!
//! Tensors are ordered by name, and a layout has one encoding, so that the same weights are the same bytes everywhere: what is
//! attested on chain is a hash of them.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest as _, Sha256};

/// Names longer than this are refused.
pub const MAX_NAME: usize = 256;
/// More dimensions than this are refused.
pub const MAX_RANK: usize = 8;
/// More tensors than this are refused.
pub const MAX_TENSORS: usize = 65_536;
/// More values than this do not fit one masked upload.
pub const MAX_VALUES: usize = 1 << 28;
/// The header of a file that is within these limits is far smaller.
const MAX_HEADER: u64 = 16 << 20;

/// One tensor's name and shape. A shape without dimensions is one number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TensorShape {
    pub name: String,
    pub shape: Vec<usize>,
}

/// The tensors of a model, ordered by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Layout(pub Vec<TensorShape>);

/// Weights of a layout: the tensors' values one after the other, each row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub layout: Layout,
    pub values: Vec<f32>,
}

/// Why bytes or numbers are no weights.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    #[error("the file is not safetensors: {0}")]
    Header(String),
    #[error("{found} bytes, and {limit} are allowed")]
    TooLarge { limit: u64, found: u64 },
    #[error("tensor {name:?} holds {found}, and only F32 is read")]
    Type { name: String, found: String },
    #[error("a layout has at least one value and at most {MAX_VALUES}, in at most {MAX_TENSORS} tensors")]
    Size,
    #[error("the name or shape of tensor {0} is refused")]
    Shape(usize),
    #[error("tensor {0} is not behind the one before it by name")]
    Order(usize),
    #[error("{found} values instead of {expected}")]
    Count { expected: usize, found: usize },
    #[error("value {index} of tensor {tensor:?} is not a number or infinite")]
    NotFinite { tensor: String, index: usize },
    #[error("the weights have another layout than expected")]
    Layout,
}

impl TensorShape {
    /// The values of the tensor, if they can be counted.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        self.shape.iter().try_fold(1usize, |product, side| product.checked_mul(*side))
    }
}

impl Layout {
    /// Puts tensors in order and checks them.
    pub fn new(tensors: impl IntoIterator<Item = TensorShape>) -> Result<Self, WeightsError> {
        let mut tensors: Vec<TensorShape> = tensors.into_iter().collect();
        tensors.sort_unstable();
        let layout = Self(tensors);
        layout.check()?;
        Ok(layout)
    }

    /// Whether the layout is in order and within the limits.
    pub fn check(&self) -> Result<(), WeightsError> {
        if self.0.len() > MAX_TENSORS {
            return Err(WeightsError::Size);
        }
        let mut total = 0usize;
        for (index, tensor) in self.0.iter().enumerate() {
            let length = tensor.count().filter(|length| (1..=MAX_VALUES).contains(length));
            let length = length.ok_or(WeightsError::Shape(index))?;
            let named = (1..=MAX_NAME).contains(&tensor.name.len()) && tensor.name != "__metadata__";
            if !named || tensor.shape.len() > MAX_RANK {
                return Err(WeightsError::Shape(index));
            }
            total =
                total.checked_add(length).filter(|total| *total <= MAX_VALUES).ok_or(WeightsError::Size)?;
        }
        if let Some(index) = self.0.windows(2).position(|pair| pair[0].name >= pair[1].name) {
            return Err(WeightsError::Order(index + 1));
        }
        if total == 0 { Err(WeightsError::Size) } else { Ok(()) }
    }

    /// The number of values of all tensors. Zero for a layout that cannot be counted, which no check lets through.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().try_fold(0usize, |sum, tensor| sum.checked_add(tensor.count()?)).unwrap_or(0)
    }

    /// Names the layout.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"iz-layout/1\0");
        for tensor in &self.0 {
            hash.update((tensor.name.len() as u64).to_le_bytes());
            hash.update(&tensor.name);
            hash.update((tensor.shape.len() as u64).to_le_bytes());
            for side in &tensor.shape {
                hash.update((*side as u64).to_le_bytes());
            }
        }
        hash.finalize().into()
    }

    /// Each tensor with the place of its values.
    pub fn ranges(&self) -> impl Iterator<Item = (&TensorShape, std::ops::Range<usize>)> {
        self.0.iter().scan(0, |start, tensor| {
            let range = *start..*start + tensor.count().unwrap_or(0);
            *start = range.end;
            Some((tensor, range))
        })
    }
}

impl Weights {
    pub fn new(layout: Layout, values: Vec<f32>) -> Result<Self, WeightsError> {
        let weights = Self { layout, values };
        weights.check()?;
        Ok(weights)
    }

    /// All zeros.
    pub fn zeros(layout: &Layout) -> Result<Self, WeightsError> {
        layout.check()?;
        Ok(Self { values: vec![0.0; layout.count()], layout: layout.clone() })
    }

    /// Whether the layout is right, there are as many values as it says, and all of them are numbers.
    pub fn check(&self) -> Result<(), WeightsError> {
        self.layout.check()?;
        let expected = self.layout.count();
        if self.values.len() != expected {
            return Err(WeightsError::Count { expected, found: self.values.len() });
        }
        if self.values.iter().all(|value| value.is_finite()) {
            return Ok(());
        }
        for (tensor, range) in self.layout.ranges() {
            let values = self.values.get(range).unwrap_or_default();
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(WeightsError::NotFinite { tensor: tensor.name.clone(), index });
            }
        }
        Ok(())
    }

    /// One tensor's values.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&[f32]> {
        let (_, range) = self.layout.ranges().find(|(tensor, _)| tensor.name == name)?;
        self.values.get(range)
    }

    /// The file: the same bytes for the same weights.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, WeightsError> {
        self.check()?;
        let bytes: Vec<u8> = self.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let mut views = Vec::with_capacity(self.layout.0.len());
        for (tensor, range) in self.layout.ranges() {
            let data = bytes.get(4 * range.start..4 * range.end).unwrap_or_default();
            let view = TensorView::new(Dtype::F32, tensor.shape.clone(), data)
                .map_err(|error| WeightsError::Header(error.to_string()))?;
            views.push((tensor.name.as_str(), view));
        }
        // what Hugging Face's readers look for; one entry, since the order of more would vary
        let metadata = [("format".to_string(), "pt".to_string())].into();
        safetensors::serialize(views, Some(metadata)).map_err(|error| WeightsError::Header(error.to_string()))
    }

    /// Reads a file of strangers: at most `limit` bytes, F32 only, every value a number.
    pub fn from_safetensors(bytes: &[u8], limit: u64) -> Result<Self, WeightsError> {
        let found = bytes.len() as u64;
        if found > limit {
            return Err(WeightsError::TooLarge { limit, found });
        }
        let header = bytes.first_chunk().map(|length| u64::from_le_bytes(*length)).unwrap_or(0);
        if header > MAX_HEADER {
            return Err(WeightsError::TooLarge { limit: MAX_HEADER, found: header });
        }
        let file =
            SafeTensors::deserialize(bytes).map_err(|error| WeightsError::Header(error.to_string()))?;
        let mut views: Vec<(&str, TensorView<'_>)> = file.iter().collect();
        views.sort_unstable_by(|one, other| one.0.cmp(other.0));
        let mut shapes = Vec::with_capacity(views.len());
        for (name, view) in &views {
            if view.dtype() != Dtype::F32 {
                let found = format!("{:?}", view.dtype());
                return Err(WeightsError::Type { name: (*name).to_string(), found });
            }
            shapes.push(TensorShape { name: (*name).to_string(), shape: view.shape().to_vec() });
        }
        let layout = Layout(shapes);
        layout.check()?;
        let mut values = Vec::with_capacity(layout.count());
        for (_, view) in &views {
            values.extend(
                view.data()
                    .chunks_exact(4)
                    .map(|word| f32::from_le_bytes(word.try_into().unwrap_or_default())),
            );
        }
        Self::new(layout, values)
    }

    /// The same for a model whose layout is known: anything else is refused before its values are looked at.
    pub fn from_safetensors_as(bytes: &[u8], layout: &Layout) -> Result<Self, WeightsError> {
        layout.check()?;
        let limit = 4 * layout.count() as u64 + MAX_HEADER + 8;
        let weights = Self::from_safetensors(bytes, limit)?;
        if weights.layout == *layout { Ok(weights) } else { Err(WeightsError::Layout) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(name: &str, shape: &[usize]) -> TensorShape {
        TensorShape { name: name.into(), shape: shape.to_vec() }
    }

    pub(crate) fn weights() -> Weights {
        let layout = Layout::new([shape("b", &[2, 2]), shape("a.weight", &[3]), shape("c", &[])]).unwrap();
        Weights::new(layout, vec![1.0, 2.0, 3.0, -4.0, 5.5, 0.0, 1e-30, 7.0]).unwrap()
    }

    #[test]
    fn weights_are_the_same_bytes_and_back() {
        let weights = weights();
        let bytes = weights.to_safetensors().unwrap();
        assert_eq!(bytes, weights.clone().to_safetensors().unwrap());
        assert_eq!(Weights::from_safetensors(&bytes, 1 << 20), Ok(weights.clone()));
        assert_eq!(Weights::from_safetensors_as(&bytes, &weights.layout), Ok(weights.clone()));
        assert_eq!(weights.tensor("b"), Some([-4.0, 5.5, 0.0, 1e-30].as_slice()));
        assert_eq!(weights.tensor("c"), Some([7.0].as_slice()));
        assert_eq!(weights.tensor("d"), None);
    }

    #[test]
    fn what_is_no_layout_is_refused() {
        let refused = |tensors: Vec<TensorShape>| Layout(tensors).check().unwrap_err();
        assert_eq!(refused(vec![]), WeightsError::Size);
        assert_eq!(refused(vec![shape("a", &[0])]), WeightsError::Shape(0));
        assert_eq!(refused(vec![shape("", &[1])]), WeightsError::Shape(0));
        assert_eq!(refused(vec![shape("__metadata__", &[1])]), WeightsError::Shape(0));
        assert_eq!(refused(vec![shape("a", &[usize::MAX, 2])]), WeightsError::Shape(0));
        assert_eq!(refused(vec![shape("a", &[1; 9])]), WeightsError::Shape(0));
        assert_eq!(refused(vec![shape("a", &[1]), shape("a", &[2])]), WeightsError::Order(1));
        assert_eq!(refused(vec![shape("b", &[1]), shape("a", &[2])]), WeightsError::Order(1));
        assert_eq!(refused(vec![shape("a", &[MAX_VALUES]), shape("b", &[1])]), WeightsError::Size);
    }

    #[test]
    fn every_part_of_a_layout_is_in_its_hash() {
        let layouts = [
            vec![shape("a", &[2, 3])],
            vec![shape("a", &[3, 2])],
            vec![shape("a", &[6])],
            vec![shape("b", &[6])],
            vec![shape("a", &[]), shape("b", &[6])],
        ];
        let mut hashes: Vec<_> = layouts.into_iter().map(|tensors| Layout(tensors).hash()).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 5);
    }

    #[test]
    fn values_that_are_no_numbers_are_named() {
        for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let good = weights();
            let mut bytes = good.to_safetensors().unwrap();
            let end = bytes.len();
            // the last value of the file is one of "c", which stands last by name
            bytes[end - 4..].copy_from_slice(&wrong.to_le_bytes());
            let error = Weights::from_safetensors(&bytes, 1 << 20).unwrap_err();
            assert_eq!(error, WeightsError::NotFinite { tensor: "c".into(), index: 0 });
        }
    }

    #[test]
    fn another_layout_another_type_and_too_many_bytes_are_refused() {
        let weights = weights();
        let bytes = weights.to_safetensors().unwrap();
        let mut other = weights.layout.clone();
        other.0[0].shape = vec![1, 3];
        assert_eq!(Weights::from_safetensors_as(&bytes, &other), Err(WeightsError::Layout));
        assert!(matches!(
            Weights::from_safetensors(&bytes, 10),
            Err(WeightsError::TooLarge { limit: 10, .. })
        ));
        let half = TensorView::new(Dtype::F16, vec![2], &[0; 4]).unwrap();
        let file = safetensors::serialize([("a", half)], None).unwrap();
        assert!(matches!(Weights::from_safetensors(&file, 1 << 20), Err(WeightsError::Type { .. })));
        let mut huge = bytes.clone();
        huge[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(Weights::from_safetensors(&huge, 1 << 20).is_err());
        assert!(Weights::from_safetensors(&[], 1 << 20).is_err());
    }

    proptest! {
        /// Whatever happens to a file, it is read as weights that are in order, or refused.
        #[test]
        fn damaged_files_are_read_or_refused(
            cut in 0usize..400,
            changes in prop::collection::vec((0usize..400, any::<u8>()), 0..8),
        ) {
            let mut bytes = weights().to_safetensors().unwrap();
            for (place, byte) in changes {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            let length = bytes.len();
            bytes.truncate(length - cut.saturating_sub(200).min(length));
            if let Ok(read) = Weights::from_safetensors(&bytes, 1 << 20) {
                prop_assert_eq!(read.check(), Ok(()));
            }
        }

        #[test]
        fn noise_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Weights::from_safetensors(&bytes, 1 << 20).is_err());
        }
    }
}
