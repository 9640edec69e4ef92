//! The modules of this binary: those of the library, with contracts that run.

use iz_core::Module;

/// Every module of wasmd.
pub fn wasmd() -> Vec<Module> {
    let light = |module: &Module| module.name == iz_wasm::NAME;
    let mut modules = iz_modules::all();
    modules.retain(|module| !light(module));
    modules.push(iz_wasm::module());
    modules
}

/// Every module.
pub fn all() -> Vec<Module> {
    let mut modules = wasmd();
    modules.extend(iz_modules::ours());
    modules
}
