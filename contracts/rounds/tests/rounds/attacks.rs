//! Attacks by name.

use iz_contract_kit::keys::KeysError;
use iz_contract_types::rounds::*;
use iz_rounds::error::ContractError;
use iz_rounds_machine::machine::set_digest;
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{Bitmap, Digest, Phase, RoundError, VoidReason};

use crate::fixture::{CLIENTS, Chain, NODE_BOND, NODES, beacon_signature, sheet};

/// One who copies another's commitment can open it with nothing, not even with what the other opened.
#[test]
fn attack_copycat_scores() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::ScoreCommit);
    let committee = chain.committee(round);
    let (honest, copycat) = (committee[0], committee[1]);
    let commitment = chain.commitment(honest, round, &sheet());
    for name in &committee {
        let own = if *name == copycat { commitment.clone() } else { chain.commitment(name, round, &sheet()) };
        chain.ok(name, own);
    }
    chain.advance(round);
    chain.ok(honest, Chain::reveal(honest, round, &sheet()));
    for salt in [honest, copycat] {
        assert_eq!(
            chain.fails(copycat, Chain::reveal(salt, round, &sheet())),
            ContractError::Round(RoundError::CommitmentMismatch)
        );
    }
    for name in &committee[2..] {
        chain.ok(name, Chain::reveal(name, round, &sheet()));
    }
    chain.wait(100);
    chain.advance(round);
    chain.honestly(round);
    assert_eq!(chain.phase(round), Phase::Final);
    assert_eq!(chain.earned(round, copycat), 0);
    assert_eq!(chain.earned(round, honest), 1_000);
    chain.ok("stranger", ExecuteMsg::Punish { round, operator: chain.who(copycat).to_string() });
}

/// Q3: one of four evaluators cannot raise the score of its friends' group, nor carry a bad model over a gate, and is paid less for
/// trying.
#[test]
fn attack_colluding_minority_of_evaluators() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::ScoreCommit);
    let committee = chain.committee(round);
    let lie = Sheet { scores: vec![1_000_000, 0], ..sheet() };
    let of = |name: &str| if name == committee[0] { lie.clone() } else { sheet() };
    for name in &committee {
        let message = chain.commitment(name, round, &of(name));
        chain.ok(name, message);
    }
    chain.advance(round);
    for name in &committee {
        chain.ok(name, Chain::reveal(name, round, &of(name)));
    }
    chain.advance(round);
    assert_eq!(chain.round(round).round.agreed, Some(sheet()));
    chain.honestly(round);
    // 200,000 of overlap over 1,100,000
    assert_eq!(chain.earned(round, committee[0]), 181);
    assert_eq!(chain.earned(round, committee[1]), 1_000);

    let round = chain.at(Phase::ScoreCommit);
    let committee = chain.committee(round);
    let poor = Sheet { metrics: Metrics { accuracy: 400_000, ..sheet().metrics }, ..sheet() };
    let of = |name: &str| if name == committee[0] { sheet() } else { poor.clone() };
    for name in &committee {
        let message = chain.commitment(name, round, &of(name));
        chain.ok(name, message);
    }
    chain.advance(round);
    for name in &committee {
        chain.ok(name, Chain::reveal(name, round, &of(name)));
    }
    chain.advance(round);
    assert_eq!(chain.round(round).round.reason, Some(VoidReason::GateFailed));
}

/// Nobody judges a round that it takes part in.
#[test]
fn attack_self_dealing_evaluators() {
    let mut chain = Chain::new();
    let round = chain.open();
    let rounds = chain.rounds.clone();
    let keys = chain.keys_for("n0", &rounds);
    chain.ok("n0", ExecuteMsg::RegisterKeys { keys });
    chain.ok("n0", ExecuteMsg::Stand { round });
    assert!(matches!(chain.enrol("n0", round).unwrap_err(), ContractError::AlreadyIn { .. }));
    let keys = chain.keys_for("n1", &rounds);
    chain.ok("n1", ExecuteMsg::RegisterKeys { keys });
    chain.enrol("n1", round).unwrap();
    assert!(matches!(chain.fails("n1", ExecuteMsg::Stand { round }), ContractError::AlreadyIn { .. }));
}

