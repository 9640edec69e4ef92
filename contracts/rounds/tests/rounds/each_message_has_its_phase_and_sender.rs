//! Wrong phase, wrong sender, bad input; nothing changes.

use cosmwasm_std::{Coin, HexBinary, coin, coins};
use iz_contract_kit::keys::KeysError;
use iz_contract_types::nodes;
use iz_contract_types::payment::PaymentError;
use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::score::Metrics;
use iz_rounds_machine::{Bitmap, Digest, Phase, RoundError, VoidReason};

use crate::fixture::{CLIENT_BOND, CLIENTS, Chain, DENOM, NODE_BOND, NODES, sheet, task};

/// One message of each kind for a round.
fn messages(round: u64) -> Vec<ExecuteMsg> {
    let digest = Digest::default();
    vec![
        ExecuteMsg::Submit { round, upload: digest, shares: digest },
        ExecuteMsg::Witness { round, clients: Bitmap::default() },
        ExecuteMsg::PostSum { round, set: digest, sum: digest, signature: HexBinary::default() },
        ExecuteMsg::Attest { round, aggregate: digest },
        ExecuteMsg::CommitScores { round, commitment: digest },
        ExecuteMsg::RevealScores { round, scores: vec![], metrics: Metrics::default(), salt: digest },
        ExecuteMsg::Judge { round, upheld: true },
    ]
}

#[test]
fn a_stranger_and_a_missing_round_are_refused_everywhere() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Submit);
    for message in messages(round) {
        let error = chain.fails("stranger", message.clone());
        assert!(
            matches!(error, ContractError::NotClient { .. } | ContractError::NotMember { .. }),
            "{message:?}: {error}"
        );
        assert_eq!(
            chain.send("stranger", message, &coins(1, DENOM)).unwrap_err(),
            ContractError::Payment(PaymentError::Unwanted)
        );
    }
    for message in messages(99) {
        assert_eq!(chain.fails("stranger", message), ContractError::UnknownRound { round: 99 });
    }
    assert_eq!(chain.fails("stranger", ExecuteMsg::Open { task: 9 }), ContractError::UnknownTask { task: 9 });
    assert_eq!(chain.fails("stranger", ExecuteMsg::Open { task: 1 }), ContractError::Running { round });
}

#[test]
fn what_belongs_to_another_phase_is_refused() {
    let mut chain = Chain::new();
    for phase in [Phase::Submit, Phase::Witness, Phase::Unmask, Phase::Aggregate, Phase::ScoreCommit] {
        let mut chain = Chain::new();
        let round = chain.at(phase);
        let member = chain.committee(round)[0];
        for message in messages(round).into_iter().skip(1) {
            let belongs = matches!(
                (&message, phase),
                (ExecuteMsg::Witness { .. }, Phase::Witness)
                    | (ExecuteMsg::PostSum { .. }, Phase::Unmask)
                    | (ExecuteMsg::Attest { .. }, Phase::Aggregate)
                    | (ExecuteMsg::CommitScores { .. }, Phase::ScoreCommit)
            );
            if !belongs {
                let error = chain.fails(member, message);
                assert!(matches!(error, ContractError::Round(RoundError::WrongPhase { .. })), "{error}");
            }
        }
        let error = chain.enrol("c0", round).unwrap_err();
        let refused = matches!(error, ContractError::AlreadyIn { .. });
        assert!(refused, "{error}");
    }
    let round = chain.at(Phase::Final);
    let member = chain.committee(round)[0];
    for message in messages(round).into_iter().skip(1) {
        assert!(matches!(chain.fails(member, message), ContractError::Round(RoundError::Over { .. })));
    }
    assert!(matches!(
        chain.fails("stranger", ExecuteMsg::Advance { round }),
        ContractError::Round(RoundError::Over { .. })
    ));
}

#[test]
fn a_client_enrols_once_with_keys_and_the_exact_bond() {
    let mut chain = Chain::new();
    let round = chain.open();
    let enrol = ExecuteMsg::Enrol { round };
    let wrong = ContractError::WrongBond { expected: coin(CLIENT_BOND, DENOM) };
    let funds: [&[Coin]; 3] = [&[], &coins(CLIENT_BOND - 1, DENOM), &coins(CLIENT_BOND + 1, DENOM)];
    for funds in funds {
        assert_eq!(chain.send("c0", enrol.clone(), funds).unwrap_err(), wrong);
    }
    assert_eq!(
        chain.enrol("stranger", round).unwrap_err(),
        ContractError::NoKeys { owner: chain.who("stranger").to_string() }
    );
    chain.enrol("c0", round).unwrap();
    assert_eq!(
        chain.enrol("c0", round).unwrap_err(),
        ContractError::AlreadyIn { address: chain.who("c0").to_string(), round }
    );
    let rounds = chain.rounds.clone();
    let foreign = chain.keys_for("c1", &rounds);
    assert!(matches!(
        chain.fails("stranger", ExecuteMsg::RegisterKeys { keys: foreign }),
        ContractError::Keys(KeysError::BadSignature { .. })
    ));
    // one seat more than there are
    for client in &CLIENTS[1..] {
        chain.enrol(client, round).unwrap();
    }
    let keys = chain.keys_for("whale", &rounds);
    chain.ok("whale", ExecuteMsg::RegisterKeys { keys });
    assert_eq!(
        chain.enrol("whale", round).unwrap_err(),
        ContractError::Round(RoundError::Full { maximum: 6 })
    );
}

