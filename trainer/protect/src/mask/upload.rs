//! A client's one message as bytes, and the part of it that members need.
//!
//! Every length follows from the plan, so a message has exactly one encoding:
//! version, context, client, ephemeral key, answers to the share test, sealed shares, masked coefficients modulo each prime.
//! An envelope is the same with the masked coefficients replaced by their hash.

use super::{
    VERSION, bits, digest,
    field::{self, Element},
    plan::{Context, Plan, TESTS, prime_order, print_in_hexadecimal},
    ring, seal, test_share,
};

/// Who a client is: the hash of its account, say. The message itself is signed by whoever carries it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub [u8; 32]);

/// The hash that a set names an upload by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadDigest(pub [u8; 32]);

print_in_hexadecimal!(ClientId, UploadDigest);

/// Why bytes are no message of a round.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("{found} bytes instead of {expected}")]
    Length { expected: usize, found: usize },
    #[error("not a message of this version")]
    Version,
    #[error("a message of another round or group")]
    Context,
    #[error("the ephemeral key is no point of the prime-order group")]
    EphemeralKey,
    #[error("an answer to the share test is not a field element")]
    Answers,
    #[error("a masked coefficient is not reduced")]
    Coefficients,
    #[error("a share sum is not a field element")]
    Sums,
    #[error("there is no member {0}")]
    Member(u16),
}

/// What members need of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub(super) client: ClientId,
    pub(super) masked_digest: [u8; 32],
    /// ephemeral key, answers, sealed shares
    pub(super) body: Vec<u8>,
}

/// A parsed upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    envelope: Envelope,
    masked: Vec<u8>,
}

/// Where the parts of a message lie.
pub(super) struct Layout {
    answers: usize,
    sealed: usize,
    masked: usize,
    pub length: usize,
}

const HEAD: usize = VERSION.len() + 32 + 32;
const KEY: usize = 32;

impl Layout {
    pub fn new(plan: &Plan) -> Self {
        let answers = bits::packed_length(TESTS * plan.sharing.basis(), field::WIDTH);
        let sealed = plan.share_length() + seal::TAG;
        let masked = HEAD + KEY + answers + plan.sharing.members() * sealed;
        Self { answers, sealed, masked, length: masked + 2 * plan.lane_length() }
    }
}

/// Splits off the head of a message and returns the client and the rest.
fn head<'a>(plan: &Plan, bytes: &'a [u8], expected: usize) -> Result<(ClientId, &'a [u8]), ParseError> {
    if bytes.len() != expected {
        return Err(ParseError::Length { expected, found: bytes.len() });
    }
    let (version, rest) = bytes.split_at(VERSION.len());
    let (context, rest) = rest.split_at(32);
    let (client, rest) = rest.split_at(32);
    if version != VERSION {
        return Err(ParseError::Version);
    }
    if context != plan.context().0 {
        return Err(ParseError::Context);
    }
    Ok((ClientId(client.try_into().map_err(|_| ParseError::Version)?), rest))
}

impl Envelope {
    pub(super) fn new(client: ClientId, masked_digest: [u8; 32], body: Vec<u8>) -> Self {
        Self { client, masked_digest, body }
    }

    /// Reads an envelope that [`Self::to_bytes`] wrote.
    pub fn parse(plan: &Plan, bytes: &[u8]) -> Result<Self, ParseError> {
        let layout = Layout::new(plan);
        let (client, rest) = head(plan, bytes, layout.masked + 32)?;
        let (masked_digest, body) = rest.split_at(32);
        let envelope = Self {
            client,
            masked_digest: masked_digest.try_into().map_err(|_| ParseError::Version)?,
            body: body.to_vec(),
        };
        envelope.check(plan, &layout)?;
        Ok(envelope)
    }

