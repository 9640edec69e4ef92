//! Every contract is asked about what it holds, migrated, and asked again: nothing may have changed.

use anyhow::{Result, ensure};
use cosmwasm_std::Uint128;
use iz_contract_types::asset::Asset;
use iz_contract_types::constitution::Scope;
use iz_contract_types::nodes::Role;
use iz_contract_types::{
    access, ainft, constitution, index_oracle, merit, nodes, quadratic_dao, revenue_router, rounds,
    stable_token,
};
use serde::Serialize;
use serde_json::Value;

use crate::network::{SERIES, Trial, dollars};

/// Questions and their answers.
type Answers = Vec<(String, Value)>;

struct Look<'t, 'g> {
    t: &'t mut Trial<'g>,
    answers: Answers,
}

impl Look<'_, '_> {
    fn ask(&mut self, contract: &str, question: &impl Serialize) -> Result<()> {
        let name = serde_json::to_string(question)?;
        let answer = self.t.ask(contract, question)?;
        self.answers.push((format!("{contract} {name}"), answer));
        Ok(())
    }
}

fn look(t: &mut Trial<'_>) -> Result<Answers> {
    let people = ["alice", "bob", "holder", "worker", "maker", "subscriber", "client 0"];
    let [alice, bob, holder, worker, maker, subscriber, client] =
        people.map(|name| t.who(name).unwrap_or_default());
    let mut look = Look { t, answers: vec![] };
    money(&mut look, &holder, &alice)?;
    votes(&mut look, &alice, &bob)?;
    revenue(&mut look, &maker, &subscriber)?;
    work(&mut look, &worker, &client)?;
    Ok(look.answers)
}

fn money(look: &mut Look<'_, '_>, holder: &str, alice: &str) -> Result<()> {
    use index_oracle::QueryMsg as Oracle;
    use stable_token::QueryMsg as Zero;
    let (oracle, zero) = (look.t.at.oracle.clone(), look.t.at.zero.clone());
    look.ask(&oracle, &Oracle::Index { at: None })?;
    look.ask(&oracle, &Oracle::Prints { series: SERIES.into(), before: None, limit: None })?;
    look.ask(&oracle, &Oracle::Levels { before: None, limit: None })?;
    look.ask(&oracle, &Oracle::Reports { series: SERIES.into() })?;
    look.ask(&oracle, &Oracle::Config {})?;
    for question in [
        Zero::Balance { address: holder.into() },
        Zero::TokenInfo {},
        Zero::Minter {},
        Zero::AllAccounts { start_after: None, limit: Some(5) },
        Zero::AllAllowances { owner: holder.into(), start_after: None, limit: None },
        Zero::MarketingInfo {},
        Zero::Price {},
        Zero::Solvency {},
        Zero::Batch {},
        Zero::Order { address: alice.into() },
        Zero::Ripening { address: holder.into() },
        Zero::Limits {},
        Zero::Backstop {},
        Zero::Junior { address: alice.into() },
        Zero::Config {},
    ] {
        look.ask(&zero, &question)?;
    }
    Ok(())
}

fn votes(look: &mut Look<'_, '_>, alice: &str, bob: &str) -> Result<()> {
    use constitution::QueryMsg as Law;
    use merit::QueryMsg as Merit;
    use quadratic_dao::QueryMsg as Dao;
    let at = &look.t.at;
    let (merit, dao, law) = (at.merit.clone(), at.dao.clone(), at.constitution.clone());
    for question in [
        Merit::VotingPowerAtHeight { address: alice.into(), height: Some(90) },
        Merit::TotalPowerAtHeight { height: Some(90) },
        Merit::Dao {},
        Merit::Info {},
        Merit::Member { addr: bob.into(), at_height: None },
        Merit::TotalWeight { at_height: None },
        Merit::ListMembers { start_after: None, limit: Some(5) },
        Merit::Standing { address: alice.into(), height: None },
        Merit::Clock {},
        Merit::Parameters {},
        Merit::Minters {},
    ] {
        look.ask(&merit, &question)?;
    }
    for question in [
        Dao::Config {},
        Dao::Addresses {},
        Dao::Epoch { number: None },
        Dao::Proposals { start_after: None, limit: Some(5) },
        Dao::Ballot { id: 1 },
        Dao::Tally { ballot: 1 },
        Dao::Budget { epoch: 1, voter: alice.into() },
        Dao::VoteOf { ballot: 1, voter: bob.into() },
        Dao::NextBond {},
    ] {
        look.ask(&dao, &question)?;
    }
    for question in [
        Law::Paused { scope: Scope::Pools },
        Law::PauseBudget { scope: Scope::Pools },
        Law::Rules { start_after: None, limit: Some(10) },
        Law::Text {},
        Law::Config {},
        Law::Governor {},
        Law::Treasury { asset: dollars() },
        Law::Grant { id: 1 },
        Law::Payment { id: 1 },
    ] {
        look.ask(&law, &question)?;
    }
    Ok(())
}

