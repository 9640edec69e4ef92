//! Calls the other process and checks what it says.

use std::{
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use iz_protect::accountant::Event;

use iz_round::{
    Evaluation, Fit, FitTask, Layout, LearnError, Learner, Properties, SampleClip, Selection, TensorShape,
    Weights,
};
use prost::Message;
use tokio::runtime::{Builder, Runtime};
use tonic::{
    Code, Request, Status,
    client::Grpc,
    codec::ProstCodec,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

use crate::answers;
use crate::messages::{
    self, EvaluateRequest, EvaluateResponse, ExportRequest, ExportResponse, FitRequest, FitResponse,
    ParametersRequest, ParametersResponse, PrivateTask, PropertiesRequest, PropertiesResponse, SentColumns,
};

/// Room in an answer for what is not weights.
const HEADER: usize = 1 << 20;

/// What the other process may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For properties and parameters.
    pub answer: Duration,
    /// For a whole fit or evaluation.
    pub work: Duration,
    /// Of one file of weights.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(30), work: Duration::from_secs(24 * 3600), bytes: 1 << 30 }
    }
}

/// Why there is no connection to a learner.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    #[error("{0} is not a loopback address: data and weights stay on this machine")]
    NotLocal(SocketAddr),
    #[error("no runtime: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("no learner at {address}: {reason}")]
    Connection { address: SocketAddr, reason: String },
    #[error(transparent)]
    Learner(#[from] LearnError),
}

/// A learner that another process is. Calls block; they must not be made from within an asynchronous task.
#[derive(Debug)]
pub struct HookLearner {
    runtime: Runtime,
    channel: Channel,
    limits: Limits,
    properties: Properties,
    /// Whether a call got no answer at all.
    lost: AtomicBool,
    /// Examples that the last private steps were accounted with.
    accounted: Mutex<Option<u64>>,
}

