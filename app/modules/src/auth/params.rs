//! Parameters of accounts: what a transaction may hold and what checking it costs.

use iz_core::{Context, Error, Result, stores};
use iz_proto::cosmos::auth::v1beta1::Params;

use super::keys;

#[must_use]
pub fn default() -> Params {
    Params {
        max_memo_characters: 256,
        tx_sig_limit: 7,
        tx_size_cost_per_byte: 10,
        sig_verify_cost_ed25519: 590,
        sig_verify_cost_secp256k1: 1000,
    }
}

/// None of them may be zero.
pub fn validate(params: &Params) -> Result<()> {
    let checks = [
        (params.tx_sig_limit, "tx signature limit"),
        (params.sig_verify_cost_ed25519, "ED25519 signature verification cost"),
        (params.sig_verify_cost_secp256k1, "SECK256k1 signature verification cost"),
        (params.max_memo_characters, "max memo characters"),
        (params.tx_size_cost_per_byte, "tx size cost per byte"),
    ];
    match checks.iter().find(|(value, _)| *value == 0) {
        Some((_, name)) => Err(Error::plain(format!("invalid {name}: 0"))),
        None => Ok(()),
    }
}

/// All zero if there are none.
pub fn get(context: &mut Context) -> Result<Params> {
    Ok(context.get_message(stores::AUTH, keys::PARAMS)?.unwrap_or_default())
}

pub fn set(context: &mut Context, params: &Params) -> Result<()> {
    context.set_message(stores::AUTH, keys::PARAMS.to_vec(), params)
}
