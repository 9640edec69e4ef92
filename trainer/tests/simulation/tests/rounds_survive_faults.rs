//! One scenario a fault, named by what happens, and what has to come of it. Failures that were found by chance are kept here by seed.

#![allow(clippy::unwrap_used)]

use iz_round::{
    Step, Subset, Weights,
    publish::{MODEL, Manifest},
};
use iz_rounds_machine::{Phase, VoidReason};
use iz_simulation::{FEATURES, Fault, Outcome, Scenario, Who, World, run};

const CLIENTS: usize = 14;

fn one(scenario: &Scenario) -> Outcome {
    let mut outcomes = run(scenario);
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0)
}

/// Final, with every group compared, without these clients, and nobody at fault but these nodes.
fn survives(scenario: &Scenario, left_out: &[usize], at_fault: &[usize]) -> Outcome {
    let outcome = one(scenario);
    assert_eq!(outcome.phase, Phase::Final, "{:?} {:?}", outcome.reason, outcome.errors);
    let expected: Vec<usize> = (0..CLIENTS).filter(|client| !left_out.contains(client)).collect();
    assert_eq!(outcome.included, expected);
    let mut faults = outcome.at_fault.clone();
    faults.sort_unstable();
    assert_eq!(faults, at_fault);
    assert!(outcome.compared >= 3, "{} groups", outcome.compared);
    assert!(outcome.steps.contains(&(Who::Node(usize::MAX), Step::Confirmed)));
    outcome
}

#[test]
fn a_quiet_round_trains() {
    let mut scenario = Scenario::quiet(1, CLIENTS);
    scenario.rounds = 3;
    let outcomes = run(&scenario);
    assert!(outcomes.iter().all(|outcome| outcome.phase == Phase::Final && outcome.errors.is_empty()));
    assert!(outcomes.iter().all(|outcome| outcome.compared == 4 && outcome.at_fault.is_empty()));
    let accuracies: Vec<u32> = outcomes.iter().filter_map(|outcome| outcome.accuracy).collect();
    assert!(accuracies[2] > 700_000, "{accuracies:?}");
    assert!(outcomes[0].scores.iter().any(|score| *score > 0));
}

#[test]
fn a_round_that_sends_a_part_of_the_columns_changes_no_others() {
    let mut scenario = Scenario::quiet(23, CLIENTS);
    scenario.subset = Some(Subset { part: 2, above: 4, pace: 2 });
    let mut world = World::new(scenario);
    let mut changed = Vec::new();
    for _ in 0..2 {
        let outcome = world.rounds().remove(0);
        assert_eq!((outcome.phase, outcome.compared, outcome.errors), (Phase::Final, 4, vec![]));
        let chain = world.chain.borrow();
        let manifest = Manifest::parse(&chain.blobs[&outcome.aggregate.unwrap()]).unwrap();
        let model = &chain.blobs[&manifest.file(MODEL).unwrap().sha256];
        let model = Weights::from_safetensors(model, 1 << 20).unwrap();
        let (tensor, place) = model.layout.ranges().find(|(tensor, _)| tensor.shape.len() == 2).unwrap();
        let (values, width) = (&model.values[place], tensor.shape[1]);
        let column = |column: usize| values.iter().skip(column).step_by(width).copied().collect::<Vec<f32>>();
        changed.push((0..width).map(column).collect::<Vec<_>>());
    }
    // all of zeros at first; half of the columns are sent in a round
    let (all, sent) = (FEATURES, FEATURES.div_ceil(2));
    let still = |columns: &[Vec<f32>]| columns.iter().filter(|one| one.iter().all(|v| *v == 0.0)).count();
    assert_eq!((changed[0].len(), still(&changed[0])), (all, all - sent));
    assert_eq!(changed[0].iter().zip(&changed[1]).filter(|(one, other)| one == other).count(), all - sent);
}

#[test]
fn first_weights_that_nobody_keeps_any_more_stop_no_round() {
    let mut world = World::new(Scenario::quiet(22, CLIENTS));
    let first = *world.chain.borrow().blobs.keys().next().unwrap();
    assert_eq!(world.rounds()[0].phase, Phase::Final);
    assert!(world.chain.borrow_mut().blobs.remove(&first).is_some());
    for outcome in [world.rounds().remove(0), world.rounds().remove(0)] {
        assert_eq!((outcome.phase, outcome.errors), (Phase::Final, vec![]));
    }
}