impl HookLearner {
    /// Connects, and asks for the properties and the layout.
    pub fn connect(address: SocketAddr, limits: Limits) -> Result<Self, HookError> {
        if !address.ip().is_loopback() {
            return Err(HookError::NotLocal(address));
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let connection =
            |error: tonic::transport::Error| HookError::Connection { address, reason: chain(&error) };
        let endpoint = Endpoint::from_shared(format!("http://{address}"))
            .map_err(connection)?
            .connect_timeout(limits.answer);
        let channel = runtime.block_on(endpoint.connect()).map_err(connection)?;
        let empty =
            Properties { model: String::new(), framework: String::new(), examples: 0, layout_hash: [0; 32] };
        let (lost, accounted) = (AtomicBool::new(false), Mutex::new(None));
        let mut learner = Self { runtime, channel, limits, properties: empty, lost, accounted };
        let question = PropertiesRequest { task: None };
        let found: PropertiesResponse = learner.call("Properties", question, limits.answer)?;
        learner.properties = Properties {
            model: answers::name(found.model)?,
            framework: answers::name(found.framework)?,
            examples: found.examples,
            layout_hash: learner.parameters()?.layout.hash(),
        };
        Ok(learner)
    }

    /// Whether the other process is gone, hangs, or speaks something else: a call found no answer. A refusal is an answer.
    #[must_use]
    pub fn lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Weights in another format, such as "onnx".
    pub fn export(&self, weights: &Weights, format: &str) -> Result<Vec<u8>, LearnError> {
        let question = ExportRequest { weights: weights.to_safetensors()?, format: format.into() };
        let found: ExportResponse = self.call("Export", question, self.limits.work)?;
        if found.model.is_empty() || found.model.len() > 2 * self.limits.bytes {
            return Err(LearnError::Foreign(format!("Export: a file of {} bytes", found.model.len())));
        }
        Ok(found.model)
    }

    #[allow(clippy::result_large_err, reason = "tonic's status is what it is")]
    fn call<Question, Answer>(
        &self,
        verb: &str,
        question: Question,
        patience: Duration,
    ) -> Result<Answer, LearnError>
    where
        Question: Message + Default + 'static,
        Answer: Message + Default + 'static,
    {
        let path = PathAndQuery::try_from(format!("/infinitezero.learner.v1.Learner/{verb}"))
            .map_err(|error| LearnError::Foreign(error.to_string()))?;
        let mut client = Grpc::new(self.channel.clone())
            .max_decoding_message_size(2 * self.limits.bytes + HEADER)
            .max_encoding_message_size(2 * self.limits.bytes + HEADER);
        let answer = self.runtime.block_on(async {
            let asked = async {
                client.ready().await.map_err(|error| Status::unavailable(chain(&error)))?;
                client.unary(Request::new(question), path, ProstCodec::<Question, Answer>::default()).await
            };
            match tokio::time::timeout(patience, asked).await {
                Ok(answer) => answer,
                Err(_) => {
                    Err(Status::deadline_exceeded(format!("no answer in {} s", patience.as_secs_f32())))
                }
            }
        });
        let failed = |status: Status| {
            let unanswered = [Code::Unavailable, Code::DeadlineExceeded, Code::Cancelled, Code::Unknown];
            if unanswered.contains(&status.code()) {
                self.lost.store(true, Ordering::Relaxed);
            }
            LearnError::Foreign(format!("{verb}: {:?}: {}", status.code(), short(status.message())))
        };
        Ok(answer.map_err(failed)?.into_inner())
    }
}

impl Learner for HookLearner {
    fn properties(&self) -> Properties {
        self.properties.clone()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        let found: ParametersResponse = self.call("Parameters", ParametersRequest {}, self.limits.answer)?;
        Ok(Weights::from_safetensors(&found.weights, self.limits.bytes as u64)?)
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        task.check(global)?;
        let control = task.control.as_ref().map(Weights::to_safetensors).transpose()?;
        let question = FitRequest {
            weights: global.to_safetensors()?,
            round: task.round,
            seed: task.seed.to_vec(),
            epochs: task.epochs,
            batch: task.batch,
            learning_rate: task.learning_rate,
            privacy: task.privacy.map(message),
            control: control.unwrap_or_default(),
            sent: task.sent.as_ref().map(|sent| sent_columns(sent, &global.layout)).unwrap_or_default(),
            pace: task.sent.as_ref().map_or(1, Selection::pace),
            calibration: task.calibration,
        };
        let found: FitResponse = self.call("Fit", question, self.limits.work)?;
        let fit = answers::fit(&found, global, self.limits.bytes)?;
        let accounted = *self.accounted.lock().unwrap_or_else(PoisonError::into_inner);
        if task.privacy.is_some() && accounted.is_some_and(|examples| examples != fit.examples) {
            return Err(LearnError::Foreign(
                "Fit: it trained on another number of examples than it was paid for".into(),
            ));
        }
        Ok(fit)
    }

    fn private_steps(&self, epochs: u32, batch: u32, privacy: SampleClip) -> Result<Event, LearnError> {
        let task = Some(PrivateTask { epochs, batch, privacy: Some(message(privacy)) });
        let found: PropertiesResponse =
            self.call("Properties", PropertiesRequest { task }, self.limits.answer)?;
        let steps = found.steps.ok_or_else(|| {
            LearnError::Task("this learner does not train privately, or does not say what it costs".into())
        })?;
        let event = answers::event(&steps, privacy)?;
        *self.accounted.lock().unwrap_or_else(PoisonError::into_inner) = Some(steps.examples);
        Ok(event)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        let question = EvaluateRequest { weights: weights.to_safetensors()? };
        let found: EvaluateResponse = self.call("Evaluate", question, self.limits.work)?;
        answers::evaluation(found)
    }
}

/// The columns of the tensors that are not sent whole.
fn sent_columns(sent: &Selection, layout: &Layout) -> Vec<SentColumns> {
    let named = layout.0.iter().zip(sent.columns(layout));
    let told = |(tensor, columns): (&TensorShape, Option<Vec<u32>>)| {
        Some(SentColumns { tensor: tensor.name.clone(), columns: columns? })
    };
    named.filter_map(told).collect()
}

fn message(privacy: SampleClip) -> messages::SampleClip {
    messages::SampleClip { clip: privacy.clip, noise_multiplier: privacy.noise_multiplier }
}

/// The beginning of a stranger's words, on one line.
fn short(text: &str) -> String {
    text.chars().take(500).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
