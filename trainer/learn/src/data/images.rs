//! Images and labels in the idx form of MNIST.

use std::path::Path;

use rand_chacha::ChaCha20Rng;
use tch::{Kind, Tensor};

use super::{DataError, Dataset, split};
use crate::Error;

const IMAGES: u32 = 0x0803;
const LABELS: u32 = 0x0801;
const CLASSES: i64 = 10;
/// Larger pictures than this are not of this form's time.
const MAX_SIDE: u32 = 1024;
/// More than this is not read: a gibibyte holds 1.3 million digits.
const MAX_BYTES: u64 = 1 << 30;

/// The digits that `scripts/setup mnist` fetched: those to train on and those to test with, as 1 × 28 × 28 between 0 and 1.
pub fn mnist(folder: &Path) -> Result<(Dataset, Dataset), Error> {
    let set = |name: &str| {
        let images = read(&folder.join(format!("{name}-images-idx3-ubyte")))?;
        let labels = read(&folder.join(format!("{name}-labels-idx1-ubyte")))?;
        parse(&images, &labels)
    };
    Ok((set("train")?, set("t10k")?))
}

fn read(path: &Path) -> Result<Vec<u8>, DataError> {
    let fault = |reason: String| DataError::File { path: path.display().to_string(), reason };
    let length = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
    if length > MAX_BYTES {
        return Err(fault(format!("{length} bytes, and at most {MAX_BYTES} are read")));
    }
    std::fs::read(path).map_err(|error| fault(error.to_string()))
}

/// Images and their labels from the bytes of the two files.
pub fn parse(images: &[u8], labels: &[u8]) -> Result<Dataset, Error> {
    let [count, rows, columns] = header(images, IMAGES)?;
    if !(1..=MAX_SIDE).contains(&rows) || !(1..=MAX_SIDE).contains(&columns) {
        return Err(DataError::Side { rows, columns }.into());
    }
    let pixels = body(images, 16, u64::from(count) * u64::from(rows) * u64::from(columns))?;
    let [answers] = header(labels, LABELS)?;
    let answers = body(labels, 8, u64::from(answers))?;
    if pixels.is_empty() || answers.is_empty() {
        return Err(DataError::Empty.into());
    }
    let features = Tensor::f_from_slice(pixels)?
        .f_to_kind(Kind::Float)?
        .f_div_scalar_(255.0)?
        .f_reshape([i64::from(count), 1, i64::from(rows), i64::from(columns)])?;
    Dataset::new(features, Tensor::f_from_slice(answers)?.f_to_kind(Kind::Int64)?, CLASSES)
}

/// Whether there are images that can be moved so far without leaving the frame.
pub(super) fn check_shift(features: &Tensor, pixels: u32) -> Result<(), DataError> {
    match features.size().as_slice() {
        [_, _, rows, columns] if i64::from(pixels) < *rows.min(columns) => Ok(()),
        _ => Err(DataError::Shift(pixels)),
    }
}

/// Each image moved up or down and left or right by up to so many pixels, every distance with the same probability. What comes in from outside
/// is zero, as paper is.
pub(super) fn moved(images: &Tensor, pixels: u32, random: &mut ChaCha20Rng) -> Result<Tensor, Error> {
    let (side, size) = (i64::from(pixels), images.size());
    let wide = images.f_constant_pad_nd([side, side, side, side])?;
    let mut draw = || split::below(random, 2 * u64::from(pixels) + 1) as i64;
    let mut all = Vec::with_capacity(size[0] as usize);
    for place in 0..size[0] {
        let image = wide.f_narrow(0, place, 1)?;
        all.push(image.f_narrow(2, draw(), size[2])?.f_narrow(3, draw(), size[3])?);
    }
    Ok(Tensor::f_cat(&all, 0)?)
}

/// The sizes after the magic number.
fn header<const SIZES: usize>(bytes: &[u8], magic: u32) -> Result<[u32; SIZES], DataError> {
    let short = || DataError::Length { expected: 4 + 4 * SIZES as u64, found: bytes.len() as u64 };
    let mut words = bytes.chunks_exact(4).map(|word| word.try_into().map_or(0, u32::from_be_bytes));
    let found = words.next().ok_or_else(short)?;
    if found != magic {
        return Err(DataError::Magic { expected: magic, found });
    }
    let mut sizes = [0; SIZES];
    for size in &mut sizes {
        *size = words.next().ok_or_else(short)?;
    }
    Ok(sizes)
}

