//! Which blocks of its window a validator missed: bits in chunks of 1,024, stored as Go's `bits-and-blooms/bitset` writes them.

use iz_core::{Error, Result};

/// Bits in a chunk.
pub const CHUNK: i64 = 1024;
const WORDS: usize = 16;

/// One chunk: the length in bits as 8 bytes, then words of 64 bits, the first bits first, each word big-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk([u64; WORDS]);

impl Chunk {
    #[must_use]
    pub const fn empty() -> Self {
        Self([0; WORDS])
    }

    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let damaged = || Error::plain("failed to decode bitmap chunk: unexpected EOF");
        let (length, words) = bytes.split_first_chunk::<8>().ok_or_else(damaged)?;
        let (words, rest) = words.as_chunks::<8>();
        if u64::from_be_bytes(*length) != CHUNK.cast_unsigned() || words.len() != WORDS || !rest.is_empty() {
            return Err(damaged());
        }
        let mut chunk = Self::empty();
        for (word, bytes) in chunk.0.iter_mut().zip(words) {
            *word = u64::from_be_bytes(*bytes);
        }
        Ok(chunk)
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = CHUNK.to_be_bytes().to_vec();
        for word in self.0 {
            bytes.extend_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    #[must_use]
    pub fn test(&self, bit: usize) -> bool {
        self.0.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    pub fn set(&mut self, bit: usize, value: bool) {
        if let Some(word) = self.0.get_mut(bit / 64) {
            let mask = 1 << (bit % 64);
            *word = if value { *word | mask } else { *word & !mask };
        }
    }

    /// The places of all set bits, in order.
    pub fn ones(&self) -> impl Iterator<Item = usize> {
        (0..WORDS * 64).filter(|bit| self.test(*bit))
    }
}

/// The chunk of an index in the window, and its place there.
#[must_use]
pub fn place(index: i64) -> (i64, usize) {
    (index / CHUNK, usize::try_from(index % CHUNK).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_is_that_of_go() {
        let mut chunk = Chunk::empty();
        chunk.set(3, true);
        chunk.set(70, true);
        let bytes = chunk.encode();
        assert_eq!(bytes.len(), 136);
        assert_eq!(
            hex::encode(&bytes[..32]),
            "000000000000040000000000000000080000000000000040".to_owned() + &"00".repeat(8)
        );
        assert_eq!(Chunk::decode(&bytes).unwrap(), chunk);
        chunk.set(3, false);
        assert_eq!(chunk.ones().collect::<Vec<_>>(), [70]);
        assert!(Chunk::decode(&bytes[..20]).is_err());
    }

    #[test]
    fn indices_beyond_a_chunk_go_to_the_next() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(1023), (0, 1023));
        assert_eq!(place(2049), (2, 1));
    }
}
