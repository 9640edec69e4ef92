//! A learner behind gRPC that answers well, badly, late or not at all.

#![allow(clippy::unwrap_used)]
#![allow(clippy::result_large_err, reason = "tonic's status is what it is")]

use std::{
    future::{Ready, ready},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use axum::{Router, extract::Request, routing::post};
use iz_hook::{
    HookError, HookLearner, Limits,
    messages::{
        EvaluateRequest, EvaluateResponse, FitRequest, FitResponse, ParametersRequest, ParametersResponse,
        PrivateSteps, PropertiesRequest, PropertiesResponse, SentColumns, Subgroup,
    },
};
use iz_protect::Rational;
use iz_round::{
    FitTask, Layout, LearnError, Learner, SampleClip, Selection, TensorShape, Weights, WeightsError,
};
use prost::Message;
use tonic::{Response, Status, codec::ProstCodec, server::UnaryService};

/// Answers one verb by a function.
struct Verb<Question, Answer>(Arc<dyn Fn(Question) -> Result<Answer, Status> + Send + Sync>);

impl<Question: Send, Answer: Send + 'static> UnaryService<Question> for Verb<Question, Answer> {
    type Response = Answer;
    type Future = Ready<Result<Response<Answer>, Status>>;

    fn call(&mut self, request: tonic::Request<Question>) -> Self::Future {
        ready((self.0)(request.into_inner()).map(Response::new))
    }
}

fn verb<Question, Answer>(
    router: Router,
    name: &str,
    answer: impl Fn(Question) -> Result<Answer, Status> + Send + Sync + 'static,
) -> Router
where
    Question: Message + Default + 'static,
    Answer: Message + Default + 'static,
{
    let answer: Arc<dyn Fn(Question) -> Result<Answer, Status> + Send + Sync> = Arc::new(answer);
    let handler = move |request: Request| async move {
        let mut server = tonic::server::Grpc::new(ProstCodec::<Answer, Question>::default());
        server.unary(Verb(answer.clone()), request).await
    };
    router.route(&format!("/infinitezero.learner.v1.Learner/{name}"), post(handler))
}

/// A learner that answers fits and evaluations like this.
fn serve(
    fit: impl Fn(FitRequest) -> Result<FitResponse, Status> + Send + Sync + 'static,
    evaluate: impl Fn(EvaluateRequest) -> Result<EvaluateResponse, Status> + Send + Sync + 'static,
) -> SocketAddr {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            let properties = |request: PropertiesRequest| {
                let steps = request.task.map(|task| PrivateSteps {
                    count: 3 * u64::from(task.epochs),
                    drawn: 1,
                    examples: 3,
                    noise_multiplier: task.privacy.map_or(0.0, |privacy| privacy.noise_multiplier),
                });
                Ok(PropertiesResponse { model: "line".into(), framework: "none".into(), examples: 3, steps })
            };
            let parameters = |_: ParametersRequest| {
                Ok(ParametersResponse { weights: weights(&[1.0, 2.0]).to_safetensors().unwrap() })
            };
            let router = verb(Router::new(), "Properties", properties);
            let router = verb(verb(verb(router, "Parameters", parameters), "Fit", fit), "Evaluate", evaluate);
            let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
            let routes = tonic::service::Routes::from(router);
            tonic::transport::Server::builder()
                .add_routes(routes)
                .serve_with_incoming(incoming)
                .await
                .unwrap();
        });
    });
    receiver.recv().unwrap()
}

fn weights(values: &[f32]) -> Weights {
    let layout = Layout::new([TensorShape { name: "w".into(), shape: vec![values.len()] }]).unwrap();
    Weights { layout, values: values.to_vec() }
}

/// The bytes of weights as somebody who checks nothing would write them.
fn unchecked(values: &[f32]) -> Vec<u8> {
    let mut bytes = weights(&vec![0.0; values.len()]).to_safetensors().unwrap();
    let start = bytes.len() - 4 * values.len();
    bytes[start..].copy_from_slice(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>());
    bytes
}

