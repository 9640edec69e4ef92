//! Clip, quantise, noise, mask, open, average: the whole way of updates, with clients that drop out.

#![allow(clippy::unwrap_used)]

use iz_protect::{
    Rational, clip,
    mask::{
        Aggregator, ClientId, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms,
        Upload, mask,
    },
    noise::NoisePlan,
    quantise::{self, Grid},
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

const DIMENSION: usize = 3_000;
const ENROLLED: u8 = 20;
/// Up to 30% may drop out.
const SURE: u32 = 14;

#[test]
fn the_average_of_those_who_stay_comes_out_with_the_noise_that_was_planned() {
    let grid = Grid::new(Rational::from_integer(400), Rational::ONE, DIMENSION).unwrap();
    let noise = NoisePlan { variance: Rational::from_integer(2_800), clients: SURE }.shares().unwrap();
    let reach = noise.reach(400 + 1, DIMENSION as u64, "1e-9".parse().unwrap()).unwrap();
    let secret = |index: u8| MemberSecret::from_bytes([index + 1; 32]);
    let plan = Plan::new(Terms {
        seed: [3; 32],
        group: 1,
        values: DIMENSION as u32,
        levels: quantise::levels(reach),
        minimum: SURE,
        maximum: u32::from(ENROLLED),
        committee: (0..5).map(|index| secret(index).public()).collect(),
        private: 1,
        packed: 3,
    })
    .unwrap();

    let mut average = vec![0f64; DIMENSION];
    let mut plain = vec![0i64; DIMENSION];
    let mut uploads: Vec<Upload> = Vec::new();
    for client in 0..ENROLLED {
        let mut update: Vec<f32> =
            (0..DIMENSION).map(|place| ((place * 31 + usize::from(client) * 17) % 13) as f32 - 6.0).collect();
        assert!(clip::clip(&mut update, 1.0).unwrap().cut);
        let random = &mut ChaCha20Rng::from_seed([client; 32]);
        let mut integers = grid.quantise(&update, random).unwrap();
        noise.add(random, &mut integers).unwrap();
        let levels = quantise::to_levels(&integers, reach).unwrap();
        let upload = mask(&plan, ClientId([client; 32]), &levels, &[client + 100; 32]).unwrap();
        // every fourth client is gone before the set is fixed
        if client % 4 != 3 {
            uploads.push(upload);
            for (sum, value) in average.iter_mut().zip(&update) {
                *sum += f64::from(*value);
            }
            for (sum, integer) in plain.iter_mut().zip(&integers) {
                *sum += integer;
            }
        }
    }
    let clients = uploads.len();
    assert_eq!(clients, 15);

    let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan))))
        .unwrap();
    let sums: Vec<ShareSum> = [0, 2, 3, 4]
        .map(|index| {
            let member = Member::new(&plan, secret(index)).unwrap();
            member
                .sum(&plan, &set, uploads.iter().map(Upload::envelope), &mut MemoryPledges::default())
                .unwrap()
        })
        .into();
    let mut aggregator = Aggregator::new(&plan, &set).unwrap();
    aggregator.add(&uploads).unwrap();
    let opened = quantise::from_level_sums(&aggregator.open(&sums).unwrap().sums, clients, reach).unwrap();
    assert_eq!(opened, plain);

    let found = grid.average(&opened, clients);
    let scale = 400.0 * clients as f64;
    let errors: Vec<f64> = found
        .iter()
        .zip(&average)
        .map(|(found, sum)| f64::from(*found) * scale - sum * scale / clients as f64)
        .collect();
    let variance = errors.iter().map(|error| error * error).sum::<f64>() / DIMENSION as f64;
    // 15 shares of 200, and at most a quarter a client from rounding
    assert!((2_800.0..3_003.75 * 1.13).contains(&variance), "{variance}");
}
