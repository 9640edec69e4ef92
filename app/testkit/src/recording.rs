//! A corpus with the oracle's answers in one compressed file: a header, then requests and responses in turn.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use prost::Message;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tendermint_proto::v0_38::abci::{Request, Response, request, response};

/// The first line of a recording.
#[derive(Serialize, Deserialize, Clone)]
pub struct Header {
    pub version: u32,
    pub oracle: String,
    pub seed: u64,
    pub modules: Vec<String>,
    pub genesis: Value,
}

pub const VERSION: u32 = 1;

pub struct Recorder(GzEncoder<BufWriter<File>>);

impl Recorder {
    pub fn create(path: &Path, header: &Header) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut out = GzEncoder::new(BufWriter::new(file), Compression::best());
        let head = serde_json::to_vec(header)?;
        write_frame(&mut out, &head)?;
        Ok(Self(out))
    }

    pub fn record(&mut self, request: &request::Value, response: &response::Value) -> Result<()> {
        write_frame(&mut self.0, &Request { value: Some(request.clone()) }.encode_to_vec())?;
        write_frame(&mut self.0, &Response { value: Some(response.clone()) }.encode_to_vec())
    }

    pub fn finish(self) -> Result<()> {
        self.0.finish()?.flush()?;
        Ok(())
    }
}

pub struct Recording {
    pub header: Header,
    input: BufReader<GzDecoder<File>>,
}

impl Recording {
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut input = BufReader::new(GzDecoder::new(file));
        let head = read_frame(&mut input)?.context("an empty recording")?;
        let header: Header = serde_json::from_slice(&head).context("not a recording")?;
        if header.version != VERSION {
            bail!(
                "the recording has version {}, this harness reads {VERSION}: record it again with `parity record`",
                header.version
            );
        }
        Ok(Self { header, input })
    }
}

impl Iterator for Recording {
    type Item = Result<(request::Value, response::Value)>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pair = || -> Result<Option<(request::Value, response::Value)>> {
            let Some(request) = read_frame(&mut self.input)? else { return Ok(None) };
            let response = read_frame(&mut self.input)?.context("a request without its response")?;
            let request = Request::decode(&request[..])?.value.context("an empty request")?;
            let response = Response::decode(&response[..])?.value.context("an empty response")?;
            Ok(Some((request, response)))
        };
        pair().transpose()
    }
}

fn write_frame(out: &mut impl Write, bytes: &[u8]) -> Result<()> {
    out.write_all(&u32::try_from(bytes.len())?.to_be_bytes())?;
    out.write_all(bytes)?;
    Ok(())
}

fn read_frame(input: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut length = [0u8; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    input.read_exact(&mut bytes).context("the recording is cut off")?;
    Ok(Some(bytes))
}
