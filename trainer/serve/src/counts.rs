//! Counts of what was served, in Prometheus' text form: numbers only.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Debug, Default)]
pub struct Counts {
    answered: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    rows: AtomicU64,
    microseconds: AtomicU64,
}

impl Counts {
    pub(crate) fn answered(&self, rows: usize, took: Duration) {
        self.answered.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(took, Ordering::Relaxed);
    }

    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Prometheus' text form.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let mut metric = |name: &str, help: &str, lines: &[(&str, String)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (labels, value) in lines {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        metric(
            "iz_serve_requests_total",
            "Requests for predictions.",
            &[
                ("{outcome=\"answered\"}", read(&self.answered).to_string()),
                ("{outcome=\"refused\"}", read(&self.refused).to_string()),
                ("{outcome=\"failed\"}", read(&self.failed).to_string()),
            ],
        );
        metric("iz_serve_rows_total", "Rows that were answered.", &[("", read(&self.rows).to_string())]);
        let seconds = read(&self.microseconds) as f64 / 1e6;
        metric("iz_serve_seconds_total", "Time spent on answers.", &[("", seconds.to_string())]);
        text
    }
}
