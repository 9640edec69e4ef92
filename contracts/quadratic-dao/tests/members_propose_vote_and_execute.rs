//! A proposal's way, and every step that is refused on it.

use cosmwasm_std::{Coin, CosmosMsg, HexBinary, Uint128, Uint256, coin, coins};
use iz_contract_testing::{BOND, Commons, DAY, DENOM, Setup, no, refusal, yes};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{self, Class};
use iz_contract_types::payment::PaymentError;
use iz_contract_types::quadratic_dao::*;
use iz_quadratic_dao::error::ContractError;

fn spend(commons: &Commons, amount: u128) -> CosmosMsg {
    let spend = constitution::ExecuteMsg::Spend {
        recipient: commons.name("artist").to_string(),
        asset: Asset::Native { denom: DENOM.into() },
        amount: Uint128::new(amount),
    };
    commons.message(&commons.constitution, &spend)
}

fn draft(class: Class, messages: Vec<CosmosMsg>) -> ExecuteMsg {
    ExecuteMsg::Propose {
        title: "a proposal".into(),
        digest: HexBinary::from([1; 32]),
        uri: String::new(),
        class,
        messages,
    }
}

#[test]
fn a_vote_pays_from_the_treasury_after_its_time_lock() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100), ("bert", 100)]);
    let spend = spend(&commons, 700);
    let proposal = commons.propose("anna", Class::Grant, vec![spend]);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(proposal, 100)]).unwrap();
    commons.vote("bert", 1, vec![no(proposal, 60)]).unwrap();
    assert!(refusal(commons.close(1)).contains("can be closed from"));
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    assert_eq!(commons.balance(&commons.name("anna"), DENOM), BOND, "the bond came back");
    assert_eq!(refusal(commons.close(1)), ContractError::AlreadyClosed { ballot: 1 }.to_string());
    assert!(refusal(commons.execute(proposal)).contains("can be executed from"));
    let Status::Passed { from, until } = commons.status(proposal) else { panic!("it should have passed") };
    assert_eq!(until.seconds() - from.seconds(), 14 * DAY);
    commons.pass_until(from.seconds());
    commons.execute(proposal).unwrap();
    assert_eq!(commons.balance(&commons.name("artist"), DENOM), 700);
    assert_eq!(commons.status(proposal), Status::Executed);
    assert_eq!(refusal(commons.execute(proposal)), ContractError::NotPassed { proposal }.to_string());
}

#[test]
fn a_decision_that_nobody_executes_in_time_lapses() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100)]);
    let spend = spend(&commons, 700);
    let proposal = commons.propose("anna", Class::Grant, vec![spend]);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(proposal, 1)]).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    commons.pass(18 * DAY);
    assert_eq!(commons.status(proposal), Status::Lapsed);
    assert!(refusal(commons.execute(proposal)).contains("can be executed from"));
}

#[test]
fn a_failed_execution_leaves_the_decision_for_another_try() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100)]);
    let messages = vec![spend(&commons, 100_001)];
    let proposal = commons.propose("anna", Class::Grant, messages);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(proposal, 1)]).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    commons.pass(4 * DAY);
    assert!(refusal(commons.execute(proposal)).contains("may let out 100000"));
    assert!(matches!(commons.status(proposal), Status::Passed { .. }));
}

