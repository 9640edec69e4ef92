//! What all parties of a round's group agree on, and the numbers that follow from it.

use std::fmt;

use curve25519_dalek::{edwards::EdwardsPoint, montgomery::MontgomeryPoint};

use super::{
    bits, digest, field, gaussian,
    ring::{self, Lane},
    shamir::Sharing,
};

/// Rows of the share test: each lets a false sharing through with probability 1/12,289.
pub(super) const TESTS: usize = 10;
/// More members than this would make shares larger than masks.
const MAX_MEMBERS: usize = 64;
/// The sum of the secrets of more clients might not fit the field of the shares.
const MAX_CLIENTS: u32 = 4096;
/// An update of more values than this does not fit one message.
const MAX_VALUES: u32 = 1 << 28;
/// How many standard deviations of its sum the noise is given room for: a chance below 2⁻¹²⁵ for a whole upload.
const ROOM: u64 = 14;

/// A member's public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey(pub [u8; 32]);

/// The hash of everything in the terms: what every message and every share is bound to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context(pub [u8; 32]);

/// What a round and a group are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The round's beacon: nobody may have chosen it.
    pub seed: [u8; 32],
    /// The group that clients were put into.
    pub group: u32,
    /// Values in an update.
    pub values: u32,
    /// How many levels a value can take, from zero on.
    pub levels: u32,
    /// A set of fewer clients is never opened.
    pub minimum: u32,
    /// A set of more clients does not fit.
    pub maximum: u32,
    /// The committee, in the order of its indices.
    pub committee: Vec<MemberKey>,
    /// So many members together learn nothing.
    pub private: u8,
    /// So many secrets share one polynomial: shares shrink by this, and so many more members are needed to open.
    pub packed: u8,
}

/// Why terms cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("an update has between 1 and {MAX_VALUES} values, not {0}")]
    Values(u32),
    #[error("a value has at least two levels, not {0}")]
    Levels(u32),
    #[error("a set has between 2 and {MAX_CLIENTS} clients, not {minimum} to {maximum}")]
    Clients { minimum: u32, maximum: u32 },
    #[error("a committee has at most {MAX_MEMBERS} members, not {0}")]
    Members(usize),
    #[error("one member is there twice")]
    RepeatedMember,
    #[error("the key of member {0} is no point of the prime-order group")]
    MemberKey(usize),
    #[error(
        "{members} members cannot keep {private} from learning anything and pack {packed} secrets: at least one each, and together no more"
    )]
    Threshold { members: usize, private: u8, packed: u8 },
    #[error(
        "{members} members with {private} corrupt could open two sets of {packed} packed secrets: members − private must be below 2 · packed"
    )]
    TwoSets { members: usize, private: u8, packed: u8 },
    #[error("the sum of {maximum} values of {levels} levels does not fit the ring")]
    TooLarge { maximum: u32, levels: u32 },
}

/// Terms that were checked, with what follows from them.
#[derive(Clone)]
pub struct Plan {
    terms: Terms,
    context: Context,
    pub(super) points: Vec<EdwardsPoint>,
    pub(super) degree: usize,
    pub(super) lanes: [Lane; 2],
    pub(super) sharing: Sharing,
    /// One more than the largest sum of one value.
    pub(super) radix: u64,
    /// Values packed into one coefficient, each a digit to the radix.
    pub(super) digits: usize,
    /// radix^digits: t, what errors are multiples of.
    pub(super) step: u128,
    /// The largest size of a coefficient of Σe.
    pub(super) noise: u64,
}

impl Plan {
    pub fn new(terms: Terms) -> Result<Self, PlanError> {
        Self::with_degree(terms, ring::DEGREE)
    }