fn revenue(look: &mut Look<'_, '_>, maker: &str, subscriber: &str) -> Result<()> {
    use access::QueryMsg as Access;
    use ainft::QueryMsg as Artefacts;
    use revenue_router::QueryMsg as Router;
    let at = &look.t.at;
    let (router, access, ainft) = (at.router.clone(), at.access.clone(), at.ainft.clone());
    let asset: Asset = dollars();
    for question in [
        Router::Config {},
        Router::Apps { start_after: None, limit: None },
        Router::Job { app: "acme".into(), job: "job-1".into() },
        Router::Assets {},
        Router::Pool { pool: "makers".into() },
        Router::Member { pool: "makers".into(), member: maker.into() },
        Router::AppBalance { app: "acme".into(), asset: asset.clone() },
        Router::Claimable { pool: "makers".into(), member: maker.into(), asset: asset.clone() },
        Router::SinkBalance { sink: revenue_router::SinkName::Treasury, asset: asset.clone() },
        Router::Routes { start_after: None, limit: None },
        Router::Packets { start_after: None, limit: None },
    ] {
        look.ask(&router, &question)?;
    }
    for question in [
        Access::Config {},
        Access::Plans { start_after: None, limit: None },
        Access::Subscription { subscriber: subscriber.into(), plan: "premium".into() },
        Access::Balance { owner: subscriber.into(), asset: asset.clone() },
        Access::FreePool { app: "acme".into(), asset: asset.clone() },
        Access::Earned { app: "acme".into(), asset: asset.clone() },
        Access::Assets {},
    ] {
        look.ask(&access, &question)?;
    }
    for question in [
        Artefacts::NumTokens {},
        Artefacts::ContractInfo {},
        Artefacts::AllTokens { start_after: None, limit: Some(5) },
        Artefacts::Tokens { owner: maker.into(), start_after: None, limit: Some(5) },
        Artefacts::Minter {},
        Artefacts::Config {},
        Artefacts::Owed { address: maker.into(), asset },
        Artefacts::Assets {},
    ] {
        look.ask(&ainft, &question)?;
    }
    let tokens: ainft::TokensResponse =
        look.t.ask(&ainft, &Artefacts::Tokens { owner: maker.into(), start_after: None, limit: Some(3) })?;
    for id in tokens.tokens {
        look.ask(&ainft, &Artefacts::Artefact { id: id.clone() })?;
        look.ask(&ainft, &Artefacts::Lineage { id: id.clone() })?;
        look.ask(&ainft, &Artefacts::Floors { id: id.clone() })?;
        look.ask(&ainft, &Artefacts::RoyaltyInfo { token_id: id, sale_price: Uint128::new(10_000) })?;
    }
    Ok(())
}

fn work(look: &mut Look<'_, '_>, worker: &str, client: &str) -> Result<()> {
    use nodes::QueryMsg as Nodes;
    use rounds::QueryMsg as Rounds;
    let (nodes, rounds) = (look.t.at.nodes.clone(), look.t.at.rounds.clone());
    for question in [
        Nodes::Config {},
        Nodes::Node { operator: worker.into() },
        Nodes::Nodes { start_after: None, limit: Some(5) },
        Nodes::Classes {},
        Nodes::HasRole { role: Role::Slasher, member: rounds.clone() },
        Nodes::Weight { operator: worker.into(), epoch: None },
        Nodes::Cell { cell: "berlin".into(), epoch: None },
        Nodes::Epoch { epoch: None },
        Nodes::Job { id: 1 },
        Nodes::Cover {},
        Nodes::Ledger {},
    ] {
        look.ask(&nodes, &question)?;
    }
    for question in [
        Rounds::Config {},
        Rounds::Tasks { start_after: None, limit: None },
        Rounds::Round { id: 1 },
        Rounds::Clients { round: 1, start_after: None, limit: None },
        Rounds::Committee { round: 1 },
        Rounds::Keys { owner: client.into() },
        Rounds::Earned { round: 1, member: client.into() },
    ] {
        look.ask(&rounds, &question)?;
    }
    Ok(())
}

pub fn run(t: &mut Trial<'_>) -> Result<()> {
    let before = look(t)?;
    let at = &t.at;
    let all = [
        ("access", at.access.clone()),
        ("ainft", at.ainft.clone()),
        ("constitution", at.constitution.clone()),
        ("index-oracle", at.oracle.clone()),
        ("merit", at.merit.clone()),
        ("nodes", at.nodes.clone()),
        ("quadratic-dao", at.dao.clone()),
        ("revenue-router", at.router.clone()),
        ("rounds", at.rounds.clone()),
        ("stable-token", at.zero.clone()),
    ];
    for (name, address) in all {
        t.migrate(name, &address)?;
    }
    let after = look(t)?;
    for (was, is) in before.iter().zip(&after) {
        ensure!(was == is, "migration changed an answer: {was:?} is now {is:?}");
    }
    Ok(())
}
