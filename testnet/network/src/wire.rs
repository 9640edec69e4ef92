//! A bad wire between two nodes: a proxy that delays what passes, holds some of it up as TCP does after a lost packet, and cuts. It
//! needs neither root nor a kernel with netem, and nodes cannot tell it from a network.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use anyhow::Result;
use rand::Rng as _;

/// What TCP waits before it sends a lost packet again, at the least.
const RETRANSMISSION: Duration = Duration::from_millis(200);
const CHUNK: usize = 16 * 1024;

/// How bad it is; changed while it runs.
#[derive(Default)]
pub struct Weather {
    delay_ms: AtomicU64,
    /// Up to so much more, drawn anew for every chunk.
    jitter_ms: AtomicU64,
    /// Of a thousand chunks.
    lost: AtomicU64,
    cut: AtomicBool,
}

impl Weather {
    pub fn set(&self, delay_ms: u64, jitter_ms: u64, lost: u64) {
        self.delay_ms.store(delay_ms, Ordering::Relaxed);
        self.jitter_ms.store(jitter_ms, Ordering::Relaxed);
        self.lost.store(lost, Ordering::Relaxed);
    }

    /// Cut wires carry nothing; connections over them break.
    pub fn cut(&self, cut: bool) {
        self.cut.store(cut, Ordering::Relaxed);
    }

    fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Relaxed)
    }

    fn wait(&self) -> Duration {
        let mut dice = rand::rng();
        let jitter = self.jitter_ms.load(Ordering::Relaxed);
        let mut wait =
            Duration::from_millis(self.delay_ms.load(Ordering::Relaxed) + dice.random_range(0..=jitter));
        if dice.random_range(0..1_000) < self.lost.load(Ordering::Relaxed) {
            wait += RETRANSMISSION;
        }
        wait
    }
}

/// A wire to a node: its own port, and the weather on it. It lasts as long as the program.
pub struct Wire {
    pub address: SocketAddr,
    pub weather: Arc<Weather>,
}

impl Wire {
    pub fn to(target: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let weather = Arc::new(Weather::default());
        let (target, shared) = (target.to_owned(), weather.clone());
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let (target, weather) = (target.clone(), shared.clone());
                spawn(move || carry(stream, &target, &weather));
            }
        });
        Ok(Self { address, weather })
    }
}

fn carry(from: TcpStream, target: &str, weather: &Arc<Weather>) {
    if weather.is_cut() {
        return;
    }
    let Ok(to) = TcpStream::connect(target) else { return };
    let pairs = [(from.try_clone(), to.try_clone()), (to.try_clone(), from.try_clone())];
    for (source, sink) in pairs {
        let (Ok(source), Ok(sink)) = (source, sink) else { return };
        let weather = weather.clone();
        let (sender, receiver) = channel();
        spawn(move || write_late(sink, &receiver));
        spawn(move || read(source, &sender, &weather));
    }
    // a cut that comes later breaks the connection
    while !weather.is_cut() {
        sleep(Duration::from_millis(20));
        if matches!(from.take_error(), Ok(Some(_)) | Err(_)) {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn read(mut source: TcpStream, sender: &Sender<(Instant, Vec<u8>)>, weather: &Weather) {
    let mut buffer = vec![0; CHUNK];
    loop {
        match source.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(length) => {
                let chunk = buffer.get(..length).unwrap_or_default().to_vec();
                if sender.send((Instant::now() + weather.wait(), chunk)).is_err() {
                    return;
                }
            }
        }
    }
}

/// In order: what is held up holds up what follows, as on a TCP connection.
fn write_late(mut sink: TcpStream, receiver: &Receiver<(Instant, Vec<u8>)>) {
    while let Ok((due, chunk)) = receiver.recv() {
        sleep(due.saturating_duration_since(Instant::now()));
        if sink.write_all(&chunk).is_err() {
            return;
        }
    }
    let _ = sink.shutdown(Shutdown::Both);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        spawn(move || {
            for mut stream in listener.incoming().flatten() {
                spawn(move || {
                    let mut copy = stream.try_clone().unwrap();
                    std::io::copy(&mut stream, &mut copy)
                });
            }
        });
        address
    }

    #[test]
    fn a_wire_carries_bytes_late_and_in_order() {
        let wire = Wire::to(&echo().to_string()).unwrap();
        wire.weather.set(30, 20, 100);
        let mut stream = TcpStream::connect(wire.address).unwrap();
        let sent: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
        let started = Instant::now();
        let mut out = stream.try_clone().unwrap();
        let copy = sent.clone();
        spawn(move || out.write_all(&copy));
        let mut got = vec![0; sent.len()];
        stream.read_exact(&mut got).unwrap();
        assert_eq!(got, sent);
        // there and back
        assert!(started.elapsed() >= Duration::from_millis(60));
    }

    #[test]
    fn a_cut_wire_breaks_connections_and_takes_no_new_ones() {
        let wire = Wire::to(&echo().to_string()).unwrap();
        let mut stream = TcpStream::connect(wire.address).unwrap();
        stream.write_all(b"x").unwrap();
        stream.read_exact(&mut [0]).unwrap();
        wire.weather.cut(true);
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
        let mut second = TcpStream::connect(wire.address).unwrap();
        assert_eq!(second.read(&mut [0]).unwrap_or(0), 0);
        wire.weather.cut(false);
        let mut third = TcpStream::connect(wire.address).unwrap();
        third.write_all(b"y").unwrap();
        third.read_exact(&mut [0]).unwrap();
    }
}
