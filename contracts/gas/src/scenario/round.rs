//! Federated rounds: a small one with a challenge, and the whole life of a large one.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use cosmwasm_std::{Coin, Uint128, coin, coins};
use iz_contract_types::ainft::{self, ArtefactResponse, Royalty};
use iz_contract_types::merit;
use iz_contract_types::nodes;
use iz_contract_types::revenue_router::{self, PoolPayout};
use iz_contract_types::rounds::{
    ArtefactTerms, ConfigResponse, EarnedResponse, ExecuteMsg, MemberResponse, QueryMsg, Rewards,
    RoundResponse, Task,
};
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{Bitmap, Digest, Durations, Gates, Parameters, Phase, keys as statements, quorum};

use super::work::{BOND, register};
use crate::ground::{CHAIN, DOLLAR, Done};
use crate::keys::{self, MARGIN, beacon_value, registration};
use crate::network::Trial;

const LONG: u32 = 1_000;
/// The most that one message settles.
const BATCH: usize = 64;
const CLIENT_BOND: u128 = 1_000;
const CHALLENGE_BOND: u128 = 5_000;
const POOL: &str = "contributors";

fn task(clients: u16, committee: u8, groups: u8, owner: String) -> Task {
    Task {
        name: "digits".into(),
        active: true,
        parameters: Parameters {
            minimum_clients: 4,
            maximum_clients: clients,
            committee,
            threshold: quorum::needed(committee),
            groups,
            minimum_group: 2,
            durations: Durations {
                enrol: LONG,
                beacon: LONG,
                submit: LONG,
                witness: LONG,
                unmask: LONG,
                aggregate: LONG,
                score_commit: LONG,
                score_reveal: LONG,
                challenge: LONG,
                judge: LONG,
            },
            gates: Gates { accuracy: 500_000, robustness: 100_000, fairness: 100_000 },
        },
        client_bond: coin(CLIENT_BOND, DOLLAR),
        challenge_bond: coin(CHALLENGE_BOND, DOLLAR),
        candidate_bond: Uint128::new(BOND),
        rewards: Rewards {
            clients: Uint128::new(600_000),
            evaluators: Uint128::new(40_000),
            uptime: Uint128::new(400),
            node_units: Uint128::new(77),
            pool: Some(POOL.into()),
        },
        artefact: Some(ArtefactTerms { parents: vec![], royalty: Royalty::default(), owner }),
    }
}

/// One round and all who are in it.
struct Life<'t, 'g> {
    t: &'t mut Trial<'g>,
    rounds: String,
    id: u64,
    /// Remark under which messages are measured; none for those that only count.
    remark: Option<&'static str>,
    gas: u64,
    clients: Vec<String>,
    /// Names of those who stood, by address.
    candidates: BTreeMap<String, String>,
}

impl Life<'_, '_> {
    fn say(&mut self, sender: &str, message: &ExecuteMsg, funds: &[Coin]) -> Result<Done> {
        let place = self.rounds.clone();
        let done = match self.remark {
            Some(remark) => self.t.measure_as(remark, sender, &place, message, funds)?,
            None => self.t.tell(sender, &place, message, funds)?,
        };
        self.gas += done.gas;
        Ok(done)
    }

    fn state(&mut self) -> Result<RoundResponse> {
        let (place, id) = (self.rounds.clone(), self.id);
        self.t.ask(&place, &QueryMsg::Round { id })
    }

    /// Names of the committee, by seat.
    fn committee(&mut self) -> Result<Vec<String>> {
        let (place, round) = (self.rounds.clone(), self.id);
        let members: Vec<MemberResponse> = self.t.ask(&place, &QueryMsg::Committee { round })?;
        let name = |member: &MemberResponse| self.candidates.get(member.operator.as_str()).cloned();
        members.iter().map(|member| name(member).context("a seat of a stranger")).collect()
    }

