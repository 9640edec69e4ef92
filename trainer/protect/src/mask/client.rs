//! The client's side: mask an update and share the secret of the mask.

use curve25519_dalek::montgomery::MontgomeryPoint;
use rand_chacha::{ChaCha20Rng, rand_core::RngCore};
use rayon::prelude::*;
use zeroize::Zeroizing;

use super::{
    bits, expand,
    field::{self, Element},
    gaussian,
    plan::{MemberKey, Plan, TESTS},
    ring, seal, test_share,
    upload::{self, ClientId, Envelope, Upload},
};

/// Why an update cannot be masked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MaskError {
    #[error("{found} values instead of {expected}")]
    Count { expected: u32, found: usize },
    #[error("value {index} is not one of the {levels} levels")]
    Level { index: usize, levels: u32 },
    #[error("a share cannot be sealed")]
    Seal,
}

/// Masks the values, each a level from zero on, and shares the secret of the mask among the committee.
///
/// The seed must be fresh randomness: used twice, or known to anybody, it gives the values away.
pub fn mask(plan: &Plan, client: ClientId, values: &[u32], seed: &[u8; 32]) -> Result<Upload, MaskError> {
    let terms = plan.terms();
    if values.len() != terms.values as usize {
        return Err(MaskError::Count { expected: terms.values, found: values.len() });
    }
    if let Some(index) = values.iter().position(|value| *value >= terms.levels) {
        return Err(MaskError::Level { index, levels: terms.levels });
    }
    let mut secret = Zeroizing::new(vec![0i8; plan.degree]);
    gaussian::fill(&mut expand::stream(seed, "secret", 0), &mut secret);

    let masked = masked(plan, &secret, values, seed);
    let masked_digest = upload::masked_digest(&masked);

    let (shares, blocks, masks) = share(plan, &secret, &mut expand::stream(seed, "sharing", 0));
    let mut ephemeral = Zeroizing::new([0u8; 32]);
    expand::stream(seed, "ephemeral", 0).fill_bytes(ephemeral.as_mut_slice());
    let public = MontgomeryPoint::mul_base_clamped(*ephemeral).0;
    let mut sealed = Vec::new();
    for (index, share) in shares.iter().enumerate() {
        let member = terms.committee.get(index).copied().unwrap_or(MemberKey(public));
        let address = seal::Address {
            context: &plan.context(),
            client: &client,
            ephemeral: &public,
            index,
            member: &member,
        };
        let agreed = Zeroizing::new(MontgomeryPoint(member.0).mul_clamped(*ephemeral).0);
        // room for the tag from the start, so that no copy of the share is left behind by a move
        let mut message = Zeroizing::new(Vec::with_capacity(plan.share_length() + seal::TAG));
        test_share::encode(share, &mut message);
        address.seal(&agreed, &mut message).ok_or(MaskError::Seal)?;
        sealed.extend_from_slice(&message);
    }

    let challenge = upload::challenge(&plan.context(), &client, &masked_digest, &public, &sealed);
    let answers = test_share::respond(plan, &test_share::factors(plan, &challenge), &blocks, &masks);
    let mut body = public.to_vec();
    test_share::encode(&answers, &mut body);
    body.extend_from_slice(&sealed);
    Ok(Upload::new(Envelope::new(client, masked_digest, body), masked))
}

/// Each chunk x becomes x + a·s + t·e, modulo each prime, packed.
fn masked(plan: &Plan, secret: &[i8], values: &[u32], seed: &[u8; 32]) -> Vec<u8> {
    // the secret at the roots, one row a prime
    let transformed = plan.lanes.each_ref().map(|lane| {
        let mut row =
            Zeroizing::new(secret.iter().map(|value| lane.signed(i64::from(*value))).collect::<Vec<u64>>());
        lane.transform(&mut row);
        row
    });
    let rows: Vec<[Vec<u64>; 2]> = (0..plan.chunks())
        .into_par_iter()
        .map(|chunk| {
            let length = plan.chunk_length(chunk);
            let mut errors = Zeroizing::new(vec![0i8; length]);
            gaussian::fill(&mut expand::stream(seed, "error", chunk as u32), &mut errors);
            let first = chunk * plan.degree * plan.digits;
            [0, 1].map(|index| {
                let lane = &plan.lanes[index];
                let mut row = expand::public_element(&plan.context().0, chunk as u32, index, plan.degree);
                lane.transform(&mut row);
                for (value, factor) in row.iter_mut().zip(transformed[index].iter()) {
                    *value = lane.multiply(*value, *factor);
                }
                lane.restore(&mut row);
                row.truncate(length);
                let (step, radix) = (lane.factor(plan.step), lane.factor(u128::from(plan.radix)));
                let groups = values[first..].chunks(plan.digits);
                for ((value, error), digits) in row.iter_mut().zip(errors.iter()).zip(groups) {
                    let packed = digits
                        .iter()
                        .rev()
                        .fold(0, |sum, digit| lane.add(lane.scaled(sum, radix), u64::from(*digit)));
                    let error = lane.scaled(lane.signed(i64::from(*error)), step);
                    *value = lane.add(lane.add(*value, packed), error);
                }
                row
            })
        })
        .collect();
    let mut bytes = Vec::with_capacity(2 * plan.lane_length());
    for lane in 0..2 {
        bits::pack(rows.iter().flat_map(|row| row[lane].iter().copied()), ring::WIDTH, &mut bytes);
    }
    bytes
}

type Secret<T> = Zeroizing<Vec<T>>;

/// The members' shares, and the basis values of the secret's polynomials and of the masks of the test.
pub(super) fn share(
    plan: &Plan,
    secret: &[i8],
    random: &mut ChaCha20Rng,
) -> (Vec<Secret<Element>>, Secret<Element>, Secret<Element>) {
    let (packed, basis) = (usize::from(plan.terms().packed), plan.sharing.basis());
    let mut blocks = Zeroizing::new(vec![0; plan.blocks() * basis]);
    for (block, secrets) in blocks.chunks_exact_mut(basis).zip(secret.chunks(packed)) {
        for (value, secret) in block.iter_mut().zip(secrets) {
            *value = field::from_signed(*secret);
        }
        block[packed..].fill_with(|| uniform(random));
    }
    let mut masks = Zeroizing::new(vec![0; TESTS * basis]);
    masks.fill_with(|| uniform(random));
    let shares = (0..plan.sharing.members())
        .map(|member| {
            let polynomials = blocks.chunks_exact(basis).chain(masks.chunks_exact(basis));
            let mut share = Zeroizing::new(Vec::with_capacity(plan.share_elements()));
            share.extend(polynomials.map(|polynomial| plan.sharing.evaluate(member, polynomial)));
            share
        })
        .collect();
    (shares, blocks, masks)
}

/// A uniform element: draws that are too large are thrown away, which tells nothing about those that are kept.
fn uniform(random: &mut ChaCha20Rng) -> Element {
    loop {
        let draw = (random.next_u32() & ((1 << field::WIDTH) - 1)) as Element;
        if u32::from(draw) < field::PRIME {
            return draw;
        }
    }
}
