//! A contract made larger without a change of what it does: its functions once more, and nobody calls the copies.

use anyhow::{Context, Result, bail};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// The contract with copies of its functions until it is nearly `size` bytes long, and `mark` in it, so that each mark makes another code.
pub fn enlarge(wasm: &[u8], size: usize, mark: u64) -> Result<Vec<u8>> {
    let sections = sections(wasm)?;
    let body = |id| sections.iter().find(|(found, _)| *found == id).map(|(_, body)| *body);
    let types = items(body(FUNCTIONS).context("a module without functions")?, |rest| leb(rest).map(|_| ()))?;
    let codes = items(body(CODE).context("a module without code")?, |rest| {
        let length = leb(rest)?;
        *rest = rest.get(length..)?;
        Some(())
    })?;
    if types.len() != codes.len() || types.is_empty() {
        bail!("a module with {} functions and {} bodies", types.len(), codes.len());
    }
    // the lengths of sections may take some bytes more
    let mut room = size.saturating_sub(wasm.len() + 64);
    let (mut more_types, mut more_codes) = (types.clone(), codes.clone());
    for (kind, code) in types.iter().zip(&codes).cycle() {
        let taken = kind.len() + code.len();
        if taken > room {
            break;
        }
        room -= taken;
        more_types.push(kind);
        more_codes.push(code);
    }
    let mut out = HEADER.to_vec();
    for (id, body) in &sections {
        match *id {
            FUNCTIONS => section(&mut out, FUNCTIONS, &list(&more_types)),
            CODE => section(&mut out, CODE, &list(&more_codes)),
            id => section(&mut out, id, body),
        }
    }
    section(&mut out, CUSTOM, &[b"\x04mark".as_slice(), &mark.to_be_bytes()].concat());
    Ok(out)
}

fn sections(wasm: &[u8]) -> Result<Vec<(u8, &[u8])>> {
    let mut rest = wasm.strip_prefix(HEADER).context("no Wasm module")?;
    let mut found = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let length = leb(&mut rest).context("a section without a length")?;
        let (body, after) = rest.split_at_checked(length).context("a section that is cut off")?;
        found.push((*id, body));
        rest = after;
    }
    Ok(found)
}

/// The items of a list, each as its bytes; `skip` steps over one.
fn items(mut list: &[u8], skip: impl Fn(&mut &[u8]) -> Option<()>) -> Result<Vec<&[u8]>> {
    let count = leb(&mut list).context("a list without a count")?;
    (0..count)
        .map(|_| {
            let before = list;
            skip(&mut list).context("a list that is cut off")?;
            Ok(&before[..before.len() - list.len()])
        })
        .collect()
}

fn list(items: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    put_leb(&mut out, items.len());
    items.iter().for_each(|item| out.extend_from_slice(item));
    out
}

fn section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    put_leb(out, body.len());
    out.extend_from_slice(body);
}

fn leb(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    for shift in (0..35).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put_leb(out: &mut Vec<u8>, value: usize) {
    crate::wire::varint(out, value as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One function of no arguments that does nothing.
    fn module() -> Vec<u8> {
        let mut out = HEADER.to_vec();
        section(&mut out, 1, &[1, 0x60, 0, 0]);
        section(&mut out, FUNCTIONS, &[1, 0]);
        section(&mut out, CODE, &[1, 2, 0, 0x0b]);
        out
    }

    #[test]
    fn copies_fill_the_room_and_the_mark_tells_codes_apart() {
        let large = enlarge(&module(), 1000, 7).unwrap();
        assert!((900..=1000).contains(&large.len()), "{}", large.len());
        let parts = sections(&large).unwrap();
        let count = |id| parts.iter().find(|(found, _)| *found == id).map(|(_, body)| leb(&mut &body[..]));
        assert_eq!(count(FUNCTIONS), count(CODE));
        assert_ne!(large, enlarge(&module(), 1000, 8).unwrap());
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(enlarge(b"text", 1000, 0).is_err());
        let module = module();
        for end in HEADER.len()..module.len() {
            assert!(enlarge(&module[..end], 1000, 0).is_err(), "{end}");
        }
    }
}
