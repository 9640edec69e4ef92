//! Q1 and Q2 with money, under random messages of everybody in any order, against a model that counts by hand (`naive`): which messages are
//! taken, where rounds go, who is at fault, and to the unit what merit, weights, units and bonds each message sends. Bonds go back or to
//! the treasury, each claim counts once, and a stranger who only advances brings every round to its end. `IZ_STEPS` sets the number of steps.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{HexBinary, Timestamp, coin, from_json};
use ed25519_dalek::Signer;
use iz_contract_testing::steps;
use iz_contract_types::rounds::*;
use iz_rounds::{contract, state};
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{Bitmap, Digest, Phase, VoidReason, keys};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::fixture::{
    CHALLENGE_BOND, DENOM, LONG, MARGIN, NODES, SECRET, beacon_signature, signing_key, task,
};
use crate::ledger::{Run, tasks};
use crate::naive::{Naive, Name};

/// How rounds ended in all runs together.
#[derive(Default)]
struct Ends {
    finals: usize,
    faults: usize,
    forfeits: usize,
    reasons: Vec<VoidReason>,
}

impl Run {
    fn step(&mut self) {
        let task = usize::from(self.chance(self.second));
        match self.random.random_range(0..100) {
            0..72 => self.act(task),
            72..82 => {
                let seconds = self.random.random_range(0..=self.patience);
                self.env.block.time = self.env.block.time.plus_seconds(seconds);
            }
            _ => self.after(),
        }
    }

