//! Batches that settle many: what they give is what single messages give, and nobody can stand in the way of the others.

use cosmwasm_std::coins;
use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::{Digest, Phase};

use crate::fixture::{CLIENT_BOND, CLIENTS, Chain, DENOM, NODES, attribute};

fn settle(round: u64, members: Vec<String>) -> ExecuteMsg {
    ExecuteMsg::Settle { round, members }
}

#[test]
fn a_batch_gives_everybody_what_single_claims_would() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Final);
    let committee = chain.committee(round);
    let everybody: Vec<&str> = CLIENTS.into_iter().chain(committee.iter().copied()).collect();
    let mut due: Vec<String> =
        everybody.iter().map(|name| format!("{} {}", chain.who(name), chain.earned(round, name))).collect();
    due.sort();
    let before: Vec<u128> = CLIENTS.iter().map(|name| chain.balance(name)).collect();
    let response = chain.ok("stranger", settle(round, chain.sorted(&everybody)));
    assert_eq!(attribute(&response, "credited")[1..], due, "after the count of the batch itself");
    let weighed: Vec<String> = due.iter().map(|entry| format!("contributors {entry}")).collect();
    assert_eq!(attribute(&response, "weighed"), weighed);
    let units = attribute(&response, "units");
    assert_eq!(units.iter().filter(|units| *units == "77").count(), committee.len(), "a seat each");
    for (name, before) in CLIENTS.iter().zip(before) {
        assert_eq!(chain.balance(name) - before, CLIENT_BOND);
    }
    assert_eq!(chain.held(), 0);
    // all of it counts once
    assert_eq!(chain.fails("c0", settle(round, chain.sorted(&everybody))), ContractError::NothingDue);
    for name in &everybody {
        let member = chain.who(name).to_string();
        let again = ExecuteMsg::Claim { member: member.clone(), rounds: vec![round] };
        assert_eq!(chain.fails(name, again), ContractError::AlreadyClaimed { address: member, round });
    }
    let again = ExecuteMsg::Withdraw { round, client: chain.who("c0").to_string() };
    assert_eq!(chain.fails("c0", again), ContractError::AlreadyDone);
}

#[test]
fn a_batch_is_bounded_sorted_and_of_those_who_took_part_in_a_round_that_is_over() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Challenge);
    let all = chain.sorted(&CLIENTS);
    assert_eq!(
        chain.fails("c0", settle(round, all.clone())),
        ContractError::NotOver { round, phase: Phase::Challenge }
    );
    chain.honestly(round);
    let before = (chain.held(), chain.earned(round, "c0"));
    for (members, refusal) in [
        (vec![], ContractError::MemberCount { count: 0, maximum: 64 }),
        (vec![all[0].clone(); 65], ContractError::MemberCount { count: 65, maximum: 64 }),
        (vec![all[0].clone(); 2], ContractError::Unsorted { first: all[0].clone(), second: all[0].clone() }),
        (
            vec![all[1].clone(), all[0].clone()],
            ContractError::Unsorted { first: all[1].clone(), second: all[0].clone() },
        ),
    ] {
        assert_eq!(chain.fails("c0", settle(round, members)), refusal);
    }
    let stranger = chain.who("stranger").to_string();
    let mut with_stranger = all.clone();
    with_stranger.push(stranger.clone());
    with_stranger.sort();
    let refusal = ContractError::NotMember { address: stranger, round };
    assert_eq!(chain.fails("c0", settle(round, with_stranger)), refusal);
    assert_eq!(chain.fails("c0", settle(round + 1, all)), ContractError::UnknownRound { round: round + 1 });
    assert_eq!((chain.held(), chain.earned(round, "c0")), before, "nothing changed");
}

