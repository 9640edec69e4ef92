//! The field of the shares: integers modulo 12,289, small because a sum of short secrets is.
//!
//! All operations take the same time for all values: the remainder by a constant is a multiplication and a shift.

/// A prime with room for the sum of 4,096 secrets and for every point of the sharing.
pub(super) const PRIME: u32 = 12_289;
/// Bits of an element on the wire.
pub(super) const WIDTH: u32 = 14;

/// An element, reduced.
pub(super) type Element = u16;

pub(super) fn reduce(value: u64) -> Element {
    (value % u64::from(PRIME)) as Element
}

pub(super) fn add(left: Element, right: Element) -> Element {
    reduce(u64::from(left) + u64::from(right))
}

pub(super) fn subtract(left: Element, right: Element) -> Element {
    reduce(u64::from(PRIME) + u64::from(left) - u64::from(right))
}

pub(super) fn multiply(left: Element, right: Element) -> Element {
    reduce(u64::from(left) * u64::from(right))
}

/// The inverse of an element other than zero. Public values only.
pub(super) fn invert(value: Element) -> Element {
    let (mut base, mut exponent, mut result) = (value, PRIME - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// The sum of products of two rows.
pub(super) fn dot(left: &[Element], right: &[Element]) -> Element {
    // rows are shorter than 2^35, so that the sum of 28-bit products cannot overflow
    reduce(left.iter().zip(right).map(|(one, other)| u64::from(*one) * u64::from(*other)).sum())
}

/// A small signed number as an element.
pub(super) fn from_signed(value: i8) -> Element {
    reduce((i64::from(PRIME) + i64::from(value)) as u64)
}

/// The representative closest to zero.
pub(super) fn to_signed(value: Element) -> i32 {
    let value = i32::from(value);
    if value > (PRIME as i32) / 2 { value - PRIME as i32 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverses_undo_products_and_signs_return() {
        for value in 1..PRIME as Element {
            assert_eq!(multiply(value, invert(value)), 1);
            assert_eq!(add(subtract(3, value), value), 3);
        }
        for value in i8::MIN..=i8::MAX {
            assert_eq!(to_signed(from_signed(value)), i32::from(value));
        }
    }
}
