//! A client: enrol, train, protect, submit. After that nothing more is asked of it.
//!
//! What it did is in its journal before anybody hears of it. After a kill it goes on behind the last entry: a finished local step is not
//! repeated, an upload that was made is sent as it is, and privacy is paid for once. What the budget does not cover is not begun: it is
//! looked up before enrolling, and paid before the data are touched.

use iz_contract_types::rounds::{ExecuteMsg, RoundResponse};
use iz_protect::{
    budget::{Ledger, Spending},
    mask::{Upload, mask},
};
use iz_rounds_machine::{Digest, Phase};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::{
    board::{Board, Place},
    encoding::{Encoding, EncodingError},
    entropy::Entropy,
    error::RoleError,
    global::Global,
    journal::Journal,
    learner::{FitTask, Learner},
    recipe::Recipe,
    setting::{Setting, client_id, selection},
    step::Step,
    weights::Layout,
};

/// A client with its data behind a learner.
pub struct Client<L, J, E> {
    pub learner: L,
    pub journal: J,
    pub entropy: E,
    pub recipe: Recipe,
    pub layout: Layout,
    /// What the person is ready to lose; without it nothing is counted.
    pub budget: Option<Ledger>,
}

impl<L: Learner, J: Journal, E: Entropy> Client<L, J, E> {
    /// Does what is due.
    pub fn step(&mut self, board: &mut dyn Board, round: u64) -> Result<Step, RoleError> {
        let view = board.round(round)?;
        let phase = view.round.phase;
        if phase.is_over() {
            self.journal.forget(&format!("{round}-"))?;
            return Ok(Step::Over(phase));
        }
        if !matches!(phase, Phase::Enrol | Phase::Draw | Phase::Submit) {
            return Ok(Step::Waiting);
        }
        let open = board.now()? < view.round.deadline;
        match (board.client(round)?, phase) {
            (None, Phase::Enrol) if open => {
                self.look_up_the_cost()?;
                let bond = board.task(view.task)?.task.client_bond;
                let funds = if bond.amount.is_zero() { vec![] } else { vec![bond] };
                board.post(ExecuteMsg::Enrol { round }, &funds)?;
                Ok(Step::Enrolled)
            }
            (Some(own), Phase::Submit) if own.submission.is_none() && open => self.submit(board, &view),
            (Some(own), Phase::Enrol | Phase::Draw) if own.submission.is_none() => {
                if self.journal.read(&entry(round, "update"))?.is_some() {
                    return Ok(Step::Waiting);
                }
                self.train(board, &view)
            }
            _ => Ok(Step::Waiting),
        }
    }

    /// Nobody enrols, and bonds, for a round that its budget does not cover.
    fn look_up_the_cost(&self) -> Result<(), RoleError> {
        let Some(ledger) = &self.budget else { return Ok(()) };
        let values = Global::sent(&self.recipe, &self.layout);
        let shares = Encoding::new(&self.recipe.protection, values)?.spending();
        let uses: Vec<Spending> = self.steps()?.into_iter().chain(shares).collect();
        if !uses.is_empty() {
            ledger.with(&uses)?;
        }
        Ok(())
    }

    /// What the local step costs; none where it is not private by itself.
    fn steps(&self) -> Result<Option<Spending>, RoleError> {
        let step = &self.recipe.step;
        let steps = |privacy| self.learner.private_steps(step.epochs, step.batch, privacy);
        Ok(step.sample_clip.map(steps).transpose()?.map(Spending::Steps))
    }

