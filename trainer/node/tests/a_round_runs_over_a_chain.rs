//! A round of processes over izd: clients, committee, verifiers and an aggregator, some killed half-way; a model is published as an
//! artefact, merit is credited and revenue claimed. `scripts/round` runs it; without IZ_TRIAL it checks nothing.
//!
//! IZ_TRIAL=clients,members,verifiers (such as 6,4,1), IZ_CONTRACTS the folder of scripts/contracts, IZD, COMETBFT; IZ_TRIAL_SECONDS how
//! long a phase lasts at most.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "tests fail this way, and wait"
)]

mod hooked;
#[path = "../../chain/tests/support/mod.rs"]
mod support;
mod trial;

use std::fs;
use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use iz_chain_client::{any, coin};
use iz_contract_types::asset::Asset;
use iz_contract_types::{ainft, revenue_router as router, rounds};
use iz_proto::cosmos::bank::v1beta1::MsgSend;
use iz_rounds_machine::{Phase, quorum};
use serde_json::Value;
use support::Localnet;
use trial::{DENOM, POOL, Trainer, command, deploy, done, seconds, serve_beacon, side_by_side};

/// The first client's learner, in a process of its own. As a test it has nothing to check.
#[test]
fn the_learner_of_the_first_client() {
    hooked::serve();
}

