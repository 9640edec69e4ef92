//! A member of the committee: checks the shares it is sent, complains about false ones, adds up those of one set, once.

use std::{fs, io::Write, path::PathBuf};

use rayon::prelude::*;

use super::{
    VERSION, bits,
    complaint::{Complaint, open_share},
    field::{self, Element},
    plan::{Context, Plan},
    seal::MemberSecret,
    set::{IncludedSet, SetHash},
    test_share,
    upload::{ClientId, Envelope, ParseError},
};

/// A member at its work.
#[derive(Debug)]
pub struct Member {
    index: usize,
    secret: MemberSecret,
}

/// Why a member does not add up.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    #[error("the key is not in the committee")]
    NotAMember,
    #[error("the set is of another round or group")]
    Context,
    #[error("client {0:?} is not in the set, or with another upload")]
    Foreign(ClientId),
    #[error("client {0:?} came twice")]
    Repeated(ClientId),
    #[error("{found} of {expected} uploads of the set are there")]
    Missing { expected: usize, found: usize },
    #[error("{} clients sent false shares", .0.len())]
    Faulty(Vec<Complaint>),
    #[error(transparent)]
    Refused(#[from] PledgeError),
}

/// Why a pledge cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum PledgeError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the pledge for this round cannot be read: {0}")]
    Damaged(PathBuf),
    #[error("the pledge cannot be kept: {0}")]
    Storage(#[from] std::io::Error),
}

/// The member has already added up another set of this round: it does not add up a second one, since the difference might be one client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("already pledged to {pledged:?}")]
pub struct Refusal {
    pub pledged: SetHash,
}

/// Remembers which set a member stands by in each round. It must outlive the process.
pub trait Pledges {
    /// Returns once the pledge is kept for good, and refuses if another one is there.
    fn pledge(&mut self, context: Context, set: SetHash) -> Result<(), PledgeError>;
}

/// Pledges that end with the process: for simulations.
#[derive(Debug, Default)]
pub struct MemoryPledges(std::collections::BTreeMap<Context, SetHash>);

impl Pledges for MemoryPledges {
    fn pledge(&mut self, context: Context, set: SetHash) -> Result<(), PledgeError> {
        let pledged = *self.0.entry(context).or_insert(set);
        if pledged == set { Ok(()) } else { Err(Refusal { pledged }.into()) }
    }
}

/// Pledges in a folder, a file a round.
#[derive(Debug)]
pub struct FilePledges {
    folder: PathBuf,
}

impl FilePledges {
    /// Makes the folder if it is not there.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, PledgeError> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }
}