    #[must_use]
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        [VERSION.as_slice(), &plan.context().0, &self.client.0, &self.masked_digest, &self.body].concat()
    }

    #[must_use]
    pub const fn client(&self) -> ClientId {
        self.client
    }

    /// The hash of the whole upload, masked coefficients included.
    #[must_use]
    pub fn digest(&self, plan: &Plan) -> UploadDigest {
        UploadDigest(digest("upload", &[&plan.context().0, &self.client.0, &self.masked_digest, &self.body]))
    }

    fn check(&self, plan: &Plan, layout: &Layout) -> Result<(), ParseError> {
        prime_order(&self.ephemeral()).ok_or(ParseError::EphemeralKey)?;
        let answers = self.body.get(KEY..KEY + layout.answers).unwrap_or_default();
        let count = TESTS * plan.sharing.basis();
        if !bits::well_formed(answers, field::WIDTH, count, u64::from(field::PRIME)) {
            return Err(ParseError::Answers);
        }
        Ok(())
    }

    pub(super) fn ephemeral(&self) -> [u8; 32] {
        self.body.first_chunk().copied().unwrap_or_default()
    }

    pub(super) fn answers(&self, plan: &Plan) -> Vec<Element> {
        let bytes = self.body.get(KEY..KEY + Layout::new(plan).answers).unwrap_or_default();
        test_share::decode(bytes, TESTS * plan.sharing.basis())
            .map(|elements| elements.to_vec())
            .unwrap_or_default()
    }

    pub(super) fn sealed(&self, plan: &Plan, member: usize) -> &[u8] {
        let layout = Layout::new(plan);
        let start = KEY + layout.answers + member * layout.sealed;
        self.body.get(start..start + layout.sealed).unwrap_or_default()
    }

    /// What decides the factors of the share test: all that was sent but the answers.
    pub(super) fn challenge(&self, plan: &Plan) -> [u8; 32] {
        let sealed = self.body.get(KEY + Layout::new(plan).answers..).unwrap_or_default();
        challenge(&plan.context(), &self.client, &self.masked_digest, &self.ephemeral(), sealed)
    }
}

/// See [`Envelope::challenge`].
pub(super) fn challenge(
    context: &Context,
    client: &ClientId,
    masked_digest: &[u8; 32],
    ephemeral: &[u8; 32],
    sealed: &[u8],
) -> [u8; 32] {
    digest("share test", &[&context.0, &client.0, masked_digest, ephemeral, sealed])
}

/// The hash of the masked coefficients.
pub(super) fn masked_digest(masked: &[u8]) -> [u8; 32] {
    digest("masked", &[masked])
}

impl Upload {
    pub(super) fn new(envelope: Envelope, masked: Vec<u8>) -> Self {
        Self { envelope, masked }
    }

    /// Reads the bytes of an upload: all of them, and nothing that is not in its only form.
    pub fn parse(plan: &Plan, bytes: &[u8]) -> Result<Self, ParseError> {
        let layout = Layout::new(plan);
        let (client, _) = head(plan, bytes, layout.length)?;
        let (front, masked) = bytes.split_at(layout.masked);
        let envelope =
            Envelope { client, masked_digest: masked_digest(masked), body: front[HEAD..].to_vec() };
        envelope.check(plan, &layout)?;
        let lanes = masked.chunks(plan.lane_length()).zip(ring::PRIMES);
        for (lane, prime) in lanes {
            if !bits::well_formed(lane, ring::WIDTH, plan.coefficients(), prime) {
                return Err(ParseError::Coefficients);
            }
        }
        Ok(Self { envelope, masked: masked.to_vec() })
    }

    #[must_use]
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        let envelope = &self.envelope;
        [VERSION.as_slice(), &plan.context().0, &envelope.client.0, &envelope.body, &self.masked].concat()
    }

    #[must_use]
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    #[must_use]
    pub const fn client(&self) -> ClientId {
        self.envelope.client
    }

    /// The hash that a set names this upload by.
    #[must_use]
    pub fn digest(&self, plan: &Plan) -> UploadDigest {
        self.envelope.digest(plan)
    }

    /// The masked coefficients modulo one of the primes, packed.
    pub(super) fn lane(&self, plan: &Plan, lane: usize) -> &[u8] {
        let length = plan.lane_length();
        self.masked.get(lane * length..(lane + 1) * length).unwrap_or_default()
    }
}
