//! Blocks of bank sends on a store on disk: reads, overlay writes, app hash, commit, start.
//!
//! `cargo run --release -p iz-store --example store_bench [sends a block] [blocks] [accounts…]`
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
    time::{Duration, Instant},
};

use iz_store::{MultiStore, Overlay, Reader, StoreKey, StoreOptions};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const ACC: StoreKey = StoreKey::new(0, "acc");
const BANK: StoreKey = StoreKey::new(1, "bank");
const PARAMS: &[u8] = b"\x05";

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>().unwrap());
    let sends = numbers.next().unwrap_or(2_000);
    let blocks = numbers.next().unwrap_or(20);
    let mut sizes: Vec<u64> = numbers.collect();
    if sizes.is_empty() {
        sizes = vec![5_000, 100_000, 1_000_000];
    }
    println!(
        "accounts  keys  sends/s  execute µs/send  apply ms/block  commit ms/block  worst block ms  start ms  RSS MiB (peak)"
    );
    for accounts in sizes {
        run(accounts, sends, blocks);
    }
}

struct Times {
    execute: Duration,
    apply: Duration,
    commit: Duration,
    worst: Duration,
}

fn run(accounts: u64, sends: u64, blocks: u64) {
    let directory = tempfile::tempdir_in(".").unwrap();
    let store = MultiStore::open(directory.path(), &[ACC, BANK], &StoreOptions::default()).unwrap();
    genesis(&store, accounts);
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut times = Times {
        execute: Duration::ZERO,
        apply: Duration::ZERO,
        commit: Duration::ZERO,
        worst: Duration::ZERO,
    };
    for version in 2..blocks + 2 {
        block(&store, version, accounts, sends, &mut random, &mut times);
    }
    let keys = store.key_count();
    let app_hash = store.app_hash();
    drop(store);
    let begin = Instant::now();
    let store = MultiStore::open(directory.path(), &[ACC, BANK], &StoreOptions::default()).unwrap();
    let start = begin.elapsed();
    assert_eq!(store.app_hash(), app_hash);
    let total = times.execute + times.apply + times.commit;
    let per_block = |time: Duration| time.as_micros() as u64 / blocks / 100;
    println!(
        "{accounts:8} {keys:8} {:8} {:8} {:>16} {:>16} {:12} {:12} {:>14}",
        u128::from(sends * blocks) * 1_000_000 / total.as_micros(),
        times.execute.as_micros() / u128::from(sends * blocks),
        tenths(per_block(times.apply)),
        tenths(per_block(times.commit)),
        times.worst.as_millis(),
        start.as_millis(),
        memory(),
    );
    let size: u64 =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    println!("          on disk: {} MiB", size >> 20);
}

fn tenths(number: u64) -> String {
    format!("{}.{}", number / 10, number % 10)
}

fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mebibytes = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    format!("{} ({})", mebibytes("VmRSS"), mebibytes("VmHWM"))
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

fn genesis(store: &MultiStore, accounts: u64) {
    let mut overlay = Overlay::new(store.latest());
    for number in 0..=accounts {
        let address = address(number);
        overlay.set(ACC, account_key(&address), vec![7; 150]);
        overlay.set(ACC, [&b"accountNumber"[..], &number.to_be_bytes()].concat(), address.to_vec());
        overlay.set(BANK, balance_key(&address), "1000000000");
        overlay.set(BANK, index_key(&address), "");
    }
    overlay.set(BANK, PARAMS, vec![1; 20]);
    store.apply(1, overlay.changes()).unwrap();
    store.commit().unwrap();
}

fn block(
    store: &MultiStore,
    version: u64,
    accounts: u64,
    sends: u64,
    random: &mut ChaCha8Rng,
    times: &mut Times,
) {
    let transfers: Vec<_> = (0..sends)
        .map(|_| (address(random.random_range(1..=accounts)), address(random.random_range(1..=accounts))))
        .collect();
    let collector = address(0);
    let begin = Instant::now();
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
    let executed = begin.elapsed();
    store.apply(version, overlay.changes()).unwrap();
    let applied = begin.elapsed();
    store.commit().unwrap();
    let committed = begin.elapsed();
    times.execute += executed;
    times.apply += applied - executed;
    times.commit += committed - applied;
    times.worst = times.worst.max(committed);
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
