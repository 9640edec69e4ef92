//! A round by hand: who did what, as lists of names, and what follows from that by counting.

use std::collections::{BTreeMap, BTreeSet};

use iz_contract_types::rounds::Task;
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{Digest, Phase};

use crate::fixture::LONG;

pub type Name = &'static str;

pub struct Naive {
    pub task: Task,
    pub phase: Phase,
    pub deadline: u64,
    /// In the order of their seats.
    pub clients: Vec<Name>,
    /// Who stands for the committee, with the weight of its scores.
    pub standing: BTreeMap<Name, u128>,
    pub committee: Vec<Name>,
    pub submitted: BTreeSet<Name>,
    /// Who did the duty of this phase.
    pub done: BTreeSet<Name>,
    pub faults: BTreeSet<Name>,
    /// Whose uploads each member says that it holds.
    pub answers: BTreeMap<Name, BTreeSet<Name>>,
    pub included: BTreeSet<Name>,
    pub set: Option<Digest>,
    pub groups: Vec<BTreeSet<Name>>,
    pub sums: BTreeMap<Name, Digest>,
    pub attested: BTreeMap<Name, Digest>,
    pub committed: BTreeMap<Name, Sheet>,
    pub opened: BTreeMap<Name, Sheet>,
    pub agreed: Option<Sheet>,
    pub challenger: Option<Name>,
    pub verdicts: BTreeMap<Name, bool>,
    /// What happened after the end.
    pub claimed: BTreeSet<Name>,
    pub returned: BTreeSet<Name>,
    pub challenge_returned: bool,
    pub punished: BTreeSet<Name>,
    pub frauds: BTreeSet<Name>,
    pub published: bool,
    pub credited: u128,
}

impl Naive {
    pub fn open(task: &Task, now: u64) -> Self {
        Self {
            task: task.clone(),
            phase: Phase::Enrol,
            deadline: now + LONG,
            clients: vec![],
            standing: BTreeMap::new(),
            committee: vec![],
            submitted: BTreeSet::new(),
            done: BTreeSet::new(),
            faults: BTreeSet::new(),
            answers: BTreeMap::new(),
            included: BTreeSet::new(),
            set: None,
            groups: vec![],
            sums: BTreeMap::new(),
            attested: BTreeMap::new(),
            committed: BTreeMap::new(),
            opened: BTreeMap::new(),
            agreed: None,
            challenger: None,
            verdicts: BTreeMap::new(),
            claimed: BTreeSet::new(),
            returned: BTreeSet::new(),
            challenge_returned: false,
            punished: BTreeSet::new(),
            frauds: BTreeSet::new(),
            published: false,
            credited: 0,
        }
    }

    pub fn quorum(&self, votes: usize) -> bool {
        3 * votes > 2 * self.committee.len()
    }

    /// Whether who acts in this phase may act now.
    pub fn may_act(&self, phase: Phase, now: u64) -> bool {
        self.phase == phase && now < self.deadline
    }

    pub fn has_duty(&self, phase: Phase, who: Name, now: u64) -> bool {
        self.may_act(phase, now) && self.committee.contains(&who) && !self.done.contains(who)
    }

    pub fn takes_part(&self, who: Name) -> bool {
        self.clients.contains(&who) || self.standing.contains_key(who)
    }

    /// Who has more than two thirds behind it.
    pub fn aggregate(&self) -> Option<Digest> {
        let behind = |digest: &Digest| self.attested.values().filter(|other| *other == digest).count();
        self.attested.values().find(|digest| self.quorum(behind(digest))).copied()
    }

    fn verdict(&self, upheld: bool) -> bool {
        self.quorum(self.verdicts.values().filter(|verdict| **verdict == upheld).count())
    }

