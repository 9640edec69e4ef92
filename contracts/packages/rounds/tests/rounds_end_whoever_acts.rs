//! Q1 and Q2 on the machine: whatever members, colluders and the absent do, in whatever order, a round ends within its durations
//! once someone advances it, is final only with a quorum behind its aggregate and its scores, and fixes its set once.

#![allow(clippy::unwrap_used)]

use iz_rounds_machine::machine::Evidence;
use iz_rounds_machine::score::{Metrics, Sheet};
use iz_rounds_machine::{
    Bitmap, Digest, Durations, Gates, Parameters, Phase, Roll, Round, RoundError, VoidReason, quorum,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

fn parameters(random: &mut ChaCha8Rng) -> Parameters {
    let committee = 2 + (random.next_u32() % 31) as u8;
    // some rounds give members time for all that they try, others do not
    let longest = [30, 300, 3_000][random.next_u32() as usize % 3];
    let duration = |random: &mut ChaCha8Rng| 1 + random.next_u32() % longest;
    let mut parameters = Parameters {
        minimum_clients: 2 + (random.next_u32() % 4) as u16,
        maximum_clients: 8,
        committee,
        threshold: quorum::needed(committee),
        groups: 1 + (random.next_u32() % 4) as u8,
        minimum_group: 2,
        durations: Durations {
            enrol: duration(random),
            beacon: duration(random),
            submit: duration(random),
            witness: duration(random),
            unmask: duration(random),
            aggregate: duration(random),
            score_commit: duration(random),
            score_reveal: duration(random),
            challenge: duration(random),
            judge: duration(random),
        },
        gates: Gates { accuracy: 500_000, robustness: 0, fairness: 0 },
    };
    let least = parameters.least_threshold();
    let choice = u32::from(parameters.threshold - least) + 1;
    parameters.threshold = least + (random.next_u32() % choice) as u8;
    parameters.validate().unwrap();
    parameters
}

/// One round played at random; `diligence` of 256 is how likely each member does its duty.
struct Play {
    parameters: Parameters,
    round: Round,
    roll: Roll,
    answers: Vec<Bitmap>,
    commitments: Vec<Option<Digest>>,
    sheets: Vec<(Sheet, u128)>,
    revealed: u32,
    now: u64,
    set: Option<Digest>,
}

const CANDIDATES: u32 = 40;
const MARGIN: u64 = 7;

impl Play {
    fn new(random: &mut ChaCha8Rng) -> Self {
        let parameters = parameters(random);
        let now = u64::from(random.next_u32());
        Self {
            round: Round::open(&parameters, now).unwrap(),
            roll: Roll::default(),
            answers: Vec::new(),
            commitments: vec![None; parameters.committee.into()],
            sheets: Vec::new(),
            revealed: 0,
            now,
            set: None,
            parameters,
        }
    }

    fn sheet(&self, random: &mut ChaCha8Rng) -> Sheet {
        Sheet {
            scores: (0..self.round.groups).map(|_| random.next_u32() % 1_000_000).collect(),
            metrics: Metrics { accuracy: random.next_u32() % 1_000_000, robustness: 1, fairness: 1 },
        }
    }

    fn advance(&mut self) -> Result<(), RoundError> {
        let evidence = Evidence {
            candidates: CANDIDATES,
            beacon: Some((1, self.now + MARGIN)),
            contract: "contract",
            number: 1,
            answers: &self.answers,
            sheets: &self.sheets,
            weight: u128::from(self.parameters.committee),
        };
        self.round.advance(&self.parameters, &self.roll, &evidence, self.now)
    }

    /// A step of whatever kind, most of them out of place; those refused must change nothing.
    fn step(&mut self, random: &mut ChaCha8Rng, diligence: u32) {
        let before = (self.round.clone(), self.roll);
        let seat = (random.next_u32() % (u32::from(self.parameters.committee) + 1)) as u8;
        let acts = random.next_u32() % 256 < diligence;
        let honest = Digest::of("aggregate", &[]);
        // mostly what belongs to the phase, at times whatever does not
        let action = match random.next_u32() % 16 {
            0 => random.next_u32() % 13,
            1 => 11,
            2 => 12,
            _ => (self.round.phase as u32).min(10),
        };
        let result = match action {
            0 => self.round.enrol(&self.parameters, &mut self.roll, self.now).map(|_| ()),
            1 => self.round.seat_committee(&self.parameters, self.now),
            2 => self.round.submit(&mut self.roll, (random.next_u32() % 9) as u8, self.now),
            3 if acts => {
                let mut clients = self.roll.submitted;
                if random.next_u32().is_multiple_of(8) {
                    clients.remove((random.next_u32() % 8) as u8);
                }
                let result = self.round.witness(&self.roll, seat, &clients, self.now);
                if result.is_ok() {
                    self.answers.push(clients);
                }
                result
            }
            4 => self.round.draw_groups(&self.parameters, Digest::of("seed", &[]), self.now),
            5 if acts => {
                let set = if random.next_u32().is_multiple_of(4) {
                    Some(Digest::default())
                } else {
                    self.round.set
                };
                self.round.post_sum(seat, &set.unwrap_or_default(), self.now)
            }
            6 if acts => {
                let digest = if random.next_u32().is_multiple_of(8) { Digest::default() } else { honest };
                self.round.attest(seat, digest, self.now)
            }
            7 if acts => {
                let result = self.round.commit_scores(seat, self.now);
                if result.is_ok() {
                    self.commitments[usize::from(seat)] = Some(Digest::of("commitment", &[&[seat]]));
                }
                result
            }
            8 if acts => {
                let sheet = self.sheet(random);
                let commitment = self.commitments.get(usize::from(seat)).copied().flatten();
                let opened = Digest::of("commitment", &[&[seat]]);
                let result = self.round.reveal_scores(seat, &sheet, opened, commitment, self.now);
                if result.is_ok() {
                    self.sheets.push((sheet, 1));
                    self.revealed += 1;
                }
                result
            }
            9 if random.next_u32().is_multiple_of(4) => self.round.challenge(&self.parameters, self.now),
            10 if acts => self.round.judge(seat, random.next_u32().is_multiple_of(3), self.now),
            11 => self.advance(),
            _ => {
                self.now += u64::from(random.next_u32() % 8);
                Ok(())
            }
        };
        if result.is_err() {
            assert_eq!((&self.round, &self.roll), (&before.0, &before.1), "{result:?}");
        }
        self.check(&before.0);
    }

    fn check(&mut self, before: &Round) {
        let round = &self.round;
        assert!(
            round.phase >= before.phase || round.phase == Phase::Final,
            "{:?} {:?}",
            before.phase,
            round.phase
        );
        assert!(!before.phase.is_over() || round == before);
        assert_eq!(round.phase == Phase::Void, round.reason.is_some());
        assert_eq!(before.faults & !round.faults, 0, "a fault is not forgotten");
        if let Some(set) = self.set {
            assert_eq!(round.set, Some(set), "the set is fixed once");
        }
        self.set = round.set;
        if round.set.is_some() {
            assert!(round.included.count() >= self.parameters.minimum_clients);
            assert!(round.included.is_subset_of(&self.roll.submitted));
        }
        if round.phase == Phase::Final {
            let behind = round.ballots.iter().find(|ballot| Some(ballot.digest) == round.aggregate).unwrap();
            let seats = u32::from(round.seats);
            assert!(3 * behind.seats.count_ones() > 2 * seats);
            assert!(3 * self.revealed > 2 * seats);
            assert!(round.agreed.as_ref().unwrap().metrics.passes(&self.parameters.gates));
            assert!(3 * round.upheld.count_ones() <= 2 * seats);
        }
    }
}

fn steps() -> u64 {
    std::env::var("IZ_STEPS").map_or(100_000, |text| text.parse().unwrap())
}

#[test]
fn a_round_is_final_only_with_a_quorum_and_ends_when_anyone_advances_it() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let (mut finals, mut voids, mut steps) = (0, Vec::new(), steps());
    while steps > 0 {
        let mut play = Play::new(&mut random);
        let diligence = [256, 255, 240, 200, 40][random.next_u32() as usize % 5];
        let patience = random.next_u32() % 1_500;
        for _ in 0..patience.min(steps as u32) {
            play.step(&mut random, diligence);
            steps = steps.saturating_sub(1);
        }
        // from wherever it stands, a stranger who only advances brings it to its end
        let latest = play.now + play.parameters.durations.total() + 2 * MARGIN;
        while !play.round.phase.is_over() {
            let before = play.round.clone();
            play.now = play.now.max(play.round.deadline);
            play.advance().unwrap();
            play.check(&before);
            assert!(play.now <= latest);
        }
        assert!(matches!(play.advance(), Err(RoundError::Over { .. })));
        match play.round.reason {
            None => finals += 1,
            Some(reason) if !voids.contains(&reason) => voids.push(reason),
            Some(_) => {}
        }
        steps = steps.saturating_sub(1);
    }
    assert!(finals > 0, "no round was final");
    let seen = [
        VoidReason::TooFewClients,
        VoidReason::BeaconMissing,
        VoidReason::TooFewSums,
        VoidReason::NoAgreement,
        VoidReason::TooFewScores,
        VoidReason::GateFailed,
    ];
    for reason in seen {
        assert!(voids.contains(&reason), "{reason:?} of {voids:?}");
    }
}