/// Attack: claim for one member just before a batch with it arrives, so that the batch of all others fails.
#[test]
fn attack_a_claim_just_before_the_batch() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Final);
    let c3 = chain.who("c3").to_string();
    chain.ok("whale", ExecuteMsg::Claim { member: c3.clone(), rounds: vec![round] });
    chain.ok("whale", ExecuteMsg::Withdraw { round, client: chain.who("c4").to_string() });
    let before: Vec<u128> = CLIENTS.iter().map(|name| chain.balance(name)).collect();
    let response = chain.ok("stranger", settle(round, chain.sorted(&CLIENTS)));
    let credited = attribute(&response, "credited");
    assert_eq!(credited.len(), 1 + 5, "all but the one who had claimed");
    assert!(!credited.iter().any(|entry| entry.starts_with(&c3)));
    for (name, before) in CLIENTS.iter().zip(before) {
        let expected = if *name == "c4" { 0 } else { CLIENT_BOND };
        assert_eq!(chain.balance(name) - before, expected, "{name}");
    }
    assert_eq!(chain.held(), 0);
}

/// Attack: be a receiver that coins cannot be sent to, so that nobody's bond goes back. Here the contract's account is short of
/// one bond, which is the same to it: a transfer that fails.
#[test]
fn attack_a_bond_that_cannot_be_sent() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Final);
    let rounds = chain.rounds.clone();
    let set = |chain: &mut Chain, amount: u128| {
        let rounds = rounds.clone();
        chain.app.init_modules(|router, _, storage| {
            router.bank.init_balance(storage, &rounds, coins(amount, DENOM)).unwrap();
        });
    };
    set(&mut chain, 5 * CLIENT_BOND);
    let before: Vec<u128> = CLIENTS.iter().map(|name| chain.balance(name)).collect();
    let members = chain.sorted(&CLIENTS);
    let last = members[5].clone();
    let response = chain.ok("stranger", settle(round, members));
    let came_back = attribute(&response, "client");
    assert!(came_back.iter().eq([&last]), "{came_back:?}");
    assert_eq!(attribute(&response, "credited").len(), 1 + 6, "merit was credited to all");
    let mut paid = 0;
    for (name, before) in CLIENTS.iter().zip(before) {
        let expected = if chain.who(name).as_str() == last { 0 } else { CLIENT_BOND };
        assert_eq!(chain.balance(name) - before, expected, "{name}");
        paid += expected;
    }
    assert_eq!(paid, 5 * CLIENT_BOND);
    // it is still owed, and can be had when the receiver takes it
    set(&mut chain, CLIENT_BOND);
    chain.ok("whale", ExecuteMsg::Withdraw { round, client: last.clone() });
    assert_eq!(chain.held(), 0);
    assert_eq!(
        chain.fails("whale", ExecuteMsg::Withdraw { round, client: last }),
        ContractError::AlreadyDone
    );
}

#[test]
fn a_batch_of_a_void_round_returns_bonds_forfeits_those_of_the_idle_and_pays_duty_done() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Submit);
    for client in &CLIENTS[..5] {
        chain.ok(client, ExecuteMsg::Submit { round, upload: Digest::default(), shares: Digest::default() });
    }
    chain.wait(100);
    chain.advance(round);
    let committee = chain.committee(round);
    chain.ok(committee[0], ExecuteMsg::Witness { round, clients: (0..5).collect() });
    chain.wait(100);
    chain.advance(round);
    assert_eq!(chain.phase(round), Phase::Void);
    let everybody: Vec<&str> = CLIENTS.into_iter().chain(committee.iter().copied()).collect();
    let (idle, treasury) = (chain.balance("c5"), chain.balance("treasury"));
    let response = chain.ok("stranger", settle(round, chain.sorted(&everybody)));
    let dutiful = chain.who(committee[0]);
    assert_eq!(attribute(&response, "credited")[1..], [format!("{dutiful} 100")]);
    assert_eq!((chain.balance("c5"), chain.balance("treasury")), (idle, treasury + CLIENT_BOND));
    assert_eq!(chain.held(), 0);
    let absent: Vec<&str> = NODES.into_iter().filter(|name| !committee.contains(name)).collect();
    let refusal = ContractError::NotMember { address: chain.sorted(&absent)[0].clone(), round };
    assert_eq!(chain.fails("stranger", settle(round, chain.sorted(&absent))), refusal);
}
