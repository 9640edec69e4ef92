//! The ledger: what accounts that are no pools are owed.

use cosmwasm_std::{Storage, Uint128};

use crate::error::ContractError;
use crate::state::LEDGER;

pub fn credit(
    storage: &mut dyn Storage,
    account: &str,
    asset: &str,
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        return Ok(());
    }
    let had = LEDGER.may_load(storage, (account, asset))?.unwrap_or_default();
    LEDGER.save(storage, (account, asset), &had.checked_add(amount)?)?;
    Ok(())
}

/// Takes everything that an account is owed of an asset.
pub fn take(storage: &mut dyn Storage, account: &str, asset: &str) -> Result<Uint128, ContractError> {
    let owed = LEDGER.may_load(storage, (account, asset))?.unwrap_or_default();
    if owed.is_zero() {
        return Err(ContractError::NothingOwed {});
    }
    LEDGER.remove(storage, (account, asset));
    Ok(owed)
}

/// Names of accounts in the ledger.
pub mod account {
    use iz_contract_types::revenue_router::SinkName;

    pub fn app(app: &str) -> String {
        format!("app/{app}")
    }

    pub fn artefact(artefact: &str) -> String {
        format!("artefact/{artefact}")
    }

    pub fn sink(sink: SinkName) -> &'static str {
        match sink {
            SinkName::Nodes => "sink/nodes",
            SinkName::Insurance => "sink/insurance",
            SinkName::Pledge => "sink/pledge",
            SinkName::Research => "sink/research",
            SinkName::Treasury => "sink/treasury",
        }
    }
}
