//! Writing JSON as Go does: fields in the order of their struct, no spaces.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use iz_proto::escape::put_string;

/// The bytes of an object whose fields `fill` writes.
pub fn object(fill: impl FnOnce(&mut Object<'_>)) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    write_object(&mut out, fill);
    out
}

/// The bytes of an array whose items `fill` writes.
pub fn array(fill: impl FnOnce(&mut Array<'_>)) -> Vec<u8> {
    let mut out = Vec::new();
    write_array(&mut out, fill);
    out
}

fn write_object(out: &mut Vec<u8>, fill: impl FnOnce(&mut Object<'_>)) {
    out.push(b'{');
    fill(&mut Object { out, empty: true });
    out.push(b'}');
}

fn write_array(out: &mut Vec<u8>, fill: impl FnOnce(&mut Array<'_>)) {
    out.push(b'[');
    fill(&mut Array { out, empty: true });
    out.push(b']');
}

fn put_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
    out.push(b'"');
}

pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl Object<'_> {
    fn key(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        put_string(self.out, name.as_bytes());
        self.out.push(b':');
        self.out
    }

    pub fn text(&mut self, name: &str, value: &str) {
        put_string(self.key(name), value.as_bytes());
    }

    /// `omitempty`.
    pub fn some_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.text(name, value);
        }
    }

    pub fn number(&mut self, name: &str, value: u64) {
        self.key(name).extend_from_slice(value.to_string().as_bytes());
    }

    pub fn flag(&mut self, name: &str, value: bool) {
        self.key(name).extend_from_slice(if value { b"true" } else { b"false" });
    }

    pub fn null(&mut self, name: &str) {
        self.key(name).extend_from_slice(b"null");
    }

    pub fn base64(&mut self, name: &str, value: &[u8]) {
        put_base64(self.key(name), value);
    }

    /// `omitempty`.
    pub fn some_base64(&mut self, name: &str, value: &[u8]) {
        if !value.is_empty() {
            self.base64(name, value);
        }
    }

    pub fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        write_object(self.key(name), fill);
    }

    pub fn array(&mut self, name: &str, fill: impl FnOnce(&mut Array<'_>)) {
        write_array(self.key(name), fill);
    }
}

pub struct Array<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl Array<'_> {
    fn next(&mut self) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out
    }

    pub fn text(&mut self, value: &str) {
        put_string(self.next(), value.as_bytes());
    }

    pub fn base64(&mut self, value: &[u8]) {
        put_base64(self.next(), value);
    }

    pub fn object(&mut self, fill: impl FnOnce(&mut Object<'_>)) {
        write_object(self.next(), fill);
    }

    pub fn array(&mut self, fill: impl FnOnce(&mut Array<'_>)) {
        write_array(self.next(), fill);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_written_as_by_go() {
        let bytes = object(|object| {
            object.text("a", "<x>");
            object.some_text("b", "");
            object.number("c", u64::MAX);
            object.null("d");
            object.base64("e", b"hi");
            object.some_base64("f", b"");
            object.array("g", |array| {
                array.object(|_| {});
                array.text("z");
                array.array(|inner| inner.base64(b""));
            });
            object.object("h", |object| object.flag("i", false));
        });
        let wanted = r#"{"a":"\u003cx\u003e","c":18446744073709551615,"d":null,"e":"aGk=","g":[{},"z",[""]],"h":{"i":false}}"#;
        assert_eq!(String::from_utf8(bytes).unwrap(), wanted);
        assert_eq!(array(|_| {}), b"[]");
    }
}
