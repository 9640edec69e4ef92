//! The routes and the form of answers.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::{Counts, Description, LARGEST_REQUEST, Predictor, Question};

struct Shared {
    models: Vec<Arc<dyn Predictor>>,
    counts: Arc<Counts>,
}

impl Shared {
    fn find(&self, id: &str) -> Option<&Arc<dyn Predictor>> {
        self.models.iter().find(|model| model.describe().id == id)
    }
}

/// Serves these models; `counts` are what `/metrics` shows.
pub fn router(models: Vec<Arc<dyn Predictor>>, counts: Arc<Counts>) -> Router {
    Router::new()
        .route("/v1/models", get(list))
        .route("/v1/models/{id}", get(one))
        .route("/v1/predictions", post(predict))
        .route("/metrics", get(metrics))
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(Arc::new(Shared { models, counts }))
}

fn shown(description: &Description) -> Value {
    json!({
        "id": description.id,
        "object": "model",
        "created": description.created,
        "owned_by": "infinitezero",
        "inputs": description.inputs,
        "classes": description.classes,
    })
}

async fn list(State(shared): State<Arc<Shared>>) -> Response {
    let data: Vec<Value> = shared.models.iter().map(|model| shown(model.describe())).collect();
    Json(json!({ "object": "list", "data": data })).into_response()
}

async fn one(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.find(&id) {
        Some(model) => Json(shown(model.describe())).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "no such model"),
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], shared.counts.to_text()).into_response()
}

async fn predict(State(shared): State<Arc<Shared>>, body: Result<Bytes, BytesRejection>) -> Response {
    let started = Instant::now();
    let refused = |status, why: &str| {
        shared.counts.refused();
        refusal(status, why)
    };
    let Ok(body) = body else {
        return refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or was cut");
    };
    let question = match Question::parse(&body) {
        Ok(question) => question,
        Err(error) => return refused(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    drop(body);
    let Some(model) = shared.find(&question.model).cloned() else {
        return refused(StatusCode::NOT_FOUND, "no such model");
    };
    if let Err(error) = question.check(model.describe().inputs.len()) {
        return refused(StatusCode::BAD_REQUEST, &error.to_string());
    }
    let rows = question.rows.len();
    let computed = {
        let model = model.clone();
        tokio::task::spawn_blocking(move || model.predict(&question.rows)).await
    };
    match computed {
        Ok(Ok(answers)) if answers.len() == rows => {
            shared.counts.answered(rows, started.elapsed());
            let description = model.describe();
            let data: Vec<Value> =
                answers.iter().enumerate().map(|(index, row)| answer(description, index, row)).collect();
            let usage = json!({ "rows": rows });
            Json(json!({ "object": "list", "model": description.id, "data": data, "usage": usage }))
                .into_response()
        }
        _ => {
            shared.counts.failed();
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "the model failed")
        }
    }
}

fn answer(description: &Description, index: usize, row: &[f32]) -> Value {
    if description.classes.is_empty() {
        return json!({ "index": index, "values": row });
    }
    let best = (0..row.len()).max_by(|&one, &other| row[one].total_cmp(&row[other])).unwrap_or_default();
    json!({ "index": index, "class": description.classes.get(best), "probabilities": row })
}

fn refusal(status: StatusCode, why: &str) -> Response {
    let kind = if status.is_client_error() { "invalid_request_error" } else { "server_error" };
    (status, Json(json!({ "error": { "message": why, "type": kind } }))).into_response()
}