    /// A ring of another degree hides nothing: for tests against slow arithmetic.
    pub(super) fn with_degree(terms: Terms, degree: usize) -> Result<Self, PlanError> {
        let (members, private, packed) = (terms.committee.len(), terms.private, terms.packed);
        if !(1..=MAX_VALUES).contains(&terms.values) {
            return Err(PlanError::Values(terms.values));
        }
        if terms.levels < 2 {
            return Err(PlanError::Levels(terms.levels));
        }
        // one client alone is no sum
        if terms.minimum < 2 || terms.minimum > terms.maximum || terms.maximum > MAX_CLIENTS {
            return Err(PlanError::Clients { minimum: terms.minimum, maximum: terms.maximum });
        }
        if members > MAX_MEMBERS {
            return Err(PlanError::Members(members));
        }
        let needed = usize::from(private) + usize::from(packed);
        if private == 0 || packed == 0 || needed > members {
            return Err(PlanError::Threshold { members, private, packed });
        }
        // Honest members open one set each. If enough of them for one set left enough for another, members that open both could
        // take the difference, which may be one client.
        if members - usize::from(private) >= 2 * usize::from(packed) {
            return Err(PlanError::TwoSets { members, private, packed });
        }
        let mut sorted = terms.committee.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(PlanError::RepeatedMember);
        }
        let points = terms
            .committee
            .iter()
            .enumerate()
            .map(|(index, key)| prime_order(&key.0).ok_or(PlanError::MemberKey(index)))
            .collect::<Result<_, _>>()?;
        let radix = u64::from(terms.maximum) * (u64::from(terms.levels) - 1) + 1;
        let noise = noise_bound(terms.maximum);
        let too_large = PlanError::TooLarge { maximum: terms.maximum, levels: terms.levels };
        let room = ring::MODULUS / u128::from(2 * noise + 1);
        let (mut digits, mut step) = (0, 1u128);
        while let Some(next) = step.checked_mul(u128::from(radix)).filter(|next| *next <= room) {
            (digits, step) = (digits + 1, next);
        }
        if digits == 0 || ring::PRIMES.iter().any(|prime| radix % prime == 0) {
            return Err(too_large);
        }
        let context = context(&terms, degree);
        let lanes = [Lane::new(0, degree), Lane::new(1, degree)];
        let sharing = Sharing::new(members, usize::from(packed), usize::from(private));
        Ok(Self { terms, context, points, degree, lanes, sharing, radix, digits, step, noise })
    }

    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    /// The shares that are needed to open a set.
    #[must_use]
    pub fn threshold(&self) -> usize {
        usize::from(self.terms.private) + usize::from(self.terms.packed)
    }

    /// The bytes of an upload.
    #[must_use]
    pub fn upload_length(&self) -> usize {
        super::upload::Layout::new(self).length
    }

    /// Ring coefficients that carry values.
    pub(super) fn coefficients(&self) -> usize {
        (self.terms.values as usize).div_ceil(self.digits)
    }

    pub(super) fn chunks(&self) -> usize {
        self.coefficients().div_ceil(self.degree)
    }

    /// The coefficients of a chunk that carry values.
    pub(super) fn chunk_length(&self, chunk: usize) -> usize {
        self.degree.min(self.coefficients() - chunk * self.degree)
    }

    /// Polynomials that the secret is packed into.
    pub(super) fn blocks(&self) -> usize {
        self.degree.div_ceil(usize::from(self.terms.packed))
    }

    /// Elements of one member's share: one of each polynomial, and one of each mask of the test.
    pub(super) fn share_elements(&self) -> usize {
        self.blocks() + TESTS
    }

    pub(super) fn share_length(&self) -> usize {
        bits::packed_length(self.share_elements(), field::WIDTH)
    }

    /// Bytes of the masked coefficients modulo one prime.
    pub(super) fn lane_length(&self) -> usize {
        bits::packed_length(self.coefficients(), ring::WIDTH)
    }
}

/// A point from its Montgomery coordinate, unless it is off the curve, on the twist or outside the prime-order group.
pub(super) fn prime_order(key: &[u8; 32]) -> Option<EdwardsPoint> {
    use curve25519_dalek::traits::IsIdentity;
    let point = MontgomeryPoint(*key).to_edwards(0)?;
    // the encoding must be the only one of its point
    (point.is_torsion_free() && !point.is_identity() && point.to_montgomery().0 == *key).then_some(point)
}

/// ⌈14 σ √n⌉
fn noise_bound(clients: u32) -> u64 {
    let (numerator, denominator) = gaussian::VARIANCE;
    let square = (ROOM * ROOM * numerator * u64::from(clients)).div_ceil(denominator);
    let root = square.isqrt();
    if root * root == square { root } else { root + 1 }
}

