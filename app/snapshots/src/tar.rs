//! As much of the tar format as archives of snapshots have: plain files of short names.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;

/// Field of a header: where it begins and how long it is.
type Field = (usize, usize);
const NAME: Field = (0, 100);
const MODE: Field = (100, 8);
const OWNER: Field = (108, 8);
const GROUP: Field = (116, 8);
const SIZE: Field = (124, 12);
const TIME: Field = (136, 12);
const SUM: Field = (148, 8);
const KIND: usize = 156;
const MAGIC: Field = (257, 8);
const DEVICES: [Field; 2] = [(329, 8), (337, 8)];
const PREFIX: Field = (345, 155);

/// Appends a file.
pub fn put(out: &mut impl Write, name: &str, contents: &[u8]) -> io::Result<()> {
    let mut header = [0; BLOCK];
    let mut set = |field: Field, text: &[u8]| {
        let place = header.get_mut(field.0..field.0 + field.1).and_then(|place| place.get_mut(..text.len()));
        place
            .map(|place| place.copy_from_slice(text))
            .ok_or_else(|| io::Error::other("too long for a tar header"))
    };
    set(NAME, name.as_bytes())?;
    set(MODE, b"0000644\0")?;
    for zero in [OWNER, GROUP, DEVICES[0], DEVICES[1]] {
        set(zero, b"0000000\0")?;
    }
    set(SIZE, format!("{:011o}\0", contents.len()).as_bytes())?;
    set(TIME, b"00000000000\0")?;
    set(MAGIC, b"ustar\x0000")?;
    set((KIND, 1), b"0")?;
    let sum = format!("{:06o}\0 ", sum(&header));
    header[SUM.0..SUM.0 + SUM.1].copy_from_slice(sum.as_bytes());
    out.write_all(&header)?;
    out.write_all(contents)?;
    out.write_all(&[0; BLOCK][..padding(contents.len())])
}

/// Two empty blocks end an archive.
pub fn end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])
}

/// The next file of at most `most` bytes; none at the archive's end.
pub fn take(input: &mut impl Read, most: usize) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut header = [0; BLOCK];
    if let Err(error) = input.read_exact(&mut header) {
        // Go ends at the end of the input too
        return if error.kind() == io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
    }
    if header == [0; BLOCK] {
        return Ok(None);
    }
    let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("tar: {what}"));
    if octal(&header, SUM) != Some(sum(&header)) {
        return Err(invalid("invalid header"));
    }
    if !matches!(header[KIND], 0 | b'0') || header[PREFIX.0] != 0 {
        return Err(invalid("not a plain file"));
    }
    let name = text(&header, NAME).ok_or_else(|| invalid("a name that is no text"))?;
    let size = octal(&header, SIZE).ok_or_else(|| invalid("a size that is no number"))?;
    let size = usize::try_from(size).ok().filter(|size| *size <= most);
    let size = size.ok_or_else(|| invalid("a file too long for a chunk"))?;
    let mut contents = Vec::new();
    input.take(size as u64).read_to_end(&mut contents)?;
    if contents.len() < size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    input.read_exact(&mut [0; BLOCK][..padding(size)])?;
    Ok(Some((name, contents)))
}

fn padding(length: usize) -> usize {
    length.next_multiple_of(BLOCK) - length
}

/// The sum of a header's bytes, spaces standing for the sum itself.
fn sum(header: &[u8; BLOCK]) -> u64 {
    let own = SUM.0..SUM.0 + SUM.1;
    let byte = |(at, byte): (usize, &u8)| u64::from(if own.contains(&at) { b' ' } else { *byte });
    header.iter().enumerate().map(byte).sum()
}

fn text(header: &[u8; BLOCK], field: Field) -> Option<String> {
    let bytes = header.get(field.0..field.0 + field.1)?;
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8(bytes.get(..end)?.to_vec()).ok()
}

fn octal(header: &[u8; BLOCK], field: Field) -> Option<u64> {
    u64::from_str_radix(text(header, field)?.trim_matches(' '), 8).ok()
}
