//! Everything that the router refuses, with the values that made it refuse.

use cosmwasm_std::{Addr, OverflowError, StdError, Timestamp, Uint128};
use iz_contract_kit::register::RegisterError;
use iz_contract_math::error::MathError;
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Math(#[from] MathError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Version(#[from] cw2::VersionError),

    #[error("{sender} may not do this: {who} may")]
    Unauthorized { sender: Addr, who: String },
    #[error("{what} {name:?} is not a name: 1 to 64 of a-z, A-Z, 0-9, '.', '_', ':', '/', '-'")]
    BadName { what: &'static str, name: String },

    #[error("app {app} is not registered")]
    UnknownApp { app: String },
    #[error("app {app} is registered already")]
    AppTaken { app: String },
    #[error("app {app} has no job {job}")]
    UnknownJob { app: String, job: String },
    #[error("app {app} has a job {job} already")]
    JobTaken { app: String, job: String },
    #[error("app {app} changed its terms too often")]
    TooManyTerms { app: String },
    #[error("shares add up to {sum}, not to 10000")]
    SharesDoNotSum { sum: u32 },
    #[error("{destination} gets {share}, and the policy asks for {minimum} at least")]
    ShareTooSmall { destination: &'static str, share: u16, minimum: u16 },
    #[error("the app keeps {share}, and the policy allows {most} at most")]
    AppShareTooLarge { share: u16, most: u16 },
    #[error(
        "the policy cannot be kept: its minimums add up to {sum}, its app share is between {least} and {most}"
    )]
    BadPolicy { sum: u32, least: u16, most: u16 },
    #[error("a share for {destination} needs its name in the terms")]
    DestinationMissing { destination: &'static str },
    #[error("artefact {artefact} is not registered with the ainft contract")]
    UnknownArtefact { artefact: String },

    #[error("pool {pool} does not exist")]
    UnknownPool { pool: String },
    #[error("pool {pool} exists already")]
    PoolTaken { pool: String },
    #[error("a weight of zero changes nothing")]
    ZeroWeight {},
    #[error("{member} has a weight of {weight}, less than {wanted}")]
    WeightTooSmall { member: Addr, weight: Uint128, wanted: Uint128 },
    #[error("{what}: {count}, and at most {most} are taken")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("{what} have to be sorted and each named once: {second:?} follows {first:?}")]
    Unsorted { what: &'static str, first: String, second: String },

    #[error("nothing is owed")]
    NothingOwed {},
    #[error("the router does not pay itself")]
    ToSelf {},
    #[error("pool {pool} is not paid out by cranks")]
    NotPeriodic { pool: String },
    #[error("the next payout of pool {pool} begins at {at}")]
    NotDue { pool: String, at: Timestamp },
    #[error("a limit of zero pays nobody")]
    ZeroLimit {},
    #[error("a period has to last {least} seconds at least, not {seconds}")]
    PeriodTooShort { seconds: u64, least: u64 },

    #[error("there is no route {name}")]
    UnknownRoute { name: String },
    #[error("{asset} cannot leave by ICS-20 from here: only denominations of the bank can")]
    NotNative { asset: String },
    #[error("{channel:?} is not a channel")]
    BadChannel { channel: String },
    #[error("a timeout lasts from {least} to {most} seconds, not {seconds}")]
    BadTimeout { seconds: u64, least: u64, most: u64 },
    #[error("{receiver:?} cannot be a receiver: 1 to 128 letters and digits")]
    BadReceiver { receiver: String },
    #[error("the answer to a transfer holds no sequence")]
    NoSequence {},
    #[error("packet {sequence} of {channel} is known already")]
    PacketTaken { channel: String, sequence: u64 },
    #[error("an acknowledgement that is neither a result nor an error")]
    BadAcknowledgement {},
    #[error("a callback of port {port}, where only transfers are sent")]
    ForeignPort { port: String },
    #[error("reply {id} answers nothing that was sent")]
    UnknownReply { id: u64 },
}
