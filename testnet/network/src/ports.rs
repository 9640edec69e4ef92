//! Ports: the usual ones where they are free, others where they are not.

use std::collections::BTreeSet;
use std::net::TcpListener;

use anyhow::{Context, Result};

/// Ports that were given out and may not be bound yet.
#[derive(Default)]
pub struct Ports {
    given: BTreeSet<u16>,
}

impl Ports {
    /// The wanted port if nobody listens there, else any.
    pub fn take(&mut self, wanted: u16) -> Result<u16> {
        if !self.given.contains(&wanted) && free(wanted) {
            self.given.insert(wanted);
            return Ok(wanted);
        }
        loop {
            let listener = TcpListener::bind("127.0.0.1:0").context("this machine has no free port left")?;
            let port = listener.local_addr()?.port();
            if self.given.insert(port) {
                return Ok(port);
            }
        }
    }
}

fn free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let mut ports = Ports::default();
        let other = ports.take(port).unwrap();
        assert_ne!(other, port);
        assert_ne!(ports.take(other).unwrap(), other);
    }
}
