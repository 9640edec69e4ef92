//! Blocks of bank sends on a store on disk: reads, overlay writes, app hash, commit, start; its snapshot, taken and restored.
//!
//! `cargo run --release -p iz-store --example store_bench [sends a block] [blocks] [accounts…]`
//!
//! Times are wall / processor, of the executing thread / of all threads: on a busy machine the second tells most. The genesis state is written by a
//! process of its own, so that the memory shown is that of a node which started on it.
//!
//! A send here is 25 reads and 10 writes, which change 6 keys: both balances, their two index entries, the sender's
//! account and the fee collector's balance.
#![expect(
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "a benchmark measures time and may stop at any failure"
)]

use std::{
    fs,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use iz_store::{MultiStore, Overlay, Reader, StoreKey, StoreOptions, VersionTime};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const ACC: StoreKey = StoreKey::new(0, "acc");
const BANK: StoreKey = StoreKey::new(1, "bank");
const PARAMS: &[u8] = b"\x05";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, directory, accounts] = &arguments[..]
        && first == "genesis"
    {
        return genesis(Path::new(directory), accounts.parse().unwrap());
    }
    let mut numbers = arguments.iter().map(|text| text.parse::<u64>().unwrap());
    let sends = numbers.next().unwrap_or(2_000);
    let blocks = numbers.next().unwrap_or(20);
    let mut sizes: Vec<u64> = numbers.collect();
    if sizes.is_empty() {
        sizes = vec![5_000, 100_000, 1_000_000];
    }
    for accounts in sizes {
        run(accounts, sends, blocks);
    }
}

/// A span of time by the wall's clock and by the process's.
#[derive(Clone, Copy, Default)]
struct Span {
    wall: Duration,
    thread: Duration,
    process: Duration,
}

impl Span {
    fn since(begin: &Mark) -> Self {
        Self {
            wall: begin.wall.elapsed(),
            thread: ran(Path::new(THREAD)) - begin.thread,
            process: all_ran() - begin.process,
        }
    }

    fn add(&mut self, other: Self) {
        self.wall += other.wall;
        self.thread += other.thread;
        self.process += other.process;
    }

    fn micros_per(self, count: u64) -> String {
        let per = |time: Duration| {
            let tenths = time.as_nanos() / u128::from(count) / 100;
            format!("{}.{}", tenths / 10, tenths % 10)
        };
        format!("{} / {} / {} µs", per(self.wall), per(self.thread), per(self.process))
    }
}

struct Mark {
    wall: Instant,
    thread: Duration,
    process: Duration,
}

const THREAD: &str = "/proc/thread-self/schedstat";

fn now() -> Mark {
    Mark { wall: Instant::now(), thread: ran(Path::new(THREAD)), process: all_ran() }
}

/// The time that a thread has run.
fn ran(schedstat: &Path) -> Duration {
    let text = fs::read_to_string(schedstat).unwrap_or_default();
    Duration::from_nanos(text.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// The time that all threads of this process have run.
fn all_ran() -> Duration {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    tasks.map(|task| ran(&task.path().join("schedstat"))).sum()
}

fn run(accounts: u64, sends: u64, blocks: u64) {
    let directory = tempfile::tempdir_in(".").unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    let child = child.arg("genesis").arg(directory.path()).arg(accounts.to_string());
    assert!(child.status().unwrap().success());
    let open = || MultiStore::open(directory.path(), &[ACC, BANK], &StoreOptions::default()).unwrap();
    let begin = now();
    let store = open();
    println!("{accounts} accounts, {} keys", store.key_count());
    println!(
        "  start on a base        {}, {} MiB (peak {})",
        millis(Span::since(&begin)),
        memory("VmRSS"),
        memory("VmHWM")
    );
    let stop = AtomicBool::new(false);
    let latencies = thread::scope(|scope| {
        let queries = scope.spawn(|| queries(&store, accounts, &stop));
        blocks_of_sends(&store, accounts, sends, blocks);
        stop.store(true, Ordering::Relaxed);
        queries.join().unwrap()
    });
    println!("  query beside blocks    10 reads and a proof: {latencies}");
    let app_hash = store.app_hash();
    println!("  memory                 {} MiB (peak {})", memory("VmRSS"), memory("VmHWM"));
    drop(store);
    let begin = now();
    let store = open();
    println!("  start on base and log  {}", millis(Span::since(&begin)));
    assert_eq!(store.app_hash(), app_hash);
    let sizes = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    println!("  on disk                {} MiB", sizes.sum::<u64>() >> 20);
    snapshot(&store);
}

/// Takes the newest version node by node, and restores it into another directory.
fn snapshot(store: &MultiStore) {
    let snapshot = store.snapshot(store.version()).unwrap();
    let begin = now();
    let nodes = [ACC, BANK].map(|key| snapshot.nodes(key).unwrap().map(Result::unwrap).collect::<Vec<_>>());
    let count: usize = nodes.iter().map(Vec::len).sum();
    println!("  snapshot               {}, {count} nodes", millis(Span::since(&begin)));
    let directory = tempfile::tempdir_in(".").unwrap();
    let restored = MultiStore::open(directory.path(), &[ACC, BANK], &StoreOptions::default()).unwrap();
    let begin = now();
    let mut restore = restored.begin_restore(store.version()).unwrap();
    for (key, nodes) in [ACC, BANK].iter().zip(nodes) {
        restore.begin_store(key.name()).unwrap();
        nodes.into_iter().for_each(|node| restore.add(node).unwrap());
    }
    println!("  gathered               {}", millis(Span::since(&begin)));
    let begin = now();
    restored.restore(restore, Some(store.app_hash())).unwrap();
    println!("  restored               {}", millis(Span::since(&begin)));
}

/// Reads and proves at the newest and at older versions every two milliseconds, until told to stop.
fn queries(store: &MultiStore, accounts: u64, stop: &AtomicBool) -> String {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let mut taken = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(2));
        let begin = Instant::now();
        let version = store.version().saturating_sub(random.random_range(0..3)).max(1);
        let snapshot = store.snapshot(version).unwrap();
        let mut key = Vec::new();
        for _ in 0..10 {
            key = balance_key(&address(random.random_range(1..=accounts)));
            snapshot.get(BANK, &key).unwrap();
        }
        snapshot.proof(BANK, &key).unwrap();
        taken.push(begin.elapsed());
    }
    taken.sort_unstable();
    let at = |hundredths: usize| taken.get(taken.len() * hundredths / 100).map_or(0, Duration::as_micros);
    format!("median {} µs, 99th percentile {} µs, of {}", at(50), at(99), taken.len())
}