    fn train(&mut self, board: &mut dyn Board, view: &RoundResponse) -> Result<Step, RoleError> {
        let global = Global::read(board, &self.recipe, &self.layout, view.task, view.id)?;
        let (place, own) = (board.place(), board.address());
        let steps = self.steps()?;
        if let (Some(ledger), Some(steps)) = (&mut self.budget, steps) {
            // a step that failed or was cut off gave nothing away, so its repetition is the same use
            ledger.spend_once(&use_of(&place, view.id, "steps"), steps)?;
        }
        let step = &self.recipe.step;
        let seed = Digest::of(
            "local step",
            &[place.chain.as_bytes(), place.contract.as_bytes(), &view.id.to_be_bytes(), own.as_bytes()],
        );
        let task = FitTask {
            round: view.id,
            seed: seed.0,
            epochs: step.epochs,
            batch: step.batch,
            learning_rate: step.learning_rate,
            privacy: step.sample_clip,
            control: global.control.clone(),
            sent: self
                .recipe
                .protection
                .subset
                .map(|_| selection(&place, view.id, &self.recipe, &self.layout)),
            calibration: step.calibration,
        };
        let fit = self.learner.fit(&global.weights, &task)?;
        fit.check(&global.weights)?;
        let bytes: Vec<u8> = fit.update.values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.journal.write(&entry(view.id, "update"), &bytes)?;
        Ok(Step::Trained { examples: fit.examples, loss: fit.loss })
    }

    fn submit(&mut self, board: &mut dyn Board, view: &RoundResponse) -> Result<Step, RoleError> {
        let round = view.id;
        if self.journal.read(&entry(round, "sat-out"))?.is_some() {
            return Ok(Step::Waiting);
        }
        let setting = Setting::read(board, view, &self.recipe, &self.layout)?;
        let upload = match self.journal.read(&entry(round, "upload"))? {
            Some(bytes) => Upload::parse(&setting.plan, &bytes)?,
            None => {
                let Some(update) = self.journal.read(&entry(round, "update"))? else {
                    return self.train(board, view);
                };
                match self.protect(board, &setting, &update)? {
                    Some(upload) => upload,
                    None => return Ok(Step::SatOut),
                }
            }
        };
        let bytes = upload.to_bytes(&setting.plan);
        let posted = board.put(&bytes)?;
        let shares = board.put(&upload.envelope().to_bytes(&setting.plan))?;
        board.post(ExecuteMsg::Submit { round, upload: posted, shares }, &[])?;
        Ok(Step::Submitted { upload: posted, bytes: bytes.len() })
    }

    /// Pays for the round, then clips, rounds, adds noise and masks.
    fn protect(
        &mut self,
        board: &mut dyn Board,
        setting: &Setting,
        update: &[u8],
    ) -> Result<Option<Upload>, RoleError> {
        let round = setting.number;
        if let (Some(ledger), Some(spending)) = (&mut self.budget, setting.encoding.spending()) {
            ledger.spend_once(&use_of(&setting.place, round, "shares"), spending)?;
        }
        let update: Vec<f32> = update
            .chunks_exact(4)
            .map(|word| f32::from_le_bytes(word.try_into().unwrap_or_default()))
            .collect();
        let values = setting.selection.gather(&update);
        let random = &mut ChaCha20Rng::from_seed(*self.entropy.seed()?);
        let integers = setting.encoding.integers(values, random)?;
        let levels = match setting.encoding.encode(&integers) {
            Ok(levels) => levels,
            // drawing again until it fits would be another distribution than the one that was accounted for
            Err(EncodingError::Quantise(_)) => {
                self.journal.write(&entry(round, "sat-out"), b"")?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let seed = self.entropy.seed()?;
        let upload = mask(&setting.plan, client_id(&board.address()), &levels, &seed)?;
        self.journal.write(&entry(round, "upload"), &upload.to_bytes(&setting.plan))?;
        Ok(Some(upload))
    }
}

/// The name of a use of the data, in a ledger that may serve several tasks and chains.
fn use_of(place: &Place, round: u64, what: &str) -> String {
    let round = round.to_be_bytes();
    let digest = Digest::of("use", &[place.chain.as_bytes(), place.contract.as_bytes(), &round]);
    format!("{digest}-{what}")
}

fn entry(round: u64, what: &str) -> String {
    format!("{round}-{what}")
}
