//! Calls the other process and checks what it says.

use std::{net::SocketAddr, time::Duration};

use iz_round::{Evaluation, Fit, FitTask, LearnError, Learner, Properties, Weights, WeightsError};
use prost::Message;
use tokio::runtime::{Builder, Runtime};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::ProstCodec,
    codegen::http::uri::PathAndQuery,
    transport::{Channel, Endpoint},
};

use crate::messages::{
    EvaluateRequest, EvaluateResponse, FitRequest, FitResponse, ParametersRequest, ParametersResponse,
    PropertiesRequest, PropertiesResponse, SampleClip,
};

/// Room in an answer for what is not weights.
const HEADER: usize = 1 << 20;
/// Groups of people or places that are read of an evaluation.
const MAX_SUBGROUPS: usize = 10_000;
/// Bytes that are read of a name.
const MAX_NAME: usize = 256;

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
        let mut learner = Self { runtime, channel, limits, properties: empty };
        let found: PropertiesResponse = learner.call("Properties", PropertiesRequest {}, limits.answer)?;
        learner.properties = Properties {
            model: name(found.model)?,
            framework: name(found.framework)?,
            examples: found.examples,
            layout_hash: learner.parameters()?.layout.hash(),
        };
        Ok(learner)
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
            LearnError::Foreign(format!("{verb}: {:?}: {}", status.code(), short(status.message())))
        };
        Ok(answer.map_err(failed)?.into_inner())
    }

    fn weights(&self, bytes: &[u8]) -> Result<Weights, WeightsError> {
        Weights::from_safetensors(bytes, self.limits.bytes as u64)
    }
}

impl Learner for HookLearner {
    fn properties(&self) -> Properties {
        self.properties.clone()
    }

    fn parameters(&self) -> Result<Weights, LearnError> {
        let found: ParametersResponse = self.call("Parameters", ParametersRequest {}, self.limits.answer)?;
        Ok(self.weights(&found.weights)?)
    }

    fn fit(&mut self, global: &Weights, task: &FitTask) -> Result<Fit, LearnError> {
        let control = task.control.as_ref().map(Weights::to_safetensors).transpose()?;
        let question = FitRequest {
            weights: global.to_safetensors()?,
            round: task.round,
            seed: task.seed.to_vec(),
            epochs: task.epochs,
            batch: task.batch,
            learning_rate: task.learning_rate,
            privacy: task
                .privacy
                .map(|privacy| SampleClip { clip: privacy.clip, noise_multiplier: privacy.noise_multiplier }),
            control: control.unwrap_or_default(),
        };
        let found: FitResponse = self.call("Fit", question, self.limits.work)?;
        let control_delta = match (found.control_delta.is_empty(), &task.control) {
            (true, None) => None,
            (false, Some(_)) => Some(self.weights(&found.control_delta)?),
            _ => {
                return Err(LearnError::Foreign(
                    "Fit: a control variate is answered with one, and nothing else is".into(),
                ));
            }
        };
        let fit = Fit {
            update: self.weights(&found.update)?,
            examples: found.examples,
            loss: found.loss,
            control_delta,
        };
        fit.check(global)?;
        Ok(fit)
    }

    fn evaluate(&mut self, weights: &Weights) -> Result<Evaluation, LearnError> {
        let question = EvaluateRequest { weights: weights.to_safetensors()? };
        let found: EvaluateResponse = self.call("Evaluate", question, self.limits.work)?;
        if found.subgroups.len() > MAX_SUBGROUPS {
            return Err(LearnError::Foreign(format!("Evaluate: {} subgroups", found.subgroups.len())));
        }
        let subgroups = found.subgroups.into_iter().map(|group| Ok((name(group.name)?, group.accuracy)));
        let evaluation = Evaluation {
            examples: found.examples,
            loss: found.loss,
            accuracy: found.accuracy,
            subgroups: subgroups.collect::<Result<_, LearnError>>()?,
        };
        evaluation.check()?;
        Ok(evaluation)
    }
}

fn name(text: String) -> Result<String, LearnError> {
    if text.len() > MAX_NAME || text.chars().any(char::is_control) {
        return Err(LearnError::Foreign(format!(
            "a name of {} bytes, or with control characters",
            text.len()
        )));
    }
    Ok(text)
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
