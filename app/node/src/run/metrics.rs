//! Metrics in the text form of Prometheus, over plain HTTP.

use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result};
use iz_abci::Application;

/// A request's head is short; more is not read.
const MOST_BYTES: usize = 4096;
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves on a thread of its own; returns the address that was bound.
pub fn serve(application: &Arc<Application>, address: &str) -> Result<String> {
    let address = address.strip_prefix("tcp://").unwrap_or(address);
    let listener = TcpListener::bind(address)
        .with_context(|| format!("--metrics.address: cannot listen at {address}"))?;
    let bound = listener.local_addr()?.to_string();
    let application = application.clone();
    thread::Builder::new().name("metrics".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Err(error) = answer(&application, stream) {
                tracing::debug!(%error, "a request for metrics failed");
            }
        }
    })?;
    Ok(bound)
}

fn answer(application: &Application, mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let (mut head, mut part) = (Vec::new(), [0; 512]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < MOST_BYTES {
        match stream.read(&mut part)? {
            0 => break,
            read => head.extend_from_slice(&part[..read]),
        }
    }
    let (status, body) = if head.starts_with(b"GET /metrics") {
        ("200 OK", text(application))
    } else {
        ("404 Not Found", "metrics are at /metrics\n".to_owned())
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\nConnection: \
         close\r\n\r\n{body}",
        body.len()
    )
}

fn text(application: &Application) -> String {
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, value: i128| {
        let _ = writeln!(out, "# HELP izd_{name} {help}\n# TYPE izd_{name} gauge\nizd_{name} {value}");
    };
    let block = application.last_block();
    gauge("height", "Height of the last committed block.", application.height().into());
    gauge("block_time_seconds", "Time of the last committed block.", block.time.seconds.into());
    gauge("oldest_height", "Oldest height whose state is kept.", application.store().oldest_version().into());
    gauge(
        "state_keys",
        "Keys in the newest state.",
        i128::try_from(application.store().key_count()).unwrap_or(0),
    );
    let snapshot = application.list_snapshots().snapshots.first().map_or(0, |snapshot| snapshot.height);
    gauge("snapshot_height", "Height of the newest snapshot for state sync; 0 for none.", snapshot.into());
    if let Some(bytes) = resident_bytes() {
        gauge("resident_memory_bytes", "Memory in use.", bytes.into());
    }
    out
}

/// From the kernel's own account of this process.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