/// What follows the header: exactly as much as it says.
fn body(bytes: &[u8], header: usize, expected: u64) -> Result<&[u8], DataError> {
    let body = bytes.get(header..).unwrap_or_default();
    if body.len() as u64 == expected {
        return Ok(body);
    }
    Err(DataError::Length { expected: expected + header as u64, found: bytes.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand_chacha::rand_core::SeedableRng as _;

    fn files() -> (Vec<u8>, Vec<u8>) {
        let mut images = [IMAGES, 2, 2, 3].map(u32::to_be_bytes).concat();
        images.extend([0, 51, 102, 153, 204, 255, 255, 0, 0, 0, 0, 0]);
        let mut labels = [LABELS, 2].map(u32::to_be_bytes).concat();
        labels.extend([7, 3]);
        (images, labels)
    }

    fn refused(images: &[u8], labels: &[u8]) -> DataError {
        match parse(images, labels) {
            Err(Error::Data(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pixels_become_shares_of_one() {
        let (images, labels) = files();
        let set = parse(&images, &labels).unwrap();
        assert_eq!(set.features().size(), [2, 1, 2, 3]);
        let values = Vec::<f32>::try_from(set.features().reshape([-1])).unwrap();
        assert_eq!(values[..6], [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(Vec::<i64>::try_from(set.labels()).unwrap(), [7, 3]);
    }

    #[test]
    fn images_that_are_cut_swapped_or_mislabelled_are_refused() {
        let (images, labels) = files();
        assert_eq!(refused(&images[..27], &labels), DataError::Length { expected: 28, found: 27 });
        assert_eq!(
            refused(&[images.clone(), vec![0]].concat(), &labels),
            DataError::Length { expected: 28, found: 29 }
        );
        assert_eq!(refused(&labels, &labels), DataError::Magic { expected: IMAGES, found: LABELS });
        assert_eq!(refused(&images, &labels[..9]), DataError::Length { expected: 10, found: 9 });
        assert_eq!(refused(&[], &labels), DataError::Length { expected: 16, found: 0 });
        let mut wrong = labels.clone();
        wrong[9] = 10;
        assert_eq!(refused(&images, &wrong), DataError::Label { found: 10, classes: 10 });
        let mut huge = images.clone();
        huge[4..16].fill(0xff);
        assert!(matches!(refused(&huge, &labels), DataError::Side { .. }));
        let mut fewer = [LABELS, 1].map(u32::to_be_bytes).concat();
        fewer.push(1);
        assert_eq!(refused(&images, &fewer), DataError::Count { features: 2, labels: 1 });
    }

    #[test]
    fn a_folder_without_digits_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = mnist(folder.path()).unwrap_err();
        assert!(error.to_string().contains("train-images-idx3-ubyte"), "{error}");
    }

    /// Two images of 3 × 4 with one white pixel each, at row 1, column 1 and at row 1, column 2.
    fn dots() -> Dataset {
        let mut values = [0f32; 24];
        (values[5], values[12 + 6]) = (1.0, 1.0);
        Dataset::new(Tensor::from_slice(&values).reshape([2, 1, 3, 4]), Tensor::from_slice(&[0i64, 1]), 2)
            .unwrap()
    }

    #[test]
    fn a_moved_image_is_the_same_image_elsewhere_and_comes_to_every_place() {
        let set = dots().shifted(1).unwrap();
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..300 {
            let (images, labels) = set.training_batch(&[1, 0], &mut random).unwrap();
            assert_eq!(images.size(), [2, 1, 3, 4]);
            assert_eq!(Vec::<i64>::try_from(labels).unwrap(), [1, 0]);
            let values = Vec::<f32>::try_from(images.reshape([-1])).unwrap();
            let white: Vec<usize> = (0..24).filter(|place| values[*place] != 0.0).collect();
            let [one, other] = white[..] else { panic!("{white:?}") };
            assert!(one < 12 && other >= 12 && values[one] == 1.0 && values[other] == 1.0);
            seen.insert(one);
        }
        // from row 1, column 2 one step each way
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [1, 2, 3, 5, 6, 7, 9, 10, 11]);
        let (as_it_is, _) = dots().training_batch(&[0, 1], &mut random).unwrap();
        assert!(as_it_is.equal(dots().features()));
        // a part of a set is moved as the set is, and what is only looked at never is
        let part = set.select(&[0]).unwrap();
        assert_eq!(part.shift, 1);
        assert!(part.features().equal(&dots().features().narrow(0, 0, 1)));
    }

    #[test]
    fn what_is_no_image_or_would_leave_the_frame_is_not_moved() {
        assert!(matches!(dots().shifted(3), Err(Error::Data(DataError::Shift(3)))));
        assert!(dots().shifted(2).is_ok());
        let table =
            Dataset::new(dots().features().reshape([2, 12]), Tensor::from_slice(&[0i64, 1]), 2).unwrap();
        assert!(matches!(table.shifted(1), Err(Error::Data(DataError::Shift(1)))));
    }

    proptest! {
        #[test]
        fn damaged_images_are_read_or_refused(changes in prop::collection::vec((0usize..28, any::<u8>()), 0..6), cut in 0usize..28) {
            let (mut images, labels) = files();
            for (place, byte) in changes {
                images[place] = byte;
            }
            images.truncate(28 - cut / 2);
            if let Ok(set) = parse(&images, &labels) {
                prop_assert_eq!(set.len(), 2);
            }
        }
    }
}
