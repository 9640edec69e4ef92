//! A client of the ABCI socket protocol: length-delimited requests and responses, answered in order.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use prost::Message;
use prost_reflect::{Kind, MessageDescriptor};
use tendermint_proto::v0_38::abci::{Request, RequestFlush, Response, request, response};

use crate::{descriptors, wire};

/// One connection to an application.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    read: usize,
}

impl Client {
    /// Connects, waiting up to `patience` for the application to listen.
    pub fn connect(address: &str, patience: Duration) -> Result<Self> {
        let start = Instant::now();
        loop {
            match TcpStream::connect(address) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self { stream, buffer: Vec::new(), read: 0 });
                }
                Err(error) if start.elapsed() > patience => {
                    return Err(error).context(format!("no application at {address}"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Sends one request and returns its answer. An exception is an answer like any other: two applications must agree on it.
    pub fn call(&mut self, request: request::Value) -> Result<response::Value> {
        let mut bytes = frame(request)?;
        bytes.extend(frame(request::Value::Flush(RequestFlush {}))?);
        self.stream.write_all(&bytes).context("the application closed the connection")?;
        let answer = self.receive()?;
        if matches!(answer, response::Value::Exception(_)) {
            return Ok(answer);
        }
        match self.receive()? {
            response::Value::Flush(_) => Ok(answer),
            other => bail!("expected the answer to a flush, got {other:?}"),
        }
    }

    /// Sends many requests at once, as a mempool does, and returns their answers in order, with the time from the first byte
    /// sent to the last one received: writing the requests and reading the answers is this client's own work.
    pub fn pipeline(&mut self, requests: Vec<request::Value>) -> Result<(Vec<response::Value>, Duration)> {
        let count = requests.len();
        let mut bytes = Vec::new();
        for request in requests {
            bytes.extend(frame(request)?);
        }
        bytes.extend(frame(request::Value::Flush(RequestFlush {}))?);
        let mut writer = self.stream.try_clone()?;
        let started = Instant::now();
        let sender = std::thread::spawn(move || writer.write_all(&bytes));
        self.await_frames(count + 1)?;
        let took = started.elapsed();
        let answers = (0..count).map(|_| self.receive()).collect::<Result<_>>()?;
        self.receive()?;
        match sender.join() {
            Ok(written) => written?,
            Err(_) => bail!("the sending thread panicked"),
        }
        Ok((answers, took))
    }

    /// Reads until so many whole answers lie in the buffer.
    fn await_frames(&mut self, count: usize) -> Result<()> {
        let (mut whole, mut at) = (0, self.read);
        loop {
            while let Some((head, length)) = next_frame(&self.buffer[at..]) {
                at += head + length;
                whole += 1;
            }
            if whole >= count {
                return Ok(());
            }
            self.read_more()?;
        }
    }

    fn receive(&mut self) -> Result<response::Value> {
        loop {
            if let Some((head, length)) = next_frame(&self.buffer[self.read..]) {
                let start = self.read + head;
                let response = decode(&self.buffer[start..start + length])?;
                self.read = start + length;
                if self.read == self.buffer.len() {
                    self.buffer.clear();
                    self.read = 0;
                }
                return response.value.context("empty response");
            }
            if self.read > 0 {
                self.buffer.drain(..self.read);
                self.read = 0;
            }
            self.read_more()?;
        }
    }

    fn read_more(&mut self) -> Result<()> {
        let mut chunk = [0u8; 1 << 16];
        let count = self.stream.read(&mut chunk)?;
        if count == 0 {
            bail!("the application closed the connection");
        }
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(())
    }
}

/// The lengths of the head and of the message at the start of `bytes`, if all of it is there.
fn next_frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut cursor = bytes;
    let length = prost::decode_length_delimiter(&mut cursor).ok()?;
    (cursor.len() >= length).then_some((bytes.len() - cursor.len(), length))
}

fn frame(request: request::Value) -> Result<Vec<u8>> {
    let message = Request { value: Some(request) };
    let mut bytes = Vec::with_capacity(message.encoded_len() + 5);
    message.encode_length_delimited(&mut bytes)?;
    Ok(bytes)
}

/// Go puts raw bytes into some texts, which Rust's strings cannot hold: they are made readable first.
fn decode(bytes: &[u8]) -> Result<Response> {
    Response::decode(bytes).or_else(|_| {
        let repaired = repair(&descriptors::message("tendermint.abci.Response")?, bytes)
            .context("undecodable response")?;
        Response::decode(&repaired[..]).context("undecodable response")
    })
}

fn repair(message: &MessageDescriptor, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    for (number, kind, payload) in wire::fields(bytes)? {
        let field = message.get_field(number).map(|field| field.kind());
        match (kind, field) {
            (2, Some(Kind::String)) => {
                wire::bytes_field(&mut out, number, String::from_utf8_lossy(&payload).as_bytes())
            }
            (2, Some(Kind::Message(inner))) => {
                wire::bytes_field(&mut out, number, &repair(&inner, &payload)?)
            }
            (2, _) => wire::bytes_field(&mut out, number, &payload),
            _ => {
                wire::varint(&mut out, u64::from(number) << 3 | u64::from(kind));
                out.extend(payload);
            }
        }
    }
    Some(out)
}
