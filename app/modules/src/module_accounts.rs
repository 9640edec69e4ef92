//! The accounts that modules own: their addresses, what they may do, and which of them may not be sent to.

use std::sync::LazyLock;

use iz_core::{Address, Context};

pub const FEE_COLLECTOR: &str = "fee_collector";
pub const DISTRIBUTION: &str = "distribution";
pub const MINT: &str = "mint";
pub const BONDED_POOL: &str = "bonded_tokens_pool";
pub const NOT_BONDED_POOL: &str = "not_bonded_tokens_pool";
pub const GOV: &str = "gov";
pub const NFT: &str = "nft";
pub const PROTOCOL_POOL: &str = "protocolpool";
pub const PROTOCOL_POOL_ESCROW: &str = "protocolpool_escrow";
pub const TRANSFER: &str = "transfer";
pub const INTERCHAIN_ACCOUNTS: &str = "interchainaccounts";
pub const WASM: &str = "wasm";

/// What a module may do with coins.
pub mod permission {
    pub const MINTER: &str = "minter";
    pub const BURNER: &str = "burner";
    pub const STAKING: &str = "staking";
}

use permission::{BURNER, MINTER, STAKING};

/// A module's account as the application registers it.
pub struct ModuleAccountEntry {
    pub name: &'static str,
    pub address: Address,
    pub permissions: &'static [&'static str],
}

/// Every module account, by name.
static TABLE: LazyLock<Vec<ModuleAccountEntry>> = LazyLock::new(|| {
    let entry =
        |(name, permissions)| ModuleAccountEntry { name, address: Address::module(name), permissions };
    let names: [(&'static str, &'static [&'static str]); 12] = [
        (BONDED_POOL, &[BURNER, STAKING]),
        (DISTRIBUTION, &[]),
        (FEE_COLLECTOR, &[]),
        (GOV, &[BURNER]),
        (INTERCHAIN_ACCOUNTS, &[]),
        (MINT, &[MINTER]),
        (NFT, &[]),
        (NOT_BONDED_POOL, &[BURNER, STAKING]),
        (PROTOCOL_POOL, &[]),
        (PROTOCOL_POOL_ESCROW, &[]),
        (TRANSFER, &[MINTER, BURNER]),
        (WASM, &[BURNER]),
    ];
    names.into_iter().map(entry).collect()
});

/// Every module account, in the order of their names.
#[must_use]
pub fn all() -> &'static [ModuleAccountEntry] {
    &TABLE
}

#[must_use]
pub fn find(name: &str) -> Option<&'static ModuleAccountEntry> {
    TABLE.iter().find(|entry| entry.name == name)
}

/// `GetModuleAddress`: none if the application has no such module account.
#[must_use]
pub fn address(name: &str) -> Option<&'static Address> {
    find(name).map(|entry| &entry.address)
}

/// Module accounts may not be sent to, but for governance.
#[must_use]
pub fn is_blocked(address: &Address) -> bool {
    TABLE.iter().any(|entry| entry.address == *address && entry.name != GOV)
}

/// Who may change parameters, as text: the account of governance.
#[must_use]
pub fn authority(context: &Context) -> String {
    address(GOV).map_or_else(String::new, |gov| context.addresses().account(gov))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_only_governance_may_be_sent_to() {
        assert!(all().windows(2).all(|pair| pair[0].name < pair[1].name));
        let open: Vec<_> = all().iter().filter(|entry| !is_blocked(&entry.address)).collect();
        assert_eq!(open.iter().map(|entry| entry.name).collect::<Vec<_>>(), [GOV]);
        assert!(!is_blocked(&Address::new([1; 20])));
    }
}
