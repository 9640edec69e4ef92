//! Predictions over HTTP: `/v1/models`, `/v1/predictions`, `/metrics`.
//!
//! What is asked stays in memory for as long as the answer takes: it goes into no log, no file and no metric, and errors say where a
//! request is wrong, never what it said. Only counts are kept.

#![allow(clippy::disallowed_types, reason = "requests are timed; nothing here is consensus code")]

mod counts;
mod predictor;
mod request;
mod routes;

pub use counts::Counts;
pub use predictor::{Description, PredictError, Predictor};
pub use request::{LARGEST_REQUEST, MAX_ROWS, Question, RequestError};
pub use routes::router;
