//! Opening a set: add up the uploads, rebuild the sum of the secrets from the members' sums, take the mask off.
//!
//! All inputs are public, so anyone can do it and must come to the same integers.

use rayon::prelude::*;

use super::{
    bits, digest, expand,
    field::{self, Element},
    member::ShareSum,
    plan::{Plan, TESTS},
    ring,
    set::IncludedSet,
    upload::{ClientId, Upload},
};

/// Coefficients that one task adds up: few enough to stay close to the processor.
const STRIPE: usize = 4096;

/// Why a set cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    #[error("the set is of another round or group")]
    Context,
    #[error("client {0:?} is not in the set, or with another upload")]
    Foreign(ClientId),
    #[error("client {0:?} came twice")]
    Repeated(ClientId),
    #[error("{found} of {expected} uploads of the set are there")]
    Missing { expected: usize, found: usize },
    #[error("member {0} summed another set")]
    OtherSet(u16),
    #[error("member {0} came twice")]
    RepeatedMember(u16),
    #[error("{found} sums of members, and {needed} are needed")]
    TooFew { needed: usize, found: usize },
    #[error("the members' sums contradict each other, and too many of them to tell which are false")]
    Contradiction,
    #[error(
        "the sums open to nothing at coefficient {0}: a member lied, or a client masked with another secret than it shared"
    )]
    Spoiled(usize),
}

/// The uploads of a set, added up.
#[derive(Debug)]
pub struct Aggregator<'a> {
    plan: &'a Plan,
    set: &'a IncludedSet,
    seen: Vec<bool>,
    totals: [Vec<u64>; 2],
}

/// A set, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The sum of the clients' levels, value by value.
    pub sums: Vec<u64>,
    /// How many clients are in it.
    pub clients: usize,
    /// Members whose sums were false.
    pub false_members: Vec<u16>,
}

impl<'a> Aggregator<'a> {
    pub fn new(plan: &'a Plan, set: &'a IncludedSet) -> Result<Self, AggregateError> {
        if set.context() != plan.context() {
            return Err(AggregateError::Context);
        }
        let totals = [vec![0; plan.coefficients()], vec![0; plan.coefficients()]];
        Ok(Self { plan, set, seen: vec![false; set.len()], totals })
    }

    /// Adds uploads. Either all of them are added or none.
    pub fn add(&mut self, uploads: &[Upload]) -> Result<(), AggregateError> {
        let mut seen = self.seen.clone();
        for upload in uploads {
            let client = upload.client();
            let place = self.set.find(client).filter(|(_, digest)| *digest == upload.digest(self.plan));
            let (place, _) = place.ok_or(AggregateError::Foreign(client))?;
            if std::mem::replace(&mut seen[place], true) {
                return Err(AggregateError::Repeated(client));
            }
        }
        self.seen = seen;
        let plan = self.plan;
        for (lane, totals) in self.totals.iter_mut().enumerate() {
            totals.par_chunks_mut(STRIPE).enumerate().for_each(|(stripe, totals)| {
                let count = totals.len();
                for upload in uploads {
                    // 4,096 clients of 45 bits do not fill 64
                    bits::unpack(
                        upload.lane(plan, lane),
                        ring::WIDTH,
                        stripe * STRIPE,
                        count,
                        |place, residue| {
                            totals[place] += residue;
                        },
                    );
                }
            });
        }
        Ok(())
    }

    /// Opens the set with the members' sums.
    pub fn open(&self, sums: &[ShareSum]) -> Result<Opening, AggregateError> {
        let found = self.seen.iter().filter(|seen| **seen).count();
        if found < self.set.len() {
            return Err(AggregateError::Missing { expected: self.set.len(), found });
        }
        let (secret, false_members) = rebuild(self.plan, self.set, sums)?;
        Ok(Opening { sums: self.unmask(&secret)?, clients: self.set.len(), false_members })
    }

