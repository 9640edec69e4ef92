//! Attacks on what a round learns and on what it pays, by a fifth of the clients who know everything and work together.
//!
//! Masks are left out here, since what they open to is the plain sum to the bit (the scenarios check that); everything behind them is the
//! code of the roles: encoding, groups, rule, server, scores, credit. Attackers ignore the clip: they send whatever levels there are.

use iz_protect::{
    Rational,
    mask::{MemberSecret, Plan, Terms},
};
use iz_round::{
    FitTask, Learner, Past, Place, Recipe, RoleError, Selection, Trust, Weights,
    aggregate::next_global,
    encoding::Encoding,
    gate,
    global::Global,
    recipe::{LocalStep, Protection},
    robust::{GroupMean, Rule},
    server::Server,
    setting::Setting,
};
use iz_rounds_machine::{Bitmap, Digest, Durations, Gates, Parameters, credit, groups};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::{
    data::{Clouds, Examples, Spread, split},
    softmax::{Softmax, layout},
};

/// What attackers send instead of their update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attack {
    /// Their own update: the run to compare with.
    Honest,
    /// The opposite, as large as it gets.
    SignFlip,
    /// An update towards wrong labels.
    LabelFlip,
    /// "A little is enough": the honest mean, off by less than the honest clients are from each other (Baruch and others 2019).
    Alie,
    /// The opposite of the honest mean, small enough to hide among honest updates (Xie and others 2019).
    InnerProduct,
    /// What they sent in the first round, again and again.
    Replay,
    /// What the last round came to, as if it were theirs.
    Copy,
    /// Nothing.
    ZeroGradient,
    /// All the same large opposite of the mean, so that scores that multiply the agreement of two false updates find it good.
    NegativeTimesNegative,
    /// Honest for half of the rounds, and a sign flip from then on.
    Sleeper,
}

impl Attack {
    pub const ALL: [Self; 9] = [
        Self::SignFlip,
        Self::LabelFlip,
        Self::Alie,
        Self::InnerProduct,
        Self::Replay,
        Self::Copy,
        Self::ZeroGradient,
        Self::NegativeTimesNegative,
        Self::Sleeper,
    ];
}

/// One training with attackers in it.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    pub seed: u64,
    pub clients: u8,
    pub attackers: u8,
    pub groups: u8,
    pub rounds: u32,
    pub spread: Spread,
    pub rule: Rule,
    pub attack: Attack,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Finding {
    /// On examples that nobody trained on, mean of the last five rounds.
    pub accuracy: f64,
    /// Mean credit of an attacker over that of all clients: 1 is an equal part.
    pub credit: f64,
}

const FEATURES: usize = 20;
const CLASSES: usize = 10;
const EXAMPLES: usize = 40;

