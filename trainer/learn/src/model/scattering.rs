//! Scattering features of 28 × 28 images: what fixed wavelets see, so that nothing private is spent on learning to see (Tramèr and Boneh 2021).
//!
//! Two scales and eight orientations. An image is filtered by each wavelet and its modulus is taken; what the finer scale gave is filtered
//! again by the coarser one; all are smoothed and read off on a 7 × 7 grid: 1 + 16 + 64 channels of 49.

use tch::{Kind, Tensor};

use crate::{Error, data::Dataset};

const ORIENTATIONS: usize = 8;
/// Pixels on either side of a filter's middle.
const REACH: i64 = 7;
/// Images that are filtered together: memory depends on it.
const CHUNK: i64 = 250;
/// Channels.
const CHANNELS: i64 = 1 + 2 * ORIENTATIONS as i64 + (ORIENTATIONS * ORIENTATIONS) as i64;
/// Features of an image.
pub const FEATURES: u32 = CHANNELS as u32 * 49;
/// Channels that are normalised together.
const GROUPS: i64 = 27;

/// The filters: for each scale real and imaginary parts of all orientations, and the smoothing.
struct Filters {
    waves: [Tensor; 2],
    smooth: Tensor,
}

/// A set's scattering features, each image's normalised in groups of three channels by itself: no other image has a part in it.
pub fn features(data: &Dataset) -> Result<Dataset, Error> {
    if !matches!(data.features().size().as_slice(), [_, 1, 28, 28]) {
        return Err(Error::Mismatch("scattering reads images of 28 by 28"));
    }
    let _guard = tch::no_grad_guard();
    let filters = Filters::new()?;
    let mut rows = Vec::new();
    let mut start = 0;
    while start < data.len() {
        let length = CHUNK.min(data.len() - start);
        rows.push(filters.scatter(&data.features().f_narrow(0, start, length)?)?);
        start += length;
    }
    data.with_features(Tensor::f_cat(&rows, 0)?)
}

impl Filters {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            waves: [waves(0.8, 0.75 * std::f64::consts::PI)?, waves(1.6, 0.375 * std::f64::consts::PI)?],
            smooth: smooth(1.6)?,
        })
    }

    fn scatter(&self, images: &Tensor) -> Result<Tensor, Error> {
        let count = images.size().first().copied().unwrap_or(0);
        let fine = modulus(images, &self.waves[0])?;
        let coarse = modulus(images, &self.waves[1])?;
        let flat = |tensor: &Tensor| tensor.f_reshape([-1, 1, 28, 28]);
        let second = modulus(&flat(&fine)?, &self.waves[1])?.f_reshape([count, -1, 28, 28])?;
        let all = Tensor::f_cat(&[images, &fine, &coarse, &second], 1)?;
        // the middle of each 4 × 4 field, as far from its edges as whole pixels allow
        let read =
            flat(&all)?.f_conv2d::<Tensor>(&self.smooth, None, [4, 4], [REACH - 1, REACH - 1], [1, 1], 1)?;
        let channels = read.f_reshape([count, CHANNELS, 49])?;
        Ok(channels.f_group_norm::<Tensor>(GROUPS, None, None, 1e-5, false)?.f_reshape([count, -1])?)
    }
}

fn modulus(images: &Tensor, waves: &Tensor) -> Result<Tensor, Error> {
    let both = images.f_conv2d::<Tensor>(waves, None, [1, 1], [REACH, REACH], [1, 1], 1)?;
    let parts = both.f_chunk(2, 1)?;
    let square = parts.iter().map(Tensor::f_square).collect::<Result<Vec<_>, _>>()?;
    Ok(Tensor::f_add(&square[0], &square[1])?.f_sqrt()?)
}

/// Every pixel of a filter, by its place from the middle.
fn grid() -> impl Iterator<Item = (f64, f64)> {
    (-REACH..=REACH).flat_map(|row| (-REACH..=REACH).map(move |column| (column as f64, row as f64)))
}

