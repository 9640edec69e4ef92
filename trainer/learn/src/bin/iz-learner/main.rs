//! `iz-learner`: a built-in model behind the learner's interface, for a trainer with `learner.kind = "torch"`. Takes its settings as JSON,
//! listens where IZ_LEARNER_ADDRESS says, and ends with the trainer that started it.

mod settings;

use std::{
    env,
    fs::{self, File},
    io::Read as _,
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use iz_hook::{ADDRESS, Served, Server, end_with_the_trainer};
use iz_learn::{Error, LocalLearner, Secret, export, model::Architecture};
use iz_protect::accountant::Event;
use iz_round::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, SampleClip, Weights};
use settings::Settings;

const USAGE: &str = "usage: iz-learner SETTINGS

Serves a model on libtorch to a trainer on this machine; `iz-trainer` with learner.kind = \"torch\" starts it. SETTINGS is a JSON object:
model (tabular, cnn or lstm), path of the data, and as in [data] and [learner] of the trainer's settings label, features, classes, group,
holdout, means, scales, hidden, shift; state, a folder to keep control variates in.";

fn main() -> ExitCode {
    let argument = env::args().nth(1).unwrap_or_else(|| "--help".into());
    if argument == "--help" || argument == "-h" {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match run(&argument) {
        Ok(reason) | Err(reason) => {
            eprintln!("iz-learner: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Serves; answers with why it ended.
fn run(settings: &str) -> Result<String, String> {
    end_with_the_trainer();
    let settings: Settings = serde_json::from_str(settings).map_err(|error| error.to_string())?;
    let address = env::var(ADDRESS).unwrap_or_else(|_| "127.0.0.1:0".into());
    let address: SocketAddr = address.parse().map_err(|_| format!("{ADDRESS}: {address:?} is no address"))?;
    let learner = open(&settings).map_err(|error| error.to_string())?;
    let server = Server::start(learner, address).map_err(|error| error.to_string())?;
    println!("listening on {}", server.address());
    Ok(server.wait())
}

fn open(settings: &Settings) -> Result<Torch, LearnError> {
    let (architecture, training, held_out) = settings.open()?;
    let weights = architecture.initial(0)?;
    let mut learner =
        LocalLearner::new(architecture.clone(), &weights, training, held_out, Box::new(secret))?;
    let state = settings.state.join("control.safetensors");
    if let Ok(bytes) = fs::read(&state) {
        // of another model, or torn: training begins without it, as a new client's does
        if let Ok(control) = Weights::from_safetensors_as(&bytes, &weights.layout) {
            learner.restore_control(control)?;
        }
    }
    Ok(Torch { learner, architecture, state })
}

/// From the machine's entropy.
fn secret() -> Result<Secret, Error> {
    let mut seed = [0; 32];
    let read = File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut seed));
    read.map_err(|_| Error::Task("the machine gives no randomness"))?;
    Ok(Secret(seed))
}

struct Torch {
    learner: LocalLearner,
    architecture: Architecture,
    /// SCAFFOLD's control variate of this client, across restarts.
    state: PathBuf,
}

impl Torch {
    fn keep(&self, control: &Weights) -> Result<(), LearnError> {
        let bytes = control.to_safetensors()?;
        let fresh = self.state.with_extension("new");
        let write = || {
            self.state.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&fresh, bytes)?;
            fs::rename(&fresh, &self.state)
        };
        write().map_err(|error: std::io::Error| {
            LearnError::Foreign(format!("{} cannot be kept: {error}", self.state.display()))
        })
    }
}

impl Learner for Torch {
    fn properties(&self) -> Properties {
        self.learner.properties()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        self.learner.parameters()
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        let fit = self.learner.fit(global, task)?;
        if let Some(control) = self.learner.control().filter(|_| task.control.is_some()) {
            self.keep(control)?;
        }
        Ok(fit)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        self.learner.evaluate(weights)
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        self.learner.private_steps(epochs, batch, privacy)
    }
}

impl Served for Torch {
    fn export(&self, weights: &Weights, format: &str) -> Result<Vec<u8>, LearnError> {
        match format {
            "onnx" => Ok(export::onnx(&self.architecture, weights)?),
            other => Err(LearnError::Task(format!("this learner writes onnx, not {other}"))),
        }
    }
}
