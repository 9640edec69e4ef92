//! Event files that TensorBoard reads: records with masked CRC-32C sums, each an `Event` message with scalars.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub struct EventFile {
    file: File,
}

impl EventFile {
    /// Begins a file in the folder; TensorBoard joins those of several runs.
    pub fn create(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("events.out.tfevents.{:010}.{}.iz", now.as_secs(), std::process::id());
        let mut file = Self { file: OpenOptions::new().create(true).append(true).open(folder.join(name))? };
        let mut event = wall_time(now.as_secs_f64());
        bytes_field(&mut event, 3, b"brain.Event:2");
        file.record(&event)?;
        Ok(file)
    }

    /// Scalars of one step.
    pub fn scalars(&mut self, step: u64, values: &[(&str, f32)]) -> io::Result<()> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.record(&scalar_event(now.as_secs_f64(), step, values))?;
        self.file.flush()
    }

    fn record(&mut self, data: &[u8]) -> io::Result<()> {
        self.file.write_all(&framed(data))
    }
}

/// Length, its sum, the data, its sum.
fn framed(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    [&length[..], &masked(&length).to_le_bytes(), data, &masked(data).to_le_bytes()].concat()
}

fn wall_time(seconds: f64) -> Vec<u8> {
    let mut event = vec![1 << 3 | 1];
    event.extend(seconds.to_le_bytes());
    event
}

fn scalar_event(at: f64, step: u64, values: &[(&str, f32)]) -> Vec<u8> {
    let mut summary = Vec::new();
    for (tag, value) in values {
        let mut one = Vec::new();
        bytes_field(&mut one, 1, tag.as_bytes());
        one.push(2 << 3 | 5);
        one.extend(value.to_le_bytes());
        bytes_field(&mut summary, 1, &one);
    }
    let mut event = wall_time(at);
    event.push(2 << 3);
    varint(&mut event, step);
    bytes_field(&mut event, 5, &summary);
    event
}

fn bytes_field(out: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    out.push(number << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Castagnoli's CRC, bit by bit: event files are small.
fn crc32c(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0x82f6_3b78 & (crc & 1).wrapping_neg()))
    })
}

/// So that sums over data that holds sums do not vanish.
fn masked(data: &[u8]) -> u32 {
    crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    }

    #[test]
    fn an_event_is_what_tensorboard_expects() {
        // by the definition of Event and Summary: wall_time 1 (double), step 2, summary 5 { value 1 { tag 1, simple_value 2 } }
        let event = scalar_event(1.5, 300, &[("loss", 0.25)]);
        let expected = "09000000000000f83f10ac022a0d0a0b0a046c6f7373150000803e";
        assert_eq!(hex::encode(&event), expected);
        let record = framed(&event);
        assert_eq!(record.len(), 8 + 4 + event.len() + 4);
        assert_eq!(record[..8], (event.len() as u64).to_le_bytes());
    }

    #[test]
    fn a_file_begins_with_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let mut events = EventFile::create(&folder.path().join("deep")).unwrap();
        events.scalars(1, &[("loss", 1.0)]).unwrap();
        let path = std::fs::read_dir(folder.path().join("deep")).unwrap().next().unwrap().unwrap().path();
        assert!(path.file_name().unwrap().to_str().unwrap().starts_with("events.out.tfevents."));
        let bytes = std::fs::read(path).unwrap();
        assert!(bytes.windows(13).any(|part| part == b"brain.Event:2"));
    }
}
