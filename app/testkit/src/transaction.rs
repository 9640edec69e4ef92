//! Transactions: a readable body and fee, encoded, signed in every mode, and taken apart again for faults.

use anyhow::Result;
use base64::Engine;
use serde_json::{Value, json};

use crate::keys::Key;
use crate::{amino, descriptors, wire};

/// Standard base64, as proto JSON wants it.
pub fn base64_of(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// What a transaction says.
#[derive(Clone, Default)]
pub struct Body {
    pub messages: Vec<Value>,
    pub memo: String,
    pub timeout_height: u64,
    pub unordered: bool,
    pub timeout_timestamp: Option<String>,
    pub extension_options: Vec<Value>,
    pub non_critical_extension_options: Vec<Value>,
}

/// What it pays.
#[derive(Clone, Default)]
pub struct Fee {
    pub coins: Vec<(String, String)>,
    pub gas: u64,
    pub payer: String,
    pub granter: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Direct,
    DirectAux,
    AminoJson,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Direct => "SIGN_MODE_DIRECT",
            Self::DirectAux => "SIGN_MODE_DIRECT_AUX",
            Self::AminoJson => "SIGN_MODE_LEGACY_AMINO_JSON",
        }
    }
}

/// One who signs.
#[derive(Clone)]
pub struct Signer {
    pub key: Key,
    pub number: u64,
    pub sequence: u64,
    pub mode: Mode,
    /// Which members of a multisig sign.
    pub members: Vec<usize>,
    /// Whether the transaction carries the public key.
    pub with_key: bool,
}

/// The three parts of a transaction's outer message.
#[derive(Clone)]
pub struct Parts {
    pub body: Vec<u8>,
    pub auth: Vec<u8>,
    pub signatures: Vec<Vec<u8>>,
}

impl Parts {
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        wire::bytes_field(&mut out, 1, &self.body);
        wire::bytes_field(&mut out, 2, &self.auth);
        for signature in &self.signatures {
            wire::bytes_field(&mut out, 3, signature);
        }
        out
    }
}

/// Stands in a body for bytes that are no UTF-8, which JSON cannot hold.
pub const NOT_UTF8: char = '\u{e000}';

/// What comes in its place: as long as its own bytes, so that no length changes.
const NOT_UTF8_BYTES: [u8; 3] = [0xff, 0x80, 0xc3];

pub fn body_bytes(body: &Body) -> Result<Vec<u8>> {
    let mut bytes = readable_body_bytes(body)?;
    let mark = NOT_UTF8.to_string();
    while let Some(place) = bytes.windows(mark.len()).position(|window| window == mark.as_bytes()) {
        bytes[place..place + mark.len()].copy_from_slice(&NOT_UTF8_BYTES);
    }
    Ok(bytes)
}

fn readable_body_bytes(body: &Body) -> Result<Vec<u8>> {
    descriptors::encode(
        "cosmos.tx.v1beta1.TxBody",
        &json!({
            "messages": body.messages,
            "memo": body.memo,
            "timeout_height": body.timeout_height.to_string(),
            "unordered": body.unordered,
            "timeout_timestamp": body.timeout_timestamp,
            "extension_options": body.extension_options,
            "non_critical_extension_options": body.non_critical_extension_options,
        }),
    )
}

/// Encodes and signs.
pub fn build(chain: &str, body: &Body, fee: &Fee, signers: &[Signer]) -> Result<Parts> {
    let body_encoded = body_bytes(body)?;
    let infos = signers
        .iter()
        .map(|signer| {
            let mode_info = match &signer.key {
                Key::Multisig { members, .. } => json!({ "multi": {
                    "bitarray": bit_array(members.len(), &signer.members),
                    "mode_infos": signer.members.iter().map(|_| json!({ "single": { "mode": signer.mode.name() } })).collect::<Vec<_>>(),
                } }),
                _ => json!({ "single": { "mode": signer.mode.name() } }),
            };
            let mut info = json!({ "mode_info": mode_info, "sequence": signer.sequence.to_string() });
            if signer.with_key {
                info["public_key"] = signer.key.public()?;
            }
            Ok(info)
        })
        .collect::<Result<Vec<_>>>()?;
    let auth = descriptors::encode(
        "cosmos.tx.v1beta1.AuthInfo",
        &json!({
            "signer_infos": infos,
            "fee": {
                "amount": fee.coins.iter().map(|(denom, amount)| json!({ "denom": denom, "amount": amount })).collect::<Vec<_>>(),
                "gas_limit": fee.gas.to_string(),
                "payer": fee.payer,
                "granter": fee.granter,
            },
        }),
    )?;
    let mut signatures = Vec::new();
    for signer in signers {
        let document = match signer.mode {
            Mode::Direct => direct(chain, &body_encoded, &auth, signer.number),
            Mode::DirectAux => direct_aux(chain, &body_encoded, signer)?,
            Mode::AminoJson => amino::sign_bytes(chain, signer.number, signer.sequence, body, fee)?,
        };
        signatures.push(match &signer.key {
            Key::Multisig { members, .. } => {
                let mut multi = Vec::new();
                for index in &signer.members {
                    if let Some(member) = members.get(*index) {
                        wire::bytes_field(&mut multi, 1, &member.sign(&document)?);
                    }
                }
                multi
            }
            key => key.sign(&document)?,
        });
    }
    Ok(Parts { body: body_encoded, auth, signatures })
}

fn direct(chain: &str, body: &[u8], auth: &[u8], number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    wire::bytes_field(&mut out, 1, body);
    wire::bytes_field(&mut out, 2, auth);
    wire::bytes_field(&mut out, 3, chain.as_bytes());
    wire::uint_field(&mut out, 4, number);
    out
}

fn direct_aux(chain: &str, body: &[u8], signer: &Signer) -> Result<Vec<u8>> {
    let public = signer.key.public()?;
    descriptors::encode(
        "cosmos.tx.v1beta1.SignDocDirectAux",
        &json!({
            "body_bytes": base64_of(body),
            "public_key": public,
            "chain_id": chain,
            "account_number": signer.number.to_string(),
            "sequence": signer.sequence.to_string(),
        }),
    )
}

/// The bits of those members who sign, highest bit first.
fn bit_array(size: usize, members: &[usize]) -> Value {
    let mut elements = vec![0u8; size.div_ceil(8)];
    for member in members {
        if let Some(byte) = elements.get_mut(member / 8) {
            *byte |= 0x80 >> (member % 8);
        }
    }
    json!({ "extra_bits_stored": size % 8, "elems": base64_of(&elements) })
}
