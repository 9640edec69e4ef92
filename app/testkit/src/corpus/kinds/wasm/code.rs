//! Uploads: files as they are, compressed, damaged, too large, and nothing of the kind.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{plan, signer};
use crate::corpus::contracts::{Family, File};
use crate::corpus::plan::Plan;
use crate::corpus::world::World;
use crate::dice::Dice;
use crate::transaction::base64_of;

/// What may be uploaded without governance, at most.
const LARGEST: usize = 800 * 1024;

pub fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    // writing to memory does not fail
    let _ = out.write_all(bytes);
    out.finish().unwrap_or_default()
}

/// Who may instantiate a code.
pub fn access(dice: &mut Dice, world: &World, creator: &str) -> Value {
    match dice.below(10) {
        0 => json!({ "permission": "ACCESS_TYPE_NOBODY" }),
        1 => {
            json!({ "permission": "ACCESS_TYPE_ANY_OF_ADDRESSES", "addresses": [creator, world.recipient(dice)] })
        }
        2 if dice.one_in(4) => json!({ "permission": "ACCESS_TYPE_ANY_OF_ADDRESSES", "addresses": [] }),
        3 if dice.one_in(4) => json!({ "permission": "ACCESS_TYPE_UNSPECIFIED" }),
        4..7 => json!({ "permission": "ACCESS_TYPE_EVERYBODY" }),
        _ => Value::Null,
    }
}

fn message(sender: &str, wasm: &[u8], permission: Value) -> Value {
    json!({ "@type": "/cosmwasm.wasm.v1.MsgStoreCode", "sender": sender, "wasm_byte_code": base64_of(wasm), "instantiate_permission": permission })
}

/// One upload of every file, in the blocks from the second on.
pub fn foundation(world: &World) -> Vec<(i64, Plan)> {
    let deployer = world.operators.len() + 1;
    let store = |(place, file): (usize, &File)| {
        let bytes = if place % 2 == 0 { file.wasm.clone() } else { compressed(&file.wasm) };
        let mut plan =
            Plan::new(deployer, message(world.address(deployer), &bytes, Value::Null)).gas(12_000_000);
        plan.kind = "wasm/store of a founder";
        (2 + place as i64 / 3, plan)
    };
    world.contracts.files.iter().enumerate().map(store).collect()
}

pub fn store(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let file = dice.pick(&world.contracts.files)?;
    let bytes = if dice.one_in(2) { compressed(&file.wasm) } else { file.wasm.clone() };
    let permission = access(dice, world, world.address(sender));
    let gas = match dice.below(6) {
        0 => dice.between(300_000, 2_500_000),
        _ => 9_000_000,
    };
    plan(sender, message(world.address(sender), &bytes, permission), gas)
}

pub fn store_garbage(dice: &mut Dice, world: &World) -> Option<Plan> {
    let sender = world.somebody(dice);
    let bytes = garbage(dice, world)?;
    plan(sender, message(world.address(sender), &bytes, Value::Null), 9_000_000)
}

/// Replaces a text in the file by another of the same length, so that the file stays one.
fn renamed(wasm: &[u8], old: &str, new: &str) -> Vec<u8> {
    let mut out = wasm.to_vec();
    if let Some(at) = out.windows(old.len()).position(|window| window == old.as_bytes()) {
        out[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    out
}

fn garbage(dice: &mut Dice, world: &World) -> Option<Vec<u8>> {
    let contracts = &world.contracts;
    let small: Vec<&File> = contracts.files.iter().filter(|f| f.family != Family::IbcReflect).collect();
    let wasm = &dice.pick(&small)?.wasm;
    Some(match dice.below(18) {
        0 => vec![],
        1 => b"\0asm".to_vec(),
        2 => b"\0asm\x01\0\0\0".to_vec(),
        3 => b"\0asm\x02\0\0\0".to_vec(),
        4 => {
            let length = dice.between(1, 2000) as usize;
            dice.bytes(length)
        }
        5 => wasm[..dice.between(8, wasm.len() as u64 - 1) as usize].to_vec(),
        6 => {
            let mut out = wasm.clone();
            let at = dice.below(out.len() as u64) as usize;
            out[at] ^= 1 << dice.below(8);
            out
        }
        7 => renamed(wasm, "db_write", "db_wrong"),
        8 => renamed(wasm, "interface_version_8", "interface_version_9"),
        9 => renamed(wasm, "requires_cosmwasm_1_1", "requires_cosmwasm_9_9"),
        10 => renamed(wasm, "instantiate", "instantiatf"),
        11 => {
            let mut out = compressed(wasm);
            let end = out.len() - 5;
            out[end] ^= 0xff;
            out
        }
        12 => {
            let mut out = compressed(wasm);
            out.truncate(dice.between(3, out.len() as u64 - 1) as usize);
            out
        }
        13 => compressed(&vec![0; dice.between(LARGEST as u64 - 3, 30_000_000) as usize]),
        14 => compressed(&compressed(wasm)),
        15 => [&compressed(wasm)[..], b"and more"].concat(),
        16 if dice.one_in(4) => vec![0; LARGEST + 1],
        _ => floating(),
    })
}

/// A module with a memory and one function that adds floating-point numbers.
fn floating() -> Vec<u8> {
    let mut out = b"\0asm\x01\0\0\0".to_vec();
    // types: () -> (); functions: one; memory: one page; exports: memory and interface_version_8; code
    out.extend([1, 4, 1, 0x60, 0, 0]);
    out.extend([3, 2, 1, 0]);
    out.extend([5, 3, 1, 0, 1]);
    let mut exports = vec![2, 6];
    exports.extend(b"memory");
    exports.extend([2, 0, 19]);
    exports.extend(b"interface_version_8");
    exports.extend([0, 0]);
    out.push(7);
    out.push(exports.len() as u8);
    out.extend(exports);
    let body = [0, 0x43, 0, 0, 0x80, 0x3f, 0x43, 0, 0, 0, 0x40, 0x92, 0x1a, 0x0b];
    out.extend([10, body.len() as u8 + 2, 1, body.len() as u8]);
    out.extend(body);
    out
}

pub fn update_config(dice: &mut Dice, world: &World) -> Option<Plan> {
    let code = world.contracts.code(dice)?;
    // the founder's codes are the ones whose creator is known
    let founder = world.address(world.operators.len() + 1).to_owned();
    let sender = signer(dice, world, &founder);
    let permission = match access(dice, world, world.address(sender)) {
        Value::Null if !dice.one_in(4) => json!({ "permission": "ACCESS_TYPE_EVERYBODY" }),
        other => other,
    };
    plan(
        sender,
        json!({
            "@type": "/cosmwasm.wasm.v1.MsgUpdateInstantiateConfig", "sender": world.address(sender), "code_id": code.id.to_string(),
            "new_instantiate_permission": permission,
        }),
        400_000,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_text_keeps_the_length() {
        assert_eq!(renamed(b"xx db_write yy", "db_write", "db_wrong"), b"xx db_wrong yy");
        assert_eq!(renamed(b"nothing", "db_write", "db_wrong"), b"nothing");
    }
}