    fn advance(&mut self) -> Result<()> {
        let round = self.id;
        self.remark = self.remark.map(|_| "");
        let phase = self.state()?.round.phase;
        let place = self.rounds.clone();
        let done = self.t.tell("anyone", &place, &ExecuteMsg::Advance { round }, &[])?;
        if self.remark.is_some() {
            self.t.book.note("rounds", &format!("advance, from {phase:?}"), done.gas);
        }
        self.gas += done.gas;
        Ok(())
    }

    fn beacon(&mut self) -> Result<()> {
        let round = self.id;
        self.t.ground.wait(MARGIN.into());
        let due = self.state()?.round.beacon.context("no beacon is waited for")?;
        let message = ExecuteMsg::Beacon { round, signature: beacon_value(due)? };
        self.say("anyone", &message, &[])?;
        Ok(())
    }

    fn until_unmasked(&mut self) -> Result<()> {
        let round = self.id;
        for client in self.clients.clone() {
            self.say(&client, &ExecuteMsg::Enrol { round }, &coins(CLIENT_BOND, DOLLAR))?;
        }
        for name in self.candidates.values().cloned().collect::<Vec<_>>() {
            self.say(&name, &ExecuteMsg::Stand { round }, &[])?;
        }
        self.t.ground.wait(LONG.into());
        self.advance()?;
        self.remark = self.remark.map(|_| "that draws the committee");
        self.beacon()?;
        self.remark = self.remark.map(|_| "");
        for client in self.clients.clone() {
            let upload = Digest::of("upload", &[client.as_bytes()]);
            self.say(&client, &ExecuteMsg::Submit { round, upload, shares: upload }, &[])?;
        }
        self.advance()?;
        let all: Bitmap = (0..self.clients.len()).filter_map(|index| u8::try_from(index).ok()).collect();
        let committee = self.committee()?;
        for name in &committee {
            self.say(name, &ExecuteMsg::Witness { round, clients: all }, &[])?;
        }
        self.advance()?;
        self.remark = self.remark.map(|_| "that draws the groups");
        self.beacon()?;
        self.remark = self.remark.map(|_| "");
        let set = self.state()?.round.set.context("no set is fixed")?;
        for name in &committee {
            let sum = Digest::of("sum of", &[name.as_bytes()]);
            let statement = statements::sum_statement(CHAIN, &self.rounds, round, &set, &sum);
            let signature = keys::sign(name, &statement);
            self.say(name, &ExecuteMsg::PostSum { round, set, sum, signature }, &[])?;
        }
        self.advance()
    }

    fn until_challenge(&mut self) -> Result<()> {
        let round = self.id;
        let committee = self.committee()?;
        for name in &committee {
            self.say(name, &ExecuteMsg::Attest { round, aggregate: aggregate(round) }, &[])?;
        }
        self.advance()?;
        let groups = self.state()?.round.groups;
        let sheet = Sheet {
            scores: (0..groups).map(|group| 200_000 + u32::from(group)).collect(),
            metrics: Metrics { accuracy: 900_000, robustness: 800_000, fairness: 700_000 },
        };
        let salt = |name: &str| Digest::of("salt", &[name.as_bytes()]);
        for name in &committee {
            let address = self.t.who(name)?;
            let commitment = sheet.commitment(&self.rounds, round, &address, &salt(name));
            self.say(name, &ExecuteMsg::CommitScores { round, commitment }, &[])?;
        }
        self.advance()?;
        for name in &committee {
            let Sheet { scores, metrics } = sheet.clone();
            self.say(name, &ExecuteMsg::RevealScores { round, scores, metrics, salt: salt(name) }, &[])?;
        }
        self.advance()
    }

