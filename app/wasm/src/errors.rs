//! Errors of contracts and of the chain's dealings with them.

use iz_core::{Error, Mark, Registered};

use crate::NAME;

pub use iz_modules::wasm::errors::{DUPLICATE, EMPTY, INVALID};

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident = $code:literal $text:literal;)*) => {
        $($(#[$doc])* pub static $name: Registered = Registered::new(NAME, $code, $text);)*
    };
}

errors! {
    CREATE_FAILED = 2 "create wasm contract failed";
    ACCOUNT_EXISTS = 3 "contract account already exists";
    INSTANTIATE_FAILED = 4 "instantiate wasm contract failed";
    EXECUTE_FAILED = 5 "execute wasm contract failed";
    NOT_FOUND = 8 "not found";
    QUERY_FAILED = 9 "query wasm contract failed";
    INVALID_MSG = 10 "invalid CosmosMsg from the contract";
    MIGRATION_FAILED = 11 "migrate wasm contract failed";
    LIMIT = 13 "exceeds limit";
    UNSUPPORTED_FOR_CONTRACT = 17 "unsupported for this contract";
    /// A handler of messages says that this one is not for it.
    UNKNOWN_MSG = 20 "unknown message from the contract";
    INVALID_EVENT = 21 "invalid event";
    NO_SUCH_CONTRACT = 22 "no such contract";
    MAX_QUERY_DEPTH = 27 "max query stack size exceeded";
    NO_SUCH_CODE = 28 "no such code";
    /// Not the contract's failure but that of the machine it ran on.
    VM_ERROR = 29 "wasmvm error";
    MAX_CALL_DEPTH = 30 "max call depth exceeded";
    SYNC_PINNED_FAILED = 31 "syncing pinned codes failed";
}

/// There is no contract at this address.
#[must_use]
pub fn no_such_contract(address: &str) -> Error {
    NO_SUCH_CONTRACT.wrap(format!("address {address}")).marked(Mark::NoSuchContract(address.to_owned()))
}

/// There is no code with this id.
#[must_use]
pub fn no_such_code(id: u64) -> Error {
    NO_SUCH_CODE.wrap(format!("code id {id}")).marked(Mark::NoSuchCode(id))
}