#[test]
fn only_bonded_nodes_stand_and_once() {
    let mut chain = Chain::new();
    let round = chain.open();
    let stand = ExecuteMsg::Stand { round };
    assert!(matches!(chain.fails("stranger", stand.clone()), ContractError::Std(_)), "no node at all");
    let leave = nodes::ExecuteMsg::Unbond { amount: NODE_BOND.into() };
    chain.send_to_nodes("n0", &leave, &[]);
    assert_eq!(
        chain.fails("n0", stand.clone()),
        ContractError::NodeNotActive { status: nodes::Status::Exited }
    );
    chain.ok("n1", stand.clone());
    assert!(matches!(chain.fails("n1", stand.clone()), ContractError::AlreadyIn { .. }));
    let mut dear = task();
    dear.candidate_bond = (NODE_BOND + 1).into();
    let mut chain = Chain::with(&dear);
    let round = chain.open();
    assert_eq!(
        chain.fails("n1", ExecuteMsg::Stand { round }),
        ContractError::BondTooLow { bond: NODE_BOND.into(), minimum: (NODE_BOND + 1).into() }
    );
}

#[test]
fn a_round_without_enough_of_either_is_void() {
    for (clients, nodes, reason) in [(3, 6, VoidReason::TooFewClients), (6, 3, VoidReason::TooFewCandidates)]
    {
        let mut chain = Chain::new();
        let round = chain.open();
        for client in &CLIENTS[..clients] {
            chain.enrol(client, round).unwrap();
        }
        for node in &NODES[..nodes] {
            chain.ok(node, ExecuteMsg::Stand { round });
        }
        chain.wait(100);
        chain.advance(round);
        assert_eq!(chain.round(round).round.reason, Some(reason));
        for client in &CLIENTS[..clients] {
            chain.ok("stranger", ExecuteMsg::Withdraw { round, client: chain.who(client).to_string() });
        }
        assert_eq!((chain.held(), chain.balance("treasury")), (0, 100_000_000));
        // and the next one can begin
        chain.open();
    }
}

#[test]
fn a_seat_that_was_taken_and_not_used_costs_the_bond() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Submit);
    for client in &CLIENTS[..5] {
        chain.ok(client, ExecuteMsg::Submit { round, upload: Digest::default(), shares: Digest::default() });
    }
    assert!(matches!(
        chain.fails("stranger", ExecuteMsg::Advance { round }),
        ContractError::Round(RoundError::TooEarly { .. })
    ));
    chain.wait(100);
    let late = ExecuteMsg::Submit { round, upload: Digest::default(), shares: Digest::default() };
    assert!(matches!(chain.fails("c5", late), ContractError::Round(RoundError::DeadlinePassed { .. })));
    chain.advance(round);
    let withdraw =
        |chain: &Chain, name: &str| ExecuteMsg::Withdraw { round, client: chain.who(name).to_string() };
    let message = withdraw(&chain, "c5");
    assert!(matches!(chain.fails("c5", message.clone()), ContractError::NotOver { .. }));
    // the beacon is not posted: the round is void
    chain.wait(1_000);
    chain.advance(round);
    chain.wait(1_000);
    assert_eq!(chain.round(round).round.reason, Some(VoidReason::TooFewWitnesses));
    let before = chain.balance("c5");
    chain.ok("c5", message);
    assert_eq!(chain.balance("c5"), before);
    assert_eq!(chain.balance("treasury"), 100_000_000 + CLIENT_BOND);
    let message = withdraw(&chain, "c0");
    let before = chain.balance("c0");
    chain.ok("c0", message);
    assert_eq!(chain.balance("c0") - before, CLIENT_BOND);
}

#[test]
fn scores_have_to_fit_the_round() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::ScoreCommit);
    let member = chain.committee(round)[0];
    let mut long = sheet();
    long.scores.push(1);
    let message = chain.commitment(member, round, &long);
    chain.ok(member, message.clone());
    assert_eq!(chain.fails(member, message), ContractError::Round(RoundError::AlreadyDone { seat: 0 }));
    for name in chain.committee(round).into_iter().skip(1) {
        let message = chain.commitment(name, round, &sheet());
        chain.ok(name, message);
    }
    chain.advance(round);
    assert_eq!(
        chain.fails(member, Chain::reveal(member, round, &long)),
        ContractError::Round(RoundError::WrongScores { expected: 2, actual: 3 })
    );
    assert_eq!(
        chain.fails(member, Chain::reveal(member, round, &sheet())),
        ContractError::Round(RoundError::CommitmentMismatch)
    );
}
