//! Requests, read strictly. No error repeats any of their content.

use serde_json::Value;
use thiserror::Error;

/// Bytes of a request at most.
pub const LARGEST_REQUEST: usize = 4 << 20;
/// Rows of a request at most.
pub const MAX_ROWS: usize = 4096;

/// Rows for one model.
#[derive(Clone, PartialEq)]
pub struct Question {
    pub model: String,
    pub rows: Vec<Vec<f32>>,
}

/// Where a request is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RequestError {
    #[error("the body is not JSON")]
    NotJson,
    #[error("'model' has to be a text")]
    Model,
    #[error("'inputs' has to be a list of 1 to {MAX_ROWS} rows")]
    Rows,
    #[error("row {0} is no list of finite numbers")]
    Row(usize),
    #[error("row {row} has {found} numbers; the model takes {expected}")]
    Width { row: usize, found: usize, expected: usize },
}

impl Question {
    pub fn parse(body: &[u8]) -> Result<Self, RequestError> {
        let value: Value = serde_json::from_slice(body).map_err(|_| RequestError::NotJson)?;
        let model = value.get("model").and_then(Value::as_str).ok_or(RequestError::Model)?.to_owned();
        let inputs = value.get("inputs").and_then(Value::as_array).ok_or(RequestError::Rows)?;
        if inputs.is_empty() || inputs.len() > MAX_ROWS {
            return Err(RequestError::Rows);
        }
        let rows = inputs.iter().enumerate().map(|(index, row)| row_of(row).ok_or(RequestError::Row(index)));
        Ok(Self { model, rows: rows.collect::<Result<_, _>>()? })
    }

    pub(crate) fn check(&self, expected: usize) -> Result<(), RequestError> {
        match self.rows.iter().enumerate().find(|(_, row)| row.len() != expected) {
            Some((row, numbers)) => Err(RequestError::Width { row, found: numbers.len(), expected }),
            None => Ok(()),
        }
    }
}

fn row_of(row: &Value) -> Option<Vec<f32>> {
    let number = |value: &Value| Some(value.as_f64()? as f32).filter(|number| number.is_finite());
    row.as_array()?.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn questions_are_read_and_faults_are_placed() {
        let question = Question::parse(br#"{"model":"m","inputs":[[1,2.5],[-3e2,0]]}"#).unwrap();
        assert_eq!(
            (question.model.as_str(), &question.rows),
            ("m", &vec![vec![1.0, 2.5], vec![-300.0, 0.0]])
        );
        assert_eq!(question.check(3), Err(RequestError::Width { row: 0, found: 2, expected: 3 }));
        let wrong = |body: &str| Question::parse(body.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(wrong("{"), RequestError::NotJson);
        assert_eq!(wrong("[]"), RequestError::Model);
        assert_eq!(wrong(r#"{"model":7}"#), RequestError::Model);
        assert_eq!(wrong(r#"{"model":"m","inputs":[]}"#), RequestError::Rows);
        assert_eq!(wrong(r#"{"model":"m","inputs":[[1],["2"]]}"#), RequestError::Row(1));
        assert_eq!(wrong(r#"{"model":"m","inputs":[[1e39]]}"#), RequestError::Row(0));
        assert_eq!(wrong(r#"{"model":"m","inputs":[7]}"#), RequestError::Row(0));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Question::parse(&body).is_err());
        }

        #[test]
        fn a_damaged_question_is_read_or_refused(place in 0usize..46, byte in any::<u8>()) {
            let mut body = br#"{"model":"m","inputs":[[1,2.5],[-3e2,0],[7,8]]}"#.to_vec();
            body[place] = byte;
            if let Ok(question) = Question::parse(&body) {
                prop_assert!(question.rows.iter().flatten().all(|number| number.is_finite()));
            }
        }
    }
}
