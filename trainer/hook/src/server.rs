//! The other side: serves a learner of Rust to the trainer, on loopback, one call at a time.

use std::{
    future::Future,
    io::Read as _,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::JoinHandle,
};

use axum::{Router, extract::Request, routing::post};
use iz_protect::accountant::Mechanism;
use iz_round::{FitTask, Layout, LearnError, Learner, SampleClip, Selection, Weights};
use prost::Message;
use tokio::{net::TcpListener, runtime::Builder};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Response, Status, codec::ProstCodec, server::UnaryService, service::Routes};

use crate::{
    client::HookError,
    messages::{
        self, EvaluateRequest, EvaluateResponse, ExportRequest, ExportResponse, FitRequest, FitResponse,
        ParametersRequest, ParametersResponse, PrivateSteps, PropertiesRequest, PropertiesResponse,
        SentColumns, Subgroup,
    },
};

/// The variable in which a trainer that starts a learner says where to listen.
pub const ADDRESS: &str = "IZ_LEARNER_ADDRESS";
/// Of one file of weights.
const MAX_WEIGHTS: u64 = 1 << 30;
/// Two files of weights in a message: the model's and a control variate.
const MAX_MESSAGE: usize = (2 << 30) - 1;

/// A learner that can be served, and where it likes, write weights in other formats.
pub trait Served: Learner + Send + 'static {
    fn export(&self, _weights: &Weights, format: &str) -> Result<Vec<u8>, LearnError> {
        Err(LearnError::Task(format!("this learner writes no {format}")))
    }
}

/// A learner behind gRPC, until the process ends.
pub struct Server {
    address: SocketAddr,
    thread: JoinHandle<Result<(), String>>,
}

impl Server {
    pub fn start(learner: impl Served, address: SocketAddr) -> Result<Self, HookError> {
        if !address.ip().is_loopback() {
            return Err(HookError::NotLocal(address));
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(address))?;
        let address = listener.local_addr()?;
        let thread = std::thread::spawn(move || {
            let server = tonic::transport::Server::builder().add_routes(Routes::from(routes(learner)));
            let serving = server.serve_with_incoming(TcpListenerStream::new(listener));
            runtime.block_on(serving).map_err(|error| error.to_string())
        });
        Ok(Self { address, thread })
    }

    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Blocks for as long as it serves; answers with why it ended.
    #[must_use]
    pub fn wait(self) -> String {
        match self.thread.join() {
            Ok(Ok(())) => "the server ended".into(),
            Ok(Err(reason)) => reason,
            Err(_) => "the server failed".into(),
        }
    }
}

/// Ends this process when the trainer that started it is gone: it holds the other end of standard input. Does nothing for one that a person
/// started.
pub fn end_with_the_trainer() {
    if std::env::var_os(ADDRESS).is_none() {
        return;
    }
    std::thread::spawn(|| {
        let mut rest = Vec::new();
        // nobody writes to it: it ends, or it fails, when the trainer does
        while matches!(std::io::stdin().take(1024).read_to_end(&mut rest), Ok(1..)) {
            rest.clear();
        }
        std::process::exit(0);
    });
}

/// Work for the one thread that has the learner.
type Job<L> = Box<dyn FnOnce(&mut L) + Send>;

fn routes<L: Served>(learner: L) -> Router {
    let (jobs, queue) = mpsc::channel::<Job<L>>();
    std::thread::spawn(move || {
        let mut learner = learner;
        while let Ok(job) = queue.recv() {
            job(&mut learner);
        }
    });
    let jobs = Arc::new(Mutex::new(jobs));
    let router = verb(Router::new(), &jobs, "Properties", properties);
    let router = verb(router, &jobs, "Parameters", parameters);
    let router = verb(router, &jobs, "Fit", fit);
    let router = verb(router, &jobs, "Evaluate", evaluate);
    verb(router, &jobs, "Export", export)
}

