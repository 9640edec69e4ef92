//! Every message: what it does, and what it refuses.

mod common;

use common::{Bench, DAY, EPOCH, parameters};
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{Addr, Decimal, Uint128, coins};
use iz_contract_types::merit::*;
use iz_contract_types::payment::PaymentError;
use iz_merit::contract::execute;
use iz_merit::error::ContractError;

#[test]
fn merit_counts_when_it_is_older_than_one_epoch() {
    let mut bench = Bench::plain();
    bench.pass(3 * DAY);
    bench.credit("anna", 1_000);
    assert_eq!(bench.standing("anna").unwrap().merit.u128(), 1_000);
    assert_eq!(bench.power("anna", None), 0);
    bench.pass(EPOCH);
    assert_eq!(bench.power("anna", None), 0, "a week later it is one epoch old and not older");
    bench.pass(4 * DAY);
    assert_eq!((bench.power("anna", None), bench.total(None)), (1_000, 1_000));
}

#[test]
fn all_merit_fades_alike_and_a_credit_is_exact() {
    let mut bench = Bench::new();
    bench.credit("anna", 1_000_000);
    assert_eq!(bench.standing("anna").unwrap().merit.u128(), 1_000_000);
    bench.pass(52 * EPOCH);
    bench.credit("bert", 1_000_000);
    assert_eq!(bench.standing("bert").unwrap().merit.u128(), 1_000_000);
    // 0.98^52 = 0.349748…
    assert_eq!(bench.standing("anna").unwrap().merit.u128(), 349_748);
    assert_eq!(bench.power("anna", None), 174_874, "half of it counts at the reputation floor");
}

#[test]
fn reputation_stays_between_floor_and_whole() {
    let mut bench = Bench::new();
    bench.credit("anna", 1_000);
    let reputation = |bench: &Bench| bench.standing("anna").unwrap().reputation_bps;
    assert_eq!(reputation(&bench), 5_000);
    bench.rate("anna", 3_000).unwrap();
    assert_eq!(reputation(&bench), 8_000);
    bench.rate("anna", 10_000).unwrap();
    assert_eq!(reputation(&bench), 10_000);
    bench.rate("anna", -10_000).unwrap();
    assert_eq!(reputation(&bench), 5_000);
    for change_bps in [0, 10_001, -10_001, i32::MIN, i32::MAX] {
        assert_eq!(bench.rate("anna", change_bps), Err(ContractError::ChangeOutOfRange { change_bps }));
    }
    let address = bench.name("nobody").to_string();
    assert_eq!(bench.rate("nobody", 1), Err(ContractError::NotMember { address }));
}

#[test]
fn only_minters_credit_and_rate() {
    let mut bench = Bench::new();
    let sender = bench.name("anna").to_string();
    assert_eq!(bench.try_credit("anna", "anna", 5), Err(ContractError::NotMinter { sender: sender.clone() }));
    let rating = ExecuteMsg::Rate { member: sender.clone(), change_bps: 5, reason: "r".into() };
    assert_eq!(bench.send("anna", rating), Err(ContractError::NotMinter { sender }));
    assert_eq!(bench.standing("anna"), None);
}

#[test]
fn bad_credits_are_refused_and_change_nothing() {
    let mut bench = Bench::new();
    assert_eq!(bench.try_credit("rounds", "anna", 0), Err(ContractError::ZeroAmount));
    let member = bench.name("anna").to_string();
    for length in [0, 257] {
        let credit =
            ExecuteMsg::Credit { member: member.clone(), amount: Uint128::one(), reason: "x".repeat(length) };
        assert_eq!(bench.send("rounds", credit), Err(ContractError::ReasonLength { length, most: 256 }));
    }
    let credit = ExecuteMsg::Credit { member: "nonsense".into(), amount: Uint128::one(), reason: "r".into() };
    assert!(matches!(bench.send("rounds", credit), Err(ContractError::Std(_))));
    let info = message_info(&bench.name("rounds"), &coins(1, "uiz"));
    let paid = execute(bench.deps.as_mut(), bench.env.clone(), info, ExecuteMsg::Tick {});
    assert_eq!(paid, Err(PaymentError::Unwanted.into()));
    assert_eq!((bench.standing("anna"), bench.total(None)), (None, 0));
}

