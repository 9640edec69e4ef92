//! A round of training, in the phases that the chain counts: submit → aggregate → gate → publish.
//!
//! What is trained is behind [`learner::Learner`]: four verbs that models of this repository and frameworks of others answer alike.
//! Where a round is kept is behind [`board::Board`]: a chain, or a simulation of one. Between them stand the roles: [`Client`],
//! [`Member`], [`Verifier`]. None of them opens a socket or reads a clock.

pub mod aggregate;
pub mod board;
pub mod client;
pub mod control;
pub mod encoding;
pub mod entropy;
pub mod error;
pub mod gate;
pub mod global;
pub mod journal;
pub mod keys;
pub mod learner;
pub mod member;
pub mod past;
pub mod publish;
pub mod recipe;
pub mod robust;
pub mod server;
pub mod setting;
pub mod step;
pub mod subset;
pub mod trust;
pub mod verifier;
pub mod weights;

pub use board::{Board, BoardError, Place};
pub use client::Client;
pub use error::RoleError;
pub use keys::NodeKeys;
pub use learner::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip, class_offsets};
pub use member::Member;
pub use past::Past;
pub use recipe::Recipe;
pub use step::{Refused, Step};
pub use subset::{Selection, Subset};
pub use trust::Trust;
pub use verifier::Verifier;
pub use weights::{Layout, TensorShape, Weights, WeightsError};