type Jobs<L> = Arc<Mutex<mpsc::Sender<Job<L>>>>;

/// Answers one verb by a function, on the learner's thread.
struct Verb<L, Question, Answer> {
    jobs: Jobs<L>,
    answer: fn(&mut L, Question) -> Result<Answer, LearnError>,
}

impl<L: Served, Question: Send + 'static, Answer: Send + 'static> UnaryService<Question>
    for Verb<L, Question, Answer>
{
    type Response = Answer;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Answer>, Status>> + Send>>;

    fn call(&mut self, request: tonic::Request<Question>) -> Self::Future {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let answer = self.answer;
        let job: Job<L> = Box::new(move |learner| {
            // who asked may have given up
            let _ = sender.send(answer(learner, request.into_inner()));
        });
        let sent = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).send(job);
        Box::pin(async move {
            let gone = || Status::unavailable("the learner has failed");
            sent.map_err(|_| gone())?;
            match receiver.await.map_err(|_| gone())? {
                Ok(answer) => Ok(Response::new(answer)),
                Err(error) => Err(Status::invalid_argument(error.to_string())),
            }
        })
    }
}

fn verb<L: Served, Question, Answer>(
    router: Router,
    jobs: &Jobs<L>,
    name: &str,
    answer: fn(&mut L, Question) -> Result<Answer, LearnError>,
) -> Router
where
    Question: Message + Default + 'static,
    Answer: Message + Default + 'static,
{
    let jobs = jobs.clone();
    let handler = move |request: Request| {
        let service = Verb { jobs: jobs.clone(), answer };
        async move {
            let codec = ProstCodec::<Answer, Question>::default();
            let mut server = tonic::server::Grpc::new(codec)
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE);
            server.unary(service, request).await
        }
    };
    router.route(&format!("/infinitezero.learner.v1.Learner/{name}"), post(handler))
}

fn weights(bytes: &[u8]) -> Result<Weights, LearnError> {
    Ok(Weights::from_safetensors(bytes, MAX_WEIGHTS)?)
}

fn clip(privacy: messages::SampleClip) -> SampleClip {
    SampleClip { clip: privacy.clip, noise_multiplier: privacy.noise_multiplier }
}

/// What is sent, where that is not everything.
fn selection(sent: &[SentColumns], pace: u32, layout: &Layout) -> Result<Option<Selection>, LearnError> {
    if sent.is_empty() {
        return Ok(None);
    }
    let mut columns = vec![None; layout.0.len()];
    for told in sent {
        let place = layout.0.iter().position(|tensor| tensor.name == told.tensor);
        let place = place.and_then(|place| columns.get_mut(place)).filter(|columns| columns.is_none());
        let wrong = || {
            LearnError::Task(format!("columns of a tensor that is not there, or twice: {:?}", told.tensor))
        };
        *place.ok_or_else(wrong)? = Some(told.columns.clone());
    }
    let wrong = || LearnError::Task("columns that their tensor has not, in no order, or at no pace".into());
    Selection::of_columns(layout, &columns, pace.max(1)).map(Some).ok_or_else(wrong)
}

fn properties<L: Served>(
    learner: &mut L,
    request: PropertiesRequest,
) -> Result<PropertiesResponse, LearnError> {
    let found = learner.properties();
    let steps = match request.task {
        None => None,
        Some(task) => {
            let privacy = task.privacy.ok_or_else(|| LearnError::Task("no clip and no noise".into()))?;
            let privacy = clip(privacy);
            let event = learner.private_steps(task.epochs, task.batch, privacy)?;
            let sampling = event.mechanism.sampling();
            let Mechanism::Gaussian { .. } = event.mechanism else {
                return Err(LearnError::Task("another mechanism than Gaussian noise".into()));
            };
            // the probability in the numbers that it was made of: as a fraction of the examples
            let drawn = (u128::from(found.examples) * u128::from(sampling.numerator()))
                .div_ceil(u128::from(sampling.denominator()));
            Some(PrivateSteps {
                count: event.count,
                drawn: drawn as u64,
                examples: found.examples,
                noise_multiplier: privacy.noise_multiplier,
            })
        }
    };
    Ok(PropertiesResponse { model: found.model, framework: found.framework, examples: found.examples, steps })
}