#[test]
fn bad_proposals_are_refused_and_cost_nothing() {
    let mut commons = Commons::new();
    let dao = commons.dao.clone();
    let anna = commons.name("anna");
    commons.give(&anna, 10 * BOND, DENOM);
    commons.give(&anna, 10 * BOND, "uusdc");
    let stranger = commons.send(&anna, &dao, &draft(Class::Model, vec![]), &coins(BOND, DENOM));
    assert_eq!(refusal(stranger), ContractError::NotMember { sender: anna.to_string() }.to_string());
    let rounds = commons.name("rounds");
    let credit = iz_contract_types::merit::ExecuteMsg::Credit {
        member: anna.to_string(),
        amount: Uint128::new(5),
        reason: "round 1".into(),
    };
    commons.send(&rounds, &commons.merit.clone(), &credit, &[]).unwrap();
    let early = commons.send(&anna, &dao, &draft(Class::Model, vec![]), &coins(BOND, DENOM));
    assert_eq!(refusal(early), ContractError::NoMeritYet.to_string());
    commons.credit(&[("bert", 100)]);

    let funds: [&[Coin]; 5] = [
        &[],
        &[coin(BOND - 1, DENOM)],
        &[coin(BOND + 1, DENOM)],
        &[coin(BOND, "uusdc")],
        &[coin(BOND, DENOM), coin(1, "uusdc")],
    ];
    for bond in funds {
        let sent = commons.send(&anna, &dao, &draft(Class::Model, vec![]), bond);
        assert!(refusal(sent).starts_with("the bond is 1000uiz, not "));
    }
    let named_wrong = draft(Class::Parameter, vec![spend(&commons, 1)]);
    let sent = commons.send(&anna, &dao, &named_wrong, &coins(BOND, DENOM));
    let error = ContractError::WrongClass { needed: Class::Grant, named: Class::Parameter };
    assert_eq!(refusal(sent), error.to_string());
    let burn: CosmosMsg = cosmwasm_std::BankMsg::Burn { amount: coins(1, DENOM) }.into();
    let sent = commons.send(&anna, &dao, &draft(Class::Grant, vec![burn]), &coins(BOND, DENOM));
    assert!(refusal(sent).contains("messages of kind bank are never sent"));
    let two_lines = vec![spend(&commons, 1), {
        let clawback = constitution::ExecuteMsg::Clawback { grant: 1 };
        commons.message(&commons.constitution, &clawback)
    }];
    let sent = commons.send(&anna, &dao, &draft(Class::Grant, two_lines), &coins(BOND, DENOM));
    assert!(refusal(sent).contains("need proposals of their own"));
    for (title, uri, digest) in
        [("", 0, 32), (&*"x".repeat(129), 0, 32), ("title", 257, 32), ("title", 0, 31), ("title", 0, 33)]
    {
        let message = ExecuteMsg::Propose {
            title: title.into(),
            digest: HexBinary::from(vec![1; digest]),
            uri: "u".repeat(uri),
            class: Class::Model,
            messages: vec![],
        };
        assert!(refusal(commons.send(&anna, &dao, &message, &coins(BOND, DENOM))).contains("bytes"));
    }
    let long = draft(Class::Grant, vec![spend(&commons, 1); 80]);
    let sent = commons.send(&anna, &dao, &long, &coins(BOND, DENOM));
    assert!(refusal(sent).starts_with("the list of messages has"));
    assert_eq!(commons.balance(&anna, DENOM), 10 * BOND);
    assert_eq!(commons.ask::<_, Option<EpochResponse>>(&dao, &QueryMsg::Epoch { number: None }), None);
}

#[test]
fn bonds_rise_as_an_agenda_fills_and_the_agenda_ends() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100)]);
    let classes = [Class::Model, Class::Architecture, Class::TrainingGoal, Class::Code];
    for number in 0..24 {
        let bond: Coin = commons.ask(&commons.dao, &QueryMsg::NextBond {});
        assert_eq!(bond.amount.u128(), BOND * (1 + number / 8));
        commons.propose("anna", classes[number as usize % 4], vec![]);
    }
    let next = commons.epoch().ends;
    let full = ContractError::EpochFull { most: 24, next };
    assert_eq!(refusal(commons.try_propose("anna", Class::Parameter, vec![])), full.to_string());
    commons.pass(8 * DAY);
    commons.propose("anna", Class::Parameter, vec![]);
    assert_eq!(commons.epoch().number, 2);
}

#[test]
fn bonds_come_back_to_serious_proposals_only() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 1_000), ("bert", 1_000), ("noted", 1)]);
    let treasury = commons.balance(&commons.constitution, DENOM);
    let noted = commons.propose("noted", Class::Code, vec![]);
    let spam = commons.propose("anna", Class::Code, vec![]);
    let alone = commons.propose("bert", Class::Model, vec![]);
    assert_eq!((noted, spam, alone), (1, 2, 3));
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(noted, 300), no(spam, 900)]).unwrap();
    commons.vote("bert", 1, vec![no(noted, 900), yes(spam, 99)]).unwrap();
    commons.pass_until_over(2);
    commons.close(1).unwrap();
    commons.close(2).unwrap();
    let left = ["noted", "anna", "bert"].map(|name| commons.balance(&commons.name(name), DENOM));
    assert_eq!(left, [BOND, 0, 0], "300 of 1200 is a tenth, 99 of 999 is not, and nobody came to the third");
    assert_eq!(commons.balance(&commons.constitution, DENOM), treasury + 2 * BOND);
    assert_eq!(commons.status(noted), Status::Rejected);
}