/// A member that signs a sum over another set, or a second sum over the same one, is refused here, and with its signature anyone
/// takes its bond.
#[test]
fn attack_second_included_set() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Unmask);
    let committee = chain.committee(round);
    let (member, fixed) = (committee[0], chain.round(round).round.set.unwrap());
    let other = set_digest(chain.rounds.as_str(), round, &(0..5).collect::<Bitmap>());
    let message = chain.sum(member, round, other);
    assert_eq!(chain.fails(member, message.clone()), ContractError::Round(RoundError::OtherSet));
    let message_over = |set: Digest, sum: Digest, signature| ExecuteMsg::ReportSecondSum {
        round,
        operator: String::new(),
        set,
        sum,
        signature,
    };
    let report = |chain: &Chain, name: &str, message: ExecuteMsg| {
        let ExecuteMsg::ReportSecondSum { set, sum, signature, .. } = message else { panic!() };
        ExecuteMsg::ReportSecondSum { round, operator: chain.who(name).to_string(), set, sum, signature }
    };
    // what it may sign is no proof, before and after it is posted
    let ExecuteMsg::PostSum { sum, signature, .. } = chain.sum(member, round, fixed) else { panic!() };
    let right = report(&chain, member, message_over(fixed, sum, signature));
    assert_eq!(chain.fails("stranger", right.clone()), ContractError::NoSecondSum);
    let post = chain.sum(member, round, fixed);
    chain.ok(member, post);
    assert_eq!(chain.fails("stranger", right), ContractError::NoSecondSum);
    // nor is a signature of another
    let ExecuteMsg::PostSum { sum, signature, .. } = message else { panic!() };
    let framed = report(&chain, committee[1], message_over(other, sum, signature.clone()));
    assert_eq!(
        chain.fails("stranger", framed),
        ContractError::Keys(KeysError::BadSignature { name: "the sum" })
    );
    let proof = report(&chain, member, message_over(other, sum, signature));
    let before = chain.balance("stranger");
    chain.ok("stranger", proof.clone());
    assert_eq!(chain.node_bond(member), 0);
    assert_eq!(chain.balance("stranger") - before, NODE_BOND / 5);
    assert_eq!(chain.fails("stranger", proof), ContractError::AlreadyDone);
    // a second sum over the same set
    let second = committee[1];
    let post = chain.sum(second, round, fixed);
    chain.ok(second, post);
    let forked = Digest::of("another", &[]);
    let signature = chain.signed_sum(second, round, &fixed, &forked);
    let proof = report(&chain, second, message_over(fixed, forked, signature));
    chain.ok("stranger", proof);
    assert_eq!(chain.node_bond(second), 0);
}

/// Q2: nobody has to be waited for. Whoever stays away, a stranger brings the round to its end, and every bond of the honest goes
/// back.
#[test]
fn attack_griefing_the_deadlines() {
    let phases = [
        Phase::Draw,
        Phase::Submit,
        Phase::Witness,
        Phase::Group,
        Phase::Unmask,
        Phase::Aggregate,
        Phase::ScoreCommit,
        Phase::ScoreReveal,
    ];
    for phase in phases {
        let mut chain = Chain::new();
        let round = chain.at(phase);
        let mut advances = 0;
        while !chain.phase(round).is_over() {
            let deadline = chain.round(round).round.deadline;
            let now = chain.app.block_info().time.seconds();
            let early = chain.send("stranger", ExecuteMsg::Advance { round }, &[]);
            assert!(early.is_err() || chain.phase(round) != phase, "{phase:?}");
            chain.wait(deadline.saturating_sub(now));
            chain.advance(round);
            advances += 1;
        }
        assert_eq!(chain.phase(round), Phase::Void);
        assert_eq!(advances, 1, "{phase:?}");
        for name in CLIENTS {
            chain.ok("stranger", ExecuteMsg::Withdraw { round, client: chain.who(name).to_string() });
        }
        assert_eq!(chain.held(), 0);
        // the next round begins at once
        chain.open();
    }
}

/// A beacon value of another round, by another key, or none.
#[test]
fn attack_chosen_beacon() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Draw);
    let due = chain.round(round).round.beacon.unwrap();
    for (of, secret) in [(due - 1, 7), (due + 1, 7), (due, 8)] {
        let message = ExecuteMsg::Beacon { round, signature: beacon_signature(of, secret) };
        assert_eq!(chain.fails("stranger", message), ContractError::WrongBeacon { round: due });
    }
    let now = chain.app.block_info().time.seconds();
    let published = 1_000 + 3 * (due - 1);
    assert!(published >= now + 10, "the value cannot be known yet");
    let message = chain.beacon(round);
    chain.ok("stranger", message.clone());
    assert_eq!(chain.fails("stranger", message), ContractError::NoBeaconDue { round });
}

/// Whoever is not named in the seats that the beacon drew has no say, however much it is asked for by others.
#[test]
fn attack_uninvited_member() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Witness);
    let committee = chain.committee(round);
    let outsider = NODES.into_iter().find(|name| !committee.contains(name)).unwrap();
    let message = ExecuteMsg::Witness { round, clients: Bitmap::default() };
    assert!(matches!(chain.fails(outsider, message), ContractError::NotMember { .. }));
}

/// A member that denies what all others hold changes nothing; clients that nobody else holds do not get in.
#[test]
fn attack_censoring_witness() {
    let mut chain = Chain::new();
    let round = chain.at(Phase::Witness);
    let committee = chain.committee(round);
    chain.ok(committee[0], ExecuteMsg::Witness { round, clients: Bitmap::default() });
    let all: Bitmap = (0..6).collect();
    for name in &committee[1..] {
        chain.ok(name, ExecuteMsg::Witness { round, clients: all });
    }
    chain.advance(round);
    assert_eq!(chain.round(round).round.included, all);
    let mut beyond = all;
    beyond.insert(6);
    let round_of = chain.round(round).round;
    assert_eq!(round_of.phase, Phase::Group);
    let mut chain = Chain::new();
    let round = chain.at(Phase::Witness);
    let member = chain.committee(round)[0];
    assert_eq!(
        chain.fails(member, ExecuteMsg::Witness { round, clients: beyond }),
        ContractError::Round(RoundError::UnknownClients)
    );
}
