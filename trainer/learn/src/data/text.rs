//! Text as sequences of characters, each with the character that follows it.

use tch::Tensor;

use super::{DataError, Dataset};
use crate::Error;

/// What a character is when it is none of the others.
const OTHER: i64 = 0;
const FIRST: u32 = ' ' as u32;
const LAST: u32 = '~' as u32;
/// Characters that are told apart: printable ASCII, the line's end, and all others as one.
pub const CHARACTERS: i64 = (LAST - FIRST) as i64 + 3;

/// The number of a character.
#[must_use]
pub fn number(character: char) -> i64 {
    match character as u32 {
        code @ FIRST..=LAST => i64::from(code - FIRST) + 2,
        _ if character == '\n' => 1,
        _ => OTHER,
    }
}

/// Sequences that follow one another without overlap; the label of each character is the next one.
pub fn sequences(text: &str, length: usize) -> Result<Dataset, Error> {
    let numbers: Vec<i64> = text.chars().map(number).collect();
    let short = || DataError::ShortText { found: numbers.len(), length };
    let count =
        numbers.len().saturating_sub(1).checked_div(length).filter(|count| *count > 0).ok_or_else(short)?;
    let part = |from: usize| numbers.get(from..from + count * length).unwrap_or_default();
    let shape = [count as i64, length as i64];
    let features = Tensor::f_from_slice(part(0))?.f_reshape(shape)?;
    let labels = Tensor::f_from_slice(part(1))?.f_reshape(shape)?;
    Dataset::new(features, labels, CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_followed_by_its_label() {
        let set = sequences("ab\ncdé~ ", 3).unwrap();
        assert_eq!(set.features().size(), [2, 3]);
        let flat = |tensor: &Tensor| Vec::<i64>::try_from(tensor.reshape([-1])).unwrap();
        let expected: Vec<i64> = "ab\ncdé~".chars().map(number).collect();
        assert_eq!(flat(set.features()), expected[..6]);
        assert_eq!(flat(set.labels()), expected[1..]);
        assert_eq!((number('é'), number('\n'), number(' '), number('~')), (0, 1, 2, CHARACTERS - 1));
    }

    #[test]
    fn a_text_too_short_for_a_sequence_is_refused() {
        for (text, length) in [("abc", 3), ("", 1), ("abc", 0)] {
            assert!(
                matches!(sequences(text, length), Err(Error::Data(DataError::ShortText { .. }))),
                "{text}"
            );
        }
    }
}
