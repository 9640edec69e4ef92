//! A learner in a process of its own, for tests: this very executable, started again by a trainer and told where to listen.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use iz_hook::{ADDRESS, Served, Server, end_with_the_trainer};
use iz_protect::accountant::Event;
use iz_round::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip, Weights};
use iz_trainer::{Config, Dense, Home, Kind as _};

/// What starts it: `learner.command` in TOML. The name is of the test that calls [`serve`].
pub fn command(test: &str) -> String {
    let program = std::env::current_exe().unwrap();
    format!("[{:?}, {test:?}, \"--exact\", \"--nocapture\"]", program.display().to_string())
}

/// Serves the dense learner on the data of the folder that it works in, if a trainer asks for it; else returns.
pub fn serve() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    end_with_the_trainer();
    let starts = fs::read_to_string("starts").unwrap_or_default();
    fs::write("starts", format!("{starts}{}\n", std::process::id())).unwrap();
    let config = Config::read(Path::new("config.toml")).unwrap();
    let inner = Dense.open(&Home::new("."), &config).unwrap();
    let server = Server::start(Hooked { inner }, address.parse().unwrap()).unwrap();
    panic!("{}", server.wait());
}

/// The dense learner; a file named after a fault makes it happen once.
struct Hooked {
    inner: Box<dyn Learner + Send>,
}

fn asked_to(fault: &str) -> bool {
    fs::remove_file(fault).is_ok()
}

impl Learner for Hooked {
    fn properties(&self) -> Properties {
        Properties { framework: "another process".into(), ..self.inner.properties() }
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        self.inner.parameters()
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        if asked_to("die") {
            std::process::abort();
        }
        if asked_to("hang") {
            sleep(Duration::from_secs(3600));
        }
        if asked_to("refuse") {
            return Err(LearnError::Task("not today".into()));
        }
        self.inner.fit(global, task)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.inner.evaluate(weights)
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        self.inner.private_steps(epochs, batch, privacy)
    }
}

impl Served for Hooked {
    fn export(&self, weights: &Weights, format: &str) -> Result<Vec<u8>, LearnError> {
        match format {
            "onnx" => Ok(weights.to_safetensors()?),
            other => Err(LearnError::Task(format!("no {other}"))),
        }
    }
}
