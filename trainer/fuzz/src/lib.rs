//! Bytes of strangers into every parser of the trainer that reads them: for libFuzzer, and for the everyday test that replays what it
//! found.
//!
//! Each target takes any bytes; it fails by a panic. The first byte says which of a target's messages the others are. What is accepted has to
//! be in order, and where a message has one encoding, has to be written again as it was read.

mod answers;
mod masks;
mod models;
mod seeds;

pub use masks::Ready;
pub use seeds::seeds;

/// What is fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Uploads, sealed shares, sums and complaints.
    Masks,
    /// Safetensors, manifests and recipes.
    Models,
    /// What a learner in another process answers.
    Learner,
    /// What a node of the chain answers.
    Chain,
    /// What is asked of a published model.
    Question,
}

impl Target {
    pub const ALL: [Self; 5] = [Self::Masks, Self::Models, Self::Learner, Self::Chain, Self::Question];

    /// The name of its folder and of its libFuzzer binary.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Masks => "masks",
            Self::Models => "models",
            Self::Learner => "learner",
            Self::Chain => "chain",
            Self::Question => "question",
        }
    }

    /// Feeds the bytes; whatever they are, there is an answer. True where they were accepted.
    pub fn feed(self, ready: &Ready, bytes: &[u8]) -> bool {
        let Some((kind, bytes)) = bytes.split_first() else { return false };
        match self {
            Self::Masks => masks::feed(ready, *kind, bytes),
            Self::Models => models::feed(*kind, bytes),
            Self::Learner => answers::learner(*kind, bytes),
            Self::Chain => answers::chain(*kind, bytes),
            Self::Question => answers::question(bytes),
        }
    }
}
