//! Numbers of a fixed width packed into bytes without gaps, lowest bit first.

/// The bytes that numbers of a width take.
pub(super) const fn packed_length(count: usize, width: u32) -> usize {
    (count * width as usize).div_ceil(8)
}

/// Appends the numbers to the bytes. Each must be below 2^width, and width at most 56.
pub(super) fn pack(numbers: impl IntoIterator<Item = u64>, width: u32, bytes: &mut Vec<u8>) {
    let (mut buffer, mut filled) = (0u64, 0);
    for number in numbers {
        buffer |= number << filled;
        filled += width;
        while filled >= 8 {
            bytes.push(buffer as u8);
            buffer >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        bytes.push(buffer as u8);
    }
}

/// Visits `count` numbers of a width of at most 56 that start at a number of the given place. Bytes that are missing read as zero.
pub(super) fn unpack(
    bytes: &[u8],
    width: u32,
    first: usize,
    count: usize,
    mut visit: impl FnMut(usize, u64),
) {
    let mask = (1u64 << width) - 1;
    for index in 0..count {
        let bit = (first + index) * width as usize;
        let word = match bytes.get(bit / 8..bit / 8 + 8) {
            Some(eight) => u64::from_le_bytes(eight.try_into().unwrap_or_default()),
            None => {
                let mut eight = [0; 8];
                for (to, from) in eight.iter_mut().zip(bytes.iter().skip(bit / 8)) {
                    *to = *from;
                }
                u64::from_le_bytes(eight)
            }
        };
        visit(index, (word >> (bit % 8)) & mask);
    }
}

/// Whether the bytes have the right length, every number is below the bound, and the bits after the last are zero.
pub(super) fn well_formed(bytes: &[u8], width: u32, count: usize, bound: u64) -> bool {
    if bytes.len() != packed_length(count, width) {
        return false;
    }
    let mut largest = 0;
    unpack(bytes, width, 0, count, |_, number| largest = largest.max(number));
    let used = (count * width as usize) % 8;
    let rest = if used == 0 { 0 } else { bytes.last().map_or(0, |last| last >> used) };
    largest < bound && rest == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_out(width in 1u32..=56, numbers in prop::collection::vec(any::<u64>(), 0..50), first in 0usize..10) {
            let numbers: Vec<u64> = numbers.into_iter().map(|number| number & ((1 << width) - 1)).collect();
            let mut bytes = Vec::new();
            pack(numbers.iter().copied(), width, &mut bytes);
            prop_assert_eq!(bytes.len(), packed_length(numbers.len(), width));
            prop_assert!(well_formed(&bytes, width, numbers.len(), 1 << width));
            let first = first.min(numbers.len());
            let mut found = Vec::new();
            unpack(&bytes, width, first, numbers.len() - first, |_, number| found.push(number));
            prop_assert_eq!(&found[..], &numbers[first..]);
        }
    }

    #[test]
    fn loose_bits_large_numbers_and_wrong_lengths_are_ill_formed() {
        let mut bytes = Vec::new();
        pack([5, 6, 7], 14, &mut bytes);
        assert!(well_formed(&bytes, 14, 3, 8));
        assert!(!well_formed(&bytes, 14, 3, 7));
        assert!(!well_formed(&bytes[..5], 14, 3, 8));
        bytes[5] |= 0x80;
        assert!(!well_formed(&bytes, 14, 3, 8));
    }
}