fn blocks_of_sends(store: &MultiStore, accounts: u64, sends: u64, blocks: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut spans = [Span::default(); 3];
    let mut worst = Duration::ZERO;
    for version in 2..blocks + 2 {
        let taken = block(store, version, accounts, sends, &mut random);
        worst = worst.max(taken.iter().map(|span| span.wall).sum());
        for (span, taken) in spans.iter_mut().zip(taken) {
            span.add(taken);
        }
    }
    let mut total = Span::default();
    for (name, span) in ["execute", "apply (app hash)", "commit"].iter().zip(spans) {
        println!("  {name:20} {} a send", span.micros_per(sends * blocks));
        total.add(span);
    }
    println!("  {:20} {} a send", "together", total.micros_per(sends * blocks));
    let rate = |time: Duration| u128::from(sends * blocks) * 1_000_000 / time.as_micros();
    println!(
        "  sends a second         {} / {} / {}",
        rate(total.wall),
        rate(total.thread),
        rate(total.process)
    );
    println!("  worst block            {} ms", worst.as_millis());
}

fn millis(span: Span) -> String {
    format!("{} / {} / {} ms", span.wall.as_millis(), span.thread.as_millis(), span.process.as_millis())
}

fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// An address spread over the key space, as hashes are.
fn address(number: u64) -> [u8; 20] {
    let mut random = ChaCha8Rng::seed_from_u64(number);
    random.random()
}

fn account_key(address: &[u8; 20]) -> Vec<u8> {
    [&[1], &address[..]].concat()
}

fn balance_key(address: &[u8; 20]) -> Vec<u8> {
    [&[2, 20], &address[..], b"uiz"].concat()
}

fn index_key(address: &[u8; 20]) -> Vec<u8> {
    [&b"\x03uiz\0\x14"[..], &address[..]].concat()
}

fn genesis(directory: &Path, accounts: u64) {
    let store = MultiStore::open(directory, &[ACC, BANK], &StoreOptions::default()).unwrap();
    let mut overlay = Overlay::new(store.latest());
    for number in 0..=accounts {
        let address = address(number);
        overlay.set(ACC, account_key(&address), vec![7; 150]);
        overlay.set(ACC, [&b"accountNumber"[..], &number.to_be_bytes()].concat(), address.to_vec());
        overlay.set(BANK, balance_key(&address), "1000000000");
        overlay.set(BANK, index_key(&address), "");
    }
    overlay.set(BANK, PARAMS, vec![1; 20]);
    store.apply(1, VersionTime::default(), overlay.changes()).unwrap();
    store.commit().unwrap();
}

fn block(store: &MultiStore, version: u64, accounts: u64, sends: u64, random: &mut ChaCha8Rng) -> [Span; 3] {
    let transfers: Vec<_> = (0..sends)
        .map(|_| (address(random.random_range(1..=accounts)), address(random.random_range(1..=accounts))))
        .collect();
    let collector = address(0);
    let begin = now();
    let mut overlay = Overlay::new(store.latest());
    for (from, to) in &transfers {
        send(&mut overlay, from, &collector, version);
        send(&mut overlay, from, to, version);
        overlay.set(ACC, account_key(from), vec![version as u8; 150]);
        for _ in 0..11 {
            overlay.get(BANK, PARAMS).unwrap();
        }
        overlay.settle();
    }
    let executed = Span::since(&begin);
    let begin = now();
    store.apply(version, VersionTime::default(), overlay.changes()).unwrap();
    let applied = Span::since(&begin);
    let begin = now();
    store.commit().unwrap();
    [executed, applied, Span::since(&begin)]
}

fn send(overlay: &mut Overlay, from: &[u8; 20], to: &[u8; 20], version: u64) {
    for address in [from, to] {
        overlay.get(ACC, &account_key(address)).unwrap();
        overlay.get(BANK, &balance_key(address)).unwrap();
        overlay.get(BANK, &balance_key(address)).unwrap();
        overlay.set(BANK, balance_key(address), version.to_string());
        overlay.set(BANK, index_key(address), "");
    }
    overlay.get(ACC, &account_key(from)).unwrap();
}