impl Pledges for FilePledges {
    fn pledge(&mut self, context: Context, set: SetHash) -> Result<(), PledgeError> {
        let name: String = context.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.folder.join(&name);
        let fresh = self.folder.join(format!("{name}.{}.new", std::process::id()));
        let mut file = fs::File::create(&fresh)?;
        file.write_all(&set.0)?;
        file.sync_all()?;
        // a link appears whole or not at all, and never replaces what is there
        let linked = fs::hard_link(&fresh, &path);
        fs::remove_file(&fresh)?;
        match linked {
            Ok(()) => {
                fs::File::open(&self.folder)?.sync_all()?;
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let bytes = fs::read(&path)?;
                let pledged = SetHash(bytes.try_into().map_err(|_| PledgeError::Damaged(path))?);
                if pledged == set { Ok(()) } else { Err(Refusal { pledged }.into()) }
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The sum of a member's shares of one set: public once it is posted.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareSum {
    pub member: u16,
    pub set: SetHash,
    pub(super) elements: Vec<Element>,
}

impl Member {
    /// The member that a secret belongs to.
    pub fn new(plan: &Plan, secret: MemberSecret) -> Result<Self, MemberError> {
        let key = secret.public();
        let index =
            plan.terms().committee.iter().position(|member| *member == key).ok_or(MemberError::NotAMember)?;
        Ok(Self { index, secret })
    }

    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Whether a client's share is what it should be; if not, the proof that it is not.
    pub fn check(&self, plan: &Plan, envelope: &Envelope) -> Result<(), Box<Complaint>> {
        self.open(plan, envelope).map(|_| ())
    }

    fn open(
        &self,
        plan: &Plan,
        envelope: &Envelope,
    ) -> Result<zeroize::Zeroizing<Vec<Element>>, Box<Complaint>> {
        let agreed = self.secret.agree(&envelope.ephemeral());
        open_share(plan, envelope, self.index, &agreed)
            .map_err(|_| Box::new(Complaint::new(plan, envelope, self.index, &self.secret)))
    }

    /// Adds up the shares of exactly the clients of the set, after pledging never to do so for another set of this round.
    pub fn sum<'a>(
        &self,
        plan: &Plan,
        set: &IncludedSet,
        envelopes: impl IntoIterator<Item = &'a Envelope>,
        pledges: &mut impl Pledges,
    ) -> Result<ShareSum, MemberError> {
        if set.context() != plan.context() {
            return Err(MemberError::Context);
        }
        let mut included = vec![None; set.len()];
        for envelope in envelopes {
            let client = envelope.client();
            let place = set.find(client).filter(|(_, upload)| *upload == envelope.digest(plan));
            let (place, _) = place.ok_or(MemberError::Foreign(client))?;
            if included[place].replace(envelope).is_some() {
                return Err(MemberError::Repeated(client));
            }
        }
        let found = included.iter().flatten().count();
        if found < set.len() {
            return Err(MemberError::Missing { expected: set.len(), found });
        }
        let included: Vec<&Envelope> = included.into_iter().flatten().collect();
        let opened: Vec<_> = included.par_iter().map(|envelope| self.open(plan, envelope)).collect();
        let faulty: Vec<Complaint> = opened
            .iter()
            .filter_map(|share| share.as_ref().err().map(|complaint| (**complaint).clone()))
            .collect();
        if !faulty.is_empty() {
            return Err(MemberError::Faulty(faulty));
        }
        let mut totals = zeroize::Zeroizing::new(vec![0u64; plan.blocks()]);
        for share in opened.iter().flatten() {
            for (total, element) in totals.iter_mut().zip(share.iter()) {
                *total += u64::from(*element);
            }
        }
        let elements = totals.iter().map(|total| field::reduce(*total)).collect();
        pledges.pledge(plan.context(), set.hash())?;
        Ok(ShareSum { member: self.index as u16, set: set.hash(), elements })
    }
}

impl ShareSum {
    #[must_use]
    pub fn to_bytes(&self, plan: &Plan) -> Vec<u8> {
        let mut bytes =
            [VERSION.as_slice(), &plan.context().0, &self.set.0, &self.member.to_le_bytes()].concat();
        test_share::encode(&self.elements, &mut bytes);
        bytes
    }

    /// Reads a sum that [`Self::to_bytes`] wrote.
    pub fn parse(plan: &Plan, bytes: &[u8]) -> Result<Self, ParseError> {
        let expected = VERSION.len() + 32 + 32 + 2 + bits::packed_length(plan.blocks(), field::WIDTH);
        if bytes.len() != expected {
            return Err(ParseError::Length { expected, found: bytes.len() });
        }
        let rest = bytes.strip_prefix(VERSION.as_slice()).ok_or(ParseError::Version)?;
        let rest = rest.strip_prefix(plan.context().0.as_slice()).ok_or(ParseError::Context)?;
        let (set, rest) = rest.split_at(32);
        let (member, rest) = rest.split_at(2);
        let member = u16::from_le_bytes(member.try_into().unwrap_or_default());
        if usize::from(member) >= plan.terms().committee.len() {
            return Err(ParseError::Member(member));
        }
        let elements = test_share::decode(rest, plan.blocks()).ok_or(ParseError::Sums)?.to_vec();
        Ok(Self { member, set: SetHash(set.try_into().unwrap_or_default()), elements })
    }
}

impl std::fmt::Debug for ShareSum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ShareSum")
            .field("member", &self.member)
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}
