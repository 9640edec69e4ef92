//! Blobs over HTTP: honest peers, lying ones, and strangers who want to leave things.

#![allow(clippy::unwrap_used, clippy::disallowed_types, reason = "tests fail this way")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use iz_trainer_store::{
    Address, Bucket, Limits, Local, PeerError, Peers, Server, Store, StoreError, Writes, router,
};
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const PATIENCE: Duration = Duration::from_secs(20);

fn serving(writes: Writes) -> (tempfile::TempDir, Arc<Local>, Server) {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { blob: 10_000, total: 50_000, age: None };
    let store = Arc::new(Local::open(folder.path(), limits).unwrap());
    let server = Server::start("127.0.0.1:0", router(store.clone(), writes)).unwrap();
    (folder, store, server)
}

/// A peer that answers every request with these bytes and hangs up.
fn raw(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
        }
    });
    url
}

fn response(length: usize, body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n").into_bytes();
    answer.extend(body);
    answer
}

fn only_reason(url: &str, address: &Address) -> PeerError {
    match Peers::new([url.to_owned()], PATIENCE).fetch(address, 1000) {
        Err(StoreError::NoPeer { mut reasons, .. }) => reasons.remove(0).1,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_blob_is_found_at_the_peer_that_has_it() {
    let (_one, empty, first) = serving(Writes::Refused);
    let (_two, full, second) = serving(Writes::Refused);
    let address = full.put(b"a model").unwrap();
    let peers = Peers::new([first.url(), second.url() + "/"], PATIENCE);
    assert_eq!(peers.fetch(&address, 1000).unwrap(), b"a model");
    assert!(!empty.has(&address).unwrap());
    assert_eq!(only_reason(&first.url(), &address), PeerError::Missing);
    let gone = second.url();
    drop(second);
    assert!(matches!(only_reason(&gone, &address), PeerError::Unreachable(_)));
}

#[test]
fn truncated_corrupt_oversized_and_wrong_answers_are_named_and_the_next_peer_helps() {
    let (_folder, store, server) = serving(Writes::Refused);
    let bytes = b"the right bytes";
    let address = store.put(bytes).unwrap();
    let truncated = raw(response(bytes.len(), &bytes[..7]));
    let corrupt = raw(response(bytes.len(), b"the wrong bytes"));
    let announced = raw(response(1001, &[0; 1001]));
    let mut endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    endless.extend([0; 5000]);
    let endless = raw(endless);
    let status = raw(b"HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec());
    let noise = raw(b"\x00\xff\x16\x03\x01 nothing like HTTP\r\n\r\n".to_vec());
    assert_eq!(only_reason(&truncated, &address), PeerError::Truncated(7));
    let found = Address::of(b"the wrong bytes");
    assert_eq!(only_reason(&corrupt, &address), PeerError::WrongHash { found });
    assert_eq!(only_reason(&announced, &address), PeerError::TooLarge { limit: 1000 });
    assert_eq!(only_reason(&endless, &address), PeerError::TooLarge { limit: 1000 });
    assert_eq!(only_reason(&status, &address), PeerError::Status(503));
    assert!(matches!(only_reason(&noise, &address), PeerError::Unreachable(_)));
    let peers = Peers::new([truncated, corrupt, announced, endless, status, noise, server.url()], PATIENCE);
    assert_eq!(peers.fetch(&address, 1000).unwrap(), bytes);
}

#[test]
fn answers_of_noise_end_in_an_error() {
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let address = Address::of(b"never sent");
    for _ in 0..60 {
        let mut answer = response(20, &[7; 20]);
        for _ in 0..dice.random_range(1..6) {
            let place = dice.random_range(0..answer.len());
            answer[place] = dice.next_u32() as u8;
        }
        answer.truncate(dice.random_range(0..=answer.len()));
        let peers = Peers::new([raw(answer)], PATIENCE);
        assert!(matches!(peers.fetch(&address, 1000), Err(StoreError::NoPeer { .. })));
    }
}

#[test]
fn strangers_leave_blobs_only_where_they_may_and_only_true_ones() {
    let (_folder, store, server) = serving(Writes::Allowed);
    let peers = Peers::new([server.url()], PATIENCE);
    assert_eq!(peers.offer(b"an update"), []);
    assert_eq!(store.get(&Address::of(b"an update")).unwrap(), Some(b"an update".to_vec()));
    assert!(matches!(
        peers.offer(&[1; 10_001])[..],
        [(_, PeerError::TooLarge { .. } | PeerError::Unreachable(_))]
    ));
    // the store fills up
    for byte in 0..4 {
        assert_eq!(peers.offer(&[byte; 10_000]), []);
    }
    assert_eq!(peers.offer(&[9; 10_000])[0].1, PeerError::Status(507));
    // other bytes than the address says
    let put = |path: &str, body: &str| {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        write!(
            stream,
            "PUT {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer[9..12].parse::<u16>().unwrap()
    };
    assert_eq!(put(&format!("/blobs/{}", Address::of(b"true")), "false"), 400);
    assert_eq!(put("/blobs/..%2f..%2fetc%2fpasswd", "x"), 400);
    let (_folder, store, server) = serving(Writes::Refused);
    assert_eq!(Peers::new([server.url()], PATIENCE).offer(b"x")[0].1, PeerError::Status(403));
    assert_eq!(store.list().unwrap(), []);
}

#[test]
fn a_bucket_is_a_store_too() {
    // a bucket over HTTP is what this serves, but for the signature
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Local::open(folder.path(), Limits::default()).unwrap());
    let server = Server::start("127.0.0.1:0", router(store.clone(), Writes::Allowed)).unwrap();
    let bucket = Bucket::open(&format!("{}/blobs", server.url()), "us-east-1", None, 100).unwrap();
    let address = bucket.put(b"in a bucket").unwrap();
    assert_eq!(bucket.get(&address).unwrap(), Some(b"in a bucket".to_vec()));
    assert!(bucket.has(&address).unwrap());
    let other = Address::of(b"nothing");
    assert_eq!((bucket.get(&other).unwrap(), bucket.has(&other).unwrap()), (None, false));
    assert!(matches!(bucket.put(&[0; 101]), Err(StoreError::TooLarge { size: 101, limit: 100 })));
    let large = store.put(&[0; 101]).unwrap();
    assert!(matches!(bucket.get(&large), Err(StoreError::TooLarge { .. })));
    // a bucket that gives other bytes
    let liar = Bucket::open(&(raw(response(3, b"abd")) + "/b"), "r", None, 100).unwrap();
    assert!(matches!(liar.get(&Address::of(b"abc")), Err(StoreError::Damaged(_))));
    for url in [
        "",
        "ftp://x/y",
        "http://host",
        "http://host/",
        "http:///b",
        "http://h/a b",
        "http://u@h/b",
        "http://h/a//b",
    ] {
        assert!(matches!(Bucket::open(url, "r", None, 1), Err(StoreError::Url(_))), "{url}");
    }
}
