//! The test that shares lie on polynomials of the right degree, without anybody seeing all of them.
//!
//! Beside the polynomials f_b of its secret a client shares ten random polynomials g_r. A hash of all it sends decides factors c_rb, and
//! it publishes u_r = g_r + Σ c_rb f_b, by its basis values, so of the right degree whatever happens. Each member checks that its
//! shares fit: if they lie on no polynomials of that degree, ten checks pass with probability 12,289⁻¹⁰ < 2⁻¹³⁵. The g_r hide the f_b.

use super::{
    bits, expand,
    field::{self, Element},
    plan::{Plan, TESTS},
};

/// The factors of the test for a challenge digest, one row a test.
pub(super) fn factors(plan: &Plan, challenge: &[u8; 32]) -> Vec<Vec<Element>> {
    let all = expand::challenge(challenge, TESTS * plan.blocks());
    all.chunks(plan.blocks()).map(<[Element]>::to_vec).collect()
}

/// The published values: for each test the basis values of u. `blocks` and `masks` hold basis values, one row a polynomial.
pub(super) fn respond(
    plan: &Plan,
    factors: &[Vec<Element>],
    blocks: &[Element],
    masks: &[Element],
) -> Vec<Element> {
    let basis = plan.sharing.basis();
    let mut response = Vec::with_capacity(TESTS * basis);
    for (row, mask) in factors.iter().zip(masks.chunks_exact(basis)) {
        for (place, mask) in mask.iter().enumerate() {
            let sum: u64 = row
                .iter()
                .zip(blocks.chunks_exact(basis))
                .map(|(factor, block)| u64::from(*factor) * u64::from(block[place]))
                .sum();
            response.push(field::add(field::reduce(sum), *mask));
        }
    }
    response
}

/// Whether a member's share fits the published values.
pub(super) fn fits(
    plan: &Plan,
    member: usize,
    factors: &[Vec<Element>],
    response: &[Element],
    share: &[Element],
) -> bool {
    let (blocks, masks) = share.split_at(plan.blocks());
    factors.iter().zip(response.chunks_exact(plan.sharing.basis())).zip(masks).all(
        |((row, published), mask)| {
            field::add(field::dot(row, blocks), *mask) == plan.sharing.evaluate(member, published)
        },
    )
}

/// A share as bytes.
pub(super) fn encode(share: &[Element], bytes: &mut Vec<u8>) {
    bits::pack(share.iter().map(|element| u64::from(*element)), field::WIDTH, bytes);
}

/// Elements from bytes, if all are reduced and nothing is left over.
pub(super) fn decode(bytes: &[u8], count: usize) -> Option<zeroize::Zeroizing<Vec<Element>>> {
    if !bits::well_formed(bytes, field::WIDTH, count, u64::from(field::PRIME)) {
        return None;
    }
    let mut elements = zeroize::Zeroizing::new(vec![0; count]);
    bits::unpack(bytes, field::WIDTH, 0, count, |index, number| elements[index] = number as Element);
    Some(elements)
}
