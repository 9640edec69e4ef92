//! What one step of a role did. Roles are asked again and again; they do what is due and nothing twice.

use iz_rounds_machine::{Digest, Phase};

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Nothing is due from this role now.
    Waiting,
    Enrolled,
    Stood,
    Trained {
        examples: u64,
        loss: f32,
    },
    Submitted {
        upload: Digest,
        bytes: usize,
    },
    /// Whom a member holds, and why not the others.
    Witnessed {
        held: u16,
        refused: Vec<Refused>,
    },
    Summed {
        sum: Digest,
    },
    Attested {
        aggregate: Digest,
        false_seats: Vec<u16>,
        /// Groups that could not be opened.
        lost: Vec<u8>,
    },
    Committed,
    Revealed,
    Judged {
        upheld: bool,
    },
    Challenged {
        claim: Digest,
    },
    /// A verifier found the aggregate right.
    Confirmed,
    /// A client whose noise did not fit its levels: it sits the round out.
    SatOut,
    Over(Phase),
}

/// A client whose upload or share is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub index: u8,
    pub reason: String,
    /// The proof against the client that anyone can judge, where the share is at fault.
    pub complaint: Option<Digest>,
}
