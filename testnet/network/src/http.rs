//! Just enough HTTP to ask servers on this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};

const PATIENCE: Duration = Duration::from_secs(30);
/// Larger answers are cut; nothing here answers with more.
const MOST_BYTES: u64 = 64 << 20;

pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Asks `address`, such as `127.0.0.1:80`, for a path.
pub fn ask(method: &str, address: &str, path: &str, body: &[u8]) -> Result<Answer> {
    let fetch = || -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )?;
        stream.write_all(body)?;
        let mut answer = Vec::new();
        stream.take(MOST_BYTES).read_to_end(&mut answer)?;
        Ok(answer)
    };
    let answer = fetch().with_context(|| format!("cannot ask http://{address}{path}"))?;
    read(&answer).with_context(|| format!("http://{address}{path} answered with something else than HTTP"))
}

fn read(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n")?;
    let (head, body) = answer.split_at(end);
    let status = std::str::from_utf8(head).ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.get(4..)?.to_vec() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = read(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\nno\r\n\r\nmore").unwrap();
        assert_eq!((answer.status, answer.text().as_str()), (404, "no\r\n\r\nmore"));
        for wrong in ["", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 many\r\n\r\n"] {
            assert!(read(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