#[test]
fn all_merit_together_fits_in_128_bits() {
    let mut bench = Bench::plain();
    bench.credit("anna", u128::MAX - 10);
    assert_eq!(bench.try_credit("rounds", "bert", 11), Err(ContractError::SupplyOverflow));
    bench.credit("bert", 10);
    bench.pass(2 * EPOCH);
    assert_eq!((bench.power("anna", None), bench.power("bert", None)), (u128::MAX - 10, 10));
    assert_eq!(bench.total(None), u128::MAX);
    bench.delegate("bert", Some("anna")).unwrap();
    assert_eq!(bench.power("anna", None), u128::MAX);
    let member = bench.name("anna").to_string();
    let weight: MemberResponse = bench.ask(QueryMsg::Member { addr: member, at_height: None });
    assert_eq!(weight.weight, Some(u64::MAX), "cw4 cannot say more");
}

#[test]
fn a_delegate_votes_with_both_and_passes_nothing_on() {
    let mut bench = Bench::plain();
    for (name, amount) in [("anna", 100), ("bert", 20), ("cleo", 3)] {
        bench.credit(name, amount);
    }
    bench.pass(2 * EPOCH);
    bench.delegate("anna", Some("bert")).unwrap();
    bench.delegate("bert", Some("cleo")).unwrap();
    let powers = |bench: &Bench| ["anna", "bert", "cleo"].map(|name| bench.power(name, None));
    assert_eq!(powers(&bench), [0, 100, 23]);
    assert_eq!(bench.total(None), 123);
    bench.credit("anna", 1_000);
    assert_eq!(powers(&bench), [0, 100, 23], "fresh merit is fresh for the delegate too");
    bench.pass(2 * EPOCH);
    assert_eq!(powers(&bench), [0, 1_100, 23]);
    bench.delegate("anna", Some("cleo")).unwrap();
    assert_eq!(powers(&bench), [0, 0, 1_123]);
    bench.delegate("anna", None).unwrap();
    bench.delegate("bert", None).unwrap();
    assert_eq!(powers(&bench), [1_100, 20, 3]);
    let own: MemberResponse =
        bench.ask(QueryMsg::Member { addr: bench.name("anna").to_string(), at_height: None });
    assert_eq!(own.weight, Some(1_100));
    assert_eq!(bench.delegate("anna", Some("anna")), Err(ContractError::SelfDelegation));
    let address = bench.name("dora").to_string();
    assert_eq!(bench.delegate("dora", Some("anna")), Err(ContractError::NotMember { address }));
}

#[test]
fn an_applicant_becomes_a_member_when_enough_merit_stands_behind_her() {
    let mut bench = Bench::plain();
    bench.credit("anna", 100);
    bench.credit("bert", 100);
    let applicant = bench.name("dora").to_string();
    assert_eq!(
        bench.vouch("anna", "dora", 80),
        Err(ContractError::NoApplication { applicant: applicant.clone() })
    );
    bench.send("dora", ExecuteMsg::Apply {}).unwrap();
    assert_eq!(
        bench.send("dora", ExecuteMsg::Apply {}),
        Err(ContractError::AlreadyApplied { applicant: applicant.clone() })
    );
    let refused = ContractError::NotEnoughMerit { stake: Uint128::new(80), free: Uint128::zero() };
    assert_eq!(bench.vouch("anna", "dora", 80), Err(refused), "merit has to be ripe");
    bench.pass(2 * EPOCH);
    let small = ContractError::VoucherTooSmall { stake: Uint128::new(9), least: Uint128::new(10) };
    assert_eq!(bench.vouch("anna", "dora", 9), Err(small));
    bench.vouch("anna", "dora", 80).unwrap();
    assert_eq!(bench.standing("dora"), None);
    let refused = ContractError::NotEnoughMerit { stake: Uint128::new(30), free: Uint128::new(20) };
    assert_eq!(bench.vouch("anna", "dora", 30), Err(refused));
    bench.vouch("bert", "dora", 80).unwrap();
    assert_eq!(bench.standing("dora").unwrap().merit, Uint128::zero(), "a member without merit");
    assert_eq!(bench.power("anna", None), 100, "what is at risk still votes");

    let unvouched = bench.send("anna", ExecuteMsg::Unvouch { applicant: applicant.clone() });
    assert_eq!(unvouched, Err(ContractError::AlreadyOnboarded { applicant: applicant.clone() }));
    let early = bench.send("zoe", ExecuteMsg::Release { member: applicant.clone() });
    assert_eq!(early, Err(ContractError::OnProbation { epoch: 2, ends: 5 }));
    bench.pass(3 * EPOCH);
    bench.send("zoe", ExecuteMsg::Release { member: applicant.clone() }).unwrap();
    assert_eq!(bench.standing("anna").unwrap().at_risk, Uint128::zero());
    let again = bench.send("zoe", ExecuteMsg::Release { member: applicant.clone() });
    assert_eq!(again, Err(ContractError::NoApplication { applicant: applicant.clone() }));
    let address = applicant;
    assert_eq!(
        bench.vouch("anna", "dora", 80),
        Err(ContractError::AlreadyMember { address: address.clone() })
    );
    assert_eq!(bench.send("dora", ExecuteMsg::Apply {}), Err(ContractError::AlreadyMember { address }));
}