fn task() -> FitTask {
    FitTask {
        round: 7,
        seed: [9; 32],
        epochs: 2,
        batch: 4,
        learning_rate: 0.5,
        privacy: Some(SampleClip { clip: 1.0, noise_multiplier: 2.0 }),
        control: None,
        sent: None,
        calibration: 0.0,
    }
}

fn fit(update: Vec<u8>) -> FitResponse {
    FitResponse { update, examples: 3, loss: 0.25 }
}

fn no_evaluation(_: EvaluateRequest) -> Result<EvaluateResponse, Status> {
    Err(Status::unimplemented("not here"))
}

#[test]
fn the_task_arrives_whole_and_the_answer_comes_back() {
    let address = serve(
        |request| {
            let global = Weights::from_safetensors(&request.weights, 1 << 20).unwrap();
            let privacy = request.privacy.map(|clip| (clip.clip, clip.noise_multiplier));
            let numbers = (request.round, request.seed, request.epochs, request.batch, request.learning_rate);
            if numbers != (7, vec![9; 32], 2, 4, 0.5)
                // one of the two: private training does not calibrate
                || !matches!((privacy, request.calibration), (Some((1.0, 2.0)), 0.0) | (None, 0.75))
                || request.sent != [SentColumns { tensor: "w".into(), columns: vec![0] }]
                || request.pace != 3
            {
                return Err(Status::invalid_argument("another task"));
            }
            let update: Vec<f32> = global.values.iter().map(|value| value * 10.0).collect();
            Ok(fit(weights(&update).to_safetensors().unwrap()))
        },
        |_| {
            let subgroups = vec![Subgroup { name: "north".into(), accuracy: 0.5 }];
            Ok(EvaluateResponse { examples: 8, loss: 0.5, accuracy: Some(0.75), subgroups })
        },
    );
    let mut learner = HookLearner::connect(address, Limits::default()).unwrap();
    let properties = learner.properties();
    assert_eq!(
        (properties.model.as_str(), properties.framework.as_str(), properties.examples),
        ("line", "none", 3)
    );
    let global = learner.parameters().unwrap();
    assert_eq!(global, weights(&[1.0, 2.0]));
    assert_eq!(properties.layout_hash, global.layout.hash());
    let sent = Selection::of_columns(&global.layout, &[Some(vec![0])], 3);
    let private = FitTask { sent, ..task() };
    for task in [FitTask { privacy: None, calibration: 0.75, ..private.clone() }, private.clone()] {
        let found = learner.fit(&global, &task).unwrap();
        assert_eq!((found.update, found.examples, found.loss), (weights(&[10.0, 20.0]), 3, 0.25));
    }
    let both = FitTask { calibration: 0.75, ..private };
    assert!(matches!(learner.fit(&global, &both), Err(LearnError::Task(_))), "it is not even asked");
    let found = learner.evaluate(&global).unwrap();
    assert_eq!((found.accuracy, found.subgroups), (Some(0.75), vec![("north".to_string(), 0.5)]));
}

