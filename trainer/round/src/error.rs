//! Why a role cannot do what a round asks of it. Nothing of its own is lost when it cannot: what was done is in the journal.

use iz_protect::{
    budget::BudgetError,
    mask::{AggregateError, MaskError, MemberError, ParseError, PlanError, PledgeError, SetError},
};
use iz_rounds_machine::{Digest, RoundError};

use crate::{
    board::BoardError, encoding::EncodingError, journal::JournalError, learner::LearnError,
    publish::ManifestError, recipe::RecipeError, weights::WeightsError,
};

#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    #[error(transparent)]
    Board(#[from] BoardError),
    #[error(transparent)]
    Learn(#[from] LearnError),
    #[error(transparent)]
    Weights(#[from] WeightsError),
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error(transparent)]
    Recipe(#[from] RecipeError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Budget(#[from] BudgetError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Set(#[from] SetError),
    #[error(transparent)]
    Mask(#[from] MaskError),
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Member(#[from] MemberError),
    #[error(transparent)]
    Pledge(#[from] PledgeError),
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error("no randomness: {0}")]
    Entropy(String),
    #[error(
        "round {round} runs by version {opened} of its task's terms, and only version {known} can be read"
    )]
    TermsChanged { round: u64, opened: u32, known: u32 },
    #[error("the chain contradicts itself: {0}")]
    Contradiction(&'static str),
    #[error("{0} does not hold seat {1} with the keys of this node")]
    WrongKeys(String, u8),
    #[error("none of {0} groups could be opened")]
    NothingOpened(usize),
    #[error("the model of manifest {0} is of another recipe")]
    OtherRecipe(Digest),
    #[error("{found} clients are in the smallest group, and the recipe counts on {needed} that add noise")]
    TooFewForNoise { needed: u32, found: u32 },
}
