//! Transactions: bytes become a [`CheckedTx`] once, pass the ante chain, and run message by message.

pub mod ante;
mod decode;
mod kinds;
mod public_key;
mod raw;
mod run;
pub mod sign;
mod signature;
mod verified;

pub use ante::Settings;
pub use decode::{CheckedTx, TxMessage};
pub use public_key::PublicKey;
pub use raw::RawTx;
pub use run::{Outcome, Success, run, run_undecodable, run_undecodable_in_block};
pub use signature::{BitArray, MultiSignature, SignMode, SignatureData};
pub use verified::{KnownSigner, Verified, verify_ahead};
