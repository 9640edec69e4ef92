//! A whole round, with everything that comes out of it.

use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::{Phase, VoidReason};

use crate::fixture::{CLIENT_BOND, CLIENTS, Chain, NODES, aggregate, attribute, sheet};

#[test]
fn merit_weights_units_bonds_and_the_artefact_come_out_of_a_final_round() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Final);
    let clients: Vec<ClientResponse> =
        chain.ask(&QueryMsg::Clients { round, start_after: None, limit: None }).unwrap();
    assert_eq!(clients.len(), 6);
    assert!(clients.iter().all(|client| client.included && client.group.is_some()));
    let mut total = 0;
    for name in CLIENTS {
        let own: ClientResponse =
            chain.ask(&QueryMsg::Client { round, client: chain.who(name).to_string() }).unwrap();
        // 60,000 in the ratio of the groups' scores, 2 : 1, three clients each
        let expected = [13_333, 6_666][usize::from(own.group.unwrap())];
        assert_eq!(chain.earned(round, name), expected);
        let member = chain.who(name).to_string();
        let claim = ExecuteMsg::Claim { member: member.clone(), rounds: vec![round] };
        let response = chain.ok("stranger", claim.clone());
        assert_eq!(attribute(&response, "credited"), [format!("{member} {expected}")]);
        assert_eq!(attribute(&response, "weighed"), [format!("contributors {member} {expected}")]);
        assert_eq!(
            chain.fails(name, claim),
            ContractError::AlreadyClaimed { address: member.clone(), round }
        );
        let withdraw = ExecuteMsg::Withdraw { round, client: member };
        let before = chain.balance(name);
        chain.ok("stranger", withdraw.clone());
        assert_eq!(chain.balance(name) - before, CLIENT_BOND);
        assert_eq!(chain.fails("stranger", withdraw), ContractError::AlreadyDone);
        total += expected;
    }
    assert!(total <= 60_000);
    let committee = chain.committee(round);
    for name in &committee {
        let member = chain.who(name).to_string();
        let claim = ExecuteMsg::Claim { member: member.clone(), rounds: vec![round] };
        let response = chain.ok("stranger", claim);
        assert_eq!(attribute(&response, "credited"), [format!("{member} 1000")]);
        assert!(attribute(&response, "units").contains(&"77".to_string()), "the registry was told");
    }
    let absent = NODES.into_iter().find(|name| !committee.contains(name)).unwrap();
    let member = chain.who(absent).to_string();
    assert_eq!(
        chain.fails("stranger", ExecuteMsg::Claim { member: member.clone(), rounds: vec![round] }),
        ContractError::NotMember { address: member, round }
    );
    let response = chain.ok("stranger", ExecuteMsg::Publish { round });
    assert_eq!(attribute(&response, "registered"), [format!("{} somebody", aggregate())]);
    assert_eq!(chain.fails("stranger", ExecuteMsg::Publish { round }), ContractError::AlreadyDone);
    assert_eq!(chain.held(), 0, "every bond has gone back");
    assert_eq!(chain.round(round).round.agreed, Some(sheet()));
}

#[test]
fn merit_of_one_round_weighs_the_scores_of_the_next_and_claims_of_many_come_at_once() {
    let mut chain = Chain::new();
    let rounds: Vec<u64> = (0..2).map(|_| chain.at(Phase::Final)).collect();
    let member = chain.who("c0").to_string();
    let both = chain.earned(rounds[0], "c0") + chain.earned(rounds[1], "c0");
    let response = chain.ok("c0", ExecuteMsg::Claim { member: member.clone(), rounds: rounds.clone() });
    assert_eq!(attribute(&response, "credited"), [format!("{member} {both}")]);
    let evaluator = chain.committee(rounds[0])[0];
    let member = chain.who(evaluator).to_string();
    chain.ok("c0", ExecuteMsg::Claim { member: member.clone(), rounds: vec![rounds[0]] });
    let next = chain.at(Phase::Submit);
    let committee: Vec<MemberResponse> = chain.ask(&QueryMsg::Committee { round: next }).unwrap();
    for seat in committee {
        let expected = if seat.operator.as_str() == member { 1_001 } else { 1 };
        assert_eq!(seat.merit.u128(), expected);
    }
    let none = ExecuteMsg::Claim { member: member.clone(), rounds: vec![] };
    assert_eq!(chain.fails("c0", none), ContractError::RoundCount { count: 0, maximum: 16 });
    let twice = ExecuteMsg::Claim { member: member.clone(), rounds: vec![rounds[1]; 2] };
    assert!(chain.send("c0", twice, &[]).is_err(), "the same round twice in one message");
}

#[test]
fn a_void_round_refunds_bonds_and_pays_only_duty_done() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Unmask);
    let committee = chain.committee(round);
    let set = chain.round(round).round.set.unwrap();
    let message = chain.sum(committee[0], round, set);
    chain.ok(committee[0], message);
    let early = ExecuteMsg::Claim { member: chain.who("c0").to_string(), rounds: vec![round] };
    assert_eq!(chain.fails("c0", early.clone()), ContractError::NotOver { round, phase: Phase::Unmask });
    chain.wait(100);
    chain.advance(round);
    assert_eq!(chain.round(round).round.reason, Some(VoidReason::TooFewSums));
    assert_eq!(chain.earned(round, "c0"), 0);
    assert_eq!(chain.fails("c0", early), ContractError::NothingDue);
    assert_eq!(chain.earned(round, committee[0]), 100);
    assert_eq!(chain.earned(round, committee[1]), 0);
    for name in CLIENTS {
        chain.ok("stranger", ExecuteMsg::Withdraw { round, client: chain.who(name).to_string() });
    }
    assert_eq!(chain.held(), 0);
    // those who did not post are slashed, once, and no one else
    let punish = |operator| ExecuteMsg::Punish { round, operator };
    let dutiful = chain.who(committee[0]).to_string();
    assert_eq!(
        chain.fails("stranger", punish(dutiful.clone())),
        ContractError::NoFault { operator: dutiful, round }
    );
    let absent = chain.who(committee[1]).to_string();
    let before = chain.node_bond(committee[1]);
    chain.ok("stranger", punish(absent.clone()));
    assert_eq!(before - chain.node_bond(committee[1]), 1_000, "a thousandth of the bond");
    assert_eq!(chain.fails("stranger", punish(absent)), ContractError::AlreadyDone);
    assert_eq!(chain.fails("stranger", ExecuteMsg::Publish { round }), ContractError::NotFinal { round });
}
