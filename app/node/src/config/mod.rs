//! The three files of settings under `config/`: `app.toml`, `client.toml` and CometBFT's `config.toml`.

pub mod app;
pub mod client;
pub mod comet;
mod file;
mod table;

pub use file::{Document, FileKind};
pub use table::{Entry, Kind, Values};
