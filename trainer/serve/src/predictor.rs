//! What can be asked: a model that turns a row of numbers into a row of numbers.

use thiserror::Error;

/// What a model says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Under which it is asked for.
    pub id: String,
    /// Unix time.
    pub created: u64,
    /// Names of the numbers that a row has, in order.
    pub inputs: Vec<String>,
    /// Names of the classes, where it classifies; else empty.
    pub classes: Vec<String>,
}

/// An error of the model itself. It must not repeat what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the model failed: {0}")]
pub struct PredictError(pub &'static str);

pub trait Predictor: Send + Sync {
    fn describe(&self) -> &Description;

    /// An answer for each row: probabilities of the classes, or the values themselves.
    fn predict(&self, rows: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, PredictError>;
}
