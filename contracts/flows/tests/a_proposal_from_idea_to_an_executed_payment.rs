//! From an idea to money that has moved, through merit, the quadratic DAO and the constitution.

use cosmwasm_std::Uint128;
use iz_contract_testing::{Commons, DAY, DENOM, no, refusal, yes};
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::{Class, ExecuteMsg, Milestone, Rule};
use iz_contract_types::merit;
use iz_contract_types::quadratic_dao::Status;

fn coins_of_chain() -> Asset {
    Asset::Native { denom: DENOM.into() }
}

#[test]
fn a_member_without_merit_proposes_a_grant_and_the_artist_is_paid_as_she_works() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 400), ("bert", 300), ("cleo", 300)]);

    // Dora is new: members stand behind her, and then she may propose, but not vote.
    let (dora, merit_contract) = (commons.name("dora"), commons.merit.clone());
    commons.send(&dora, &merit_contract, &merit::ExecuteMsg::Apply {}, &[]).unwrap();
    for voucher in ["anna", "bert"] {
        let voucher = commons.name(voucher);
        let vouch = merit::ExecuteMsg::Vouch { applicant: dora.to_string(), stake: Uint128::new(80) };
        commons.send(&voucher, &merit_contract, &vouch, &[]).unwrap();
    }
    commons.pass(6);
    let grant = ExecuteMsg::CreateGrant {
        recipient: commons.name("artist").to_string(),
        asset: coins_of_chain(),
        milestones: vec![
            Milestone { amount: Uint128::new(1_000), seconds: 0 },
            Milestone { amount: Uint128::new(9_000), seconds: 90 * DAY },
        ],
        reviewer: Some(commons.name("cleo").to_string()),
        research: false,
    };
    let message = commons.message(&commons.constitution, &grant);
    let proposal = commons.propose("dora", Class::Grant, vec![message]);
    commons.pass_until_open(1);
    assert!(commons.vote("dora", 1, vec![yes(proposal, 1)]).is_err());
    commons.vote("anna", 1, vec![yes(proposal, 400)]).unwrap();
    commons.vote("bert", 1, vec![no(proposal, 300)]).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    assert!(refusal(commons.execute(proposal)).contains("can be executed from"));
    commons.pass(3 * DAY);
    commons.execute(proposal).unwrap();
    assert_eq!(commons.status(proposal), Status::Executed);

    let (cleo, anyone, constitution) =
        (commons.name("cleo"), commons.name("anyone"), commons.constitution.clone());
    let claim = ExecuteMsg::ClaimGrant { grant: 1 };
    assert!(commons.send(&anyone, &constitution, &claim, &[]).is_err());
    for _ in 0..2 {
        commons.send(&cleo, &constitution, &ExecuteMsg::ApproveMilestone { grant: 1 }, &[]).unwrap();
    }
    commons.pass(30 * DAY);
    commons.send(&anyone, &constitution, &claim, &[]).unwrap();
    let artist = commons.name("artist");
    assert_eq!(commons.balance(&artist, DENOM), 4_000);

    // The work goes wrong: what has not vested comes back, what has stays.
    let clawback = commons.message(&constitution, &ExecuteMsg::Clawback { grant: 1 });
    let everyone = [("anna", 400), ("bert", 300)];
    commons.decide("bert", Class::Grant, vec![clawback], &everyone).unwrap();
    commons.pass(90 * DAY);
    commons.send(&anyone, &constitution, &claim, &[]).unwrap();
    let paid = commons.balance(&artist, DENOM);
    assert!((5_000..10_000).contains(&paid), "{paid}");
    assert!(commons.send(&anyone, &constitution, &claim, &[]).is_err());
}

#[test]
fn the_constitution_is_amended_and_only_then_the_new_thing_can_be_done() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 400), ("bert", 300), ("cleo", 300)]);
    let constitution = commons.constitution.clone();
    let tick = commons.message(&commons.merit, &merit::ExecuteMsg::Tick {});
    let early = commons.try_propose("anna", Class::Constitution, vec![tick.clone()]);
    assert!(refusal(early).contains("no rule allows tick"));
    let rule = Rule {
        target: commons.merit.to_string(),
        key: "tick".into(),
        class: Class::Constitution,
        caps: vec![],
        bounds: vec![],
    };
    let amend = commons.message(&constitution, &ExecuteMsg::SetRule { rule });

    // Six of ten is not two thirds.
    let proposal = commons.propose("anna", Class::Constitution, vec![amend.clone()]);
    commons.pass_until_open(1);
    commons.vote("anna", 1, vec![yes(proposal, 400)]).unwrap();
    commons.vote("bert", 1, vec![no(proposal, 270)]).unwrap();
    commons.pass_until_over(1);
    commons.close(1).unwrap();
    assert_eq!(commons.status(proposal), Status::Rejected);

    commons.decide("anna", Class::Constitution, vec![amend], &[("anna", 400), ("cleo", 300)]).unwrap();
    commons.decide("bert", Class::Constitution, vec![tick], &[("anna", 400), ("cleo", 300)]).unwrap();
}

#[test]
fn a_large_payment_needs_the_vote_and_the_council() {
    let mut commons = Commons::new();
    commons.credit(&[("anna", 400)]);
    let (constitution, artist) = (commons.constitution.clone(), commons.name("artist"));
    let spend = ExecuteMsg::Spend {
        recipient: artist.to_string(),
        asset: coins_of_chain(),
        amount: Uint128::new(80_000),
    };
    let message = commons.message(&constitution, &spend);
    commons.decide("anna", Class::Grant, vec![message], &[("anna", 400)]).unwrap();
    assert_eq!(commons.balance(&artist, DENOM), 0);
    for member in ["karl", "mona"] {
        let member = commons.name(member);
        commons.send(&member, &constitution, &ExecuteMsg::Approve { payment: 1 }, &[]).unwrap();
    }
    assert_eq!(commons.balance(&artist, DENOM), 80_000);
}
