//! What can be wrong with a transaction before its messages run, one fault at a time.

use anyhow::Result;
use serde_json::json;

use crate::dice::Dice;
use crate::genesis::OTHERS;
use crate::transaction::{Body, Fee, Mode, Parts, Signer, build};
use crate::wire;

/// Everything a transaction is made from.
pub struct Draft {
    pub chain: String,
    pub body: Body,
    pub fee: Fee,
    pub signers: Vec<Signer>,
}

impl Draft {
    pub fn build(&self) -> Result<Parts> {
        // amino JSON cannot express everything: such transactions are signed over their bytes
        build(&self.chain, &self.body, &self.fee, &self.signers).or_else(|error| {
            if self.signers.iter().all(|s| s.mode != Mode::AminoJson) {
                return Err(error);
            }
            let direct: Vec<Signer> =
                self.signers.iter().map(|s| Signer { mode: Mode::Direct, ..s.clone() }).collect();
            build(&self.chain, &self.body, &self.fee, &direct)
        })
    }
}

/// A fault's name and the bytes that have it.
pub type Faulty = (&'static str, Vec<u8>);

/// Breaks the draft in one way. Whatever happens, the sequence numbers it used stay unused on chain, or the chain says otherwise.
pub fn inflict(dice: &mut Dice, mut draft: Draft, height: i64, now: &str) -> Result<Faulty> {
    let name = match dice.below(30) {
        0 => {
            draft.signers[0].sequence += dice.between(1, 3);
            "sequence too high"
        }
        1 => {
            draft.signers[0].sequence = draft.signers[0].sequence.saturating_sub(dice.between(1, 2));
            "sequence too low"
        }
        2 => {
            draft.signers[0].number += 1;
            "account number"
        }
        3 => {
            draft.chain = "other-chain".into();
            "chain id"
        }
        4 => {
            draft.fee.coins = vec![];
            "no fee"
        }
        5 => {
            draft.fee.coins = vec![("stake".into(), "99999999999999999999".into())];
            "fee beyond means"
        }
        6 => {
            let coins: &[&[(&str, &str)]] = &[
                &[("unknown", "1000")],
                &[("stake", "0")],
                &[("stake", "-5")],
                &[("stake", "1"), ("photon", "1")],
                &[("photon", "9"), ("photon", "9")],
                &[("!", "1")],
                &[("stake", "")],
            ];
            draft.fee.coins = dice
                .pick(coins)
                .map(|c| c.iter().map(|(d, a)| ((*d).into(), (*a).into())).collect())
                .unwrap_or_default();
            "fee coins"
        }
        7 => {
            draft.fee.gas =
                [0, 1, 9_223_372_036_854_775_807, 9_223_372_036_854_775_808, u64::MAX, 100_000_001]
                    [dice.below(6) as usize];
            "gas limit"
        }
        8 => {
            draft.body.memo = "m".repeat(dice.between(90, 400) as usize);
            "memo"
        }
        9 => {
            draft.body.timeout_height = dice.between((height - 2).max(1) as u64, height as u64 + 1);
            "timeout height"
        }
        10 => {
            draft.body.unordered = true;
            draft.body.timeout_timestamp = Some(now.into());
            draft.signers[0].sequence = 0;
            "unordered"
        }
        11 => {
            draft.body.timeout_timestamp =
                Some(if dice.one_in(2) { now.into() } else { "2026-01-01T00:00:01.5Z".into() });
            "timeout timestamp"
        }
        12 => {
            draft.body.extension_options = vec![json!({ "@type": "/cosmos.bank.v1beta1.MsgSendResponse" })];
            "extension option"
        }
        13 => {
            draft.body.non_critical_extension_options =
                vec![json!({ "@type": "/cosmos.bank.v1beta1.MsgSendResponse" })];
            "non-critical extension option"
        }
        14 => {
            draft.body.messages.clear();
            "no messages"
        }
        15 => {
            draft.signers[0].with_key = false;
            "no public key"
        }
        16 => {
            let other = crate::keys::Key::secp256k1("somebody else")?;
            draft.signers[0].key = other;
            "another's key"
        }
        17 => {
            let extra = draft.signers[0].clone();
            draft.signers.push(extra);
            "signer too many"
        }
        18 => {
            draft.signers[0].mode = Mode::DirectAux;
            "aux mode of the payer"
        }
        19 => {
            draft.fee.payer = "wasm1notanaddress".into();
            "fee payer"
        }
        20 => {
            draft.fee.granter = "wasm10d07y265gmmuvt4z0w9aw880jnsr700js7zslc".into();
            "fee granter without leave"
        }
        21..=24 => {
            if !super::foreign_text::put(dice, &mut draft.body) {
                draft.body.memo.push(crate::transaction::NOT_UTF8);
            }
            "text that is no UTF-8"
        }
        _ => return bytes_fault(dice, &draft),
    };
    if name == "extension option" || name == "non-critical extension option" {
        draft.signers.iter_mut().for_each(|s| s.mode = Mode::Direct);
    }
    if !draft.fee.coins.iter().any(|(d, _)| d == OTHERS[0]) && dice.one_in(100) {
        draft.fee.coins.push((OTHERS[0].into(), "0".into()));
    }
    Ok((name, draft.build()?.bytes()))
}

/// Faults of the encoding and of the signatures.
fn bytes_fault(dice: &mut Dice, draft: &Draft) -> Result<Faulty> {
    let mut parts = draft.build()?;
    let name = match dice.below(16) {
        0 => {
            if let Some(byte) = parts.signatures.first_mut().and_then(|s| s.first_mut()) {
                *byte ^= 1;
            }
            "signature"
        }
        1 => {
            parts.signatures.clear();
            "no signatures"
        }
        2 => {
            parts.signatures.push(vec![1; 64]);
            "signature too many"
        }
        3 => {
            parts.signatures[0].truncate(63);
            "short signature"
        }
        4 => {
            parts.body.extend([0xfa, 0x07, 0x01, 0x00]);
            "unknown critical field in the body"
        }
        5 => {
            wire::bytes_field(&mut parts.body, (1 << 10) + 3, b"ignored");
            "unknown non-critical field in the body"
        }
        6 => {
            parts.auth.extend([0xfa, 0x7f, 0x01, 0x00]);
            "unknown field in the auth info"
        }
        7 => {
            wire::bytes_field(&mut parts.auth, 3, &[]);
            "an empty tip"
        }
        8 => {
            parts.auth.clear();
            "no auth info"
        }
        9 => {
            parts.body.clear();
            "no body"
        }
        10 => {
            let mut out = Vec::new();
            wire::bytes_field(&mut out, 2, &parts.auth);
            wire::bytes_field(&mut out, 1, &parts.body);
            parts.signatures.iter().for_each(|s| wire::bytes_field(&mut out, 3, s));
            return Ok(("fields out of order", out));
        }
        11 => {
            let mut out = parts.bytes();
            wire::bytes_field(&mut out, 4, b"more");
            return Ok(("unknown field outside", out));
        }
        12 => {
            // the length of the body with one more byte than it needs
            let mut out = vec![0x0a];
            let mut length = Vec::new();
            wire::varint(&mut length, parts.body.len() as u64);
            if let Some(last) = length.last_mut() {
                *last |= 0x80;
            }
            length.push(0);
            out.extend(length);
            out.extend_from_slice(&parts.body);
            out.extend_from_slice(
                &parts.bytes()[1 + prost::length_delimiter_len(parts.body.len()) + parts.body.len()..],
            );
            return Ok(("a varint too long", out));
        }
        13 => {
            let mut out = parts.bytes();
            out.truncate(dice.between(1, out.len() as u64 - 1) as usize);
            return Ok(("cut off", out));
        }
        14 => {
            return Ok(("noise", {
                let count = dice.between(1, 200) as usize;
                dice.bytes(count)
            }));
        }
        _ => {
            let mut out = parts.bytes();
            let at = dice.below(out.len() as u64) as usize;
            out[at] ^= 1 << dice.below(8);
            return Ok(("a flipped bit", out));
        }
    };
    Ok((name, parts.bytes()))
}

/// Changes a few bytes: flipped, inserted, removed, repeated or cut off.
pub fn flip(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..dice.between(1, 4) {
        let at = dice.below(out.len() as u64) as usize;
        match dice.below(6) {
            0 if !out.is_empty() => out[at] ^= 1 << dice.below(8),
            1 if !out.is_empty() => out[at] = [0, 0x7f, 0x80, 0xff][dice.below(4) as usize],
            2 => out.insert(at, dice.below(256) as u8),
            3 if !out.is_empty() => {
                out.remove(at);
            }
            4 => {
                let end = (at + dice.between(1, 60) as usize).min(out.len());
                let piece = out[at..end].to_vec();
                out.splice(at..at, piece);
            }
            5 => out.truncate(at),
            _ => {}
        }
    }
    out
}