    /// Takes a·Σs off each chunk and reads the values modulo t.
    fn unmask(&self, secret: &[i32]) -> Result<Vec<u64>, AggregateError> {
        let plan = self.plan;
        let transformed = plan.lanes.each_ref().map(|lane| {
            let mut row: Vec<u64> = secret.iter().map(|value| lane.signed(i64::from(*value))).collect();
            lane.transform(&mut row);
            row
        });
        let join = ring::join_factor(&plan.lanes[1]);
        let chunks: Vec<Vec<u64>> = (0..plan.chunks())
            .into_par_iter()
            .map(|chunk| {
                let (first, length) = (chunk * plan.degree, plan.chunk_length(chunk));
                let rows = [0, 1].map(|index| {
                    let lane = &plan.lanes[index];
                    let mut row = expand::public_element(&plan.context().0, chunk as u32, index, plan.degree);
                    lane.transform(&mut row);
                    for (value, factor) in row.iter_mut().zip(&transformed[index]) {
                        *value = lane.multiply(*value, *factor);
                    }
                    lane.restore(&mut row);
                    for (value, total) in row.iter_mut().zip(&self.totals[index][first..first + length]) {
                        *value = lane.subtract(*total % lane.prime, *value);
                    }
                    row
                });
                let mut values = Vec::with_capacity(length * plan.digits);
                for (place, (one, other)) in rows[0].iter().zip(&rows[1]).take(length).enumerate() {
                    let joined = ring::join(*one, *other, join, &plan.lanes[1]);
                    self.digits(joined, &mut values).ok_or(AggregateError::Spoiled(first + place))?;
                }
                Ok(values)
            })
            .collect::<Result<_, _>>()?;
        let mut values = chunks.concat();
        values.truncate(plan.terms().values as usize);
        Ok(values)
    }

    /// Splits a coefficient, closest to zero modulo q, into t·e + x, and x into its digits.
    fn digits(&self, coefficient: u128, values: &mut Vec<u64>) -> Option<()> {
        let plan = self.plan;
        let (noise, mut rest) = if coefficient <= ring::MODULUS / 2 {
            (coefficient / plan.step, coefficient % plan.step)
        } else {
            let size = ring::MODULUS - coefficient;
            (size.div_ceil(plan.step), (plan.step - size % plan.step) % plan.step)
        };
        let most = self.set.len() as u64 * (u64::from(plan.terms().levels) - 1);
        for _ in 0..plan.digits {
            let digit = (rest % u128::from(plan.radix)) as u64;
            rest /= u128::from(plan.radix);
            if digit > most {
                return None;
            }
            values.push(digit);
        }
        (noise <= u128::from(plan.noise)).then_some(())
    }
}

/// Σs from the members' sums, and the members whose sums were false.
fn rebuild(
    plan: &Plan,
    set: &IncludedSet,
    sums: &[ShareSum],
) -> Result<(Vec<i32>, Vec<u16>), AggregateError> {
    let mut sums: Vec<&ShareSum> = sums.iter().collect();
    sums.sort_unstable_by_key(|sum| sum.member);
    if let Some(other) = sums.iter().find(|sum| sum.set != set.hash()) {
        return Err(AggregateError::OtherSet(other.member));
    }
    if let Some(pair) = sums.windows(2).find(|pair| pair[0].member == pair[1].member) {
        return Err(AggregateError::RepeatedMember(pair[0].member));
    }
    let needed = plan.threshold();
    if sums.len() < needed {
        return Err(AggregateError::TooFew { needed, found: sums.len() });
    }
    // One word of random combinations of all polynomials shows a false sum, whatever it is false in, but for a chance of 1/12,289; ten
    // show it surely.
    let all: Vec<u8> = sums.iter().flat_map(|sum| sum.to_bytes(plan)).collect();
    let factors = expand::challenge(&digest("opening", &[&all]), TESTS * plan.blocks());
    let members: Vec<usize> = sums.iter().map(|sum| usize::from(sum.member)).collect();
    let mut wrong = std::collections::BTreeSet::new();
    for row in factors.chunks_exact(plan.blocks()) {
        let word: Vec<Element> = sums.iter().map(|sum| field::dot(row, &sum.elements)).collect();
        wrong.extend(plan.sharing.errors(&members, &word).ok_or(AggregateError::Contradiction)?);
    }
    sums.retain(|sum| !wrong.contains(&usize::from(sum.member)));
    if sums.len() < needed {
        return Err(AggregateError::Contradiction);
    }
    sums.truncate(needed);
    let members: Vec<usize> = sums.iter().map(|sum| usize::from(sum.member)).collect();
    let rows = plan.sharing.opening(&members);
    let mut secret = Vec::with_capacity(plan.blocks() * rows.len());
    for block in 0..plan.blocks() {
        let word: Vec<Element> =
            sums.iter().map(|sum| sum.elements.get(block).copied().unwrap_or(0)).collect();
        secret.extend(rows.iter().map(|row| field::to_signed(field::dot(row, &word))));
    }
    secret.truncate(plan.degree);
    Ok((secret, wrong.into_iter().map(|member| member as u16).collect()))
}
