//! Tasks, configuration, pause, migration.

use cosmwasm_std::{HexBinary, Uint128, coin};
use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::{Phase, RoundError};

use crate::fixture::{Chain, DENOM, task, test_beacon};

#[test]
fn only_the_admin_lays_down_tasks_and_contracts() {
    let mut chain = Chain::new();
    let ConfigResponse { contracts, beacon, .. } = chain.ask(&QueryMsg::Config {}).unwrap();
    let admin = chain.who("whale").to_string();
    let messages = [
        ExecuteMsg::CreateTask { task: task() },
        ExecuteMsg::UpdateTask { id: 1, task: task() },
        ExecuteMsg::SetContracts { contracts },
        ExecuteMsg::SetBeacon { beacon },
        ExecuteMsg::UpdateAdmin { admin },
    ];
    for message in messages {
        assert_eq!(chain.fails("stranger", message.clone()), ContractError::NotAdmin);
        chain.ok("admin", message);
    }
    assert_eq!(chain.fails("admin", ExecuteMsg::CreateTask { task: task() }), ContractError::NotAdmin);
    assert_eq!(
        chain.fails("whale", ExecuteMsg::UpdateTask { id: 9, task: task() }),
        ContractError::UnknownTask { task: 9 }
    );
    let tasks: Vec<TaskResponse> = chain.ask(&QueryMsg::Tasks { start_after: None, limit: None }).unwrap();
    assert_eq!(tasks.iter().map(|task| (task.id, task.version)).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
}

#[test]
fn tasks_that_make_no_sense_are_refused() {
    let mut chain = Chain::new();
    let wrong: [fn(&mut Task); 7] = [
        |t| t.name = String::new(),
        |t| t.candidate_bond = Uint128::zero(),
        |t| t.challenge_bond = coin(0, DENOM),
        |t| t.parameters.durations.submit = 13 * 86_400,
        |t| t.parameters.committee = 33,
        // the masks of two sets could be opened
        |t| t.parameters.threshold = 2,
        |t| (t.parameters.committee, t.parameters.threshold) = (7, 4),
    ];
    for change in wrong {
        let mut task = task();
        change(&mut task);
        let error = chain.fails("admin", ExecuteMsg::CreateTask { task });
        let refused =
            matches!(error, ContractError::Task { .. } | ContractError::Round(RoundError::Parameters { .. }));
        assert!(refused, "{error}");
    }
    let mut beacon = test_beacon();
    beacon.public_key = HexBinary::from([1; 95]);
    assert!(matches!(chain.fails("admin", ExecuteMsg::SetBeacon { beacon }), ContractError::Beacon { .. }));
}

#[test]
fn a_round_keeps_the_terms_it_was_opened_with() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Submit);
    let mut closed = task();
    closed.active = false;
    closed.rewards.clients = Uint128::zero();
    chain.ok("admin", ExecuteMsg::UpdateTask { id: 1, task: closed });
    while chain.phase(round) != Phase::Final {
        chain.honestly(round);
    }
    assert!(chain.earned(round, "c0") > 0);
    assert_eq!(chain.fails("stranger", ExecuteMsg::Open { task: 1 }), ContractError::Inactive { task: 1 });
}

#[test]
fn a_constitution_can_pause_new_rounds_and_not_those_that_run() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Witness);
    let mut second = task();
    second.name = "second".into();
    chain.ok("admin", ExecuteMsg::CreateTask { task: second });
    let constitution = chain.pausing_admin().to_string();
    chain.ok("admin", ExecuteMsg::UpdateAdmin { admin: constitution });
    assert_eq!(chain.fails("stranger", ExecuteMsg::Open { task: 2 }), ContractError::Paused);
    while chain.phase(round) != Phase::Final {
        chain.honestly(round);
    }
}

#[test]
fn it_migrates_from_itself_and_keeps_its_state() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Unmask);
    let before = chain.round(round);
    chain.migrate().unwrap();
    assert_eq!(chain.round(round), before);
    chain.honestly(round);
}

#[test]
fn it_refuses_to_migrate_from_another_contract_or_a_newer_version() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use iz_rounds::contract::{CONTRACT, VERSION, migrate};
    let mut deps = mock_dependencies();
    cw2::set_contract_version(&mut deps.storage, "somebody:else", VERSION).unwrap();
    assert!(matches!(
        migrate(deps.as_mut(), mock_env(), MigrateMsg {}),
        Err(ContractError::WrongContract { .. })
    ));
    cw2::set_contract_version(&mut deps.storage, CONTRACT, "99.0.0").unwrap();
    assert!(matches!(
        migrate(deps.as_mut(), mock_env(), MigrateMsg {}),
        Err(ContractError::NewerVersion { .. })
    ));
}
