//! Addresses for contracts: text to bytes, bytes to text, and whether a text is as the chain would write it.

use std::sync::Arc;

use cosmwasm_vm::{BackendApi, BackendError, BackendResult, GasInfo};
use iz_core::{Address, Chain, errors::sdk};

use crate::gas;

#[derive(Clone)]
pub struct Api {
    pub chain: Arc<Chain>,
}

fn user(text: impl ToString) -> BackendError {
    BackendError::user_err(text.to_string())
}

impl BackendApi for Api {
    fn addr_validate(&self, input: &str) -> BackendResult<()> {
        match self.chain.addresses.account_from_bech32(input) {
            // a text that cannot be read is cheaper than one that is compared
            Err(error) => (Err(user(error)), GasInfo::with_cost(gas::CANONICALIZE)),
            Ok(address) => {
                let normal = self.chain.addresses.account(&address) == input;
                let result = if normal { Ok(()) } else { Err(user("address not normalized")) };
                (result, GasInfo::with_cost(gas::VALIDATE))
            }
        }
    }

    fn addr_canonicalize(&self, human: &str) -> BackendResult<Vec<u8>> {
        let parsed = self.chain.addresses.account_from_bech32(human);
        let bytes = parsed.map(|address| address.as_bytes().to_vec()).map_err(user);
        (bytes, GasInfo::with_cost(gas::CANONICALIZE))
    }

    fn addr_humanize(&self, canonical: &[u8]) -> BackendResult<String> {
        let result = match canonical.len() {
            20 | 32 => Ok(self.chain.addresses.account(&Address::new(canonical))),
            _ => Err(user(sdk::INVALID_ADDRESS.description)),
        };
        (result, GasInfo::with_cost(gas::HUMANIZE))
    }
}
