//! Admin messages, bad terms, migration, the edges of numbers.

use cosmwasm_std::{Decimal, Uint128, coins};
use iz_contract_types::nodes::*;
use iz_contract_types::payment::PaymentError;
use iz_nodes::error::ContractError;

use crate::fixture::{BOND, Chain, DENOM, small_class, terms};

#[test]
fn only_the_admin_sets_anything() {
    let mut chain = Chain::new();
    let alice = chain.who("alice").to_string();
    let messages = [
        ExecuteMsg::SetTerms { terms: terms() },
        ExecuteMsg::SetClass { class: small_class() },
        ExecuteMsg::SetRole { role: Role::Slasher, member: alice.clone(), granted: true },
        ExecuteMsg::SetMerit { merit: None },
        ExecuteMsg::UpdateAdmin { admin: alice },
    ];
    for message in messages {
        assert_eq!(chain.fails("alice", message.clone()), ContractError::NotAdmin);
        assert_eq!(
            chain.send("admin", message.clone(), &coins(1, DENOM)).unwrap_err(),
            ContractError::Payment(PaymentError::Unwanted)
        );
        chain.ok("admin", message);
    }
    // the admin has handed over, and a role can be taken again
    assert_eq!(chain.fails("admin", ExecuteMsg::SetMerit { merit: None }), ContractError::NotAdmin);
    let alice = chain.who("alice").to_string();
    let question = QueryMsg::HasRole { role: Role::Slasher, member: alice.clone() };
    assert!(chain.ask::<bool>(&question).unwrap());
    chain.ok("alice", ExecuteMsg::SetRole { role: Role::Slasher, member: alice, granted: false });
    assert!(!chain.ask::<bool>(&question).unwrap());
}

#[test]
fn terms_that_make_no_sense_are_refused() {
    let mut chain = Chain::new();
    let wrong: [fn(&mut Terms); 6] = [
        |t| t.minimum_bond = Uint128::zero(),
        |t| t.pool_share = 9_901,
        |t| t.bonus = 10_001,
        |t| t.observations = 0,
        |t| t.acceptance_seconds = 0,
        |t| t.claim_epochs = 0,
    ];
    for change in wrong {
        let mut terms = terms();
        change(&mut terms);
        assert!(matches!(chain.fails("admin", ExecuteMsg::SetTerms { terms }), ContractError::Terms { .. }));
    }
    for index in 1..16 {
        let class = Class { name: format!("class {index}"), ..small_class() };
        chain.ok("admin", ExecuteMsg::SetClass { class });
    }
    let class = Class { name: "one more".into(), ..small_class() };
    assert_eq!(
        chain.fails("admin", ExecuteMsg::SetClass { class }),
        ContractError::TooManyClasses { maximum: 16 }
    );
    chain.ok("admin", ExecuteMsg::SetClass { class: small_class() });
}

#[test]
fn numbers_at_the_edge_are_errors_and_not_panics() {
    let mut chain = Chain::new();
    let mut generous = terms();
    generous.units_per_bond = Decimal::MAX;
    generous.merit_per_unit = Decimal::MAX;
    chain.ok("admin", ExecuteMsg::SetTerms { terms: generous });
    chain.worker("alice", BOND);
    let work = |units| ExecuteMsg::RoundWork { operator: chain.who("alice").into(), units };
    let (most, one) = (work(Uint128::MAX), work(Uint128::one()));
    assert!(matches!(chain.fails("slasher", most), ContractError::WeightTooLarge { .. }));
    chain.ok("slasher", one);
    chain.wait(86_400);
    let claim = chain.claim("alice", &[0]);
    chain.ok("alice", claim);
    assert!(matches!(
        chain.fails("alice", ExecuteMsg::Unbond { amount: Uint128::MAX }),
        ContractError::Overflow(_)
    ));
}

#[test]
fn it_migrates_from_itself_and_keeps_its_state() {
    let mut chain = Chain::new();
    chain.register("alice", BOND);
    chain.migrate().unwrap();
    assert_eq!(chain.node("alice").bond.u128(), BOND);
}

#[test]
fn it_refuses_to_migrate_from_another_contract_or_a_newer_version() {
    use cosmwasm_std::testing::{mock_dependencies, mock_env};
    use iz_nodes::contract::{CONTRACT, VERSION, migrate};
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