    /// Those whom more than two thirds hold; while fewer members than needed hold all of them, without whom the fewest do.
    fn count_included(&self) -> Option<BTreeSet<Name>> {
        let witnesses = |client: &Name| self.answers.values().filter(|held| held.contains(client)).count();
        let mut set: Vec<Name> =
            self.clients.iter().copied().filter(|client| self.quorum(witnesses(client))).collect();
        let threshold = usize::from(self.task.parameters.threshold);
        while self.answers.values().filter(|held| set.iter().all(|client| held.contains(client))).count()
            < threshold
        {
            let fewest = set.iter().map(witnesses).min()?;
            let last = set.iter().rposition(|client| witnesses(client) == fewest)?;
            set.remove(last);
        }
        Some(set.into_iter().collect())
    }

    /// The highest of the given values that members with half of the committee's weight gave at least.
    fn clip(&self, value: impl Fn(&Sheet) -> u32) -> u32 {
        let weight = |who: &Name| self.standing[who];
        let all: u128 = self.committee.iter().map(weight).sum();
        let enough = |least: u32| {
            let behind: u128 = self
                .opened
                .iter()
                .filter(|(_, sheet)| value(sheet) >= least)
                .map(|(who, _)| weight(who))
                .sum();
            2 * behind >= all
        };
        self.opened.values().map(&value).filter(|least| enough(*least)).max().unwrap_or(0)
    }

    fn count_agreed(&self) -> Sheet {
        Sheet {
            scores: (0..self.groups.len()).map(|group| self.clip(|sheet| sheet.scores[group])).collect(),
            metrics: Metrics {
                accuracy: self.clip(|sheet| sheet.metrics.accuracy),
                robustness: self.clip(|sheet| sheet.metrics.robustness),
                fairness: self.clip(|sheet| sheet.metrics.fairness),
            },
        }
    }

    /// Where the round goes if it is advanced now; nowhere if the phase has not ended.
    pub fn next(&self, now: u64) -> Option<Phase> {
        let terms = &self.task.parameters;
        let enough = |clients: usize| clients >= usize::from(terms.minimum_clients);
        let expired = now >= self.deadline;
        let everyone = self.done.len() == self.committee.len();
        let (ended, next) = match self.phase {
            Phase::Enrol => {
                let stand = self.standing.len() >= usize::from(terms.committee);
                (expired, (enough(self.clients.len()) && stand).then_some(Phase::Draw))
            }
            Phase::Draw | Phase::Group => (expired, None),
            Phase::Submit => {
                let ended = expired || self.submitted.len() == self.clients.len();
                (ended, enough(self.submitted.len()).then_some(Phase::Witness))
            }
            Phase::Witness => {
                let set = self.count_included();
                (expired || everyone, set.filter(|set| enough(set.len())).map(|_| Phase::Group))
            }
            Phase::Unmask => {
                let enough = self.done.len() >= usize::from(terms.threshold);
                (expired || everyone, enough.then_some(Phase::Aggregate))
            }
            Phase::Aggregate => {
                let agreed = self.aggregate().is_some();
                (expired || everyone || agreed, agreed.then_some(Phase::ScoreCommit))
            }
            Phase::ScoreCommit => {
                (expired || everyone, self.quorum(self.done.len()).then_some(Phase::ScoreReveal))
            }
            Phase::ScoreReveal => {
                let passed = self.count_agreed().metrics.passes(&terms.gates);
                let fine = self.quorum(self.done.len()) && passed;
                (expired || self.done.len() == self.committed.len(), fine.then_some(Phase::Challenge))
            }
            Phase::Challenge => (expired, Some(Phase::Final)),
            Phase::Judge => {
                let (upheld, rejected) = (self.verdict(true), self.verdict(false));
                (expired || everyone || upheld || rejected, rejected.then_some(Phase::Final))
            }
            Phase::Final | Phase::Void => (false, None),
        };
        ended.then(|| next.unwrap_or(Phase::Void))
    }

