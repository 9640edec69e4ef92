//! Everything that the contract refuses, with the values that made it refuse.

use cosmwasm_std::{Addr, Coin, OverflowError, StdError, Timestamp, Uint128};
use iz_contract_kit::register::RegisterError;
use iz_contract_types::payment::PaymentError;
use thiserror::Error;

#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    #[error(transparent)]
    Std(#[from] StdError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    #[error(transparent)]
    Overflow(#[from] OverflowError),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Version(#[from] cw2::VersionError),

    #[error("{sender} may not do this: {who} may")]
    Unauthorized { sender: Addr, who: &'static str },
    #[error("the router knows no app {app}")]
    UnknownApp { app: String },

    #[error("plan {plan:?} is no name: 1 to 64 of a-z, A-Z, 0-9, '.', '_', ':', '/', '-'")]
    BadName { plan: String },
    #[error("there is no plan {plan}")]
    UnknownPlan { plan: String },
    #[error("plan {plan} is of app {app}")]
    PlanTaken { plan: String, app: String },
    #[error("plan {plan} is retired")]
    PlanRetired { plan: String },
    #[error("a period lasts from {least} to {most} seconds, not {seconds}")]
    BadPeriod { seconds: u64, least: u64, most: u64 },
    #[error("a price of zero is for no tier")]
    ZeroPrice {},
    #[error("a quota of zero allows nothing")]
    ZeroQuota {},
    #[error("plan {plan} is not sold by periods")]
    NotByPeriods { plan: String },

    #[error("zero periods")]
    ZeroPeriods {},
    #[error("{periods} periods cost {price} of {asset}, not {paid} of {with}")]
    WrongPrice { periods: u32, price: Uint128, asset: String, paid: Uint128, with: String },
    #[error("the plan changed: what was bought runs until {until}, and then the new terms can be bought")]
    TermsChanged { until: Timestamp },
    #[error("nothing is sold further ahead than {most} seconds")]
    TooFarAhead { most: u64 },
    #[error("there is nothing to refund")]
    NothingToRefund {},
    #[error("a balance of {balance} is less than {wanted}")]
    BalanceTooSmall { balance: Uint128, wanted: Uint128 },
    #[error("an amount of zero")]
    ZeroAmount {},

    #[error("a key is the SHA-256 of its secret: 32 bytes, not {length}")]
    BadHash { length: usize },
    #[error("a receipt is a digest of 32 bytes, not {length}")]
    BadReceipt { length: usize },
    #[error("this key is registered already")]
    KeyTaken {},
    #[error("this key is not registered")]
    UnknownKey {},
    #[error("this key is revoked")]
    KeyRevoked {},
    #[error("this key expired at {at}")]
    KeyExpired { at: Timestamp },
    #[error("a limit of {limit} is not between 1 and the quota of {quota}")]
    BadLimit { limit: u64, quota: u64 },
    #[error("a free key brings a bond of {bond}")]
    BondMissing { bond: Coin },
    #[error("this key has no bond")]
    NoBond {},
    #[error("the bond is released at {at}")]
    BondLocked { at: Timestamp },

    #[error("report {sequence} of a key follows number {last}")]
    WrongSequence { sequence: u64, last: u64 },
    #[error("a report of zero units")]
    ZeroUnits {},
    #[error("{units} units are more than the {remaining} that remain of this period")]
    QuotaExceeded { units: u64, remaining: u64 },
    #[error("the subscription ended at {at}")]
    NotSubscribed { at: Timestamp },
    #[error("the free pool of {app} holds {pool}, less than {wanted}")]
    FreePoolEmpty { app: String, pool: Uint128, wanted: Uint128 },
    #[error("nothing is earned")]
    NothingEarned {},
    #[error("nothing is due")]
    NothingDue {},
    #[error("a limit of zero does nothing")]
    ZeroLimit {},
}
