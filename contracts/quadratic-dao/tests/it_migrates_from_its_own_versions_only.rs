//! Migration keeps what is stored, and refuses other contracts and newer versions.

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cw2::set_contract_version;
use iz_contract_testing::Setup;
use iz_contract_types::quadratic_dao::{InstantiateMsg, MigrateMsg};
use iz_quadratic_dao::contract::{CONTRACT, VERSION, instantiate, migrate};
use iz_quadratic_dao::error::ContractError;
use iz_quadratic_dao::state::CONFIG;

#[test]
fn from_an_older_version_everything_stays_and_others_are_refused() {
    let mut deps = mock_dependencies();
    let address = deps.api.addr_make("constitution");
    let config = Setup::default().config;
    let message =
        InstantiateMsg { admin: address.to_string(), merit: address.to_string(), config: config.clone() };
    instantiate(deps.as_mut(), mock_env(), message_info(&address, &[]), message).unwrap();
    set_contract_version(&mut deps.storage, CONTRACT, "0.0.9").unwrap();
    migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    assert_eq!(cw2::get_contract_version(&deps.storage).unwrap().version, VERSION);
    assert_eq!(CONFIG.load(&deps.storage).unwrap(), config);
    set_contract_version(&mut deps.storage, CONTRACT, "99.0.0").unwrap();
    let newer = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert_eq!(newer, Err(ContractError::WrongVersion { found: "99.0.0".into(), own: VERSION.into() }));
    set_contract_version(&mut deps.storage, "other", VERSION).unwrap();
    let other = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert_eq!(other, Err(ContractError::WrongContract { found: "other".into(), expected: CONTRACT.into() }));
}