    /// Was advanced.
    pub fn enter(&mut self, to: Phase, now: u64) {
        // whom a quorum left no chance is not at fault
        let decided = match (self.phase, to) {
            (Phase::Aggregate, Phase::ScoreCommit) => true,
            (Phase::Judge, _) => self.verdict(true) || self.verdict(false),
            _ => false,
        };
        let duty = matches!(
            self.phase,
            Phase::Witness
                | Phase::Unmask
                | Phase::Aggregate
                | Phase::ScoreCommit
                | Phase::ScoreReveal
                | Phase::Judge
        );
        if duty && !(decided && now < self.deadline) {
            let absent = self.committee.iter().filter(|member| !self.done.contains(*member));
            self.faults.extend(absent.copied().collect::<Vec<_>>());
        }
        match self.phase {
            Phase::Witness if to == Phase::Group => self.included = self.count_included().unwrap(),
            Phase::ScoreReveal if self.quorum(self.done.len()) => self.agreed = Some(self.count_agreed()),
            Phase::Judge if self.verdict(true) => {
                let wrong = self.aggregate();
                let behind = self.attested.iter().filter(|(_, digest)| Some(**digest) == wrong);
                self.faults.extend(behind.map(|(member, _)| *member).collect::<Vec<_>>());
            }
            _ => {}
        }
        self.done.clear();
        self.phase = to;
        self.deadline = now + LONG;
    }

    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Final | Phase::Void)
    }

    /// Merit and units that one who took part earned.
    pub fn earned(&self, who: Name) -> Option<(u128, u128)> {
        let rewards = &self.task.rewards;
        if self.clients.contains(&who) {
            let group = self.groups.iter().position(|group| group.contains(who));
            return Some(match (self.phase, &self.agreed, group) {
                (Phase::Final, Some(agreed), Some(group)) => {
                    let score = |group: usize| u128::from(agreed.scores[group]);
                    let all: u128 = self
                        .groups
                        .iter()
                        .enumerate()
                        .map(|(at, group)| group.len() as u128 * score(at))
                        .sum();
                    ((rewards.clients.u128() * score(group)).checked_div(all).unwrap_or(0), 0)
                }
                _ => (0, 0),
            });
        }
        if !self.committee.contains(&who) {
            return None;
        }
        if self.faults.contains(who) || self.frauds.contains(who) {
            return Some((0, 0));
        }
        let seats = self.committee.len() as u128;
        Some(match (self.phase, &self.agreed, self.opened.get(who)) {
            (Phase::Final, Some(agreed), Some(own)) => {
                let pairs = || own.scores.iter().zip(&agreed.scores);
                let overlap: u128 = pairs().map(|(own, agreed)| u128::from(*own.min(agreed))).sum();
                let union: u128 = pairs().map(|(own, agreed)| u128::from(*own.max(agreed))).sum();
                let agreement = (overlap * 1_000_000).checked_div(union).unwrap_or(1_000_000);
                (rewards.evaluators.u128() / seats * agreement / 1_000_000, rewards.node_units.u128())
            }
            (Phase::Void, ..) if self.answers.contains_key(who) => (rewards.uptime.u128() / seats, 0),
            _ => (0, 0),
        })
    }

    /// Whether a client took a seat and then let a committee wait.
    pub fn forfeits(&self, client: Name) -> bool {
        !self.committee.is_empty() && !self.submitted.contains(client)
    }

    /// Bonds that are still held.
    pub fn held(&self) -> u128 {
        let open = self.clients.iter().filter(|client| !self.returned.contains(*client)).count() as u128;
        let challenge = match (self.challenger, self.challenge_returned) {
            (Some(_), false) => self.task.challenge_bond.amount.u128(),
            _ => 0,
        };
        open * self.task.client_bond.amount.u128() + challenge
    }

    /// Q1, and what a round may give at most.
    pub fn check(&self) {
        if self.phase == Phase::Final {
            let aggregate = self.aggregate().unwrap();
            let behind = self.attested.values().filter(|digest| **digest == aggregate).count();
            assert!(self.quorum(behind) && self.quorum(self.opened.len()), "Q1");
            let agreed = self.agreed.as_ref().unwrap();
            assert!(agreed.metrics.passes(&self.task.parameters.gates));
            assert!(!self.verdict(true));
        }
        let rewards = &self.task.rewards;
        let most = match self.phase {
            Phase::Final => rewards.clients + rewards.evaluators,
            Phase::Void => rewards.uptime,
            _ => Default::default(),
        };
        assert!(self.credited <= most.u128(), "{} of {most}", self.credited);
    }
}
