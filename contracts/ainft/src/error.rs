//! Everything that the registry refuses, with the values that made it refuse.

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
    Unauthorized { sender: Addr, who: &'static str },
    #[error("artefact {id} is not registered")]
    UnknownArtefact { id: String },
    #[error("artefact {id} is registered already")]
    Taken { id: String },
    #[error("{id:?} is no identifier: 64 digits of lower-case hexadecimal")]
    BadIdentifier { id: String },
    #[error("the {what} digest has {length} bytes, and SHA-256 gives 32")]
    BadDigest { what: &'static str, length: usize },
    #[error("{what} is {length} bytes long, and {most} are taken at most")]
    TooLong { what: &'static str, length: usize, most: usize },
    #[error("{what}: {count}, and {most} are taken at most")]
    TooMany { what: &'static str, count: usize, most: usize },
    #[error("{what} have to be sorted and each named once: {second:?} follows {first:?}")]
    Unsorted { what: &'static str, first: String, second: String },
    #[error("a recipe names the digest of its result, and nothing else does")]
    ResultMisplaced {},

    #[error("a depth of {depth} is more than {most}")]
    TooDeep { depth: u8, most: u8 },
    #[error("parent {parent} asks for {minimum} at least, not {share}")]
    ShareTooSmall { parent: String, share: u16, minimum: u16 },
    #[error("{what} of {share} is more than {most}")]
    ShareTooLarge { what: &'static str, share: u32, most: u16 },
    #[error("a floor of {floor} for {hops} generations: both are zero, or hops are 1 to {most}")]
    BadFloor { floor: u16, hops: u8, most: u8 },

    #[error("nothing is to be settled")]
    NothingPending {},
    #[error("nothing is owed")]
    NothingOwed {},

    #[error("{what} is for a {kind}")]
    WrongKind { what: &'static str, kind: &'static str },
    #[error("{node} is no bonded node")]
    NotBonded { node: Addr },
    #[error("{node} made or owns this artefact: others attest it")]
    OwnArtefact { node: Addr },
    #[error("{node} attested this artefact already")]
    AttestedAlready { node: Addr },
    #[error("exact means the result of the recipe, and anything else means another")]
    OutcomeContradicts {},

    #[error("an approval that has expired already")]
    Expired {},
    #[error("there is no approval of {spender}")]
    NoApproval { spender: String },

    #[error("artefact {id} is offered for sale and does not move")]
    Offered { id: String },
    #[error("artefact {id} is not for sale")]
    NotForSale { id: String },
    #[error("the offer ended at {at}")]
    OfferEnded { at: Timestamp },
    #[error("the offer is for {buyer}")]
    NotTheBuyer { buyer: Addr },
    #[error("the price is {price} of {asset}, not {paid} of {with}")]
    WrongPrice { price: Uint128, asset: String, paid: Uint128, with: String },
    #[error("a price of zero is a transfer")]
    ZeroPrice {},
    #[error("the registry cannot own what it registers")]
    ToSelf {},
}