    /// What everybody gets when the round is over; so many members of the committee failed and get nothing.
    fn settle(&mut self, failed: usize) -> Result<()> {
        let round = self.id;
        ensure!(self.state()?.round.phase == Phase::Final, "the round is not final");
        let clients = self.clients.clone();
        let mut due = Vec::new();
        for name in clients.iter().chain(self.committee()?.iter().skip(failed)) {
            let member = self.t.who(name)?;
            let question = QueryMsg::Earned { round, member: member.clone() };
            let earned: EarnedResponse = self.t.ask(&self.rounds.clone(), &question)?;
            due.push((member, earned.merit));
        }
        // the first for itself, the others together
        let client = due.first().context("a round without clients")?.0.clone();
        self.say("anyone", &ExecuteMsg::Claim { member: client.clone(), rounds: vec![round] }, &[])?;
        self.say("anyone", &ExecuteMsg::Withdraw { round, client }, &[])?;
        let mut others: Vec<String> = due.iter().skip(1).map(|(member, _)| member.clone()).collect();
        others.sort();
        for members in others.chunks(BATCH) {
            self.remark = self.remark.map(|_| "clients and members of a small round");
            self.say("anyone", &ExecuteMsg::Settle { round, members: members.to_vec() }, &[])?;
            self.remark = self.remark.map(|_| "");
        }
        for (member, merit) in due {
            self.check_weight(&member, merit)?;
        }
        let done = self.say("anyone", &ExecuteMsg::Publish { round }, &[])?;
        let (ainft, id) = (self.t.at.ainft.clone(), done.attribute("token_id")?.to_owned());
        let published: ArtefactResponse = self.t.ask(&ainft, &ainft::QueryMsg::Artefact { id })?;
        ensure!(published.manifest.digest.as_slice() == aggregate(round).0, "another model was published");
        Ok(())
    }

    /// What was earned is a weight in the contributors' pool, and merit.
    fn check_weight(&mut self, member: &str, earned: Uint128) -> Result<()> {
        let (router, merit) = (self.t.at.router.clone(), self.t.at.merit.clone());
        let question = revenue_router::QueryMsg::Member { pool: POOL.into(), member: member.into() };
        let known: revenue_router::MemberResponse = self.t.ask(&router, &question)?;
        ensure!(
            known.weight >= earned && !earned.is_zero(),
            "{member} has weight {}, earned {earned}",
            known.weight
        );
        let question = merit::QueryMsg::Standing { address: member.into(), height: None };
        let known: Option<merit::StandingResponse> = self.t.ask(&merit, &question)?;
        ensure!(known.is_some_and(|known| known.merit >= earned), "{member} has less merit than it earned");
        Ok(())
    }
}

fn aggregate(round: u64) -> Digest {
    Digest::of("model", &[&round.to_be_bytes()])
}

/// Bonded nodes with merit, and clients with keys.
fn people(
    t: &mut Trial<'_>,
    clients: usize,
    candidates: usize,
    seat: &str,
) -> Result<(Vec<String>, BTreeMap<String, String>)> {
    let (rounds, nodes, merit) = (t.at.rounds.clone(), t.at.nodes.clone(), t.at.merit.clone());
    let clients: Vec<String> = (0..clients).map(|index| format!("client {index}")).collect();
    for client in &clients {
        let address = t.who(client)?;
        let keys = registration(client, &address, &rounds);
        t.measure(client, &rounds, &ExecuteMsg::RegisterKeys { keys }, &[])?;
    }
    let mut standing = BTreeMap::new();
    for index in 0..candidates {
        let name = format!("{seat} {index}");
        let address = t.who(&name)?;
        let known: Result<nodes::NodeResponse> =
            t.ask(&nodes, &nodes::QueryMsg::Node { operator: address.clone() });
        if known.is_err() {
            let message = register(t, &name)?;
            t.tell(&name, &nodes, &message, &coins(BOND, DOLLAR))?;
            let credit = merit::ExecuteMsg::Credit {
                member: address.clone(),
                amount: Uint128::new(1_000),
                reason: "earlier rounds".into(),
            };
            t.tell("minter", &merit, &credit, &[])?;
        }
        standing.insert(address, name);
    }
    Ok((clients, standing))
}