#[test]
fn bad_votes_are_refused_and_change_nothing() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 100), ("bert", 100)]);
    let (first, second) =
        (commons.propose("anna", Class::Code, vec![]), commons.propose("anna", Class::Code, vec![]));
    let other = commons.propose("anna", Class::Parameter, vec![]);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(first, 60), yes(second, 80)]).unwrap();
    let before = commons.tally(1);
    let wrong = |proposal| ContractError::WrongOption { ballot: 1, proposal }.to_string();
    let cases = [
        (vec![yes(second, 1), yes(first, 1)], wrong(first)),
        (vec![yes(first, 1), yes(first, 1)], wrong(first)),
        (vec![yes(other, 1)], wrong(other)),
        (vec![yes(99, 1)], wrong(99)),
        (vec![yes(first, 0)], ContractError::EmptyVote { proposal: first }.to_string()),
    ];
    for (votes, error) in cases {
        assert_eq!(refusal(commons.vote("anna", 1, votes)), error);
    }
    let over = |asked: u128| {
        ContractError::OverBudget { asked: asked.into(), budget: 10_000u128.into() }.to_string()
    };
    assert_eq!(refusal(commons.vote("anna", 1, vec![yes(first, 101)])), over(10_201));
    assert_eq!(refusal(commons.vote_with("anna", 1, vec![yes(first, 60)], 81, None)), over(10_161));
    assert_eq!(refusal(commons.vote("anna", 2, vec![yes(other, 1)])), over(10_001));
    assert!(refusal(commons.vote("anna", 1, vec![yes(first, u128::MAX), yes(second, u128::MAX)])).len() > 5);
    let presence = |presence| ContractError::WrongPresence {
        presence: Uint128::new(presence),
        radius: Uint128::new(100),
    };
    for wrong in [99, 101] {
        let sent = commons.vote_with("anna", 1, vec![yes(first, 60), yes(second, 80)], 0, Some(wrong));
        assert_eq!(refusal(sent), presence(wrong).to_string());
    }
    let nobody = ContractError::NoPower { voter: commons.name("zoe").to_string(), epoch: 1 };
    assert_eq!(refusal(commons.vote("zoe", 1, vec![yes(first, 1)])), nobody.to_string());
    assert_eq!(refusal(commons.vote("anna", 9, vec![])), ContractError::NoBallot { ballot: 9 }.to_string());
    let paid = {
        let (anna, dao) = (commons.name("anna"), commons.dao.clone());
        commons.give(&anna, 1, DENOM);
        commons.send(&anna, &dao, &ExecuteMsg::Close { ballot: 1 }, &coins(1, DENOM))
    };
    assert_eq!(refusal(paid), PaymentError::Unwanted.to_string());
    assert_eq!(commons.tally(1), before);
    // Taking votes back frees the budget, and the voter is absent.
    commons.vote("anna", 1, vec![]).unwrap();
    assert_eq!(commons.tally(1).presence, Uint128::zero());
    commons.vote("anna", 2, vec![yes(other, 100)]).unwrap();
    assert_eq!(commons.budget(1, "anna").spent, Uint256::from(10_000u128));
}

#[test]
fn only_the_constitution_changes_the_config_and_never_to_haste() {
    let mut commons = Commons::new();
    let dao = commons.dao.clone();
    let fine = Setup::default().config;
    let anna = commons.name("anna");
    let update = ExecuteMsg::UpdateConfig { config: fine.clone() };
    let error = ContractError::NotAdmin { sender: anna.to_string() }.to_string();
    assert_eq!(refusal(commons.send(&anna, &dao, &update, &[])), error);
    let constitution = commons.constitution.clone();
    commons.send(&constitution, &dao, &update, &[]).unwrap();
    let hasty: [fn(&mut Config); 12] = [
        |config| config.classes[0].delay_seconds = 2 * DAY - 1,
        |config| config.classes[1].period_seconds = 3 * DAY - 1,
        |config| config.classes[2].timelock_seconds = 3 * DAY - 1,
        |config| config.classes[3].threshold_bps = 4_999,
        |config| config.classes[4].quorum_bps = 99,
        |config| config.classes[6].threshold_bps = 6_666,
        |config| config.classes[6].quorum_bps = 1_999,
        |config| config.classes[5].slots = 0,
        |config| config.bond.amount = Uint128::zero(),
        |config| config.max_options = 17,
        |config| config.classes.swap(0, 1),
        |config| config.classes.truncate(config.classes.len() - 1),
    ];
    for change in hasty {
        let mut config = fine.clone();
        change(&mut config);
        let sent = commons.send(&constitution, &dao, &ExecuteMsg::UpdateConfig { config }, &[]);
        assert!(refusal(sent).starts_with("the config is not valid"));
    }
    assert_eq!(commons.ask::<_, Config>(&dao, &QueryMsg::Config {}), fine);
    let addresses: AddressesResponse = commons.ask(&dao, &QueryMsg::Addresses {});
    assert_eq!(addresses.merit, commons.merit);
}
