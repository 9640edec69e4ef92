//! Contracts: uploaded, started, called, changed, and driven by governance and by leave.

mod administer;
mod authority;
mod call;
pub mod calls;
mod code;
mod cosmos;
mod echo;
mod leave;

use crate::corpus::contracts::Instance;
use crate::corpus::plan::{Kind, Plan};
use crate::corpus::world::World;
use crate::dice::Dice;

/// A kind that makes a chain grow slowly has a small weight: each upload is compiled.
pub const KINDS: &[Kind] = &[
    Kind { module: "wasm", name: "wasm/store", weight: 2, make: code::store },
    Kind { module: "wasm", name: "wasm/store garbage", weight: 3, make: code::store_garbage },
    Kind { module: "wasm", name: "wasm/instantiate", weight: 8, make: call::instantiate },
    Kind { module: "wasm", name: "wasm/instantiate2", weight: 5, make: call::instantiate2 },
    Kind { module: "wasm", name: "wasm/execute", weight: 30, make: call::execute },
    Kind { module: "wasm", name: "wasm/execute submessages", weight: 16, make: call::submessages },
    Kind { module: "wasm", name: "wasm/execute echo", weight: 14, make: call::echo },
    Kind { module: "wasm", name: "wasm/execute loop", weight: 4, make: call::endless },
    Kind { module: "wasm", name: "wasm/execute nonsense", weight: 4, make: call::nonsense },
    Kind { module: "wasm", name: "wasm/migrate", weight: 5, make: administer::migrate },
    Kind { module: "wasm", name: "wasm/update admin", weight: 3, make: administer::update_admin },
    Kind { module: "wasm", name: "wasm/clear admin", weight: 1, make: administer::clear_admin },
    Kind { module: "wasm", name: "wasm/update label", weight: 2, make: administer::update_label },
    Kind { module: "wasm", name: "wasm/update config", weight: 2, make: code::update_config },
    Kind { module: "wasm", name: "wasm/submit", weight: 7, make: authority::submit },
    Kind { module: "wasm", name: "wasm/usurp", weight: 2, make: authority::usurp },
    Kind { module: "wasm", name: "wasm/grant", weight: 4, make: leave::grant },
    Kind { module: "wasm", name: "wasm/exec", weight: 5, make: leave::exec },
];

/// Uploads of every file, for the first blocks: what follows needs them.
pub use code::foundation;

/// Gas that is mostly enough, and now and then ends somewhere in the middle.
fn gas(dice: &mut Dice, enough: u64) -> u64 {
    match dice.below(7) {
        0 => dice.between(60_000, 300_000),
        1 => dice.between(60_000, enough),
        _ => enough,
    }
}

/// The account of an address, if somebody can sign for it; mostly.
fn signer(dice: &mut Dice, world: &World, address: &str) -> usize {
    match world.by_address.get(address) {
        Some(actor) if world.actors[*actor].number.is_some() && !dice.one_in(9) => *actor,
        _ => world.somebody(dice),
    }
}

/// Whoever may mostly call the contract.
fn caller(dice: &mut Dice, world: &World, instance: &Instance) -> usize {
    signer(dice, world, &instance.owner)
}

fn plan(signer: usize, message: serde_json::Value, gas: u64) -> Option<Plan> {
    Some(Plan::new(signer, message).gas(gas))
}
