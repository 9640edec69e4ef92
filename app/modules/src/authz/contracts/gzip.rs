//! Compressed code: what unpacking it costs, and how large it may become.

use std::io::Read;

use flate2::bufread::GzDecoder;

/// What a compressed upload begins with.
const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// Gas for a byte of the archive, as a fraction.
const COST: (u64, u64) = (15, 100);

/// Why an archive cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpacking {
    /// It, or what is in it, has more than so many bytes.
    TooLarge,
    Damaged,
}

#[must_use]
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// `UncompressCosts`.
#[must_use]
pub fn cost(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX).saturating_mul(COST.0) / COST.1
}

/// `ioutils.Uncompress`: the first archive in `bytes`; what follows it does not matter.
pub fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Unpacking> {
    if bytes.len() > limit {
        return Err(Unpacking::TooLarge);
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut out = Vec::new();
    let read = GzDecoder::new(bytes).take(most).read_to_end(&mut out);
    if out.len() > limit {
        return Err(Unpacking::TooLarge);
    }
    read.map_err(|_| Unpacking::Damaged)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn what_was_packed_comes_out_up_to_the_limit() {
        let packed = pack(&[7; 1000]);
        assert!(is_gzip(&packed));
        assert_eq!(unpack(&packed, 1000), Ok(vec![7; 1000]));
        assert_eq!(unpack(&packed, 999), Err(Unpacking::TooLarge));
        assert_eq!(unpack(&packed, packed.len() - 1), Err(Unpacking::TooLarge));
        assert_eq!(unpack(&[&packed[..], b"more"].concat(), 1000), Ok(vec![7; 1000]));
    }

    #[test]
    fn damage_is_found() {
        let packed = pack(b"some text that is packed");
        assert_eq!(unpack(&packed[..packed.len() - 5], 1000), Err(Unpacking::Damaged));
        let mut wrong = packed.clone();
        let sum = wrong.len() - 6;
        wrong[sum] ^= 1;
        assert_eq!(unpack(&wrong, 1000), Err(Unpacking::Damaged));
        assert_eq!(unpack(MAGIC, 1000), Err(Unpacking::Damaged));
    }

    #[test]
    fn unpacking_costs_less_than_a_byte_each() {
        assert_eq!((cost(0), cost(6), cost(7), cost(1000)), (0, 0, 1, 150));
    }
}