impl Trial {
    /// Trains, with every round as the roles compute it.
    pub fn play(&self) -> Result<Finding, RoleError> {
        let clouds = Clouds::new(self.seed, FEATURES, CLASSES, 1.6);
        let random = &mut ChaCha20Rng::seed_from_u64(self.seed);
        let all = clouds.draw(usize::from(self.clients) * EXAMPLES, random);
        let mut learners: Vec<Softmax> =
            split(&all, self.clients.into(), self.spread, random).into_iter().map(Softmax::new).collect();
        let mut examiner = Softmax::new(clouds.draw(1_000, random));
        let mut unseen = whole(clouds.draw(4_000, random));
        if self.attack == Attack::LabelFlip {
            for learner in &mut learners[..self.attackers.into()] {
                learner.examples.labels.iter_mut().for_each(|label| *label = CLASSES - 1 - *label);
            }
        }
        let layout = layout(FEATURES, CLASSES);
        let recipe = self.recipe();
        let setting = self.setting(&recipe, layout.count())?;
        let mut global =
            Global { weights: Weights::zeros(&layout)?, control: None, moments: None, manifest: None };
        let mut memory = Memory { last: vec![0.0; layout.count()], first: None };
        let (start, mut before, mut trust) =
            (global.weights.clone(), global.weights.clone(), Trust::default());
        let (mut credits, mut accuracies) = (vec![0u128; self.clients.into()], Vec::new());
        for round in 0..self.rounds {
            let updates = self.updates(&mut learners, &global, &recipe, round)?;
            let sent = self.sent(updates, &mut memory, &setting.encoding, round)?;
            let beacon = Digest::of("attack", &[&self.seed.to_be_bytes(), &round.to_be_bytes()]);
            let everyone: Bitmap = (0..self.clients).collect();
            let partition = groups::partition(beacon, &everyone, self.groups);
            let named: Vec<Vec<String>> =
                partition.iter().map(|group| group.iter().map(u8::to_string).collect()).collect();
            let means: Vec<Option<GroupMean>> = partition
                .iter()
                .zip(&named)
                .map(|(group, names)| {
                    let trust = trust.of_group(names.iter().map(String::as_str));
                    Some(mean(&setting.encoding, group, &sent, trust))
                })
                .collect();
            let past = Past::new(&global.weights, &[&before, &start]);
            let scores =
                gate::sheet(&mut examiner, &setting, beacon, &recipe, &global, &past, &means)?.scores;
            trust.learn(&named, &scores);
            for (number, group) in partition.iter().enumerate() {
                let each = credit::client(1_000_000_000, number, &partition, &scores);
                group.iter().for_each(|client| credits[usize::from(*client)] += each);
            }
            let next = next_global(&setting, &recipe, &global, &means)?;
            memory.last = next
                .weights
                .values
                .iter()
                .zip(&global.weights.values)
                .map(|(after, before)| after - before)
                .collect();
            before = std::mem::replace(&mut global, next).weights;
            if round + 5 >= self.rounds {
                accuracies.push(f64::from(unseen.evaluate(&global.weights)?.accuracy.unwrap_or(0.0)));
            }
        }
        let total: u128 = credits.iter().sum();
        let attackers: u128 = credits[..self.attackers.into()].iter().sum();
        let part = attackers as f64 / total.max(1) as f64;
        Ok(Finding {
            accuracy: accuracies.iter().sum::<f64>() / accuracies.len() as f64,
            credit: part * f64::from(self.clients) / f64::from(self.attackers),
        })
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            model: "clouds".into(),
            license: "CC0-1.0".into(),
            initial: Digest::default(),
            step: LocalStep {
                epochs: 1,
                batch: 10,
                learning_rate: 0.05,
                sample_clip: None,
                control: false,
                calibration: 0.0,
            },
            protection: Protection {
                clip: Rational::from_integer(1),
                scale: Rational::from_integer(4_000),
                largest: None,
                subset: None,
                noise: None,
            },
            combine: self.rule,
            server: Server::Average { rate: 1.0 },
        }
    }

    fn setting(&self, recipe: &Recipe, dimension: usize) -> Result<Setting, RoleError> {
        let encoding = Encoding::new(&recipe.protection, dimension)?;
        let minimum = u16::from(self.clients / self.groups);
        let plan = Plan::new(Terms {
            seed: [1; 32],
            group: 0,
            values: dimension as u32,
            levels: encoding.levels(),
            minimum: minimum.into(),
            maximum: u32::from(minimum) + 1,
            committee: [1, 2].map(|byte| MemberSecret::from_bytes([byte; 32]).public()).into(),
            private: 1,
            packed: 1,
        })?;
        let durations = Durations {
            enrol: 1,
            beacon: 1,
            submit: 1,
            witness: 1,
            unmask: 1,
            aggregate: 1,
            score_commit: 1,
            score_reveal: 1,
            challenge: 1,
            judge: 1,
        };
        let parameters = Parameters {
            minimum_clients: self.clients.into(),
            maximum_clients: self.clients.into(),
            committee: 2,
            threshold: 2,
            groups: self.groups,
            minimum_group: minimum,
            durations,
            gates: Gates::default(),
        };
        let place = Place { chain: "simulation".into(), contract: "rounds".into() };
        let (selection, committee) = (Selection::whole(dimension), Vec::new());
        Ok(Setting { place, number: 1, task: 1, parameters, selection, encoding, plan, committee })
    }

    /// What everyone's own data says, attackers with flipped labels included.
    fn updates(
        &self,
        learners: &mut [Softmax],
        global: &Global,
        recipe: &Recipe,
        round: u32,
    ) -> Result<Vec<Vec<f32>>, RoleError> {
        let step = &recipe.step;
        let fit = |(client, learner): (usize, &mut Softmax)| {
            let seed =
                Digest::of("fit", &[&self.seed.to_be_bytes(), &round.to_be_bytes(), &client.to_be_bytes()]);
            let task = FitTask {
                round: round.into(),
                seed: seed.0,
                epochs: step.epochs,
                batch: step.batch,
                learning_rate: step.learning_rate,
                privacy: None,
                control: None,
                sent: None,
                calibration: 0.0,
            };
            Ok(learner.fit(&global.weights, &task)?.update.values)
        };
        learners.iter_mut().enumerate().map(fit).collect()
    }

    /// The integers that everyone sends.
    fn sent(
        &self,
        mut updates: Vec<Vec<f32>>,
        memory: &mut Memory,
        encoding: &Encoding,
        round: u32,
    ) -> Result<Vec<Vec<i64>>, RoleError> {
        let attackers = usize::from(self.attackers);
        let (mean, deviation) = moments(&updates[attackers..]);
        let own = memory.first.get_or_insert_with(|| updates[..attackers].to_vec()).clone();
        for (attacker, update) in updates[..attackers].iter_mut().enumerate() {
            match self.attack {
                Attack::Honest => {}
                Attack::Sleeper if round < self.rounds / 2 => {}
                Attack::SignFlip | Attack::Sleeper => scale(update, -5.0),
                Attack::LabelFlip => scale(update, 5.0),
                Attack::Alie => {
                    *update = mean.iter().zip(&deviation).map(|(mean, off)| mean - 1.5 * off).collect();
                }
                Attack::InnerProduct => {
                    update.clone_from(&mean);
                    let length = norm(update);
                    scale(update, -length);
                }
                Attack::Replay => update.clone_from(&own[attacker]),
                Attack::Copy => update.clone_from(&memory.last),
                Attack::ZeroGradient => update.iter_mut().for_each(|value| *value = 0.0),
                Attack::NegativeTimesNegative => {
                    update.clone_from(&mean);
                    scale(update, -5.0);
                }
            }
        }
        let most = f64::from(encoding.levels() / 2);
        updates
            .into_iter()
            .enumerate()
            .map(|(client, update)| {
                if client < attackers && self.attack != Attack::Honest {
                    // beyond any clip, but not beyond the levels
                    return Ok(update
                        .iter()
                        .map(|value| (f64::from(*value) * 4_000.0).clamp(-most, most) as i64)
                        .collect());
                }
                let seed = Digest::of(
                    "round",
                    &[&self.seed.to_be_bytes(), &round.to_be_bytes(), &client.to_be_bytes()],
                );
                Ok(encoding.integers(update, &mut ChaCha20Rng::from_seed(seed.0))?)
            })
            .collect()
    }
}

