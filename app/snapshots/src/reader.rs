//! Chunks to items, one chunk at a time. Every byte comes from a stranger.

use flate2::{Decompress, FlushDecompress, Status};

use crate::{Item, LONGEST_CHUNK, error::SnapshotError, item::LONGEST};

/// How much is decompressed at once.
const WINDOW: usize = 1 << 16;

/// What a length needs at most: ten bytes of seven bits.
const LENGTH_BYTES: u32 = 10;

/// Holds one item that is not whole yet and nothing else, so that its memory is bounded by the longest item.
pub struct SnapshotReader {
    inflate: Decompress,
    window: Vec<u8>,
    ended: bool,
    items: Splitter,
}

impl Default for SnapshotReader {
    fn default() -> Self {
        let inflate = Decompress::new(true);
        Self { inflate, window: vec![0; WINDOW], ended: false, items: Splitter::default() }
    }
}

impl SnapshotReader {
    /// Reads the next chunk, and hands over each item that becomes whole by it. After a failure the reader is of no use.
    pub fn push(
        &mut self,
        mut chunk: &[u8],
        take: &mut dyn FnMut(Item) -> Result<(), SnapshotError>,
    ) -> Result<(), SnapshotError> {
        if chunk.len() > LONGEST_CHUNK {
            return Err(SnapshotError::malformed(format!("a chunk of {} bytes", chunk.len())));
        }
        loop {
            if self.ended {
                let rest = if chunk.is_empty() { Ok(()) } else { Err("bytes behind the end of the stream") };
                return rest.map_err(SnapshotError::malformed);
            }
            let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
            let status = self
                .inflate
                .decompress(chunk, &mut self.window, FlushDecompress::None)
                .map_err(|error| SnapshotError::malformed(error.to_string()))?;
            let read = usize::try_from(self.inflate.total_in() - read).unwrap_or(usize::MAX);
            let written = usize::try_from(self.inflate.total_out() - written).unwrap_or(usize::MAX);
            chunk = chunk.get(read..).unwrap_or_default();
            self.items.feed(self.window.get(..written).unwrap_or_default(), take)?;
            self.ended = status == Status::StreamEnd;
            // a full window means that there may be more to come of what was read
            if !self.ended && chunk.is_empty() && written < WINDOW {
                return Ok(());
            }
            if !self.ended && read == 0 && written == 0 {
                return Err(SnapshotError::malformed("the compressed stream does not go on"));
            }
        }
    }

    /// To be called after the last chunk: nothing may be missing.
    pub fn finish(self) -> Result<(), SnapshotError> {
        if !self.ended {
            return Err(SnapshotError::malformed("it ends in the middle of the compressed stream"));
        }
        if !self.items.is_between() {
            return Err(SnapshotError::malformed("it ends in the middle of an item"));
        }
        Ok(())
    }
}

/// Cuts the decompressed stream into items.
#[derive(Default)]
struct Splitter {
    /// The length of the item, as far as it was read.
    length: u64,
    length_bytes: u32,
    /// Set once the length is known.
    wanted: Option<usize>,
    /// The item, as far as it was read.
    begun: Vec<u8>,
}

impl Splitter {
    fn is_between(&self) -> bool {
        self.wanted.is_none() && self.length_bytes == 0
    }

    fn feed(
        &mut self,
        mut bytes: &[u8],
        take: &mut dyn FnMut(Item) -> Result<(), SnapshotError>,
    ) -> Result<(), SnapshotError> {
        loop {
            let wanted = match self.wanted {
                Some(wanted) => wanted,
                None => match self.read_length(&mut bytes)? {
                    Some(wanted) => wanted,
                    None => return Ok(()),
                },
            };
            let missing = wanted.saturating_sub(self.begun.len());
            if bytes.len() < missing {
                self.begun.extend_from_slice(bytes);
                return Ok(());
            }
            let (last, rest) = bytes.split_at(missing);
            let item = if self.begun.is_empty() {
                Item::decode(last)?
            } else {
                self.begun.extend_from_slice(last);
                let item = Item::decode(&self.begun)?;
                // what a long item took is not kept for the short ones
                self.begun = Vec::new();
                item
            };
            self.wanted = None;
            bytes = rest;
            take(item)?;
        }
    }

    /// Reads on in a length; none if the bytes end before it does.
    fn read_length(&mut self, bytes: &mut &[u8]) -> Result<Option<usize>, SnapshotError> {
        let too_long = || SnapshotError::malformed("an item longer than any can be");
        while let Some((byte, rest)) = bytes.split_first() {
            *bytes = rest;
            let part = u64::from(byte & 0x7f);
            let shift = 7 * self.length_bytes;
            self.length |=
                part.checked_shl(shift).filter(|shifted| shifted >> shift == part).ok_or_else(too_long)?;
            self.length_bytes += 1;
            if byte & 0x80 == 0 {
                let length = usize::try_from(self.length).ok().filter(|length| *length <= LONGEST);
                self.wanted = Some(length.ok_or_else(too_long)?);
                (self.length, self.length_bytes) = (0, 0);
                return Ok(self.wanted);
            }
            if self.length_bytes == LENGTH_BYTES {
                return Err(too_long());
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
