//! What a person or a program is told: lines, or with `--format json` one object a line.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use serde_json::{Map, Value};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Where answers go: standard output. Progress goes to standard error, and only to a terminal.
pub struct Say {
    format: Format,
    /// Length of the progress line that stands there.
    shown: Mutex<usize>,
}

impl Say {
    pub fn new(format: Format) -> Self {
        Self { format, shown: Mutex::new(0) }
    }

    /// One answer: in text, `text`, or else the fields line by line.
    pub fn answer(&self, event: &str, text: Option<String>, fields: Value) {
        self.clear();
        let line = match self.format {
            Format::Json => {
                let mut object = Map::from_iter([("event".to_owned(), Value::from(event))]);
                match fields {
                    Value::Object(fields) => object.extend(fields),
                    Value::Null => {}
                    other => drop(object.insert("value".into(), other)),
                }
                Value::Object(object).to_string()
            }
            Format::Text => text.unwrap_or_else(|| lines(&fields)),
        };
        let mut output = std::io::stdout().lock();
        // a reader that is gone is no reason to stop
        let _ = writeln!(output, "{}", line.trim_end());
        let _ = output.flush();
    }

    /// A line that the next one replaces.
    pub fn progress(&self, line: &str) {
        if self.format == Format::Json || !std::io::stderr().is_terminal() {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let width = (*shown).max(line.chars().count());
        let _ = write!(std::io::stderr(), "\r{line:<width$}");
        *shown = line.chars().count();
    }

    fn clear(&self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown > 0 {
            let _ = write!(std::io::stderr(), "\r{:<width$}\r", "", width = *shown);
            *shown = 0;
        }
    }
}

/// `name  value`, nested names with dots.
fn lines(fields: &Value) -> String {
    fn walk(name: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                    walk(&name, value, found);
                }
            }
            Value::String(text) => found.push((name.to_owned(), text.clone())),
            Value::Null => {}
            other => found.push((name.to_owned(), other.to_string())),
        }
    }
    let mut found = Vec::new();
    walk("", fields, &mut found);
    let width = found.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    found.iter().map(|(name, value)| format!("{name:<width$}  {value}\n")).collect()
}

/// How far something is, how fast it goes, and when it will be done.
pub struct Progress {
    what: String,
    unit: &'static str,
    total: u64,
    started: Instant,
}

impl Progress {
    pub fn new(what: &str, unit: &'static str, total: u64) -> Self {
        Self { what: what.to_owned(), unit, total, started: Instant::now() }
    }

    pub fn show(&self, say: &Say, done: u64) {
        say.progress(&self.line(done, self.started.elapsed()));
    }

    fn line(&self, done: u64, passed: Duration) -> String {
        let (done, total) = (done.min(self.total), self.total.max(1));
        let filled = (done * 20 / total) as usize;
        let bar = "#".repeat(filled) + &"-".repeat(20 - filled);
        let rate = done as f64 / passed.as_secs_f64().max(1e-3);
        let left = if rate > 0.0 { ((total - done) as f64 / rate) as u64 } else { 0 };
        let unit = self.unit;
        format!(
            "{} [{bar}] {done}/{total} {unit}, {rate:.1} {unit}/s, {}:{:02} left",
            self.what,
            left / 60,
            left % 60
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_lined_up() {
        let text = lines(&json!({ "height": 7, "task": { "id": 1, "name": "digits" }, "none": null }));
        assert_eq!(text, "height     7\ntask.id    1\ntask.name  digits\n");
    }

    #[test]
    fn progress_has_a_rate_and_what_is_left() {
        let progress = Progress::new("training", "rows", 400);
        let line = progress.line(100, Duration::from_secs(50));
        assert_eq!(line, "training [#####---------------] 100/400 rows, 2.0 rows/s, 2:30 left");
        assert!(progress.line(900, Duration::from_secs(1)).contains("400/400"));
        assert!(Progress::new("x", "y", 0).line(0, Duration::ZERO).contains("0/1"));
    }
}
