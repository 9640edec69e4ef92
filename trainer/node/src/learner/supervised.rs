//! A learner in another process, kept going: started where this trainer is to start it, watched, ended by its process id when it hangs or
//! this trainer ends, and started again.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use iz_hook::{ADDRESS, HookLearner, Limits};
use iz_protect::accountant::Event;
use iz_round::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip, Weights};

/// Between two looks at a process that is starting or ending.
const LOOK: Duration = Duration::from_millis(50);
/// What a process gets to end by itself once its standard input has ended.
const GRACE: Duration = Duration::from_secs(2);
/// The longest pause before another start.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Where a started process writes to, in the trainer's folder.
const LOG: &str = "learner.log";

/// How a learner is reached, and started where it is to be.
#[derive(Debug)]
pub struct Way {
    /// The program and its arguments; empty for one that runs already.
    pub command: Vec<String>,
    /// None for a free port.
    pub address: Option<SocketAddr>,
    /// Where it works.
    pub folder: PathBuf,
    pub start: Duration,
    pub limits: Limits,
}

/// A process that answers, and what calls it. Ends the process when it goes.
struct Running {
    child: Option<Child>,
    learner: HookLearner,
}

impl Running {
    fn ended(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            end(child);
        }
    }
}

/// Asks it to end by ending its standard input, then ends it.
fn end(child: &mut Child) {
    drop(child.stdin.take());
    let started = Instant::now();
    while started.elapsed() < GRACE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        sleep(LOOK);
    }
    let _ = child.kill();
    let _ = child.wait();
}

impl Way {
    fn open(&self) -> Result<Running> {
        let Some((program, arguments)) = self.command.split_first() else {
            let address = self
                .address
                .context("learner.address: where does the learner listen? or set learner.command")?;
            return Ok(Running { child: None, learner: HookLearner::connect(address, self.limits)? });
        };
        let address = match self.address {
            Some(address) => address,
            None => TcpListener::bind("127.0.0.1:0")?.local_addr()?,
        };
        let path = self.folder.join(LOG);
        // begun anew each time, so that it does not grow for ever
        let log = File::create(&path).with_context(|| path.display().to_string())?;
        let told = address.to_string();
        let mut child = Command::new(program)
            .args(arguments.iter().map(|argument| argument.replace("{address}", &told)))
            .env(ADDRESS, &told)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("the learner {program:?} cannot be started"))?;
        match self.answer(&mut child, address) {
            Ok(learner) => Ok(Running { child: Some(child), learner }),
            Err(error) => {
                end(&mut child);
                Err(error.context(format!("the learner {program:?}; what it said is in {}", path.display())))
            }
        }
    }

    /// Waits until it listens.
    fn answer(&self, child: &mut Child, address: SocketAddr) -> Result<HookLearner> {
        let started = Instant::now();
        loop {
            let refused = match HookLearner::connect(address, self.limits) {
                Ok(learner) => return Ok(learner),
                Err(error) => error,
            };
            if let Some(status) = child.try_wait()? {
                bail!("it ended with {status} before it answered");
            }
            if started.elapsed() > self.start {
                bail!("no answer in {} s: {refused}", self.start.as_secs());
            }
            sleep(LOOK);
        }
    }
}

/// A learner that is there again after it was lost.
pub struct Supervised {
    way: Way,
    running: RefCell<Option<Running>>,
    properties: Properties,
    failures: Cell<u32>,
    /// Until when nothing is started, and why it was lost.
    resting: RefCell<Option<(Instant, LearnError)>>,
}

impl Supervised {
    pub fn open(way: Way) -> Result<Self> {
        let running = way.open()?;
        let properties = running.learner.properties();
        Ok(Self {
            way,
            running: RefCell::new(Some(running)),
            properties,
            failures: Cell::new(0),
            resting: RefCell::new(None),
        })
    }

    pub fn onnx(&self, weights: &Weights) -> Result<Vec<u8>, LearnError> {
        self.with(|learner| learner.export(weights, "onnx"))
    }

    fn with<T>(&self, work: impl FnOnce(&mut HookLearner) -> Result<T, LearnError>) -> Result<T, LearnError> {
        let mut place = self.running.borrow_mut();
        if place.as_mut().is_some_and(Running::ended) {
            *place = None;
        }
        if place.is_none() {
            self.rested()?;
            *place = Some(self.again().map_err(|error| self.failed(error))?);
        }
        let Some(running) = place.as_mut() else { return Err(LearnError::LayoutMismatch) };
        let answer = work(&mut running.learner);
        match answer {
            Err(error) if running.learner.lost() || running.ended() => {
                *place = None;
                Err(self.failed(error))
            }
            other => {
                self.failures.set(0);
                other
            }
        }
    }

    /// The pause after a failure; until it is over the failure is the answer.
    fn rested(&self) -> Result<(), LearnError> {
        match &*self.resting.borrow() {
            Some((until, error)) if Instant::now() < *until => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn again(&self) -> Result<Running, LearnError> {
        let running = self.way.open().map_err(|error| LearnError::Foreign(format!("{error:#}")))?;
        if running.learner.properties().layout_hash != self.properties.layout_hash {
            return Err(LearnError::LayoutMismatch);
        }
        Ok(running)
    }

    /// Each failure in a row doubles the pause.
    fn failed(&self, error: LearnError) -> LearnError {
        let failures = self.failures.get();
        self.failures.set(failures.saturating_add(1));
        let pause = Duration::from_secs(1u64.checked_shl(failures).unwrap_or(u64::MAX)).min(LONGEST_PAUSE);
        *self.resting.borrow_mut() = Some((Instant::now() + pause, error.clone()));
        error
    }
}

impl Learner for Supervised {
    fn properties(&self) -> Properties {
        self.properties.clone()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        self.with(|learner| learner.parameters())
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        self.with(|learner| learner.fit(global, task))
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.with(|learner| learner.evaluate(weights))
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        self.with(|learner| learner.private_steps(epochs, batch, privacy))
    }
}
