//! What goes between the chain and a contract, as wasmvm's Go types have it.

mod coin;
mod env;
mod message;
mod reply;
mod request;
mod response;

pub use coin::{VmCoin, coin_from_vm, coins_from_vm, put_coin};
pub use env::{contract_environment, message_info, migrate_info};
pub use message::*;
pub use reply::{Outcome, Reply};
pub use request::*;
pub use response::{ContractResult, QueryResult, ReplyOn, Response, SubMsg, VmAttribute, VmEvent};