#[test]
fn who_vouched_answers_for_a_new_member() {
    let mut bench = Bench::plain();
    bench.credit("anna", 100);
    bench.credit("bert", 100);
    bench.pass(2 * EPOCH);
    bench.send("dora", ExecuteMsg::Apply {}).unwrap();
    bench.vouch("anna", "dora", 100).unwrap();
    bench.vouch("bert", "dora", 60).unwrap();
    bench.rate("dora", -2_500).unwrap();
    assert_eq!((bench.power("anna", None), bench.power("bert", None), bench.total(None)), (75, 85, 160));
    assert_eq!(bench.standing("anna").unwrap().at_risk.u128(), 75);
    let application: Option<ApplicationResponse> =
        bench.ask(QueryMsg::Application { applicant: bench.name("dora").to_string() });
    assert_eq!(application.unwrap().vouchers[1].stake.u128(), 45);
    bench.pass(3 * EPOCH);
    bench.rate("dora", -10_000).unwrap();
    assert_eq!(bench.total(None), 160, "probation is over");
    let member = bench.name("dora").to_string();
    bench.send("zoe", ExecuteMsg::Release { member }).unwrap();
    assert_eq!(bench.standing("bert").unwrap().at_risk, Uint128::zero());
}

#[test]
fn a_voucher_can_be_taken_back_until_it_has_worked() {
    let mut bench = Bench::plain();
    bench.credit("anna", 100);
    bench.pass(2 * EPOCH);
    bench.send("dora", ExecuteMsg::Apply {}).unwrap();
    let applicant = bench.name("dora").to_string();
    let nobody =
        ContractError::NoVoucher { member: bench.name("anna").to_string(), applicant: applicant.clone() };
    assert_eq!(bench.send("anna", ExecuteMsg::Unvouch { applicant: applicant.clone() }), Err(nobody));
    bench.vouch("anna", "dora", 50).unwrap();
    bench.credit("dora", 5);
    let release = bench.send("anna", ExecuteMsg::Release { member: applicant.clone() });
    assert_eq!(release, Err(ContractError::NotOnboarded { applicant: applicant.clone() }));
    bench.send("anna", ExecuteMsg::Unvouch { applicant }).unwrap();
    assert_eq!(bench.standing("anna").unwrap().at_risk, Uint128::zero());
}

#[test]
fn sixteen_members_fill_the_places_behind_an_applicant() {
    let mut bench = Bench::with(Parameters { vouching_stake: Uint128::new(1_600), ..parameters() });
    let names: Vec<String> = (0..17).map(|number| format!("member {number}")).collect();
    for name in &names {
        bench.credit(name, 1_000);
    }
    bench.pass(2 * EPOCH);
    bench.send("dora", ExecuteMsg::Apply {}).unwrap();
    // The first stands behind her twice: that is one place.
    bench.vouch(&names[0], "dora", 100).unwrap();
    bench.vouch(&names[0], "dora", 100).unwrap();
    bench.pass(30 * EPOCH);
    for name in &names[1..15] {
        bench.vouch(name, "dora", 100).unwrap();
    }
    assert_eq!(bench.standing("dora"), None, "what stood behind her from the start has faded");
    bench.vouch(&names[15], "dora", 100).unwrap();
    assert!(bench.standing("dora").is_some());
    assert!(bench.vouch(&names[16], "dora", 100).is_err());
}