#[test]
fn a_third_of_the_clients_and_two_members_are_killed_half_way() {
    let mut scenario = Scenario::quiet(2, CLIENTS);
    for client in 0..4 {
        scenario = scenario.with(Phase::Submit, Who::Client(client), Fault::Drop);
    }
    scenario = scenario.with(Phase::Unmask, Who::Node(2), Fault::Drop);
    scenario = scenario.with(Phase::Unmask, Who::Node(5), Fault::Drop);
    survives(&scenario, &[0, 1, 2, 3], &[2, 5]);
}

#[test]
fn clients_that_vanish_behind_their_one_message_stay_in() {
    let mut scenario = Scenario::quiet(3, CLIENTS);
    for client in 0..CLIENTS {
        scenario = scenario.with(Phase::Witness, Who::Client(client), Fault::Drop);
    }
    survives(&scenario, &[], &[]);
}

#[test]
fn late_clients_are_in_and_too_late_ones_are_out() {
    let scenario = Scenario::quiet(4, CLIENTS)
        .with(Phase::Submit, Who::Client(1), Fault::Delay(5))
        .with(Phase::Submit, Who::Client(2), Fault::Delay(20))
        .with(Phase::Submit, Who::Node(0), Fault::Delay(3));
    survives(&scenario, &[2], &[]);
}

#[test]
fn whoever_says_everything_twice_is_heard_once() {
    let scenario = Scenario::quiet(5, CLIENTS).with(Phase::Enrol, Who::Client(3), Fault::Duplicate).with(
        Phase::Enrol,
        Who::Node(1),
        Fault::Duplicate,
    );
    survives(&scenario, &[], &[]);
}

#[test]
fn a_damaged_upload_leaves_its_client_out_and_is_named() {
    let scenario = Scenario::quiet(6, CLIENTS).with(Phase::Submit, Who::Client(7), Fault::Corrupt);
    let outcome = survives(&scenario, &[7], &[]);
    let named = outcome.steps.iter().filter(|(_, step)| match step {
        Step::Witnessed { held: 13, refused } => {
            refused.iter().all(|one| one.index == 7) && refused.len() == 1
        }
        _ => false,
    });
    assert_eq!(named.count(), 7);
}

#[test]
fn damaged_sums_of_one_member_are_done_without() {
    let scenario = Scenario::quiet(7, CLIENTS).with(Phase::Unmask, Who::Node(4), Fault::Corrupt);
    survives(&scenario, &[], &[]);
}

#[test]
fn whoever_is_killed_behind_a_post_goes_on_where_it_was() {
    for phase in [Phase::Enrol, Phase::Submit] {
        let mut scenario = Scenario::quiet(8, CLIENTS);
        for client in 0..CLIENTS {
            scenario = scenario.with(phase, Who::Client(client), Fault::Restart);
        }
        let outcome = survives(&scenario, &[], &[]);
        // the local step was done once
        let trained = outcome.steps.iter().filter(|(_, step)| matches!(step, Step::Trained { .. }));
        assert_eq!(trained.count(), CLIENTS);
    }
    for phase in [Phase::Witness, Phase::Unmask, Phase::Aggregate, Phase::ScoreCommit, Phase::ScoreReveal] {
        let mut scenario = Scenario::quiet(9, CLIENTS);
        for node in 0..7 {
            scenario = scenario.with(phase, Who::Node(node), Fault::Restart);
        }
        survives(&scenario, &[], &[]);
    }
}

#[test]
fn a_client_whose_shares_do_not_open_is_left_out_and_proved_false() {
    let scenario = Scenario::quiet(10, CLIENTS).with(Phase::Submit, Who::Client(0), Fault::FalseShares);
    let outcome = survives(&scenario, &[0], &[]);
    let proofs = outcome
        .steps
        .iter()
        .filter_map(|(_, step)| match step {
            Step::Witnessed { refused, .. } => Some(refused),
            _ => None,
        })
        .flatten()
        .filter(|refused| refused.index == 0 && refused.complaint.is_some());
    assert_eq!(proofs.count(), 7);
}

#[test]
fn one_member_that_lies_about_its_sums_is_found_out() {
    let scenario = Scenario::quiet(12, CLIENTS).with(Phase::Unmask, Who::Node(3), Fault::FalseSums);
    let outcome = survives(&scenario, &[], &[]);
    for (who, step) in &outcome.steps {
        if let Step::Attested { false_seats, lost, .. } = step {
            assert_eq!(false_seats.len(), 1, "{who:?}");
            assert!(lost.is_empty());
        }
    }
}

