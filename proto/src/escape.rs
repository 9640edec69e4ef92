//! Strings in JSON as Go's encoding/json writes them.

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `text` in quotation marks. `<`, `>`, `&` and the line separators are escaped, as Go does for HTML's sake; bytes
/// that are not UTF-8 become U+FFFD.
pub fn put_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                put_valid(out, valid.as_bytes());
                break;
            }
            Err(error) => {
                let (valid, invalid) = rest.split_at(error.valid_up_to());
                put_valid(out, valid);
                out.extend_from_slice(b"\\ufffd");
                // Go replaces byte by byte.
                rest = invalid.get(1..).unwrap_or_default();
            }
        }
    }
    out.push(b'"');
}

/// Whether a byte is written as it is; the first byte of the line separators is looked at apart.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&' | 0xe2)
}

fn put_valid(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    loop {
        let plain = rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
        let (copied, after) = rest.split_at(plain);
        out.extend_from_slice(copied);
        let Some((byte, mut after_byte)) = after.split_first() else { return };
        match *byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            0xe2 => match after_byte {
                [0x80, last @ (0xa8 | 0xa9), ..] => {
                    out.extend_from_slice(if *last == 0xa8 { b"\\u2028" } else { b"\\u2029" });
                    after_byte = after_byte.get(2..).unwrap_or_default();
                }
                _ => out.push(0xe2),
            },
            other => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(other >> 4)]);
                out.push(HEX[usize::from(other & 15)]);
            }
        }
        rest = after_byte;
    }
}

/// Text whose bytes that are not UTF-8 were replaced, each by a U+FFFD of its own, as Go reads JSON.
pub fn lossy(text: &[u8]) -> std::borrow::Cow<'_, str> {
    let mut rest = match std::str::from_utf8(text) {
        Ok(valid) => return valid.into(),
        Err(_) => text,
    };
    let mut out = String::with_capacity(text.len());
    while let Err(error) = std::str::from_utf8(rest) {
        let (valid, invalid) = rest.split_at(error.valid_up_to());
        out.push_str(std::str::from_utf8(valid).unwrap_or_default());
        out.push(char::REPLACEMENT_CHARACTER);
        rest = invalid.get(1..).unwrap_or_default();
    }
    out.push_str(std::str::from_utf8(rest).unwrap_or_default());
    out.into()
}

/// Appends upper-case hexadecimal digits.
pub fn put_hex_upper(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.push(HEX[usize::from(byte >> 4)].to_ascii_uppercase());
        out.push(HEX[usize::from(byte & 15)].to_ascii_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &[u8]) -> String {
        let mut out = Vec::new();
        put_string(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_go_does() {
        assert_eq!(escaped(b"plain"), r#""plain""#);
        assert_eq!(escaped(b"<a> & \"b\" \\"), r#""\u003ca\u003e \u0026 \"b\" \\""#);
        assert_eq!(escaped(b"\n\r\t\x08\x0c\x00\x1f\x7f"), "\"\\n\\r\\t\\b\\f\\u0000\\u001f\x7f\"");
        assert_eq!(escaped("\u{2028}\u{2029}€".as_bytes()), "\"\\u2028\\u2029€\"");
        assert_eq!(escaped(b"a\xff\xfeb"), "\"a\\ufffd\\ufffdb\"");
    }
}
