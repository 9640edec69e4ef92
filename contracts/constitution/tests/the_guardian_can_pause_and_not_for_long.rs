//! The emergency pause through the contract; its budget is proved hour by hour in `src/pause.rs`.

use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cw2::set_contract_version;
use iz_constitution::contract::{CONTRACT, VERSION, instantiate, migrate};
use iz_constitution::error::ContractError;
use iz_contract_testing::{Commons, DAY, refusal};
use iz_contract_types::constitution::*;

fn pause(scope: Scope, days: u64) -> ExecuteMsg {
    ExecuteMsg::Pause { scope, seconds: days * DAY, reason: "a hole in the pool".into() }
}

#[test]
fn a_pause_is_the_guardians_stops_one_thing_and_ends_by_itself() {
    let mut commons = Commons::new();
    let (guardian, constitution) = (commons.name("guardian"), commons.constitution.clone());
    let paused = |commons: &Commons, scope| {
        commons.ask::<_, PausedResponse>(&commons.constitution, &QueryMsg::Paused { scope }).paused
    };
    for sender in ["mallory", "karl", "founder"] {
        let sender = commons.name(sender);
        let sent = commons.send(&sender, &constitution, &pause(Scope::Pools, 1), &[]);
        assert!(refusal(sent).contains("may not send this"));
    }
    let sent = commons.send(&guardian, &constitution, &pause(Scope::Pools, 8), &[]);
    let error = ContractError::PauseBudget { scope: Scope::Pools, asked: 8 * DAY, available: 7 * DAY };
    assert_eq!(refusal(sent), error.to_string());
    let silent = ExecuteMsg::Pause { scope: Scope::Pools, seconds: DAY, reason: String::new() };
    assert!(
        refusal(commons.send(&guardian, &constitution, &silent, &[])).contains("the reason is not valid")
    );
    commons.send(&guardian, &constitution, &pause(Scope::Pools, 7), &[]).unwrap();
    assert_eq!(
        [Scope::Issuance, Scope::Pools, Scope::Rounds].map(|scope| paused(&commons, scope)),
        [false, true, false]
    );
    assert!(commons.send(&guardian, &constitution, &pause(Scope::Pools, 1), &[]).is_err());
    commons.pass(7 * DAY);
    assert!(!paused(&commons, Scope::Pools));
    assert!(commons.send(&guardian, &constitution, &pause(Scope::Pools, 1), &[]).is_err(), "a day between");
    commons.pass(DAY);
    commons.send(&guardian, &constitution, &pause(Scope::Pools, 7), &[]).unwrap();
    let unpause = ExecuteMsg::Unpause { scope: Scope::Pools };
    commons.pass(DAY);
    let mallory = commons.name("mallory");
    assert!(commons.send(&mallory, &constitution, &unpause, &[]).is_err());
    commons.send(&guardian, &constitution, &unpause, &[]).unwrap();
    assert_eq!(
        refusal(commons.send(&guardian, &constitution, &unpause, &[])),
        ContractError::NotPaused { scope: Scope::Pools }.to_string()
    );
    let budget: PauseBudgetResponse =
        commons.ask(&constitution, &QueryMsg::PauseBudget { scope: Scope::Pools });
    assert_eq!((budget.used, budget.available), (8 * DAY, 0));
    commons.pass(DAY);
    let budget: PauseBudgetResponse =
        commons.ask(&constitution, &QueryMsg::PauseBudget { scope: Scope::Pools });
    assert_eq!(budget.available, 6 * DAY);
}

#[test]
fn a_vote_ends_a_pause_if_the_table_lets_it() {
    let mut commons = Commons::new();
    let (guardian, dao, constitution) =
        (commons.name("guardian"), commons.dao.clone(), commons.constitution.clone());
    commons.send(&guardian, &constitution, &pause(Scope::Rounds, 7), &[]).unwrap();
    let rule = Rule {
        target: constitution.to_string(),
        key: "unpause".into(),
        class: Class::Parameter,
        caps: vec![],
        bounds: vec![],
    };
    let steps = [
        (Class::Constitution, ExecuteMsg::SetRule { rule }),
        (Class::Parameter, ExecuteMsg::Unpause { scope: Scope::Rounds }),
    ];
    for (proposal_id, (class, message)) in (1..).zip(steps) {
        let messages = vec![commons.message(&constitution, &message)];
        let decision = ExecuteMsg::Execute { proposal_id, class, messages };
        commons.send(&dao, &constitution, &decision, &[]).unwrap();
    }
    let answer: PausedResponse = commons.ask(&constitution, &QueryMsg::Paused { scope: Scope::Rounds });
    assert!(!answer.paused);
}

#[test]
fn text_and_config_are_checked_and_migration_knows_its_own() {
    let commons = Commons::new();
    let (constitution, query) = (&commons.constitution, QueryMsg::Config {});
    let config: Config = commons.ask(constitution, &query);
    let text = commons.ask::<_, TextResponse>(constitution, &QueryMsg::Text {}).text;
    let mut deps = mock_dependencies();
    let info = message_info(&deps.api.addr_make("founder"), &[]);
    let wrong: [fn(&mut InstantiateMsg); 8] = [
        |message| message.text.digest = vec![1; 31].into(),
        |message| message.config.council.threshold = 1,
        |message| message.config.council.threshold = 4,
        |message| message.config.council.members[1] = message.config.council.members[0].clone(),
        |message| message.config.shares.research_bps = 4_501,
        |message| message.config.spending_epoch_seconds = 0,
        |message| message.config.payment_expiry_seconds = 0,
        |message| message.config.guardian = "nonsense".into(),
    ];
    for change in wrong {
        let mut message = InstantiateMsg { text: text.clone(), config: config.clone() };
        change(&mut message);
        assert!(instantiate(deps.as_mut(), mock_env(), info.clone(), message).is_err());
    }
    let message = InstantiateMsg { text, config };
    instantiate(deps.as_mut(), mock_env(), info, message).unwrap();
    set_contract_version(&mut deps.storage, CONTRACT, "0.0.9").unwrap();
    migrate(deps.as_mut(), mock_env(), MigrateMsg {}).unwrap();
    set_contract_version(&mut deps.storage, CONTRACT, "99.0.0").unwrap();
    let newer = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert_eq!(newer, Err(ContractError::WrongVersion { found: "99.0.0".into(), own: VERSION.into() }));
    set_contract_version(&mut deps.storage, "other", VERSION).unwrap();
    let other = migrate(deps.as_mut(), mock_env(), MigrateMsg {});
    assert_eq!(other, Err(ContractError::WrongContract { found: "other".into(), expected: CONTRACT.into() }));
}