/// Morlet wavelets: a wave under a bell twice as long across it as along it, less what the bell lets through of a constant.
fn waves(deviation: f64, frequency: f64) -> Result<Tensor, Error> {
    let (mut real, mut imaginary) = (Vec::new(), Vec::new());
    for orientation in 0..ORIENTATIONS {
        let (sine, cosine) = (std::f64::consts::PI * orientation as f64 / ORIENTATIONS as f64).sin_cos();
        let place = |(x, y): (f64, f64)| (x * cosine + y * sine, y * cosine - x * sine);
        let bell = |(along, across): (f64, f64)| {
            (-(along.powi(2) + 0.25 * across.powi(2)) / (2.0 * deviation.powi(2))).exp()
        };
        let sum: f64 = grid().map(|pixel| bell(place(pixel))).sum();
        let constant =
            grid().map(|pixel| bell(place(pixel)) * (frequency * place(pixel).0).cos()).sum::<f64>() / sum;
        for pixel in grid() {
            let at = place(pixel);
            real.push((bell(at) / sum * ((frequency * at.0).cos() - constant)) as f32);
            imaginary.push((bell(at) / sum * (frequency * at.0).sin()) as f32);
        }
    }
    real.extend(imaginary);
    filter(&real, 2 * ORIENTATIONS as i64)
}

fn smooth(deviation: f64) -> Result<Tensor, Error> {
    let bell = |(x, y): (f64, f64)| (-(x.powi(2) + y.powi(2)) / (2.0 * deviation.powi(2))).exp();
    let sum: f64 = grid().map(bell).sum();
    filter(&grid().map(|pixel| (bell(pixel) / sum) as f32).collect::<Vec<_>>(), 1)
}

fn filter(values: &[f32], count: i64) -> Result<Tensor, Error> {
    let side = 2 * REACH + 1;
    Ok(Tensor::f_from_slice(values)?.f_reshape([count, 1, side, side])?.f_to_kind(Kind::Float)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: Tensor) -> Dataset {
        let rows = values.size()[0];
        Dataset::new(values, Tensor::zeros([rows], (Kind::Int64, tch::Device::Cpu)), 10).unwrap()
    }

    fn stripes(horizontal: bool) -> Tensor {
        let values: Vec<f32> = (0..784)
            .map(|pixel| if horizontal { pixel / 28 } else { pixel % 28 })
            .map(|place| f32::from(u8::from(place % 3 == 0)))
            .collect();
        Tensor::from_slice(&values).reshape([1, 1, 28, 28])
    }

    #[test]
    fn waves_see_no_constant_and_the_smoothing_keeps_it() {
        let filters = Filters::new().unwrap();
        for waves in &filters.waves {
            let sums =
                Vec::<f32>::try_from(waves.sum_dim_intlist([1i64, 2, 3].as_slice(), false, Kind::Float))
                    .unwrap();
            assert!(sums.iter().all(|sum| sum.abs() < 1e-5), "{sums:?}");
        }
        assert!((filters.smooth.sum(Kind::Float).double_value(&[]) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn stripes_are_seen_by_the_wave_that_crosses_them() {
        let filters = Filters::new().unwrap();
        for (horizontal, expected) in [(false, 0), (true, ORIENTATIONS as i64 / 2)] {
            let seen = modulus(&stripes(horizontal), &filters.waves[0]).unwrap();
            let middle = seen.narrow(2, 8, 12).narrow(3, 8, 12).sum_dim_intlist(
                [2i64, 3].as_slice(),
                false,
                Kind::Float,
            );
            assert_eq!(middle.argmax(1, false).int64_value(&[0]), expected);
        }
    }

    #[test]
    fn an_image_has_the_same_features_whoever_stands_beside_it() {
        let alone = features(&set(stripes(true))).unwrap();
        assert_eq!(alone.features().size(), [1, i64::from(FEATURES)]);
        let both = features(&set(Tensor::cat(&[stripes(true), stripes(false)], 0))).unwrap();
        let difference = (both.features().narrow(0, 0, 1) - alone.features()).abs().max().double_value(&[]);
        assert!(difference < 1e-5, "{difference}");
        let small = Tensor::zeros([1, 1, 14, 14], (Kind::Float, tch::Device::Cpu));
        assert!(matches!(features(&set(small)), Err(Error::Mismatch(_))));
    }
}
