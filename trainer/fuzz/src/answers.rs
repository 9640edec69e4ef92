//! Answers of a learner and of a node, and questions to a model.

use iz_chain_client::{answers, read_answer};
use iz_hook::{
    answers as learners,
    messages::{EvaluateResponse, FitResponse, ParametersResponse, PropertiesResponse},
};
use iz_protect::Rational;
use iz_round::{Layout, SampleClip, TensorShape, Weights};
use iz_serve::Question;
use prost::Message;

/// Of one file of weights.
const LIMIT: usize = 1 << 16;

/// The weights that a local step began with.
pub fn global() -> Option<Weights> {
    let shape = |name: &str, shape: &[usize]| TensorShape { name: name.into(), shape: shape.to_vec() };
    Weights::zeros(&Layout::new([shape("a", &[3]), shape("b", &[2, 2])]).ok()?).ok()
}

pub fn learner(kind: u8, bytes: &[u8]) -> bool {
    match kind % 4 {
        0 => PropertiesResponse::decode(bytes).is_ok_and(|found| {
            let asked = SampleClip { clip: 1.0, noise_multiplier: 1.0 };
            if let Some(Ok(event)) = found.steps.map(|steps| learners::event(&steps, asked)) {
                assert!(event.count > 0 && event.mechanism.sampling() <= Rational::ONE);
                assert!(event.mechanism.check().is_ok(), "steps that cannot be accounted for");
            }
            learners::name(found.model).is_ok() && learners::name(found.framework).is_ok()
        }),
        1 => ParametersResponse::decode(bytes)
            .is_ok_and(|found| Weights::from_safetensors(&found.weights, LIMIT as u64).is_ok()),
        2 => FitResponse::decode(bytes).is_ok_and(|found| {
            let Some(global) = global() else { return false };
            learners::fit(&found, &global, LIMIT).is_ok_and(|fit| {
                assert_eq!(fit.check(&global), Ok(()));
                true
            })
        }),
        _ => EvaluateResponse::decode(bytes).is_ok_and(|found| {
            learners::evaluation(found).is_ok_and(|found| {
                assert_eq!(found.check(), Ok(()));
                true
            })
        }),
    }
}

pub fn chain(kind: u8, bytes: &[u8]) -> bool {
    let Ok(answer) = read_answer(bytes) else { return false };
    match kind % 5 {
        0 => answers::status(&answer).is_ok(),
        1 => answers::query(&answer).is_ok(),
        2 => answers::broadcast(&answer).is_ok(),
        3 => answers::transaction(&answer).is_ok(),
        _ => answers::block_results(&answer).is_ok(),
    }
}

pub fn question(bytes: &[u8]) -> bool {
    Question::parse(bytes).is_ok_and(|question| {
        assert!(question.rows.iter().flatten().all(|number| number.is_finite()));
        assert!(!question.rows.is_empty());
        true
    })
}
