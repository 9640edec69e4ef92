//! Codes and contracts in the store, and the calls into them. Names follow `x/wasm/keeper/keeper.go`.

mod account;
mod admin;
mod create;
mod enter;
mod execute;
mod history;
mod instantiate;
mod migrate;
mod pin;
mod query;
mod reply;
mod response;
mod store;
mod sudo;

pub use admin::{set_access_config, set_contract_admin, set_contract_label};
pub use create::create;
pub use execute::execute;
pub use history::{append_to_history, contract_history, position};
pub(crate) use history::{index_by_code, index_by_creator};
pub use instantiate::{Instantiation, instantiate};
pub use migrate::migrate;
pub use pin::{initialize_pinned_codes, is_pinned, pin_code, unpin_code};
pub use query::{RawRange, query_raw, query_raw_range, query_smart};
pub use reply::reply;
pub use store::{
    byte_code, code_info, contract_info, contract_instance, has_code_info, has_contract_info, next_id,
    peek_id, set_code_info, set_contract_info,
};
pub use sudo::sudo;

use iz_core::{Context, Error, Result};

use crate::Engine;

/// The machine of this node.
pub fn engine(context: &Context) -> Result<&Engine> {
    context.chain.services.get().ok_or_else(|| Error::panic("this node has no machine for contracts"))
}
