//! The sum of updates as a round makes it: the values that are sent, clip, quantise, mask, add up, open; and the same sum in the plain, to
//! compare.

use iz_protect::mask::{
    Aggregator, ClientId, IncludedSet, Member, MemberSecret, MemoryPledges, Plan, ShareSum, Terms, Upload,
    mask,
};
use iz_round::{Selection, encoding::Encoding};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::Failure;

const MEMBERS: u8 = 8;

/// What came out.
pub struct Sum {
    /// The mean update.
    pub mean: Vec<f32>,
    /// Of all uploads, shares included.
    pub bytes: usize,
    /// Whether the opened sum is the plain sum of the integers.
    pub exact: bool,
    /// The longest update, as it travels.
    pub norm: f64,
}

/// Runs one round of masks over updates of the same length.
pub fn sum(
    updates: Vec<Vec<f32>>,
    encoding: &Encoding,
    selection: &Selection,
    round: u64,
    seed: u64,
) -> Result<Sum, Failure> {
    let values = encoding.dimension();
    let clients = updates.len() as u32;
    let random = &mut ChaCha20Rng::seed_from_u64(seed ^ (round << 20));
    let secret = |index: u8| MemberSecret::from_bytes([index + 1; 32]);
    let mut beacon = [0; 32];
    beacon[..8].copy_from_slice(&round.to_le_bytes());
    let plan = Plan::new(Terms {
        seed: beacon,
        group: 0,
        values: values as u32,
        levels: encoding.levels(),
        minimum: 2,
        maximum: clients,
        committee: (0..MEMBERS).map(|index| secret(index).public()).collect(),
        private: 2,
        packed: 4,
    })?;
    let mut plain = vec![0i64; values];
    let mut uploads = Vec::new();
    let (mut bytes, mut norm) = (0, 0f64);
    for (client, update) in updates.into_iter().enumerate() {
        let travelling = selection.gather(&update);
        norm = norm.max(travelling.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt());
        let integers = encoding.integers(travelling, random)?;
        for (sum, integer) in plain.iter_mut().zip(&integers) {
            *sum += integer;
        }
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(client as u64).to_le_bytes());
        let mut fresh = [0; 32];
        rand_chacha::rand_core::RngCore::fill_bytes(random, &mut fresh);
        let message = mask(&plan, ClientId(id), &encoding.encode(&integers)?, &fresh)?.to_bytes(&plan);
        bytes += message.len();
        uploads.push(Upload::parse(&plan, &message)?);
    }
    let set = IncludedSet::new(&plan, uploads.iter().map(|upload| (upload.client(), upload.digest(&plan))))?;
    // two of the eight members are missing
    let sums: Vec<ShareSum> = (0..MEMBERS - 2)
        .map(|index| -> Result<ShareSum, Failure> {
            let member = Member::new(&plan, secret(index))?;
            Ok(member.sum(
                &plan,
                &set,
                uploads.iter().map(Upload::envelope),
                &mut MemoryPledges::default(),
            )?)
        })
        .collect::<Result<_, _>>()?;
    let mut aggregator = Aggregator::new(&plan, &set)?;
    aggregator.add(&uploads)?;
    let opened = encoding.decode(&aggregator.open(&sums)?.sums, uploads.len())?;
    let travelled = selection.scatter(&encoding.mean(&opened, uploads.len()));
    let travelled: Vec<f64> = travelled.into_iter().map(f64::from).collect();
    let mean = selection.changes(&travelled).into_iter().map(|value| value as f32).collect();
    Ok(Sum { mean, bytes, exact: opened == plain, norm })
}
