//! Messages whose amino JSON is not the JSON of their fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::encode::{display, list, quoted, utf8};
use crate::escape::put_string;
use crate::fields::Fields;
use crate::json::Error;
use crate::schema::{Kind, Message, schema};

/// The index of a field by its name.
fn index(message: &Message, name: &str) -> Result<usize, Error> {
    message
        .by_name(name)
        .map(|(index, _)| index)
        .ok_or_else(|| Error::new(format!("no field named {name:?} found")))
}

/// A key is its bytes.
pub(super) fn key_field(out: &mut Vec<u8>, message: &Message, fields: &Fields<'_>) -> Result<(), Error> {
    match fields.bytes(index(message, "key")?) {
        [] => out.extend_from_slice(b"null"),
        bytes => quoted(out, &STANDARD.encode(bytes)),
    }
    Ok(())
}

/// A module's account lies flat, with numbers that are not quoted and a public key that is always empty.
pub(super) fn module_account(out: &mut Vec<u8>, message: &Message, fields: &Fields<'_>) -> Result<(), Error> {
    let (base_index, base_field) =
        message.by_name("base_account").ok_or_else(|| Error::new("no field named \"base_account\" found"))?;
    let mut address = String::new();
    let (mut number, mut sequence) = (0, 0);
    let base = fields.content(base_index, base_field)?.message(base_field)?;
    if let (Some(bytes), Kind::Message(id)) = (&base, base_field.kind) {
        let account = schema().message(id);
        let inner = Fields::read(account, bytes)?;
        utf8(inner.bytes(index(account, "address")?))?.clone_into(&mut address);
        number = inner.varint(index(account, "account_number")?);
        sequence = inner.varint(index(account, "sequence")?);
    }
    out.extend_from_slice(format!("{{\"account_number\":{number},\"address\":").as_bytes());
    put_string(out, address.as_bytes());
    out.extend_from_slice(b",\"name\":");
    put_string(out, utf8(fields.bytes(index(message, "name")?))?.as_bytes());
    out.extend_from_slice(b",\"permissions\":");
    let (permissions_index, permissions) =
        message.by_name("permissions").ok_or_else(|| Error::new("no field named \"permissions\" found"))?;
    let content = fields.content(permissions_index, permissions)?;
    if content.is_absent() {
        out.extend_from_slice(b"null");
    } else {
        list(out, permissions, &content, 1)?;
    }
    out.extend_from_slice(format!(",\"public_key\":\"\",\"sequence\":{sequence}}}").as_bytes());
    Ok(())
}

/// A multisig key; its threshold is quoted although it is a 32-bit number.
pub(super) fn threshold_string(
    out: &mut Vec<u8>,
    message: &Message,
    fields: &Fields<'_>,
    depth: u32,
) -> Result<(), Error> {
    let (keys_index, keys) =
        message.by_name("public_keys").ok_or_else(|| Error::new("no field named \"public_keys\" found"))?;
    out.extend_from_slice(b"{\"pubkeys\":");
    list(out, keys, &fields.content(keys_index, keys)?, depth)?;
    out.extend_from_slice(b",\"threshold\":");
    display(out, fields.varint(index(message, "threshold")?) as u32);
    out.push(b'}');
    Ok(())
}
