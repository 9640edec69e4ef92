//! Protobuf written by hand, for what no encoder would write: malformed, reordered and unknown fields.

/// Appends a base-128 integer.
pub fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a length-delimited field.
pub fn bytes_field(out: &mut Vec<u8>, number: u32, value: &[u8]) {
    varint(out, u64::from(number) << 3 | 2);
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// Appends an integer field, leaving out zero as proto3 does.
pub fn uint_field(out: &mut Vec<u8>, number: u32, value: u64) {
    if value != 0 {
        varint(out, u64::from(number) << 3);
        varint(out, value);
    }
}

/// The fields of a message as (number, wire type, payload); `None` when the bytes are not a message.
pub fn fields(mut input: &[u8]) -> Option<Vec<(u32, u8, Vec<u8>)>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        let tag = take_varint(&mut input)?;
        let number = u32::try_from(tag >> 3).ok()?;
        let kind = (tag & 7) as u8;
        let payload = match kind {
            0 => {
                let mut value = Vec::new();
                varint(&mut value, take_varint(&mut input)?);
                value
            }
            1 => take(&mut input, 8)?,
            2 => {
                let length = usize::try_from(take_varint(&mut input)?).ok()?;
                take(&mut input, length)?
            }
            5 => take(&mut input, 4)?,
            _ => return None,
        };
        found.push((number, kind, payload));
    }
    Some(found)
}

fn take(input: &mut &[u8], count: usize) -> Option<Vec<u8>> {
    let (head, rest) = input.split_at_checked(count)?;
    *input = rest;
    Some(head.to_vec())
}

fn take_varint(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut out = Vec::new();
        bytes_field(&mut out, 3, b"abc");
        uint_field(&mut out, 7, 300);
        assert_eq!(fields(&out), Some(vec![(3, 2, b"abc".to_vec()), (7, 0, vec![0xac, 2])]));
        assert_eq!(fields(&out[..4]), None);
    }
}
