//! The root errors of the SDK itself, codespace "sdk".

use super::Registered;

pub const CODESPACE: &str = "sdk";
pub const UNDEFINED: &str = "undefined";

/// What a recovered Go panic reports.
pub static PANIC: Registered = Registered::new(UNDEFINED, 111_222, "panic");

pub static TX_DECODE: Registered = Registered::new(CODESPACE, 2, "tx parse error");
pub static INVALID_SEQUENCE: Registered = Registered::new(CODESPACE, 3, "invalid sequence");
pub static UNAUTHORIZED: Registered = Registered::new(CODESPACE, 4, "unauthorized");
pub static INSUFFICIENT_FUNDS: Registered = Registered::new(CODESPACE, 5, "insufficient funds");
pub static UNKNOWN_REQUEST: Registered = Registered::new(CODESPACE, 6, "unknown request");
pub static INVALID_ADDRESS: Registered = Registered::new(CODESPACE, 7, "invalid address");
pub static INVALID_PUB_KEY: Registered = Registered::new(CODESPACE, 8, "invalid pubkey");
pub static UNKNOWN_ADDRESS: Registered = Registered::new(CODESPACE, 9, "unknown address");
pub static INVALID_COINS: Registered = Registered::new(CODESPACE, 10, "invalid coins");
pub static OUT_OF_GAS: Registered = Registered::new(CODESPACE, 11, "out of gas");
pub static MEMO_TOO_LARGE: Registered = Registered::new(CODESPACE, 12, "memo too large");
pub static INSUFFICIENT_FEE: Registered = Registered::new(CODESPACE, 13, "insufficient fee");
pub static TOO_MANY_SIGNATURES: Registered =
    Registered::new(CODESPACE, 14, "maximum number of signatures exceeded");
pub static NO_SIGNATURES: Registered = Registered::new(CODESPACE, 15, "no signatures supplied");
pub static JSON_MARSHAL: Registered = Registered::new(CODESPACE, 16, "failed to marshal JSON bytes");
pub static JSON_UNMARSHAL: Registered = Registered::new(CODESPACE, 17, "failed to unmarshal JSON bytes");
pub static INVALID_REQUEST: Registered = Registered::new(CODESPACE, 18, "invalid request");
pub static TX_IN_MEMPOOL_CACHE: Registered = Registered::new(CODESPACE, 19, "tx already in mempool");
pub static MEMPOOL_IS_FULL: Registered = Registered::new(CODESPACE, 20, "mempool is full");
pub static TX_TOO_LARGE: Registered = Registered::new(CODESPACE, 21, "tx too large");
pub static KEY_NOT_FOUND: Registered = Registered::new(CODESPACE, 22, "key not found");
pub static WRONG_PASSWORD: Registered = Registered::new(CODESPACE, 23, "invalid account password");
pub static INVALID_SIGNER: Registered =
    Registered::new(CODESPACE, 24, "tx intended signer does not match the given signer");
pub static INVALID_GAS_ADJUSTMENT: Registered = Registered::new(CODESPACE, 25, "invalid gas adjustment");
pub static INVALID_HEIGHT: Registered = Registered::new(CODESPACE, 26, "invalid height");
pub static INVALID_VERSION: Registered = Registered::new(CODESPACE, 27, "invalid version");
pub static INVALID_CHAIN_ID: Registered = Registered::new(CODESPACE, 28, "invalid chain-id");
pub static INVALID_TYPE: Registered = Registered::new(CODESPACE, 29, "invalid type");
pub static TX_TIMEOUT_HEIGHT: Registered = Registered::new(CODESPACE, 30, "tx timeout height");
pub static UNKNOWN_EXTENSION_OPTIONS: Registered =
    Registered::new(CODESPACE, 31, "unknown extension options");
pub static WRONG_SEQUENCE: Registered = Registered::new(CODESPACE, 32, "incorrect account sequence");
pub static PACK_ANY: Registered = Registered::new(CODESPACE, 33, "failed packing protobuf message to Any");
pub static UNPACK_ANY: Registered =
    Registered::new(CODESPACE, 34, "failed unpacking protobuf message from Any");
pub static LOGIC: Registered = Registered::new(CODESPACE, 35, "internal logic error");
pub static CONFLICT: Registered = Registered::new(CODESPACE, 36, "conflict");
pub static NOT_SUPPORTED: Registered = Registered::new(CODESPACE, 37, "feature not supported");
pub static NOT_FOUND: Registered = Registered::new(CODESPACE, 38, "not found");
pub static IO: Registered = Registered::new(CODESPACE, 39, "internal IO error");
pub static APP_CONFIG: Registered = Registered::new(CODESPACE, 40, "error in app.toml");
pub static INVALID_GAS_LIMIT: Registered = Registered::new(CODESPACE, 41, "invalid gas limit");
pub static TX_TIMEOUT: Registered = Registered::new(CODESPACE, 42, "tx timeout");
