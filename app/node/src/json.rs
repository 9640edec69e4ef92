//! JSON as Go's `encoding/json` writes it: `<`, `>` and `&` escaped, and indented with one or two blanks.

use anyhow::Result;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

/// On one line.
pub fn compact(value: &impl Serialize) -> Result<String> {
    Ok(escape(&serde_json::to_string(value)?))
}

/// Indented with `indent`.
pub fn indented(value: &impl Serialize, indent: &str) -> Result<String> {
    let mut out = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    Ok(escape(&String::from_utf8(out)?))
}

/// These characters can only stand inside strings, so replacing them anywhere is safe.
fn escape(text: &str) -> String {
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return text.to_owned();
    }
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// JSON text that is valid already, indented anew; empty lists and objects stay on their line.
pub fn indent(text: &str, indent: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut characters = text.chars().peekable();
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str(indent));
    };
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                out.push('"');
                let mut escaped = false;
                for inner in characters.by_ref() {
                    out.push(inner);
                    if inner == '"' && !escaped {
                        break;
                    }
                    escaped = inner == '\\' && !escaped;
                }
            }
            '{' | '[' => {
                out.push(character);
                while characters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                if let Some(close) = characters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    new_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(character);
            }
            ',' => {
                out.push(',');
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other if other.is_ascii_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_indented_as_go_does() {
        let text = r#"{"a":[ ],"b":{"c":[1,"x: {,}\"]"]},"d":{}}"#;
        let expected = "{\n  \"a\": [],\n  \"b\": {\n    \"c\": [\n      1,\n      \"x: {,}\\\"]\"\n    ]\n  },\n  \"d\": {}\n}";
        assert_eq!(indent(text, "  "), expected);
    }

    #[test]
    fn what_html_would_read_is_escaped() {
        assert_eq!(compact(&"<&>").unwrap(), "\"\\u003c\\u0026\\u003e\"");
    }
}
