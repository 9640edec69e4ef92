//! Of the long walk: what can be sent about rounds that are over, and exactly what it moves.

use iz_contract_types::nodes::SlashKind;
use iz_contract_types::rounds::*;
use iz_rounds_machine::{Digest, Phase};
use rand::Rng;

use crate::books_balance_whatever_happens::{first_sum, round_set};
use crate::fixture::{CHALLENGE_BOND, CLIENTS, NODES};
use crate::ledger::{Effect, Run};
use crate::naive::Name;

impl Run {
    /// One of the messages that a round which is over is still good for; or which comes too early.
    pub fn after(&mut self) {
        let newest = self.rounds.keys().next_back().copied().unwrap_or_default();
        if newest == 0 {
            return;
        }
        let id = self.random.random_range(newest.saturating_sub(5).max(1)..=newest);
        match self.random.random_range(0..10) {
            0..3 => {
                let who = self.anybody();
                let mut ids = vec![id];
                if id > 1 && self.chance(40) {
                    ids.push(id - 1);
                }
                self.claim(who, ids);
            }
            3..5 => {
                let mut who: Vec<Name> = CLIENTS.into_iter().chain(NODES).collect();
                let stranger = self.chance(10);
                let round = &self.rounds[&id];
                who.retain(|name| stranger || round.clients.contains(name) || round.committee.contains(name));
                who.retain(|_| self.random.random_bool(0.7));
                self.settle(id, who);
            }
            5..7 => {
                let client = self.anybody();
                self.withdraw(id, client);
            }
            7 => self.withdraw_challenge(id),
            8 => {
                let operator = self.anybody();
                let round = &self.rounds[&id];
                let fine =
                    round.is_over() && round.faults.contains(operator) && !round.punished.contains(operator);
                let slash = Effect::Slash(operator, SlashKind::Fault { days: 1 }, "stranger");
                let message = ExecuteMsg::Punish { round: id, operator: self.who(operator) };
                self.expect_effects(fine.then(|| vec![slash]), message);
                if fine {
                    self.round(id).punished.insert(operator);
                }
            }
            _ if self.chance(50) => {
                let round = &self.rounds[&id];
                let fine = round.phase == Phase::Final && round.task.artefact.is_some() && !round.published;
                let register = round.aggregate().map(Effect::Register);
                let message = ExecuteMsg::Publish { round: id };
                self.expect_effects(fine.then(|| register.into_iter().collect()), message);
                if fine {
                    self.round(id).published = true;
                }
            }
            _ => self.report(id),
        }
    }

    fn claim(&mut self, who: Name, ids: Vec<u64>) {
        let mut fine = true;
        let (mut merit, mut units, mut weight) = (0, 0, 0);
        for id in &ids {
            let round = &self.rounds[id];
            let (earned, work) = round.earned(who).unwrap_or_default();
            fine &= round.is_over() && round.earned(who).is_some() && !round.claimed.contains(who);
            merit += earned;
            units += work;
            weight += if round.task.rewards.pool.is_some() { earned } else { 0 };
        }
        fine &= merit + units > 0;
        let effects = [
            (merit > 0).then(|| Effect::Credit(vec![(who, merit)])),
            (weight > 0).then(|| Effect::Weigh("contributors".into(), vec![(who, weight)])),
            (units > 0).then_some(Effect::Work(who, units)),
        ];
        if fine {
            for id in &ids {
                let round = self.round(*id);
                round.claimed.insert(who);
                round.credited += round.earned(who).unwrap().0;
            }
        }
        let message = ExecuteMsg::Claim { member: self.who(who), rounds: ids };
        self.expect_effects(fine.then(|| effects.into_iter().flatten().collect()), message);
    }

    pub fn settle(&mut self, id: u64, mut who: Vec<Name>) {
        who.sort_by_key(|name| self.who(name));
        let members: Vec<String> = who.iter().map(|name| self.who(name)).collect();
        let round = self.rounds.get_mut(&id).unwrap();
        let fine = round.is_over() && who.iter().all(|name| round.earned(name).is_some());
        let (mut credits, mut work, mut bonds) = (vec![], vec![], vec![]);
        let bond = round.task.client_bond.amount.u128();
        for name in if fine { who } else { vec![] } {
            let (merit, units) = round.earned(name).unwrap();
            if merit + units > 0 && round.claimed.insert(name) {
                round.credited += merit;
                if merit > 0 {
                    credits.push((name, merit));
                }
                if units > 0 {
                    work.push(Effect::Work(name, units));
                }
            }
            if bond > 0 && round.clients.contains(&name) && round.returned.insert(name) {
                bonds.push(Effect::Bond(if round.forfeits(name) { "treasury" } else { name }, bond));
            }
        }
        let mut effects = vec![];
        if !credits.is_empty() {
            effects.push(Effect::Credit(credits.clone()));
            effects.extend(round.task.rewards.pool.clone().map(|pool| Effect::Weigh(pool, credits)));
        }
        effects.extend(work);
        effects.extend(bonds);
        let fine = fine && !effects.is_empty();
        self.expect_effects(fine.then_some(effects), ExecuteMsg::Settle { round: id, members });
    }

    pub fn withdraw(&mut self, id: u64, client: Name) {
        let round = self.rounds.get_mut(&id).unwrap();
        let bond = round.task.client_bond.amount.u128();
        let fine =
            round.is_over() && bond > 0 && round.clients.contains(&client) && round.returned.insert(client);
        let receiver = if round.forfeits(client) { "treasury" } else { client };
        let message = ExecuteMsg::Withdraw { round: id, client: self.who(client) };
        self.expect_effects(fine.then(|| vec![Effect::Bond(receiver, bond)]), message);
    }

    pub fn withdraw_challenge(&mut self, id: u64) {
        let round = self.rounds.get_mut(&id).unwrap();
        let challenger = round.challenger.filter(|_| round.is_over() && !round.challenge_returned);
        round.challenge_returned |= challenger.is_some();
        let lost = round.phase == Phase::Final;
        let effect =
            challenger.map(|name| vec![Effect::Bond(if lost { "treasury" } else { name }, CHALLENGE_BOND)]);
        self.expect_effects(effect, ExecuteMsg::WithdrawChallenge { round: id });
    }

    /// Shows a sum that a member signed: the one that it may sign, another, one over another set, or one that it did not sign.
    fn report(&mut self, id: u64) {
        let operator = self.one_of(&NODES);
        let round = &self.rounds[&id];
        let (other_set, other_sum, forged) =
            (self.random.random_bool(0.2), self.random.random_bool(0.2), self.random.random_bool(0.3));
        let known = round.set.is_some() && !other_set;
        let set = if known { round_set(round) } else { Digest::of("another set", &[]) };
        let sum = if other_sum { Digest::of("another sum", &[]) } else { first_sum(operator, id) };
        let allowed = known && round.sums.get(operator).is_none_or(|posted| *posted == sum);
        let fine = (round.set.is_some() || round.is_over())
            && round.committee.contains(&operator)
            && !round.frauds.contains(operator)
            && !forged
            && !allowed;
        let signature = self.signed(if forged { "somebody" } else { operator }, id, &set, &sum);
        let message =
            ExecuteMsg::ReportSecondSum { round: id, operator: self.who(operator), set, sum, signature };
        let slash = Effect::Slash(operator, SlashKind::Fraud, "stranger");
        self.expect_effects(fine.then(|| vec![slash]), message);
        if fine {
            self.round(id).frauds.insert(operator);
        }
    }
}