fn parameters<L: Served>(learner: &mut L, _: ParametersRequest) -> Result<ParametersResponse, LearnError> {
    Ok(ParametersResponse { weights: learner.parameters()?.to_safetensors()? })
}

fn fit<L: Served>(learner: &mut L, request: FitRequest) -> Result<FitResponse, LearnError> {
    let seed =
        request.seed.as_slice().try_into().map_err(|_| LearnError::Task("a seed has 32 bytes".into()))?;
    let global = weights(&request.weights)?;
    let control = (!request.control.is_empty()).then(|| weights(&request.control)).transpose()?;
    let task = FitTask {
        round: request.round,
        seed,
        epochs: request.epochs,
        batch: request.batch,
        learning_rate: request.learning_rate,
        privacy: request.privacy.map(clip),
        control,
        sent: selection(&request.sent, request.pace, &global.layout)?,
        calibration: request.calibration,
    };
    task.check(&global)?;
    let fit = learner.fit(&global, &task)?;
    fit.check(&global)?;
    Ok(FitResponse { update: fit.update.to_safetensors()?, examples: fit.examples, loss: fit.loss })
}

fn evaluate<L: Served>(learner: &mut L, request: EvaluateRequest) -> Result<EvaluateResponse, LearnError> {
    let found = learner.evaluate(&weights(&request.weights)?)?;
    found.check()?;
    let subgroups = found.subgroups.into_iter().map(|(name, accuracy)| Subgroup { name, accuracy }).collect();
    Ok(EvaluateResponse { examples: found.examples, loss: found.loss, accuracy: found.accuracy, subgroups })
}

fn export<L: Served>(learner: &mut L, request: ExportRequest) -> Result<ExportResponse, LearnError> {
    Ok(ExportResponse { model: learner.export(&weights(&request.weights)?, &request.format)? })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail this way")]
mod tests {
    use super::*;
    use iz_round::TensorShape;

    #[test]
    fn columns_are_told_by_tensor_and_refused_where_there_are_none_such() {
        let tensor = |name: &str, shape: &[usize]| TensorShape { name: name.into(), shape: shape.to_vec() };
        let layout = Layout::new([tensor("a", &[2, 3]), tensor("b", &[4]), tensor("c", &[])]).unwrap();
        let told =
            |tensor: &str, columns: &[u32]| SentColumns { tensor: tensor.into(), columns: columns.to_vec() };
        assert_eq!(selection(&[], 1, &layout).unwrap(), None);
        let found = selection(&[told("a", &[0, 2])], 2, &layout).unwrap().unwrap();
        let update: Vec<f32> = (1u8..=11).map(f32::from).collect();
        assert_eq!(found.gather(&update), [0.5, 1.5, 2.0, 3.0, 7.0, 8.0, 9.0, 10.0, 11.0]);
        // a trainer that tells no pace means none
        let plain = selection(&[told("a", &[0, 2])], 0, &layout).unwrap().unwrap();
        assert_eq!(plain.gather(&update)[..2], [1.0, 3.0]);
        assert!(matches!(selection(&[told("a", &[0])], 5_000, &layout), Err(LearnError::Task(_))));
        for wrong in [
            vec![told("d", &[0])],
            vec![told("a", &[0]), told("a", &[1])],
            vec![told("a", &[3])],
            vec![told("a", &[u32::MAX])],
            vec![told("a", &[1, 1])],
            vec![told("a", &[1, 0])],
            vec![told("c", &[0])],
        ] {
            assert!(matches!(selection(&wrong, 1, &layout), Err(LearnError::Task(_))), "{wrong:?}");
        }
    }
}