fn context(terms: &Terms, degree: usize) -> Context {
    let numbers: Vec<u8> =
        [terms.group, terms.values, terms.levels, terms.minimum, terms.maximum, degree as u32]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .chain([terms.private, terms.packed])
            .collect();
    let keys: Vec<u8> = terms.committee.iter().flat_map(|key| key.0).collect();
    Context(digest("context", &[&terms.seed, &numbers, &keys]))
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Plan")
            .field("terms", &self.terms)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// Prints a hash or key in hexadecimal.
macro_rules! print_in_hexadecimal {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, concat!(stringify!($name), "("))?;
                for byte in self.0 {
                    write!(formatter, "{byte:02x}")?;
                }
                write!(formatter, ")")
            }
        }
    )*};
}
pub(super) use print_in_hexadecimal;
print_in_hexadecimal!(MemberKey, Context);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mask::MemberSecret;

    fn terms() -> Terms {
        Terms {
            seed: [1; 32],
            group: 0,
            values: 100_000,
            levels: 1 << 16,
            minimum: 2,
            maximum: 1000,
            committee: (0..8).map(|index| MemberSecret::from_bytes([index; 32]).public()).collect(),
            private: 2,
            packed: 4,
        }
    }

    #[test]
    fn a_thousand_sixteen_bit_values_pack_by_three() {
        let plan = Plan::new(terms()).unwrap();
        assert_eq!((plan.radix, plan.digits, plan.noise), (65_535_001, 3, 2005));
        assert_eq!((plan.coefficients(), plan.chunks(), plan.chunk_length(8)), (33_334, 9, 566));
        assert_eq!(plan.threshold(), 6);
        assert!(plan.upload_length() < 2 * 200_000, "{}", plan.upload_length());
    }

    #[test]
    fn every_term_changes_the_context() {
        let mut seen = vec![Plan::new(terms()).unwrap().context()];
        let changes: [fn(&mut Terms); 9] = [
            |terms| terms.seed[31] ^= 1,
            |terms| terms.group += 1,
            |terms| terms.values += 1,
            |terms| terms.levels += 1,
            |terms| terms.minimum += 1,
            |terms| terms.maximum -= 1,
            |terms| terms.committee.swap(0, 1),
            |terms| terms.private += 1,
            |terms| terms.packed += 1,
        ];
        for change in changes {
            let mut terms = terms();
            change(&mut terms);
            seen.push(Plan::new(terms).unwrap().context());
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10);
    }

    #[test]
    fn terms_that_cannot_be_kept_are_refused() {
        let refused = |change: fn(&mut Terms)| {
            let mut terms = terms();
            change(&mut terms);
            Plan::new(terms).unwrap_err()
        };
        assert_eq!(refused(|terms| terms.values = 0), PlanError::Values(0));
        assert_eq!(refused(|terms| terms.values = u32::MAX), PlanError::Values(u32::MAX));
        assert_eq!(refused(|terms| terms.levels = 1), PlanError::Levels(1));
        assert!(matches!(refused(|terms| terms.minimum = 1), PlanError::Clients { .. }));
        assert!(matches!(refused(|terms| terms.minimum = 1001), PlanError::Clients { .. }));
        assert!(matches!(refused(|terms| terms.maximum = 4097), PlanError::Clients { .. }));
        assert!(matches!(refused(|terms| terms.private = 0), PlanError::Threshold { .. }));
        assert!(matches!(refused(|terms| terms.packed = 7), PlanError::Threshold { .. }));
        assert!(matches!(refused(|terms| terms.packed = 3), PlanError::TwoSets { .. }));
        assert_eq!(refused(|terms| terms.committee[3] = terms.committee[4]), PlanError::RepeatedMember);
        // zero is a point of order two, the next one has no point
        assert_eq!(refused(|terms| terms.committee[3].0 = [0; 32]), PlanError::MemberKey(3));
        assert_eq!(refused(|terms| terms.committee[5].0 = [2; 32]), PlanError::MemberKey(5));
        assert!(matches!(
            refused(|terms| terms.committee = vec![terms.committee[0]; 65]),
            PlanError::Members(65)
        ));
    }
}
