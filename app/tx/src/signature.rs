//! Signatures as the transaction carries them: single, or many under one multisignature key.

use bytes::Bytes;
use iz_core::{Error, Result};
use iz_proto::cosmos::{
    crypto::multisig::v1beta1::{CompactBitArray, MultiSignature as MultiSignatureProto},
    tx::v1beta1::{ModeInfo, mode_info::Sum},
};
use prost::Message;

/// How deep multisignatures may nest.
const MAX_DEPTH: usize = 16;

/// What a signature is over, by the number of `SignMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignMode {
    Direct,
    LegacyAminoJson,
    DirectAux,
    Textual,
    Other(i32),
}

impl SignMode {
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        match number {
            1 => Self::Direct,
            2 => Self::Textual,
            3 => Self::DirectAux,
            127 => Self::LegacyAminoJson,
            other => Self::Other(other),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureData {
    Single { mode: SignMode, signature: Bytes },
    Multi(MultiSignature),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MultiSignature {
    pub bits: BitArray,
    /// In the order of the set bits; none where the mode is missing.
    pub signatures: Vec<Option<SignatureData>>,
}

/// Which members of a multisignature signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BitArray {
    extra: u32,
    bytes: Vec<u8>,
}

impl BitArray {
    fn from_proto(proto: Option<&CompactBitArray>) -> Self {
        proto.map_or_else(Self::default, |proto| Self {
            extra: proto.extra_bits_stored,
            bytes: proto.elems.to_vec(),
        })
    }

    /// How many bits there are.
    #[must_use]
    pub fn count(&self) -> usize {
        let extra = usize::try_from(self.extra).unwrap_or(usize::MAX);
        if extra == 0 {
            self.bytes.len() * 8
        } else {
            (self.bytes.len().saturating_sub(1) * 8).saturating_add(extra)
        }
    }

    #[must_use]
    pub fn get(&self, index: usize) -> bool {
        index < self.count()
            && self.bytes.get(index >> 3).is_some_and(|byte| byte & (1 << (7 - index % 8)) > 0)
    }

    #[must_use]
    pub fn ones_before(&self, index: usize) -> usize {
        (0..index.min(self.count()).min(self.bytes.len() * 8)).filter(|bit| self.get(*bit)).count()
    }
}

impl SignatureData {
    /// Joins a mode with its raw signature (`ModeInfoAndSigToSignatureData`).
    pub fn new(mode: &ModeInfo, raw: &Bytes) -> Result<Self> {
        Self::at_depth(mode, raw, 0)
    }

    fn at_depth(mode: &ModeInfo, raw: &Bytes, depth: usize) -> Result<Self> {
        if depth > MAX_DEPTH {
            return Err(Error::plain("call limit exceeded"));
        }
        match &mode.sum {
            Some(Sum::Single(single)) => {
                Ok(Self::Single { mode: SignMode::from_number(single.mode), signature: raw.clone() })
            }
            Some(Sum::Multi(multi)) => {
                let parts = split_multi(raw)?;
                let mut signatures = vec![None; parts.len()];
                for (index, mode) in multi.mode_infos.iter().enumerate() {
                    let (Some(slot), Some(part)) = (signatures.get_mut(index), parts.get(index)) else {
                        let length = parts.len();
                        return Err(Error::panic(format!(
                            "runtime error: index out of range [{index}] with length {length}"
                        )));
                    };
                    *slot = Some(Self::at_depth(mode, part, depth + 1)?);
                }
                Ok(Self::Multi(MultiSignature {
                    bits: BitArray::from_proto(multi.bitarray.as_ref()),
                    signatures,
                }))
            }
            None => Err(Error::panic("unexpected ModeInfo data type <nil>")),
        }
    }

    /// Every raw signature for the `signature` events: the parts of a multisignature, then the whole.
    pub fn raw(&self) -> Result<Vec<Bytes>> {
        match self {
            Self::Single { signature, .. } => Ok(vec![signature.clone()]),
            Self::Multi(multi) => {
                let mut all = Vec::new();
                for part in &multi.signatures {
                    let Some(part) = part else { return Err(Error::plain("got empty SignatureData")) };
                    all.extend(part.raw()?);
                }
                let whole =
                    MultiSignatureProto { signatures: all.iter().map(|part| part.to_vec()).collect() };
                all.push(whole.encode_to_vec().into());
                Ok(all)
            }
        }
    }

    /// Whether every signer used amino JSON, in which case a wrong sequence only shows in the signature.
    #[must_use]
    pub fn is_all_amino(&self) -> bool {
        match self {
            Self::Single { mode, .. } => *mode == SignMode::LegacyAminoJson,
            Self::Multi(multi) => {
                multi.signatures.iter().all(|part| part.as_ref().is_some_and(Self::is_all_amino))
            }
        }
    }

    /// A signature that simulation has to make up for (`isIncompleteSignature`).
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        match self {
            Self::Single { signature, .. } => signature.is_empty(),
            Self::Multi(multi) => {
                multi.signatures.is_empty()
                    || multi.signatures.iter().any(|part| part.as_ref().is_none_or(Self::is_incomplete))
            }
        }
    }
}

/// The parts of a multisignature; anything else in the message is refused, since it would make a transaction malleable.
fn split_multi(raw: &Bytes) -> Result<Vec<Bytes>> {
    let decoded = MultiSignatureProto::decode(&**raw).map_err(|error| Error::plain(error.to_string()))?;
    let length: usize =
        decoded.signatures.iter().map(|part| 1 + prost::length_delimiter_len(part.len()) + part.len()).sum();
    if length < raw.len() {
        return Err(Error::plain("rejecting unrecognized fields found in MultiSignature"));
    }
    Ok(decoded.signatures.into_iter().map(Bytes::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_count_from_the_left() {
        let bits = BitArray { extra: 3, bytes: vec![0b1010_0000] };
        assert_eq!(bits.count(), 3);
        assert_eq!((0..4).map(|i| bits.get(i)).collect::<Vec<_>>(), [true, false, true, false]);
        assert_eq!(bits.ones_before(3), 2);
    }

    #[test]
    fn a_bit_array_that_claims_more_than_it_has_does_no_harm() {
        let bits = BitArray { extra: u32::MAX, bytes: vec![0xff] };
        assert!(!bits.get(9));
        assert_eq!(bits.ones_before(usize::MAX), 8);
    }

    #[test]
    fn unknown_fields_in_a_multisignature_are_refused() {
        let raw = Bytes::from_static(b"\x0a\x01a\x12\x01b");
        assert!(split_multi(&raw).is_err());
    }
}
