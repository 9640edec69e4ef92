//! Predictions are answered, and nothing of a request is found in logs, files, metrics or errors afterwards.

#![allow(clippy::unwrap_used, clippy::disallowed_types, reason = "tests fail this way")]

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use iz_serve::{Counts, Description, PredictError, Predictor, router};
use iz_trainer_store::Server;
use tracing_subscriber::fmt::MakeWriter;

/// Softmax of (sum, −sum); it fails for sums that are negative.
struct Sum(Description);

impl Predictor for Sum {
    fn describe(&self) -> &Description {
        &self.0
    }

    fn predict(&self, rows: &[Vec<f32>]) -> Result<Vec<Vec<f32>>, PredictError> {
        let one = |row: &Vec<f32>| {
            let sum: f32 = row.iter().sum();
            if sum < 0.0 {
                return Err(PredictError("a negative sum"));
            }
            let first = 1.0 / (1.0 + (-2.0 * sum).exp());
            Ok(vec![first, 1.0 - first])
        };
        rows.iter().map(one).collect()
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn files(folder: &Path, found: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.extend(std::fs::read(path).unwrap()) }
    }
}

#[test]
fn requests_leave_counts_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).init();
    tracing::info!("the log is on");

    let description = Description {
        id: "sum".into(),
        created: 1,
        inputs: vec!["a".into(), "b".into()],
        classes: vec!["plus".into(), "minus".into()],
    };
    let counts = Arc::new(Counts::default());
    let server =
        Server::start("127.0.0.1:0", router(vec![Arc::new(Sum(description))], counts.clone())).unwrap();
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let post = |body: &str| {
        let mut response = agent.post(format!("{}/v1/predictions", server.url())).send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    };
    let mut said = String::new();
    let mut expect = |body: &str, status: u16| {
        let (found, answer) = post(body);
        assert_eq!(found, status, "{answer}");
        said += &answer;
        answer
    };
    // a mark in every place of a request: 737.3125 and SECRET
    let answer = expect(r#"{"model":"sum","inputs":[[737.3125,1],[0,0]],"note":"SECRET"}"#, 200);
    assert!(answer.contains(r#""class":"plus""#) && answer.contains(r#""rows":2"#), "{answer}");
    expect(r#"{"model":"SECRET","inputs":[[737.3125,1]]}"#, 404);
    expect(r#"{"model":"sum","inputs":[["SECRET",737.3125]]}"#, 400);
    expect(r#"{"model":"sum","inputs":[[737.3125]]}"#, 400);
    expect(r#"{"model":"sum","inputs":[[-737.3125,0]]}"#, 500);
    expect("SECRET 737.3125 {", 400);
    let large = format!(r#"{{"model":"SECRET","inputs":[[{}1]]}}"#, "737.3125,".repeat(600_000));
    assert!(
        matches!(agent.post(format!("{}/v1/predictions", server.url())).send(&large), Ok(response) if response.status() == 413)
            || counts.to_text().contains("refused\"} 5"),
        "the body is over the limit"
    );

    let get = |path: &str| {
        agent.get(format!("{}{path}", server.url())).call().unwrap().body_mut().read_to_string().unwrap()
    };
    assert!(get("/v1/models").contains(r#""id":"sum""#));
    assert!(get("/v1/models/sum").contains(r#""inputs":["a","b"]"#));
    assert!(get("/v1/models/none").contains("no such model"));
    let metrics = get("/metrics");
    assert!(metrics.contains("iz_serve_requests_total{outcome=\"answered\"} 1"), "{metrics}");
    assert!(
        metrics.contains("iz_serve_rows_total 2") && metrics.contains("{outcome=\"failed\"} 1"),
        "{metrics}"
    );
    drop(server);

    let mut written = log.0.lock().unwrap().clone();
    assert!(String::from_utf8_lossy(&written).contains("the log is on"));
    files(folder.path(), &mut written);
    let everything = String::from_utf8_lossy(&written).into_owned() + &metrics + &said;
    for mark in ["SECRET", "737.3125"] {
        assert!(!everything.contains(mark), "{mark} was kept: {everything}");
    }
}