#[test]
fn too_many_members_that_lie_void_the_round_and_open_nothing() {
    let mut scenario = Scenario::quiet(13, CLIENTS);
    for node in 0..3 {
        scenario = scenario.with(Phase::Unmask, Who::Node(node), Fault::FalseSums);
    }
    let outcome = one(&scenario);
    assert_eq!((outcome.phase, outcome.reason), (Phase::Void, Some(VoidReason::NoAgreement)));
    assert_eq!(outcome.aggregate, None);
}

#[test]
fn two_lying_aggregators_are_outvoted_and_three_agree_on_nothing_false() {
    let mut scenario = Scenario::quiet(14, CLIENTS);
    for node in 0..2 {
        scenario = scenario.with(Phase::Aggregate, Who::Node(node), Fault::FalseAggregate);
    }
    let right = survives(&scenario, &[], &[]).aggregate;
    assert_eq!(right, one(&Scenario::quiet(14, CLIENTS)).aggregate);
    scenario = scenario.with(Phase::Aggregate, Who::Node(2), Fault::FalseAggregate);
    let outcome = one(&scenario);
    assert_eq!((outcome.phase, outcome.reason), (Phase::Void, Some(VoidReason::NoAgreement)));
}

#[test]
fn a_false_aggregate_of_a_corrupt_quorum_is_challenged() {
    let mut scenario = Scenario::quiet(15, CLIENTS);
    for node in 0..5 {
        scenario = scenario.with(Phase::Aggregate, Who::Node(node), Fault::FalseAggregate);
    }
    let outcome = one(&scenario);
    let challenged = |step: &(Who, Step)| matches!(step, (Who::Node(usize::MAX), Step::Challenged { .. }));
    assert!(outcome.steps.iter().any(challenged));
    // the liars judge honestly here: their own computation is not what they attested
    assert_eq!((outcome.phase, outcome.reason), (Phase::Void, Some(VoidReason::ChallengeUpheld)));
    assert_eq!(outcome.at_fault.len(), 5);
}

#[test]
fn two_evaluators_that_lie_do_not_move_the_scores() {
    let mut scenario = Scenario::quiet(16, CLIENTS);
    for node in 0..2 {
        scenario = scenario.with(Phase::ScoreCommit, Who::Node(node), Fault::FalseScores);
    }
    let lied = survives(&scenario, &[], &[]);
    let honest = one(&Scenario::quiet(16, CLIENTS));
    assert_eq!(lied.aggregate, honest.aggregate);
    assert!(lied.accuracy.unwrap() < 1_000_000);
}

#[test]
fn clients_that_push_the_other_way_do_not_stop_training() {
    let mut scenario = Scenario::quiet(17, 20);
    (scenario.rounds, scenario.groups, scenario.minimum_group) = (3, 9, 2);
    for client in 0..4 {
        scenario = scenario.with(Phase::Enrol, Who::Client(client), Fault::Opposite);
    }
    let outcomes = run(&scenario);
    assert!(outcomes.iter().all(|outcome| outcome.phase == Phase::Final));
    assert!(outcomes[2].accuracy.unwrap() > 650_000, "{:?}", outcomes[2].accuracy);
}

#[test]
fn too_few_clients_open_nothing() {
    let mut scenario = Scenario::quiet(18, CLIENTS);
    for client in 0..9 {
        scenario = scenario.with(Phase::Submit, Who::Client(client), Fault::Drop);
    }
    let outcome = one(&scenario);
    assert_eq!((outcome.phase, outcome.reason), (Phase::Void, Some(VoidReason::TooFewClients)));
    assert!(outcome.steps.iter().all(|(_, step)| !matches!(step, Step::Summed { .. })));
}

#[test]
fn a_member_sums_no_second_partition_whatever_the_chain_says() {
    let mut world = World::new(Scenario::quiet(19, CLIENTS));
    let outcome = world.rounds().remove(0);
    assert_eq!(outcome.phase, Phase::Final);
    let back = |world: &World, other: bool| {
        let mut chain = world.chain.borrow_mut();
        let deadline = chain.now + 100;
        let round = &mut chain.rounds.get_mut(&outcome.round).unwrap().round;
        (round.phase, round.done, round.deadline) = (Phase::Unmask, 0, deadline);
        if other {
            round.seed.as_mut().unwrap().0[0] ^= 1;
        }
    };
    // the same groups once more: the same sums
    back(&world, false);
    let (account, member) = &mut world.nodes[0];
    assert!(matches!(member.step(account, outcome.round), Ok(Step::Summed { .. })));
    // other groups of the same clients: nothing
    back(&world, true);
    for (account, member) in &mut world.nodes {
        let refused = member.step(account, outcome.round).unwrap_err().to_string();
        assert!(refused.contains("already pledged"), "{refused}");
    }
}
