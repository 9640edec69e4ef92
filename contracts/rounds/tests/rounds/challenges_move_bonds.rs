//! Who is wrong about an aggregate pays for it.

use cosmwasm_std::{coin, coins};
use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::{Digest, Phase, RoundError, VoidReason};

use crate::fixture::{CHALLENGE_BOND, Chain, DENOM};

fn challenged(votes: &[bool]) -> (Chain, u64) {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Challenge);
    let message = ExecuteMsg::Challenge { round, claim: Digest::of("model", &[b"other"]) };
    assert_eq!(
        chain.fails("stranger", message.clone()),
        ContractError::WrongBond { expected: coin(CHALLENGE_BOND, DENOM) }
    );
    chain.send("stranger", message.clone(), &coins(CHALLENGE_BOND, DENOM)).unwrap();
    assert!(matches!(
        chain.send("whale", message, &coins(CHALLENGE_BOND, DENOM)).unwrap_err(),
        ContractError::Round(RoundError::WrongPhase { .. })
    ));
    let committee = chain.committee(round);
    for (name, upheld) in committee.iter().zip(votes) {
        chain.ok(name, ExecuteMsg::Judge { round, upheld: *upheld });
        assert!(matches!(
            chain.fails(name, ExecuteMsg::Judge { round, upheld: *upheld }),
            ContractError::Round(RoundError::AlreadyDone { .. })
        ));
    }
    assert!(matches!(
        chain.fails("stranger", ExecuteMsg::WithdrawChallenge { round }),
        ContractError::NotOver { .. }
    ));
    chain.wait(100);
    chain.advance(round);
    (chain, round)
}

fn moved(chain: &mut Chain, round: u64) -> (u128, u128) {
    let before = (chain.balance("stranger"), chain.balance("treasury"));
    chain.ok("whale", ExecuteMsg::WithdrawChallenge { round });
    assert_eq!(chain.fails("whale", ExecuteMsg::WithdrawChallenge { round }), ContractError::AlreadyDone);
    (chain.balance("stranger") - before.0, chain.balance("treasury") - before.1)
}

#[test]
fn a_challenge_that_is_upheld_voids_the_round_and_its_attesters_are_at_fault() {
    let (mut chain, round) = challenged(&[true, true, true, false]);
    assert_eq!(chain.round(round).round.reason, Some(VoidReason::ChallengeUpheld));
    assert_eq!(moved(&mut chain, round), (CHALLENGE_BOND, 0));
    for name in chain.committee(round) {
        assert_eq!(chain.earned(round, name), 0);
        chain.ok("stranger", ExecuteMsg::Punish { round, operator: chain.who(name).to_string() });
    }
}

#[test]
fn a_challenge_that_is_rejected_costs_the_bond() {
    let (mut chain, round) = challenged(&[false, false, false]);
    assert_eq!(chain.phase(round), Phase::Final);
    assert_eq!(moved(&mut chain, round), (0, CHALLENGE_BOND));
    assert!(chain.earned(round, "c0") > 0);
}

#[test]
fn a_challenge_without_an_answer_voids_the_round_and_returns_the_bond() {
    let (mut chain, round) = challenged(&[true, true, false, false]);
    assert_eq!(chain.round(round).round.reason, Some(VoidReason::ChallengeUnresolved));
    assert_eq!(moved(&mut chain, round), (CHALLENGE_BOND, 0));
    assert_eq!(chain.earned(round, "c0"), 0);
}

#[test]
fn a_round_that_nobody_challenged_has_no_bond_to_return() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Final);
    assert_eq!(chain.fails("stranger", ExecuteMsg::WithdrawChallenge { round }), ContractError::NothingDue);
}
