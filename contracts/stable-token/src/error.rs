//! Everything that can be wrong with a message.

use cosmwasm_std::{
    CheckedMultiplyRatioError, Decimal, DivideByZeroError, OverflowError, StdError, Timestamp, Uint128,
};
use iz_contract_kit::reporters::ReportersError;
use iz_contract_types::payment::PaymentError;
use iz_contract_types::stable_token::Mode;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Reporters(#[from] ReportersError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    MultiplyRatio(#[from] CheckedMultiplyRatioError),
    #[error(transparent)]
    DivideByZero(#[from] DivideByZeroError),

    // who and what
    #[error("only the admin may do this")]
    NotAdmin,
    #[error("{0} does not report prices")]
    NotReporter(String),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error("exactly one denomination has to be sent along, not {0}")]
    NotOneCoin(usize),
    #[error("an amount of zero")]
    ZeroAmount,
    #[error("{0} is out of bounds")]
    BadParameter(&'static str),

    // cw20
    #[error("{balance} is less than {needed}")]
    InsufficientBalance { balance: Uint128, needed: Uint128 },
    #[error("the token's own contract holds no tokens of others")]
    OwnContract,
    #[error("an allowance to oneself")]
    OwnAccount,
    #[error("no allowance")]
    NoAllowance,
    #[error("the allowance is {allowance}, less than {needed}")]
    InsufficientAllowance { allowance: Uint128, needed: Uint128 },
    #[error("the allowance has expired")]
    AllowanceExpired,
    #[error("an expiration in the past")]
    InvalidExpiration,
    #[error("only the marketing address may do this")]
    NotMarketing,
    #[error("the logo is no PNG and no SVG of at most {most} bytes")]
    BadLogo { most: usize },

    // reserve
    #[error("{0} is no settlement asset")]
    UnknownAsset(String),
    #[error("at most {most} settlement assets, each once")]
    TooManyAssets { most: usize },
    #[error("{0} is being drained and is not taken in")]
    Draining(String),
    #[error("{0} is not being drained, so nobody may choose it")]
    NotDraining(String),
    #[error("the reserve would have {would} of {denom}, its cap is {cap}")]
    OverCap { denom: String, would: Uint128, cap: Uint128 },
    #[error("the reserve still has {reserve} of {denom}")]
    StillHeld { denom: String, reserve: Uint128 },
    #[error("the price of {denom} is older than {until}")]
    StalePrice { denom: String, until: Timestamp },
    #[error("the reserve has {reserve} of {denom}, {needed} would be paid")]
    InsufficientReserve { denom: String, reserve: Uint128, needed: Uint128 },

    // issuing and redeeming
    #[error("the constitution has paused issuing")]
    Paused,
    #[error("the constitution does not answer whether issuing is paused")]
    ConstitutionSilent,
    #[error("the oracle does not answer with a price")]
    OracleSilent,
    #[error("the index stands still for want of a print: nothing is issued at its value")]
    IndexHeld,
    #[error("not while the money is {0:?}")]
    WrongMode(Mode),
    #[error("{value} would be issued, the buffer is enough for {capacity}")]
    OverCapacity { value: Uint128, capacity: Uint128 },
    #[error("the flow limit lets {available} through, not {needed}")]
    OverFlowLimit { available: Uint128, needed: Uint128 },
    #[error("{got} instead of the {wanted} asked for")]
    LessThanAsked { got: Uint128, wanted: Uint128 },
    #[error("a price of {price} instead of the {wanted} asked for")]
    PriceBelowAsked { price: Decimal, wanted: Decimal },
    #[error("there would be nothing to pay")]
    NothingToPay,
    #[error("nothing waits in the queue for {0}")]
    NoOrder(String),

    // backstop
    #[error("{shares} shares are bonded, not {needed}")]
    InsufficientShares { shares: Uint128, needed: Uint128 },
    #[error("nothing is unbonding")]
    NothingUnbonding,
    #[error("unbonding ends at {0}")]
    StillUnbonding(Timestamp),
}
