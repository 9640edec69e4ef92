//! What every module stands on: the context a message runs in, gas, errors, events, numbers, coins and addresses.

pub mod address;
pub mod calls;
pub mod coin;
pub mod context;
pub mod dec;
pub mod dec_coin;
pub mod duration;
pub mod errors;
pub mod event;
pub mod gas;
pub mod int;
pub mod module;
pub mod services;
pub mod stores;
pub mod timestamp;
mod wide;

pub use address::{Address, AddressCodec};
pub use calls::{Calls, SubMessagePolicy};
pub use coin::{Coin, Coins};
pub use context::{Block, Chain, Context, Cursor, Mode, Vote};
pub use dec::Dec;
pub use dec_coin::{DecCoin, DecCoins};
pub use errors::{Error, GrpcCode, Mark, Registered, Result};
pub use event::Event;
pub use gas::{GasMeter, Limit};
pub use int::Int;
pub use module::{Execute, Genesis, Message, MessageRoute, Module, QueryRoute, Router, Signer};
pub use services::Services;
pub use timestamp::Timestamp;
