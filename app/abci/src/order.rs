//! In which order the modules' hooks run. Consensus: another order is another chain.

use iz_core::{Module, Router, module::ExtensionRoute};
use iz_modules::{
    auth, authz, bank, circuit, consensus, distribution, epochs, evidence, feegrant, fees, genutil, gov,
    group, ibc, interchainaccounts, mint, nft, protocolpool, slashing, staking, transfer, upgrade, vesting,
    wasm,
};

const PRE_BLOCK: &[&str] = &[upgrade::NAME, auth::NAME];

/// Ours comes first: fees are split before new coins and rewards mix with them.
const BEGIN_BLOCK: &[&str] = &[
    fees::NAME,
    mint::NAME,
    distribution::NAME,
    protocolpool::NAME,
    slashing::NAME,
    evidence::NAME,
    staking::NAME,
    genutil::NAME,
    authz::NAME,
    epochs::NAME,
    transfer::NAME,
    ibc::NAME,
    interchainaccounts::NAME,
    wasm::NAME,
];

const END_BLOCK: &[&str] = &[
    gov::NAME,
    staking::NAME,
    genutil::NAME,
    feegrant::NAME,
    group::NAME,
    protocolpool::NAME,
    transfer::NAME,
    ibc::NAME,
    interchainaccounts::NAME,
    wasm::NAME,
];

const GENESIS: &[&str] = &[
    auth::NAME,
    bank::NAME,
    distribution::NAME,
    staking::NAME,
    slashing::NAME,
    gov::NAME,
    mint::NAME,
    genutil::NAME,
    evidence::NAME,
    authz::NAME,
    feegrant::NAME,
    nft::NAME,
    group::NAME,
    upgrade::NAME,
    vesting::NAME,
    consensus::NAME,
    circuit::NAME,
    epochs::NAME,
    protocolpool::NAME,
    transfer::NAME,
    ibc::NAME,
    interchainaccounts::NAME,
    wasm::NAME,
    // ours looks at what bank and mint were given
    fees::NAME,
];

const EXPORT: &[&str] = &[
    consensus::NAME,
    auth::NAME,
    protocolpool::NAME,
    bank::NAME,
    distribution::NAME,
    staking::NAME,
    slashing::NAME,
    gov::NAME,
    mint::NAME,
    genutil::NAME,
    evidence::NAME,
    authz::NAME,
    feegrant::NAME,
    nft::NAME,
    group::NAME,
    upgrade::NAME,
    vesting::NAME,
    circuit::NAME,
    epochs::NAME,
    transfer::NAME,
    ibc::NAME,
    interchainaccounts::NAME,
    wasm::NAME,
    fees::NAME,
];

/// The modules, found by name in the orders above.
pub struct Modules {
    all: Vec<Module>,
}

impl Modules {
    /// The modules by name, and the router made of their routes.
    #[must_use]
    pub fn assemble(mut all: Vec<Module>) -> (Self, Router) {
        let router = Router::new(&mut all);
        (Self { all }, router)
    }

    fn in_order<'m>(&'m self, names: &'static [&'static str]) -> impl Iterator<Item = &'m Module> {
        names.iter().filter_map(|name| self.all.iter().find(|module| module.name == *name))
    }

    pub fn pre_block(&self) -> impl Iterator<Item = &Module> {
        self.in_order(PRE_BLOCK)
    }

    pub fn begin_block(&self) -> impl Iterator<Item = &Module> {
        self.in_order(BEGIN_BLOCK)
    }

    pub fn end_block(&self) -> impl Iterator<Item = &Module> {
        self.in_order(END_BLOCK)
    }

    pub fn genesis(&self) -> impl Iterator<Item = &Module> {
        self.in_order(GENESIS)
    }

    /// What modules keep beside the state, sorted by name as the SDK has it in snapshots.
    pub fn extensions(&self) -> Vec<ExtensionRoute> {
        let mut extensions: Vec<_> = self.all.iter().filter_map(|module| module.extension).collect();
        extensions.sort_by_key(|extension| extension.name);
        extensions
    }

    pub fn export(&self) -> impl Iterator<Item = &Module> {
        self.in_order(EXPORT)
    }

    /// Name and consensus version of every module, for the upgrade module's map; of ours, only of those the genesis names.
    pub fn versions(&self, is_named: impl Fn(&str) -> bool) -> impl Iterator<Item = (&'static str, u64)> {
        let present = move |module: &&Module| !iz_modules::is_ours(module.name) || is_named(module.name);
        self.all.iter().filter(present).map(|module| (module.name, module.version))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_module_with_a_hook_has_its_place() {
        let (modules, _) =
            Modules::assemble(iz_modules::all().into_iter().chain(iz_modules::ours()).collect());
        for module in &modules.all {
            let name = module.name;
            assert!(module.pre_block.is_none() || PRE_BLOCK.contains(&name), "{name} pre-block");
            assert!(module.begin_block.is_none() || BEGIN_BLOCK.contains(&name), "{name} begin");
            assert!(module.end_block.is_none() || END_BLOCK.contains(&name), "{name} end");
            assert!(module.genesis.is_none() || GENESIS.contains(&name), "{name} genesis");
            assert!(module.genesis.is_none() || EXPORT.contains(&name), "{name} export");
        }
        let unique =
            |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>().len() == names.len();
        assert!([PRE_BLOCK, BEGIN_BLOCK, END_BLOCK, GENESIS, EXPORT].into_iter().all(unique));
    }
}