    /// Somebody does what belongs to the phase, or at times to another one.
    fn act(&mut self, task: usize) {
        let now = self.now();
        let Some(id) =
            self.last[task].filter(|id| !self.rounds[id].is_over() || self.random.random_bool(0.1))
        else {
            return self.open(task);
        };
        let phase = match self.chance(8) {
            true => self.anything(),
            false => self.rounds[&id].phase,
        };
        if self.chance(12) {
            return self.advance(id);
        }
        // nothing but time ends these
        if matches!(phase, Phase::Enrol | Phase::Challenge) && self.chance(6) {
            let ready = now.max(self.rounds[&id].deadline);
            self.env.block.time = Timestamp::from_seconds(ready);
            return self.advance(id);
        }
        let member = self.one_of(&NODES);
        let round = &self.rounds[&id];
        let duty = round.has_duty(phase, member, now);
        match phase {
            Phase::Enrol => self.enrol(id),
            Phase::Draw | Phase::Group => self.beacon(id),
            Phase::Submit => {
                let client = self.anybody();
                let round = &self.rounds[&id];
                let fine = round.may_act(phase, now)
                    && round.clients.contains(&client)
                    && !round.submitted.contains(client);
                let upload = Digest::of("upload", &[client.as_bytes()]);
                let message = ExecuteMsg::Submit { round: id, upload, shares: upload };
                if self.expect(fine, client, message, vec![]).is_some() {
                    self.round(id).submitted.insert(client);
                }
            }
            Phase::Witness => {
                let mut held = round.submitted.clone();
                held.retain(|_| self.random.random_range(0..25) > 0);
                let round = &self.rounds[&id];
                let seats = round.clients.iter().enumerate().filter(|(_, client)| held.contains(*client));
                let mut clients: Bitmap = seats.map(|(seat, _)| seat as u8).collect();
                let lies = self.random.random_range(0..20) == 0;
                if lies {
                    clients.insert(200);
                }
                let message = ExecuteMsg::Witness { round: id, clients };
                if self.expect(duty && !lies, member, message, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).answers.insert(member, held);
                }
            }
            Phase::Unmask => {
                let other = self.chance(5);
                let set = if other { Digest::default() } else { round_set(&self.rounds[&id]) };
                let sum = first_sum(member, id);
                let forged = self.chance(5);
                let signer = if forged { "somebody" } else { member };
                let signature = self.signed(signer, id, &set, &sum);
                let message = ExecuteMsg::PostSum { round: id, set, sum, signature };
                if self.expect(duty && !other && !forged, member, message, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).sums.insert(member, sum);
                }
            }
            Phase::Aggregate => {
                let wrong = self.chance(15);
                let aggregate = Digest::of("model", &[if wrong { b"wrong" } else { b"right" }]);
                let message = ExecuteMsg::Attest { round: id, aggregate };
                if self.expect(duty, member, message, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).attested.insert(member, aggregate);
                }
            }
            Phase::ScoreCommit => {
                let groups = round.groups.len();
                let bad = self.random.random_range(0..12) == 0;
                let sheet = Sheet {
                    scores: (0..groups).map(|_| self.random.random_range(0..=1_000_000)).collect(),
                    metrics: Metrics {
                        accuracy: if bad { 400_000 } else { self.random.random_range(500_000..1_000_000) },
                        robustness: self.random.random_range(100_000..1_000_000),
                        fairness: self.random.random_range(100_000..1_000_000),
                    },
                };
                let contract = self.env.contract.address.as_str();
                let commitment = sheet.commitment(contract, id, &self.who(member), &Digest::default());
                let message = ExecuteMsg::CommitScores { round: id, commitment };
                if self.expect(duty, member, message, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).committed.insert(member, sheet);
                }
            }
            Phase::ScoreReveal => {
                let copied = self.chance(10);
                let whose = if copied { self.one_of(&NODES) } else { member };
                let Some(sheet) = self.rounds[&id].committed.get(whose).cloned() else { return };
                let own = self.rounds[&id].committed.get(member) == Some(&sheet);
                let Sheet { scores, metrics } = sheet.clone();
                let message =
                    ExecuteMsg::RevealScores { round: id, scores, metrics, salt: Digest::default() };
                if self.expect(duty && own, member, message, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).opened.insert(member, sheet);
                }
            }
            Phase::Challenge => {
                if self.chance(80) {
                    return;
                }
                let fine = self.rounds[&id].may_act(phase, now);
                let who = self.anybody();
                let message = ExecuteMsg::Challenge { round: id, claim: Digest::default() };
                if self.expect(fine, who, message, vec![coin(CHALLENGE_BOND, DENOM)]).is_some() {
                    self.round(id).challenger = Some(who);
                    self.round(id).enter(Phase::Judge, now);
                }
            }
            Phase::Judge => {
                let upheld = self.random.random_range(0..10) < if id.is_multiple_of(2) { 9 } else { 1 };
                if self.expect(duty, member, ExecuteMsg::Judge { round: id, upheld }, vec![]).is_some() {
                    self.round(id).done.insert(member);
                    self.round(id).verdicts.insert(member, upheld);
                }
            }
            Phase::Final | Phase::Void => self.open(task),
        }
    }

    fn anything(&mut self) -> Phase {
        let all = [
            Phase::Enrol,
            Phase::Submit,
            Phase::Witness,
            Phase::Unmask,
            Phase::Aggregate,
            Phase::ScoreCommit,
            Phase::ScoreReveal,
            Phase::Challenge,
            Phase::Judge,
            Phase::Final,
        ];
        all[self.random.random_range(0..all.len())]
    }

    pub fn round(&mut self, id: u64) -> &mut Naive {
        self.rounds.get_mut(&id).unwrap()
    }

    fn open(&mut self, task: usize) {
        let fine = self.last[task].is_none_or(|id| self.rounds[&id].is_over());
        let message = ExecuteMsg::Open { task: task as u64 + 1 };
        let Some(response) = self.expect(fine, "stranger", message, vec![]) else { return };
        let id = response.attributes.iter().find(|one| one.key == "round").unwrap().value.parse().unwrap();
        self.rounds.insert(id, Naive::open(&tasks()[task], self.now()));
        self.last[task] = Some(id);
        self.patience = [4, 10, 20, 40, 100][self.random.random_range(0..5)];
    }

    fn enrol(&mut self, id: u64) {
        let who = self.anybody();
        let now = self.now();
        let round = &self.rounds[&id];
        let free = round.may_act(Phase::Enrol, now) && !round.takes_part(who);
        if NODES.contains(&who) {
            let message = ExecuteMsg::Stand { round: id };
            if self.expect(free, who, message, vec![]).is_some() {
                let merit = self.merit.borrow().get(&self.who(who)).copied().unwrap_or_default();
                self.round(id).standing.insert(who, u128::from(merit) + 1);
            }
            return;
        }
        let bond = round.task.client_bond.clone();
        let cheats = self.chance(10);
        let amount = bond.amount.u128() + u128::from(cheats);
        let funds = if amount == 0 { vec![] } else { vec![coin(amount, DENOM)] };
        if self.expect(free && !cheats, who, ExecuteMsg::Enrol { round: id }, funds).is_some() {
            self.round(id).clients.push(who);
        }
    }

    fn beacon(&mut self, id: u64) {
        let now = self.now();
        let round = &self.rounds[&id];
        let phase = round.phase;
        let waits = matches!(phase, Phase::Draw | Phase::Group);
        let due = state::ROUNDS.load(&self.deps.storage, id).unwrap().beacon;
        assert_eq!(due.is_some(), waits);
        let in_time = waits && now < round.deadline;
        let forged = self.chance(10);
        let signature = match due {
            Some(due) if !forged => beacon_signature(due, SECRET),
            _ => HexBinary::from([0x80; 48]),
        };
        let message = ExecuteMsg::Beacon { round: id, signature };
        if self.expect(in_time && !forged, "stranger", message, vec![]).is_none() {
            return;
        }
        if phase == Phase::Draw {
            self.round(id).enter(Phase::Submit, now);
            let committee: Vec<Name> = (0..task().parameters.committee)
                .map(|seat| {
                    let storage = &self.deps.storage;
                    let number = state::SEATS.load(storage, (id, seat)).unwrap();
                    let candidate = state::CANDIDATES.load(storage, (id, number)).unwrap();
                    self.names[candidate.operator.as_str()]
                })
                .collect();
            let round = self.round(id);
            assert!(committee.iter().all(|member| round.standing.contains_key(member)));
            assert_eq!(committee.iter().collect::<BTreeSet<_>>().len(), committee.len());
            round.committee = committee;
            return;
        }
        self.round(id).enter(Phase::Unmask, now);
        let question = QueryMsg::Clients { round: id, start_after: None, limit: None };
        let answer = contract::query(self.deps.as_ref(), self.env.clone(), question).unwrap();
        let clients: Vec<ClientResponse> = from_json(answer).unwrap();
        let mut groups: BTreeMap<u8, BTreeSet<Name>> = BTreeMap::new();
        for client in clients {
            let name = self.names[client.client.as_str()];
            assert_eq!(client.included, self.rounds[&id].included.contains(name));
            assert_eq!(client.included, client.group.is_some());
            if let Some(group) = client.group {
                groups.entry(group).or_default().insert(name);
            }
        }
        let sizes: Vec<usize> = groups.values().map(BTreeSet::len).collect();
        // of four to six clients, two groups of which none is of one
        assert!(sizes.len() == 2 && sizes[0].abs_diff(sizes[1]) <= 1, "{sizes:?}");
        self.round(id).groups = groups.into_values().collect();
    }

    fn advance(&mut self, id: u64) {
        let now = self.now();
        let next = self.rounds[&id].next(now);
        self.expect(next.is_some(), "stranger", ExecuteMsg::Advance { round: id }, vec![]);
        let Some(next) = next else { return };
        self.round(id).enter(next, now);
        let kept = state::ROUNDS.load(&self.deps.storage, id).unwrap();
        let round = self.rounds.get_mut(&id).unwrap();
        assert_eq!(kept.phase, next);
        if matches!(next, Phase::Draw | Phase::Group) {
            // of a beacon round that nobody can know yet
            let earliest = now + MARGIN + LONG;
            assert!((earliest..earliest + 3).contains(&kept.deadline));
            round.deadline = kept.deadline;
            round.set = kept.set;
        }
        let faults: BTreeSet<Name> = (0..kept.seats)
            .filter(|seat| kept.is_at_fault(*seat))
            .map(|seat| round.committee[usize::from(seat)])
            .collect();
        assert_eq!(faults, round.faults);
        assert_eq!(kept.agreed, round.agreed);
        round.check();
    }

    pub fn signed(&self, signer: Name, id: u64, set: &Digest, sum: &Digest) -> HexBinary {
        let contract = self.env.contract.address.as_str();
        let statement = keys::sum_statement(&self.env.block.chain_id, contract, id, set, sum);
        signing_key(signer, "signature").sign(&statement.0).to_bytes().into()
    }

    /// Q2, and that nothing stays behind: a stranger brings every round to its end and settles all of it.
    fn finish(&mut self, ends: &mut Ends) {
        for id in self.rounds.keys().copied().collect::<Vec<_>>() {
            while !self.rounds[&id].is_over() {
                let ready = self.now().max(self.rounds[&id].deadline);
                self.env.block.time = Timestamp::from_seconds(ready);
                self.advance(id);
            }
            let round = &self.rounds[&id];
            let part: Vec<Name> = round.clients.iter().chain(&round.committee).copied().collect();
            let all = round.clients.clone();
            self.settle(id, part);
            for client in all {
                self.withdraw(id, client);
            }
            self.withdraw_challenge(id);
            let round = &self.rounds[&id];
            round.check();
            ends.finals += usize::from(round.phase == Phase::Final);
            ends.faults += round.faults.len();
            ends.forfeits += round.clients.iter().filter(|client| round.forfeits(client)).count();
            let reason = state::ROUNDS.load(&self.deps.storage, id).unwrap().reason;
            assert_eq!(reason.is_some(), round.phase == Phase::Void);
            ends.reasons.extend(reason.filter(|reason| !ends.reasons.contains(reason)));
        }
        assert_eq!(self.bank, 0, "every bond has gone back or to the treasury");
    }
}