#[test]
fn a_model_is_published_and_everyone_is_paid_with_some_killed_half_way() {
    let Ok(wanted) = std::env::var("IZ_TRIAL") else {
        eprintln!("no IZ_TRIAL: this test checks nothing; scripts/round runs it");
        return;
    };
    let numbers: Vec<usize> = wanted.split(',').map(|number| number.parse().unwrap()).collect();
    let [clients, members, verifiers] = numbers[..] else { panic!("IZ_TRIAL=clients,members,verifiers") };
    let started = Instant::now();
    let say = |text: &str| eprintln!("[{:>4} s] {text}", started.elapsed().as_secs());
    let net = Localnet::start().expect("izd and cometbft");
    let founder = net.wallet();
    let contracts = deploy(&founder, clients, members);
    say("contracts are there");

    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let blobs = format!("127.0.0.1:{port}");
    let common = [
        "chain.id=local-1".to_owned(),
        format!("chain.rpc=[\"{}\"]", net.url),
        format!("contracts.rounds={}", contracts.rounds),
        format!("contracts.nodes={}", contracts.nodes),
        "data.label=yield".into(),
        "data.features=[\"rain\",\"shade\",\"age\"]".into(),
        "data.classes=[\"low\",\"high\"]".into(),
        "roles.client=false".into(),
    ];
    let with = |more: &[&str]| -> Vec<String> {
        common.iter().cloned().chain(more.iter().map(|&setting| setting.to_owned())).collect()
    };
    let beacon = format!("beacon.urls=[\"{}\"]", serve_beacon());
    let (listen, peers) = (format!("store.listen={blobs}"), format!("store.peers=[\"http://{blobs}\"]"));
    let aggregating =
        with(&["roles.aggregator=true", "task.open=true", "store.writes=true", &listen, &beacon]);
    let mut aggregator = Trainer::new(folder.path(), "aggregator", &aggregating);
    done(command(
        &aggregator.home,
        &["models", "new", "--name", "trial", "--recipe", r#"{"step":{"epochs":3,"learning_rate":0.5}}"#],
    ));
    let several = |kind: &str, count: usize| -> Vec<Trainer> {
        let settings = with(&[&format!("roles.{kind}=true"), &peers]);
        (0..count).map(|index| Trainer::new(folder.path(), &format!("{kind}{index}"), &settings)).collect()
    };
    let (mut crowd, mut committee, mut checkers) =
        (several("client", clients), several("member", members), several("verifier", verifiers));
    let first = &crowd[0].home;
    let hook = format!("learner.command={}", hooked::command("the_learner_of_the_first_client"));
    done(command(first, &["init", "--set", "learner.kind=hook", "--set", &hook]));
    let recipe = aggregator.home.join("recipe.json");
    let mut gifts = Vec::new();
    for trainer in crowd.iter().chain(&committee).chain(&checkers).chain([&aggregator]) {
        if trainer.home != aggregator.home {
            fs::copy(&recipe, trainer.home.join("recipe.json")).unwrap();
        }
        gifts.push(any(&MsgSend {
            from_address: founder.address().into(),
            to_address: trainer.address.clone(),
            amount: vec![coin(50_000_000, DENOM)],
        }));
    }
    founder.submit(&gifts).unwrap();
    side_by_side(&crowd, |one| drop(done(command(&one.home, &["join"]))));
    side_by_side(&committee, |one| drop(done(command(&one.home, &["join", "--bond", "2000000uiz"]))));
    say(&format!("{clients} clients and {members} nodes have registered their keys"));

    aggregator.train();
    for trainer in committee.iter_mut().chain(&mut checkers).chain(&mut crowd) {
        trainer.train();
    }
    let look = || -> Option<rounds::RoundResponse> {
        net.chain().smart(&contracts.rounds, &rounds::QueryMsg::Round { id: 1 }).ok()
    };
    // one is killed when it has trained, and goes on from its journal
    let (mut resumed, mut killed_clients, mut killed_members, mut phase) = (false, false, false, None);
    let (leaving, absent) = (clients * 3 / 10, members - usize::from(quorum::needed(members as u8)));
    let limit = Duration::from_secs(u64::from(seconds()) * 14 + 4 * clients as u64 + 300);
    let last = loop {
        assert!(started.elapsed() < limit, "phase {phase:?}; aggregator: {}", aggregator.log());
        sleep(Duration::from_millis(500));
        if !resumed && crowd[0].told("trained").is_some() {
            crowd[0].kill();
            crowd[0].train();
            resumed = true;
            say("client0 was killed after its local step and started again");
        }
        let Some(view) = look() else { continue };
        if phase != Some(view.round.phase) {
            phase = Some(view.round.phase);
            say(&format!(
                "{:?}: {} enrolled, {} submitted",
                view.round.phase,
                view.enrolled,
                view.submitted.count()
            ));
        }
        if matches!(view.round.phase, Phase::Draw | Phase::Submit) && !killed_clients {
            // before they can submit
            crowd.iter_mut().rev().take(leaving).for_each(Trainer::kill);
            killed_clients = true;
            say(&format!("{leaving} clients were killed"));
        }
        if matches!(view.round.phase, Phase::Unmask | Phase::Aggregate) && !killed_members {
            committee.iter_mut().take(absent).for_each(Trainer::kill);
            killed_members = true;
            say(&format!("{absent} members were killed"));
        }
        if view.round.phase.is_over() {
            break view;
        }
    };
    let member_log = committee.last().unwrap().log();
    assert_eq!(last.round.phase, Phase::Final, "{:?}\n{}\n{member_log}", last.round.reason, aggregator.log());
    assert!(resumed && killed_clients && killed_members);
    assert_eq!(crowd[0].log().matches("\"event\":\"trained\"").count(), 1, "the local step was not repeated");
    let learners = fs::read_to_string(crowd[0].home.join("starts")).unwrap_or_default();
    assert!(learners.lines().count() >= 2, "the first client's learner is another process: {learners:?}");
    assert!(usize::from(last.round.included.count()) >= clients - leaving);
    say(&format!("metrics in millionths: {:?}", last.round.agreed.as_ref().unwrap().metrics));

    // everyone alive ends by itself, having claimed
    let patient = Instant::now();
    let staying = clients - leaving;
    let alive: Vec<&mut Trainer> = crowd
        .iter_mut()
        .take(staying)
        .chain(committee.iter_mut().skip(absent))
        .chain(&mut checkers)
        .chain([&mut aggregator])
        .collect();
    for trainer in alive {
        loop {
            match trainer.child.as_mut().unwrap().try_wait().unwrap() {
                Some(status) => break assert!(status.success(), "{}: {}", trainer.name, trainer.log()),
                None => assert!(
                    patient.elapsed() < Duration::from_secs(120),
                    "{}: {}",
                    trainer.name,
                    trainer.log()
                ),
            }
            sleep(Duration::from_millis(100));
        }
    }
    for checker in &checkers {
        assert!(checker.told("confirmed").is_some(), "{}", checker.log());
    }
    assert_eq!(aggregator.told("over").unwrap()["published"], Value::Bool(true), "{}", aggregator.log());
    let tokens: ainft::TokensResponse = net
        .chain()
        .smart(&contracts.ainft, &ainft::QueryMsg::AllTokens { start_after: None, limit: None })
        .unwrap();
    let [id] = &tokens.tokens[..] else { panic!("{tokens:?}") };
    let artefact: ainft::ArtefactResponse =
        net.chain().smart(&contracts.ainft, &ainft::QueryMsg::Artefact { id: id.clone() }).unwrap();
    assert_eq!(artefact.manifest.digest.as_slice(), last.round.aggregate.unwrap().0);
    say(&format!("artefact {id}"));

    let mut credited = 0;
    for client in &crowd[..staying] {
        let question = rounds::QueryMsg::Earned { round: 1, member: client.address.clone() };
        let earned: rounds::EarnedResponse = net.chain().smart(&contracts.rounds, &question).unwrap();
        assert!(earned.claimed || earned.merit.is_zero(), "{}", client.log());
        credited += earned.merit.u128();
    }
    assert!(credited > 0 && credited <= 600_000, "{credited}");

    // an app pays a fee, all of it for contributors, and those who earned claim their parts
    let terms = router::Terms {
        shares: router::Shares { contributors: 10_000, ..router::Shares::default() },
        pool: Some(POOL.into()),
        artefact: None,
    };
    let register = router::ExecuteMsg::RegisterApp { app: "trial".into(), terms, operators: vec![] };
    founder.execute(&contracts.router, &register, &[]).unwrap();
    let fee = router::ExecuteMsg::PayFee { app: "trial".into(), job: None };
    founder.execute(&contracts.router, &fee, &[coin(1_000_000, DENOM)]).unwrap();
    let mut revenue = 0;
    for client in crowd[..staying].iter().chain(&committee[absent..]) {
        let question = rounds::QueryMsg::Earned { round: 1, member: client.address.clone() };
        let earned: rounds::EarnedResponse = net.chain().smart(&contracts.rounds, &question).unwrap();
        if earned.merit.is_zero() {
            continue;
        }
        let before = net.chain().balance(&client.address, DENOM).unwrap();
        let source = router::Source::Pool { pool: POOL.into() };
        let claim = router::ExecuteMsg::Claim { source, asset: Asset::native(DENOM), to: None };
        client.wallet(&net).execute(&contracts.router, &claim, &[]).unwrap();
        let after = net.chain().balance(&client.address, DENOM).unwrap();
        // less the fee of the claim
        revenue += after.saturating_sub(before);
    }
    assert!(revenue > 500_000, "{revenue}");
    say(&format!("merit of clients {credited}, revenue claimed {revenue}{DENOM}, fees deducted"));

    // what was published can be had by anyone
    let exported = folder.path().join("model");
    aggregator.train();
    let reader = checkers.first().unwrap_or(&crowd[0]).home.clone();
    let patient = Instant::now();
    loop {
        // the aggregator may not serve yet
        let output = command(&reader, &["export", exported.to_str().unwrap()]).output().unwrap();
        if output.status.success() {
            break;
        }
        assert!(patient.elapsed() < Duration::from_secs(60), "{}", String::from_utf8_lossy(&output.stderr));
        sleep(Duration::from_millis(500));
    }
    for file in ["manifest.json", "model.safetensors", "README.md", "recipe.json"] {
        assert!(exported.join(file).is_file(), "{file}");
    }
    say("the model was exported");
}
