//! Reads the descriptor that generated Go sources carry: a byte array literal, gzipped.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use prost::Message;
use prost_types::FileDescriptorProto;

/// The descriptor inside the `.pb.go` file at `path`.
pub fn descriptor(path: &Path) -> Result<FileDescriptorProto> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let (_, after) = text.split_once("var fileDescriptor_").context("no descriptor in the file")?;
    let (_, after) = after.split_once('{').context("no byte array in the file")?;
    let (array, _) = after.split_once("\n}").context("the byte array does not end")?;
    let mut packed = Vec::new();
    for line in array.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for number in line.split(',').map(str::trim).filter(|number| !number.is_empty()) {
            let digits = number.strip_prefix("0x").context("not a hexadecimal byte")?;
            packed.push(u8::from_str_radix(digits, 16)?);
        }
    }
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes)?;
    Ok(FileDescriptorProto::decode(bytes.as_slice())?)
}
