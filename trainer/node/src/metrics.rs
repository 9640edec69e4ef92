//! Figures of a running trainer, for Prometheus and TensorBoard.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::header;
use axum::routing::get;

/// Name, kind and meaning of each, a line each; also what the rules and dashboards of testnet are held against.
const LIST: &str = include_str!("../../../testnet/prometheus/trainer.txt");

fn list() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    LIST.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (name, rest) = line.split_once(' ')?;
        let (kind, help) = rest.split_once(' ')?;
        Some((name, kind, help))
    })
}

/// Gauges and counters by name. All of the list are there from the start, and no others: nothing of the data gets in.
pub struct Metrics(Mutex<BTreeMap<&'static str, f64>>);

impl Default for Metrics {
    fn default() -> Self {
        Self(Mutex::new(list().map(|(name, _, _)| (name, 0.0)).collect()))
    }
}

impl Metrics {
    pub fn set(&self, name: &'static str, value: f64) {
        self.change(name, |known| *known = value);
    }

    pub fn add(&self, name: &'static str, value: f64) {
        self.change(name, |known| *known += value);
    }

    fn change(&self, name: &'static str, change: impl FnOnce(&mut f64)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        debug_assert!(known.contains_key(name), "{name} is not in testnet/prometheus/trainer.txt");
        if let Some(value) = known.get_mut(name) {
            change(value);
        }
    }

    /// Prometheus' text form.
    pub fn to_text(&self) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for (name, kind, help) in list() {
            let value = known.get(name).copied().unwrap_or_default();
            let name = format!("iz_trainer_{name}");
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
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
        let text = metrics.to_text();
        assert!(text.contains("# TYPE iz_trainer_loss gauge\niz_trainer_loss 0.5\n"), "{text}");
        assert!(
            text.contains("# TYPE iz_trainer_rounds_total counter\niz_trainer_rounds_total 2\n"),
            "{text}"
        );
        assert!(text.contains("\niz_trainer_faults_total 0\n"), "{text}");
    }

    #[test]
    fn every_line_of_the_list_is_a_metric() {
        let lines = LIST.lines().filter(|line| !line.starts_with('#')).count();
        let names: std::collections::BTreeSet<_> = list().map(|(name, _, _)| name).collect();
        assert_eq!(names.len(), lines);
        for (name, kind, help) in list() {
            assert_eq!(kind, if name.ends_with("_total") { "counter" } else { "gauge" }, "{name}");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && help.ends_with('.')
            );
        }
    }
}
