//! The ante chain: what every transaction passes before its messages run, one file a step, in this order.

mod circuit_breaker;
mod count_transactions;
mod deduct_fee;
mod extension_options;
mod increment_sequence;
mod limit_simulation_gas;
mod memo;
mod public_keys;
mod remember_code;
mod set_up;
mod signature_count;
mod signature_gas;
mod timeout;
mod transaction_size;
mod validate_basic;
mod verify_signatures;

use std::cell::Cell;

use iz_core::{Address, Context, DecCoins, Error, Mode, Result, errors::sdk};
use iz_modules::auth::{self, types::Account};

use crate::{decode::CheckedTx, verified::Verified};

/// What an operator sets for this chain of checks; nothing here may change a block's results.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Below these prices a transaction does not enter the mempool.
    pub min_gas_prices: DecCoins,
    /// Gas that a simulation may use.
    pub simulation_gas_limit: Option<u64>,
}

/// One pass of the chain.
pub struct Ante<'a> {
    pub tx: &'a CheckedTx,
    pub verified: &'a Verified,
    pub settings: &'a Settings,
    /// Set by a step that fails in a way which makes Go forget the transaction's meter.
    pub meter_lost: Cell<bool>,
}

impl Ante<'_> {
    /// Runs every step. The context's meter is the transaction's from the first step on.
    pub fn run(&self, context: &mut Context) -> Result<()> {
        set_up::check_limits(self, context)?;
        limit_simulation_gas::apply(self, context);
        count_transactions::run(context)?;
        remember_code::run(context);
        circuit_breaker::run(self, context)?;
        extension_options::run(self)?;
        validate_basic::run(self, context)?;
        timeout::run(self, context)?;
        memo::run(self, context)?;
        transaction_size::run(self, context)?;
        deduct_fee::run(self, context)?;
        public_keys::run(self, context)?;
        signature_count::run(self, context)?;
        signature_gas::run(self, context)?;
        verify_signatures::run(self, context)?;
        increment_sequence::run(self, context)
    }
}

pub use set_up::meter;

fn is_simulation(context: &Context) -> bool {
    context.mode == Mode::Simulate
}

/// `GetSignerAcc`.
fn signer_account(context: &mut Context, address: &Address) -> Result<Account> {
    match auth::keeper::account(context, address)? {
        Some(account) => Ok(account),
        None => {
            let text = context.addresses().account(address);
            Err(sdk::UNKNOWN_ADDRESS.wrap(format!("account {text} does not exist")))
        }
    }
}

/// The signer at `index`, or Go's panic.
fn signer_at(signers: &[Address], index: usize) -> Result<&Address> {
    signers.get(index).ok_or_else(|| crate::decode::out_of_range(index, signers.len()))
}

/// The key that simulation takes for a signer whose key is not known.
fn simulated_key() -> crate::PublicKey {
    const KEY: [u8; 33] = [
        0x03, 0x5a, 0xd6, 0x81, 0x0a, 0x47, 0xf0, 0x73, 0x55, 0x3f, 0xf3, 0x0d, 0x2f, 0xcc, 0x7e, 0x0d, 0x3b,
        0x1c, 0x0b, 0x74, 0xb6, 0x1a, 0x1a, 0xaa, 0x25, 0x82, 0x34, 0x40, 0x37, 0x15, 0x1e, 0x14, 0x3a,
    ];
    crate::PublicKey::Secp256k1(KEY.to_vec())
}

/// The key of an account, if it has one that is understood.
fn account_key(account: &Account) -> Result<Option<crate::PublicKey>> {
    match &account.base.pub_key {
        Some(any) if !any.type_url.is_empty() => {
            crate::PublicKey::from_any(any).map(Some).map_err(|why| Error::panic(why.log()))
        }
        _ => Ok(None),
    }
}