/// What attackers remember.
struct Memory {
    last: Vec<f32>,
    first: Option<Vec<Vec<f32>>>,
}

/// Twice the examples, of which an examiner takes half: all of them.
fn whole(examples: Examples) -> Softmax {
    let twice: Vec<usize> = (0..2 * examples.len()).map(|index| index % examples.len()).collect();
    Softmax::new(examples.pick(&twice))
}

/// The mean of a group, through the exact sum of its integers.
fn mean(encoding: &Encoding, group: &[u8], sent: &[Vec<i64>], trust: f64) -> GroupMean {
    let mut sums = vec![0i64; encoding.dimension()];
    for client in group {
        sums.iter_mut().zip(&sent[usize::from(*client)]).for_each(|(sum, value)| *sum += value);
    }
    GroupMean { clients: group.len() as u16, trust, values: encoding.mean(&sums, group.len()) }
}

fn moments(rows: &[Vec<f32>]) -> (Vec<f32>, Vec<f32>) {
    let count = rows.len() as f32;
    let dimension = rows.first().map_or(0, Vec::len);
    let mean: Vec<f32> =
        (0..dimension).map(|place| rows.iter().map(|row| row[place]).sum::<f32>() / count).collect();
    let deviation = (0..dimension)
        .map(|place| (rows.iter().map(|row| (row[place] - mean[place]).powi(2)).sum::<f32>() / count).sqrt())
        .collect();
    (mean, deviation)
}

fn norm(row: &[f32]) -> f32 {
    row.iter().map(|value| value * value).sum::<f32>().sqrt()
}

/// Gives a row a length, or the opposite direction with a negative one.
fn scale(row: &mut [f32], length: f32) {
    let factor = length / norm(row).max(1e-12);
    row.iter_mut().for_each(|value| *value *= factor);
}
