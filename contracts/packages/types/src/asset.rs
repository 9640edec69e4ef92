//! What a contract can be paid with: a denomination of the chain, or a cw20 token.

use cosmwasm_schema::cw_serde;

#[cw_serde]
#[derive(Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// A denomination of the bank.
    Native { denom: String },
    /// A cw20 contract, ZERO among them.
    Cw20 { address: String },
}
