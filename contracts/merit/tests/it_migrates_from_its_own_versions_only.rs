//! Migration keeps what is stored, and refuses other contracts and newer versions.

mod common;

use common::{Bench, EPOCH};
use cw2::set_contract_version;
use iz_contract_types::merit::MigrateMsg;
use iz_merit::contract::{CONTRACT, VERSION, migrate};
use iz_merit::error::ContractError;

#[test]
fn from_an_older_version_everything_stays() {
    let mut bench = Bench::plain();
    bench.credit("anna", 30);
    set_contract_version(&mut bench.deps.storage, CONTRACT, "0.0.9").unwrap();
    migrate(bench.deps.as_mut(), bench.env.clone(), MigrateMsg {}).unwrap();
    bench.pass(2 * EPOCH);
    assert_eq!(bench.power("anna", None), 30);
    assert_eq!(cw2::get_contract_version(&bench.deps.storage).unwrap().version, VERSION);
}

#[test]
fn other_contracts_and_newer_versions_are_refused() {
    let mut bench = Bench::plain();
    set_contract_version(&mut bench.deps.storage, CONTRACT, "99.0.0").unwrap();
    let newer = migrate(bench.deps.as_mut(), bench.env.clone(), MigrateMsg {});
    assert_eq!(newer, Err(ContractError::WrongVersion { found: "99.0.0".into(), own: VERSION.into() }));
    set_contract_version(&mut bench.deps.storage, "other", VERSION).unwrap();
    let other = migrate(bench.deps.as_mut(), bench.env.clone(), MigrateMsg {});
    assert_eq!(other, Err(ContractError::WrongContract { found: "other".into(), expected: CONTRACT.into() }));
}
