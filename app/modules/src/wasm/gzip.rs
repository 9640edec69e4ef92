//! Compressed code: what unpacking it costs, and how large it may become.

use std::io::{self, Read, Write};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};

/// What a compressed upload begins with.
const MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];

/// Gas for a byte of the archive, as a fraction.
const COST: (u64, u64) = (15, 100);

/// Why an archive cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum Unpacking {
    #[error("max {limit} bytes: exceeds limit")]
    TooLarge { limit: usize },
    #[error(transparent)]
    Damaged(#[from] io::Error),
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

/// `ioutils.GzipIt`.
pub fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes)?;
    out.finish()
}

/// `ioutils.Uncompress`: the first archive in `bytes`; what follows it does not matter.
pub fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Unpacking> {
    if bytes.len() > limit {
        return Err(Unpacking::TooLarge { limit });
    }
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut out = Vec::new();
    let read = GzDecoder::new(bytes).take(most).read_to_end(&mut out);
    // Go stops to look once the limit is reached: it wants to see the end before
    if out.len() > limit || (out.len() == limit && read.is_err()) {
        return Err(Unpacking::TooLarge { limit });
    }
    read?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_up_to_the_limit() {
        let packed = pack(&[7; 1000]).unwrap();
        assert!(is_gzip(&packed));
        assert_eq!(unpack(&packed, 1000).unwrap(), vec![7; 1000]);
        assert_eq!(unpack(&packed, 999).unwrap_err().to_string(), "max 999 bytes: exceeds limit");
        assert!(matches!(unpack(&packed, packed.len() - 1), Err(Unpacking::TooLarge { .. })));
        assert_eq!(unpack(&[&packed[..], b"more"].concat(), 1000).unwrap(), vec![7; 1000]);
    }

    #[test]
    fn damage_is_found() {
        let packed = pack(b"some text that is packed").unwrap();
        assert!(matches!(unpack(&packed[..packed.len() - 5], 1000), Err(Unpacking::Damaged(_))));
        let mut wrong = packed.clone();
        let sum = wrong.len() - 6;
        wrong[sum] ^= 1;
        assert!(matches!(unpack(&wrong, 1000), Err(Unpacking::Damaged(_))));
        assert!(matches!(unpack(MAGIC, 1000), Err(Unpacking::Damaged(_))));
    }

    #[test]
    fn unpacking_costs_less_than_a_byte_each() {
        assert_eq!((cost(0), cost(6), cost(7), cost(99), cost(1000)), (0, 0, 1, 14, 150));
    }
}
