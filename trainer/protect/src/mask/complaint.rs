//! A member's proof that a client sent it a share that is none.
//!
//! The member publishes the key it agreed on with the client, and proves that it is the right one (Chaum and Pedersen: the same secret
//! leads from the base point to the member's key and from the client's key to the agreed one). Anyone then opens the share and sees
//! for himself. Nobody can complain about a good share, and no client can talk its way out of a bad one.

use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::{
    VERSION,
    field::Element,
    plan::{Context, Plan, prime_order},
    seal::{Address, MemberSecret},
    test_share,
    upload::{ClientId, Envelope, ParseError, UploadDigest},
};

/// What is wrong with a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It does not open with the agreed key.
    Sealed,
    /// It opens to something that is not field elements.
    Malformed,
    /// It does not fit the answers to the share test.
    Inconsistent,
}

/// Evidence against a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub member: u16,
    pub client: ClientId,
    pub upload: UploadDigest,
    agreed: [u8; 32],
    challenge: [u8; 32],
    response: [u8; 32],
}

/// Why a complaint proves nothing, which is the member's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComplaintError {
    #[error("there is no member {0}")]
    Member(u16),
    #[error("it is about another upload")]
    Upload,
    #[error("it does not prove that the key is the agreed one")]
    Proof,
    #[error("the share is as it should be")]
    Unfounded,
}

const LENGTH: usize = VERSION.len() + 32 + 2 + 5 * 32;

/// Opens a member's share with the agreed key and puts it to the test.
pub(super) fn open_share(
    plan: &Plan,
    envelope: &Envelope,
    member: usize,
    agreed: &[u8; 32],
) -> Result<Zeroizing<Vec<Element>>, Fault> {
    let key = plan.terms().committee.get(member).ok_or(Fault::Sealed)?;
    let (context, client, ephemeral) = (plan.context(), envelope.client(), envelope.ephemeral());
    let address =
        Address { context: &context, client: &client, ephemeral: &ephemeral, index: member, member: key };
    let bytes = address.open(agreed, envelope.sealed(plan, member)).ok_or(Fault::Sealed)?;
    let share = test_share::decode(&bytes, plan.share_elements()).ok_or(Fault::Malformed)?;
    let factors = test_share::factors(plan, &envelope.challenge(plan));
    if !test_share::fits(plan, member, &factors, &envelope.answers(plan), &share) {
        return Err(Fault::Inconsistent);
    }
    Ok(share)
}

impl Complaint {
    /// Proves a fault that the member found.
    pub(super) fn new(plan: &Plan, envelope: &Envelope, member: usize, secret: &MemberSecret) -> Self {
        let key = plan.points.get(member).copied().unwrap_or_default();
        // an envelope that was parsed holds a point
        let client = prime_order(&envelope.ephemeral()).unwrap_or_default();
        // keys are known up to sign: take the scalar that leads to the point the plan holds
        let mut scalar = secret.scalar();
        if EdwardsPoint::mul_base(&scalar) != key {
            scalar = Zeroizing::new(-*scalar);
        }
        let agreed = (client * *scalar).compress().to_bytes();
        let upload = envelope.digest(plan);
        let wide: [u8; 64] = Sha512::new()
            .chain_update(VERSION)
            .chain_update(b"nonce")
            .chain_update(secret.bytes())
            .chain_update(upload.0)
            .finalize()
            .into();
        let nonce = Zeroizing::new(Scalar::from_bytes_mod_order_wide(&Zeroizing::new(wide)));
        let commitments = (EdwardsPoint::mul_base(&nonce), client * *nonce);
        let challenge = challenge(&plan.context(), &upload, &key, &client, &agreed, &commitments);
        let response = *nonce + challenge * *scalar;
        Self {
            member: member as u16,
            client: envelope.client(),
            upload,
            agreed,
            challenge: challenge.to_bytes(),
            response: response.to_bytes(),
        }
    }

    /// What the client did wrong, if the complaint proves it.
    pub fn judge(&self, plan: &Plan, envelope: &Envelope) -> Result<Fault, ComplaintError> {
        let key = plan.points.get(usize::from(self.member)).ok_or(ComplaintError::Member(self.member))?;
        if envelope.client() != self.client || envelope.digest(plan) != self.upload {
            return Err(ComplaintError::Upload);
        }
        let client = prime_order(&envelope.ephemeral()).ok_or(ComplaintError::Upload)?;
        let agreed = CompressedEdwardsY(self.agreed).decompress().ok_or(ComplaintError::Proof)?;
        let scalar =
            |bytes| Option::<Scalar>::from(Scalar::from_canonical_bytes(bytes)).ok_or(ComplaintError::Proof);
        let (stated, response) = (scalar(self.challenge)?, scalar(self.response)?);
        let commitments =
            (EdwardsPoint::mul_base(&response) - stated * key, response * client - stated * agreed);
        if challenge(&plan.context(), &self.upload, key, &client, &self.agreed, &commitments) != stated {
            return Err(ComplaintError::Proof);
        }
        match open_share(plan, envelope, usize::from(self.member), &agreed.to_montgomery().0) {
            Err(fault) => Ok(fault),
            Ok(_) => Err(ComplaintError::Unfounded),
        }
    }

    #[must_use]
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        let member = self.member.to_le_bytes();
        [
            VERSION.as_slice(),
            &plan.context().0,
            &member,
            &self.client.0,
            &self.upload.0,
            &self.agreed,
            &self.challenge,
            &self.response,
        ]
        .concat()
    }

    /// Reads a complaint that [`Self::to_bytes`] wrote.
    pub fn parse(plan: &Plan, bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() != LENGTH {
            return Err(ParseError::Length { expected: LENGTH, found: bytes.len() });
        }
        let rest = bytes.strip_prefix(VERSION.as_slice()).ok_or(ParseError::Version)?;
        let rest = rest.strip_prefix(plan.context().0.as_slice()).ok_or(ParseError::Context)?;
        let (member, rest) = rest.split_at(2);
        let member = u16::from_le_bytes(member.try_into().unwrap_or_default());
        if usize::from(member) >= plan.terms().committee.len() {
            return Err(ParseError::Member(member));
        }
        let mut parts = rest.chunks_exact(32).map(|part| part.try_into().unwrap_or_default());
        let mut next = || parts.next().unwrap_or_default();
        Ok(Self {
            member,
            client: ClientId(next()),
            upload: UploadDigest(next()),
            agreed: next(),
            challenge: next(),
            response: next(),
        })
    }
}

fn challenge(
    context: &Context,
    upload: &UploadDigest,
    key: &EdwardsPoint,
    client: &EdwardsPoint,
    agreed: &[u8; 32],
    commitments: &(EdwardsPoint, EdwardsPoint),
) -> Scalar {
    let mut hash = Sha512::new();
    hash.update(VERSION);
    hash.update(b"agreed key");
    for part in [&context.0, &upload.0, agreed] {
        hash.update(part);
    }
    for point in [key, client, &commitments.0, &commitments.1] {
        hash.update(point.compress().as_bytes());
    }
    Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
}