pub fn round_set(round: &Naive) -> Digest {
    round.set.unwrap_or_default()
}

pub fn first_sum(member: Name, id: u64) -> Digest {
    Digest::of("sum of", &[member.as_bytes(), &id.to_be_bytes()])
}

#[test]
fn bonds_merit_and_faults_are_those_of_the_model_whoever_does_what() {
    let steps = steps();
    let mut random = ChaCha8Rng::seed_from_u64(88);
    let mut ends = Ends::default();
    let mut done = 0;
    while done < steps {
        // a contract anew at times, so that what it keeps stays small
        let mut run = Run::new(ChaCha8Rng::from_rng(&mut random));
        for _ in 0..2_000.min(steps - done) {
            run.step();
            done += 1;
            if done.is_multiple_of(50) {
                assert_eq!(run.bank, run.rounds.values().map(Naive::held).sum::<u128>());
            }
        }
        run.finish(&mut ends);
    }
    let Ends { finals, faults, forfeits, reasons } = ends;
    println!(
        "{steps} steps: {finals} final rounds, {faults} faults, {forfeits} bonds forfeited, void for {reasons:?}"
    );
    let much = finals > 20 && faults > 20 && forfeits > 20 && reasons.len() >= 8;
    assert!(much || steps < 20_000, "too little happened");
}
