//! Base64 as Go's `base64.StdEncoding` reads it: line breaks are passed over, and nobody looks at the bits that are left at the end.

/// The bytes, or where the text is wrong.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    while let Some(quantum) = quantum(text, &mut at)? {
        let bits = quantum.values.iter().fold(0_u32, |bits, value| bits << 6 | u32::from(*value));
        let bytes = bits.to_be_bytes();
        out.extend_from_slice(&bytes[1..quantum.count]);
        if quantum.count < 4 {
            break;
        }
    }
    Ok(out)
}

/// Four letters, those that padding stands for being zero.
struct Quantum {
    values: [u8; 4],
    count: usize,
}

/// The next four letters; none at the end of the text.
fn quantum(text: &[u8], at: &mut usize) -> Result<Option<Quantum>, usize> {
    let mut values = [0; 4];
    for count in 0..4 {
        pass_over_breaks(text, at);
        let Some(letter) = text.get(*at) else {
            return if count == 0 { Ok(None) } else { Err(*at - count) };
        };
        *at += 1;
        if let Some(value) = value(*letter) {
            values[count] = value;
            continue;
        }
        if *letter != b'=' || count < 2 {
            return Err(*at - 1);
        }
        if count == 2 {
            pass_over_breaks(text, at);
            match text.get(*at) {
                Some(b'=') => *at += 1,
                Some(_) => return Err(*at - 1),
                None => return Err(text.len()),
            }
        }
        pass_over_breaks(text, at);
        return if *at < text.len() { Err(*at) } else { Ok(Some(Quantum { values, count })) };
    }
    Ok(Some(Quantum { values, count: 4 }))
}

fn pass_over_breaks(text: &[u8], at: &mut usize) {
    while matches!(text.get(*at), Some(b'\r' | b'\n')) {
        *at += 1;
    }
}

fn value(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    use super::*;

    /// What Go 1.26 says, input by input.
    #[test]
    fn it_reads_what_go_reads() {
        let mut count = 0;
        for line in include_str!("base64.golden").lines() {
            let mut parts = line.split('\t').map(|part| hex::decode(part).unwrap());
            let (text, bytes) = (parts.next().unwrap(), parts.next().unwrap());
            let said = match decode(&text) {
                Ok(bytes) => bytes,
                Err(at) => format!("!{at}").into_bytes(),
            };
            assert_eq!(said, bytes, "{}", String::from_utf8_lossy(&text));
            count += 1;
        }
        assert!(count > 300, "only {count} lines");
    }

    proptest! {
        #[test]
        fn what_was_written_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert_eq!(decode(STANDARD.encode(&bytes).as_bytes()), Ok(bytes));
        }
    }
}