#[test]
fn what_a_learner_gets_wrong_is_an_error_and_the_next_call_works() {
    let answers: Vec<(&str, FitResponse)> = vec![
        ("nan", fit(unchecked(&[f32::NAN, 0.0]))),
        ("layout", fit(weights(&[1.0]).to_safetensors().unwrap())),
        ("bytes", fit(vec![1, 2, 3])),
        ("loss", FitResponse { loss: f32::INFINITY, ..fit(weights(&[1.0, 1.0]).to_safetensors().unwrap()) }),
        ("examples", FitResponse { examples: 0, ..fit(weights(&[1.0, 1.0]).to_safetensors().unwrap()) }),
        ("large", fit(vec![0; 4 << 20])),
    ];
    let count = answers.len() as u64;
    let names: Vec<&str> = answers.iter().map(|(name, _)| *name).collect();
    let address = serve(
        move |request| match answers.get(request.round as usize) {
            Some((_, answer)) => Ok(answer.clone()),
            None => Ok(fit(weights(&[1.0, 1.0]).to_safetensors().unwrap())),
        },
        |_| Ok(EvaluateResponse { examples: 1, loss: 0.0, accuracy: Some(1.5), subgroups: vec![] }),
    );
    let limits = Limits { bytes: 1 << 10, ..Limits::default() };
    let mut learner = HookLearner::connect(address, limits).unwrap();
    let global = learner.parameters().unwrap();
    for round in 0..count {
        let error = learner.fit(&global, &FitTask { round, ..task() }).unwrap_err();
        let expected = match names[round as usize] {
            "nan" => matches!(error, LearnError::Weights(WeightsError::NotFinite { .. })),
            "layout" => matches!(error, LearnError::LayoutMismatch),
            "bytes" => matches!(error, LearnError::Weights(WeightsError::Header(_))),
            "loss" => matches!(error, LearnError::NotFinite { .. }),
            "examples" => matches!(error, LearnError::BadData { .. }),
            _ => matches!(error, LearnError::Foreign(_)),
        };
        assert!(expected, "{}: {error:?}", names[round as usize]);
    }
    assert!(matches!(learner.evaluate(&global), Err(LearnError::BadData { .. })));
    assert!(learner.fit(&global, &FitTask { round: count, ..task() }).is_ok());
}

#[test]
fn private_steps_are_told_before_and_kept_to() {
    let address = serve(
        |request| {
            Ok(FitResponse { examples: request.round, ..fit(weights(&[1.0, 1.0]).to_safetensors().unwrap()) })
        },
        no_evaluation,
    );
    let mut learner = HookLearner::connect(address, Limits::default()).unwrap();
    let global = learner.parameters().unwrap();
    let privacy = task().privacy.unwrap();
    let event = learner.private_steps(2, 1, privacy).unwrap();
    assert_eq!((event.count, event.mechanism.sampling()), (6, Rational::new(1, 3).unwrap()));
    assert!(learner.fit(&global, &FitTask { round: 3, ..task() }).is_ok());
    let other = learner.fit(&global, &FitTask { round: 4, ..task() }).unwrap_err();
    assert!(other.to_string().contains("another number of examples"), "{other}");
    assert!(!learner.lost(), "a wrong answer is an answer");
}

#[test]
fn a_refusal_is_told_in_the_learners_words() {
    let address = serve(|_| Err(Status::invalid_argument("no DP-SGD\nhere")), no_evaluation);
    let mut learner = HookLearner::connect(address, Limits::default()).unwrap();
    let global = learner.parameters().unwrap();
    assert_eq!(
        learner.fit(&global, &task()).unwrap_err(),
        LearnError::Foreign("Fit: InvalidArgument: no DP-SGD here".into())
    );
    assert!(learner.evaluate(&global).unwrap_err().to_string().contains("Unimplemented: not here"));
}

#[test]
fn a_learner_that_never_answers_is_given_up() {
    let address = serve(
        |_| {
            std::thread::sleep(Duration::from_secs(3600));
            Err(Status::internal("too late"))
        },
        no_evaluation,
    );
    let limits = Limits { work: Duration::from_millis(200), ..Limits::default() };
    let mut learner = HookLearner::connect(address, limits).unwrap();
    let global = learner.parameters().unwrap();
    assert!(learner.fit(&global, &task()).unwrap_err().to_string().contains("DeadlineExceeded"));
    assert!(learner.lost());
}

#[test]
fn nobody_there_and_strangers_elsewhere_are_refused() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(matches!(HookLearner::connect(free, Limits::default()), Err(HookError::Connection { .. })));
    let elsewhere: SocketAddr = "192.0.2.1:50051".parse().unwrap();
    assert!(matches!(HookLearner::connect(elsewhere, Limits::default()), Err(HookError::NotLocal(_))));
}