#[test]
fn only_the_constitution_changes_minters_and_parameters() {
    let mut bench = Bench::new();
    let sender = bench.name("rounds").to_string();
    let nodes = bench.name("nodes").to_string();
    let minters = ExecuteMsg::UpdateMinters { add: vec![nodes], remove: vec![sender.clone()] };
    assert_eq!(
        bench.send("rounds", minters.clone()),
        Err(ContractError::NotAdmin { sender: sender.clone() })
    );
    let update = ExecuteMsg::UpdateParameters { parameters: parameters() };
    assert_eq!(bench.send("rounds", update.clone()), Err(ContractError::NotAdmin { sender: sender.clone() }));
    bench.send("constitution", minters).unwrap();
    let listed: Vec<Addr> = bench.ask(QueryMsg::Minters {});
    assert_eq!(listed, [bench.name("nodes")]);
    assert_eq!(bench.try_credit("rounds", "anna", 1), Err(ContractError::NotMinter { sender }));
    bench.try_credit("nodes", "anna", 1).unwrap();
    bench.send("constitution", update).unwrap();
    let many = ExecuteMsg::UpdateMinters { add: vec![bench.name("x").to_string(); 33], remove: vec![] };
    assert_eq!(bench.send("constitution", many), Err(ContractError::ListTooLong { length: 33, most: 32 }));
}

#[test]
fn parameters_out_of_range_are_refused() {
    let mut bench = Bench::new();
    for (parameters, error) in [
        (
            Parameters { epoch_seconds: DAY - 1, ..parameters() },
            ContractError::EpochTooShort { seconds: DAY - 1 },
        ),
        (
            Parameters { decay: Decimal::percent(5), ..parameters() },
            ContractError::DecayOutOfRange { decay: Decimal::percent(5) },
        ),
        (
            Parameters { reputation_floor_bps: 0, ..parameters() },
            ContractError::FloorOutOfRange { floor_bps: 0 },
        ),
        (
            Parameters { reputation_floor_bps: 10_001, ..parameters() },
            ContractError::FloorOutOfRange { floor_bps: 10_001 },
        ),
        (
            Parameters { reputation_floor_bps: 5_001, ..parameters() },
            ContractError::FloorMayNotRise { from_bps: 5_000, to_bps: 5_001 },
        ),
        (Parameters { vouching_stake: Uint128::zero(), ..parameters() }, ContractError::NoVouchingStake),
    ] {
        assert_eq!(bench.send("constitution", ExecuteMsg::UpdateParameters { parameters }), Err(error));
    }
}

#[test]
fn new_parameters_hold_from_the_present_epoch_on() {
    let mut bench = Bench::new();
    bench.credit("anna", 1_000_000);
    bench.pass(10 * EPOCH);
    let parameters = Parameters { decay: Decimal::zero(), ..parameters() };
    bench.send("constitution", ExecuteMsg::UpdateParameters { parameters }).unwrap();
    // 0.98^10 = 0.817072…
    assert_eq!(bench.standing("anna").unwrap().merit.u128(), 817_072);
    bench.pass(100 * EPOCH);
    assert_eq!(bench.standing("anna").unwrap().merit.u128(), 817_072);
}

#[test]
fn interfaces_of_dao_dao_and_cw4_are_answered() {
    let mut bench = Bench::plain();
    bench.credit("anna", 30);
    bench.credit("bert", 12);
    let before = bench.env.block.height;
    bench.pass(2 * EPOCH);
    let clock = bench.send("zoe", ExecuteMsg::Tick {}).unwrap();
    assert_eq!(clock.attributes[1].value, "2");
    bench.pass(6);
    assert_eq!(bench.ask::<ClockResponse>(QueryMsg::Clock {}).epoch, 2);
    assert_eq!(bench.ask::<Addr>(QueryMsg::Dao {}), bench.name("constitution"));
    assert_eq!(bench.ask::<InfoResponse>(QueryMsg::Info {}).info.contract, "infinitezero:merit");
    assert_eq!(
        bench.ask::<AdminResponse>(QueryMsg::Admin {}).admin,
        Some(bench.name("constitution").to_string())
    );
    assert_eq!(bench.ask::<TotalWeightResponse>(QueryMsg::TotalWeight { at_height: None }).weight, 42);
    assert_eq!(bench.ask::<TotalWeightResponse>(QueryMsg::TotalWeight { at_height: Some(before) }).weight, 0);
    let page: MemberListResponse = bench.ask(QueryMsg::ListMembers { start_after: None, limit: Some(1) });
    let start_after = Some(page.members[0].addr.clone());
    let rest: MemberListResponse = bench.ask(QueryMsg::ListMembers { start_after, limit: None });
    let mut weights: Vec<u64> = page.members.iter().chain(&rest.members).map(|entry| entry.weight).collect();
    weights.sort_unstable();
    assert_eq!(weights, [12, 30]);
    let stranger: MemberResponse =
        bench.ask(QueryMsg::Member { addr: bench.name("zoe").to_string(), at_height: None });
    assert_eq!(stranger.weight, None);
}

