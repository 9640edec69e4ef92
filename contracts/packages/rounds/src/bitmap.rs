//! Up to 256 yes-or-no answers in 32 bytes, exact: a Bloom filter of the same use has false positives.

use crate::digest::{decode, encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Bit `i` is bit `i % 8` of byte `i / 8`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bitmap(pub [u8; 32]);

impl Bitmap {
    pub const BITS: u16 = 256;

    pub fn contains(&self, index: u8) -> bool {
        self.0[usize::from(index / 8)] >> (index % 8) & 1 == 1
    }

    pub fn insert(&mut self, index: u8) {
        self.0[usize::from(index / 8)] |= 1 << (index % 8);
    }

    pub fn remove(&mut self, index: u8) {
        self.0[usize::from(index / 8)] &= !(1 << (index % 8));
    }

    pub fn count(&self) -> u16 {
        self.0.iter().map(|byte| byte.count_ones() as u16).sum()
    }

    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// The set bits, from the lowest.
    pub fn indices(&self) -> impl Iterator<Item = u8> + '_ {
        (0..=u8::MAX).filter(|index| self.contains(*index))
    }
}

impl FromIterator<u8> for Bitmap {
    fn from_iter<I: IntoIterator<Item = u8>>(indices: I) -> Self {
        let mut bitmap = Self::default();
        for index in indices {
            bitmap.insert(index);
        }
        bitmap
    }
}

impl Serialize for Bitmap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bitmap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        decode(&text).map(Self).ok_or_else(|| de::Error::custom("expected 64 lower-case hexadecimal digits"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Bitmap {
    fn schema_name() -> String {
        "Bitmap".into()
    }
    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> schemars::schema::Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_where_they_were_put() {
        let mut bitmap: Bitmap = [0, 9, 255].into_iter().collect();
        assert_eq!(bitmap.0[0], 1);
        assert_eq!(bitmap.0[1], 2);
        assert_eq!(bitmap.0[31], 128);
        assert_eq!(bitmap.count(), 3);
        assert_eq!(bitmap.indices().collect::<Vec<_>>(), [0, 9, 255]);
        bitmap.remove(9);
        assert!(!bitmap.contains(9));
        assert!(bitmap.is_subset_of(&[0, 1, 255].into_iter().collect()));
        assert!(!bitmap.is_subset_of(&[0, 1].into_iter().collect()));
        let text = serde_json::to_string(&bitmap).unwrap();
        assert_eq!(serde_json::from_str::<Bitmap>(&text).unwrap(), bitmap);
    }
}
