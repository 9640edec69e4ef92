//! JSON without its spaces, as Go passes on JSON that is embedded in other JSON.

use super::Error;
use super::tape::Tape;

/// Appends `text` without spaces between its tokens; `<`, `>`, `&` and the line separators are escaped.
pub fn compact(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Error> {
    let text = crate::escape::lossy(text);
    Tape::parse(&text)
        .map_err(|error| Error::new(error.replace("unexpected EOF", "unexpected end of JSON input")))?;
    let mut in_string = false;
    let mut escaped = false;
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match *byte {
            b' ' | b'\t' | b'\n' | b'\r' if !in_string => continue,
            b'<' => out.extend_from_slice(b"\\u003c"),
            b'>' => out.extend_from_slice(b"\\u003e"),
            b'&' => out.extend_from_slice(b"\\u0026"),
            0xe2 => match after {
                [0x80, last @ (0xa8 | 0xa9), ..] => {
                    out.extend_from_slice(if *last == 0xa8 { b"\\u2028" } else { b"\\u2029" });
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => out.push(0xe2),
            },
            other => out.push(other),
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_spaces_between_tokens_go() {
        let mut out = Vec::new();
        super::compact(&mut out, b" { \"a b\\\" \" : [ 1 , \"<\" ] } ").unwrap();
        assert_eq!(out, br#"{"a b\" ":[1,"\u003c"]}"#);
        assert!(super::compact(&mut out, b"").is_err());
    }
}
