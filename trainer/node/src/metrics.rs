//! Figures of a running trainer, for Prometheus and TensorBoard.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::header;
use axum::routing::get;

/// Gauges and counters by name; names are ours, so nothing of the data gets in.
#[derive(Default)]
pub struct Metrics(Mutex<BTreeMap<&'static str, f64>>);

impl Metrics {
    pub fn set(&self, name: &'static str, value: f64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }

    pub fn add(&self, name: &'static str, value: f64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += value;
    }

    /// Prometheus' text form. What ends in `_total` only grows.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
            let _ = writeln!(text, "# TYPE iz_trainer_{name} {kind}\niz_trainer_{name} {value}");
        }
        text
    }
}

pub fn router(metrics: Arc<Metrics>) -> Router {
    let show = move || {
        let text = metrics.to_text();
        async move { ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text) }
    };
    Router::new().route("/metrics", get(show))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_gauges_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.add("rounds_total", 1.0);
        metrics.add("rounds_total", 1.0);
        metrics.set("loss", 0.5);
        let wanted = "# TYPE iz_trainer_loss gauge\niz_trainer_loss 0.5\n# TYPE iz_trainer_rounds_total counter\niz_trainer_rounds_total 2\n";
        assert_eq!(metrics.to_text(), wanted);
    }
}