fn credits(bench: &Bench, entries: &[(&str, u128)]) -> Vec<MemberCredit> {
    let entry = |(name, amount): &(&str, u128)| MemberCredit {
        member: bench.name(name).to_string(),
        amount: Uint128::new(*amount),
    };
    let mut credits: Vec<MemberCredit> = entries.iter().map(entry).collect();
    credits.sort_by(|left, right| left.member.cmp(&right.member));
    credits
}

#[test]
fn many_are_credited_as_one_by_one() {
    let entries = [("anna", 5), ("bert", 70), ("cleo", 900)];
    let (mut single, mut batch) = (Bench::new(), Bench::new());
    for bench in [&mut single, &mut batch] {
        bench.credit("anna", 1_000);
        bench.delegate("anna", Some("bert")).unwrap();
        bench.pass(EPOCH);
    }
    for (name, amount) in entries {
        single.credit(name, amount);
    }
    let message = ExecuteMsg::CreditMany { credits: credits(&batch, &entries), reason: "round 1".into() };
    let response = batch.send("rounds", message).unwrap();
    assert!(response.attributes.contains(&("amount", "975").into()));
    for _ in 0..3 {
        for (name, _) in entries {
            assert_eq!(single.standing(name), batch.standing(name));
            assert_eq!(single.power(name, None), batch.power(name, None));
        }
        assert_eq!(single.total(None), batch.total(None));
        single.pass(EPOCH);
        batch.pass(EPOCH);
    }
    assert!(batch.power("cleo", None) > 0);
}

#[test]
fn a_batch_of_credits_is_sorted_bounded_and_whole() {
    let mut bench = Bench::new();
    let good = credits(&bench, &[("anna", 1), ("bert", 2)]);
    let many = |credits: Vec<MemberCredit>| ExecuteMsg::CreditMany { credits, reason: "round 1".into() };
    let stranger = bench.name("anna").to_string();
    assert_eq!(bench.send("anna", many(good.clone())), Err(ContractError::NotMinter { sender: stranger }));
    assert_eq!(bench.send("rounds", many(vec![])), Err(ContractError::NoCredits));
    let unsorted = |first: &MemberCredit, second: &MemberCredit| {
        Err(ContractError::Unsorted { first: first.member.clone(), second: second.member.clone() })
    };
    let backwards: Vec<MemberCredit> = good.iter().rev().cloned().collect();
    assert_eq!(bench.send("rounds", many(backwards)), unsorted(&good[1], &good[0]));
    let twice = vec![good[0].clone(), good[0].clone()];
    assert_eq!(bench.send("rounds", many(twice)), unsorted(&good[0], &good[0]));
    let long = vec![good[0].clone(); 257];
    assert_eq!(bench.send("rounds", many(long)), Err(ContractError::ListTooLong { length: 257, most: 256 }));
    let mut zero = good.clone();
    zero[1].amount = Uint128::zero();
    assert_eq!(bench.send("rounds", many(zero)), Err(ContractError::ZeroAmount));
    let mut nobody = good.clone();
    nobody[1].member = "zz nobody".into();
    assert!(matches!(bench.send("rounds", many(nobody)), Err(ContractError::Std(_))));
    let mut reasonless = many(good.clone());
    if let ExecuteMsg::CreditMany { reason, .. } = &mut reasonless {
        reason.clear();
    }
    assert_eq!(bench.send("rounds", reasonless), Err(ContractError::ReasonLength { length: 0, most: 256 }));
    assert_eq!((bench.standing("anna"), bench.standing("bert")), (None, None), "none of it was credited");
    let mut huge = good.clone();
    huge[1].amount = Uint128::MAX;
    assert!(matches!(
        bench.send("rounds", many(huge)),
        Err(ContractError::SupplyOverflow | ContractError::Overflow(_))
    ));
}
