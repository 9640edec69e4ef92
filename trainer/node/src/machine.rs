//! Measures this machine as the registry of nodes wants it: operations, memory, bandwidth of memory-backed transfer, tokens, energy.

use std::fs;
use std::time::{Duration, Instant};

use iz_contract_types::nodes::BenchmarkReport;

/// Multiply-adds that stand for one token: those of a model of a hundred million weights, one for each.
const OPERATIONS_PER_TOKEN: u64 = 200_000_000;
/// Side of the matrices.
const SIDE: usize = 192;

/// What was measured, before it is dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Million operations a second.
    pub compute: u64,
    /// Mebibytes that are free.
    pub memory: u64,
    /// Kilobits a second over the loopback interface: what the network stack of this machine can do at most.
    pub bandwidth: u64,
    /// Thousandths of a token a second.
    pub tokens: u64,
    /// Millijoules per thousand tokens.
    pub energy: Option<u64>,
}

impl Measured {
    pub fn at(self, at: u64) -> BenchmarkReport {
        let Self { compute, memory, bandwidth, tokens, energy } = self;
        BenchmarkReport { compute, memory, bandwidth, tokens, energy, at }
    }
}

pub fn measure(time: Duration) -> std::io::Result<Measured> {
    let before = energy_counter();
    let started = Instant::now();
    let operations = multiply(time);
    let seconds = started.elapsed().as_secs_f64();
    let joules = before.zip(energy_counter()).and_then(|(before, after)| after.checked_sub(before));
    let tokens = operations as f64 / OPERATIONS_PER_TOKEN as f64;
    // in microjoules by the counter, per thousand tokens in millijoules
    let energy = joules.map(|joules| (joules as f64 / 1e3 / (tokens / 1e3).max(1e-9)) as u64);
    Ok(Measured {
        compute: (operations as f64 / seconds / 1e6) as u64,
        memory: free_memory().unwrap_or(0),
        bandwidth: loopback(time)?,
        tokens: (tokens / seconds * 1e3) as u64,
        energy,
    })
}

/// Matrix products on every core; answers multiply-adds counted as two operations.
fn multiply(time: Duration) -> u64 {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let one = || {
        let left: Vec<f32> = (0..SIDE * SIDE).map(|index| (index % 7) as f32 * 0.25).collect();
        let right: Vec<f32> = (0..SIDE * SIDE).map(|index| (index % 5) as f32 * 0.5).collect();
        let mut product = vec![0.0f32; SIDE * SIDE];
        let (started, mut rounds) = (Instant::now(), 0u64);
        while started.elapsed() < time {
            for (row, out) in left.chunks(SIDE).zip(product.chunks_mut(SIDE)) {
                for (factor, line) in row.iter().zip(right.chunks(SIDE)) {
                    out.iter_mut().zip(line).for_each(|(sum, value)| *sum += factor * value);
                }
            }
            std::hint::black_box(&mut product);
            rounds += 1;
        }
        rounds * 2 * (SIDE as u64).pow(3)
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(one)).collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    })
}

/// Sends to itself for a while.
fn loopback(time: Duration) -> std::io::Result<u64> {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let reader = std::thread::spawn(move || -> std::io::Result<u64> {
        let (mut stream, _) = listener.accept()?;
        let (mut buffer, mut total) = (vec![0; 1 << 18], 0);
        loop {
            match stream.read(&mut buffer)? {
                0 => return Ok(total),
                read => total += read as u64,
            }
        }
    });
    let (buffer, started) = (vec![7; 1 << 18], Instant::now());
    let mut stream = std::net::TcpStream::connect(address)?;
    while started.elapsed() < time.min(Duration::from_secs(2)) {
        stream.write_all(&buffer)?;
    }
    drop(stream);
    let total = reader.join().unwrap_or(Ok(0))?;
    Ok((total as f64 * 8.0 / 1e3 / started.elapsed().as_secs_f64()) as u64)
}

/// Mebibytes, from /proc/meminfo.
fn free_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}

/// Microjoules of all packages since some time, where the machine tells (RAPL).
fn energy_counter() -> Option<u64> {
    let mut total = None;
    for entry in fs::read_dir("/sys/class/powercap").ok()?.flatten() {
        let name = entry.file_name();
        // packages, not their parts, which are counted in them
        let package =
            name.to_string_lossy().strip_prefix("intel-rapl:").is_some_and(|rest| !rest.contains(':'));
        let read = || fs::read_to_string(entry.path().join("energy_uj")).ok()?.trim().parse::<u64>().ok();
        if let Some(energy) = package.then(read).flatten() {
            total = Some(total.unwrap_or(0) + energy);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_is_above_zero() {
        let measured = measure(Duration::from_millis(50)).unwrap();
        assert!(measured.compute > 0 && measured.memory > 0 && measured.bandwidth > 0, "{measured:?}");
        assert_eq!(measured.at(7).at, 7);
    }
}