fn open<'t, 'g>(
    t: &'t mut Trial<'g>,
    task: u64,
    people: (Vec<String>, BTreeMap<String, String>),
    remark: Option<&'static str>,
) -> Result<Life<'t, 'g>> {
    let rounds = t.at.rounds.clone();
    let done = t.measure("anyone", &rounds, &ExecuteMsg::Open { task }, &[])?;
    let (id, gas) = (done.number("round")?, done.gas);
    let (clients, candidates) = people;
    Ok(Life { t, rounds, id, remark, gas, clients, candidates })
}

/// One round with a challenge, one whose member signs twice, and the messages of the constitution.
pub fn run(t: &mut Trial<'_>) -> Result<()> {
    let (rounds, router) = (t.at.rounds.clone(), t.at.router.clone());
    let pool = revenue_router::ExecuteMsg::CreatePool {
        pool: POOL.into(),
        controller: rounds.clone(),
        payout: PoolPayout::Pull,
    };
    t.govern(&router, &pool)?;
    let owner = t.who("maker")?;
    let done = t.govern(&rounds, &ExecuteMsg::CreateTask { task: task(6, 4, 2, owner.clone()) })?;
    let id = done.number("task")?;
    t.govern(&rounds, &ExecuteMsg::UpdateTask { id, task: task(6, 4, 2, owner) })?;
    let people = people(t, 6, 8, "seat")?;

    let mut life = open(t, id, people.clone(), Some(""))?;
    let round = life.id;
    life.until_unmasked()?;
    life.until_challenge()?;
    let challenge = ExecuteMsg::Challenge { round, claim: Digest::of("model", &[b"other"]) };
    life.say("challenger", &challenge, &coins(CHALLENGE_BOND, DOLLAR))?;
    let committee = life.committee()?;
    // one member is away
    for name in committee.iter().skip(1) {
        life.say(name, &ExecuteMsg::Judge { round, upheld: false }, &[])?;
    }
    life.t.ground.wait(LONG.into());
    life.advance()?;
    life.settle(1)?;
    life.say("anyone", &ExecuteMsg::WithdrawChallenge { round }, &[])?;
    let operator = life.t.who(&committee[0])?;
    life.say("anyone", &ExecuteMsg::Punish { round, operator }, &[])?;
    let (set, sum) = (Digest::of("another set", &[]), Digest::of("another sum", &[]));
    let statement = statements::sum_statement(CHAIN, &rounds, round, &set, &sum);
    let (operator, signature) = (life.t.who(&committee[1])?, keys::sign(&committee[1], &statement));
    life.say("anyone", &ExecuteMsg::ReportSecondSum { round, operator, set, sum, signature }, &[])?;

    let contracts = t.contracts();
    t.govern(&rounds, &ExecuteMsg::SetContracts { contracts })?;
    let config: ConfigResponse = t.ask(&rounds, &QueryMsg::Config {})?;
    t.govern(&rounds, &ExecuteMsg::SetBeacon { beacon: config.beacon })?;
    let admin = t.at.constitution.clone();
    t.govern(&rounds, &ExecuteMsg::UpdateAdmin { admin })?;
    Ok(())
}

/// The gas of a round with so many clients and so large a committee, from its opening to the last claim.
pub fn whole_life(t: &mut Trial<'_>, clients: u16, committee: u8, groups: u8) -> Result<u64> {
    let rounds = t.at.rounds.clone();
    let owner = t.who("maker")?;
    let done =
        t.govern(&rounds, &ExecuteMsg::CreateTask { task: task(clients, committee, groups, owner) })?;
    let id = done.number("task")?;
    let book = t.book.clone();
    let people = people(t, clients.into(), usize::from(committee) + 8, "large seat")?;
    let mut life = open(t, id, people, None)?;
    life.until_unmasked()?;
    life.until_challenge()?;
    life.t.ground.wait(LONG.into());
    life.advance()?;
    life.settle(0)?;
    let gas = life.gas;
    t.book = book;
    t.book.note("rounds", &format!("a whole round of {clients} clients and {committee} seats"), gas);
    Ok(gas)
}
