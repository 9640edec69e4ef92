//! Identifiers follow from content: SHA-256 over a domain, the kind, the manifest's digest, the sorted parents and the creator, each with its
//! length, so that no two contents share an encoding. Whoever registers the same content first does not keep others from it, since the
//! creator is part of it.

use cosmwasm_std::HexBinary;
use iz_contract_types::ainft::Kind;
use sha2::{Digest, Sha256};

use crate::error::ContractError;

pub const DOMAIN: &str = "infinitezero/ainft/1";
pub const DIGEST: usize = 32;

pub fn identifier(
    kind: Kind,
    digest: &[u8],
    parents: &[&str],
    creator: &str,
) -> Result<String, ContractError> {
    let mut hash = Sha256::new();
    for text in [DOMAIN, kind.name()] {
        chunk(&mut hash, text.as_bytes());
    }
    chunk(&mut hash, digest);
    hash.update((parents.len() as u32).to_be_bytes());
    for parent in parents {
        chunk(&mut hash, &bytes(parent)?);
    }
    chunk(&mut hash, creator.as_bytes());
    Ok(HexBinary::from(hash.finalize().as_slice()).to_hex())
}

fn chunk(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u32).to_be_bytes());
    hash.update(bytes);
}

/// The bytes of an identifier; one way to write each.
fn bytes(id: &str) -> Result<Vec<u8>, ContractError> {
    let lower = id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    match HexBinary::from_hex(id) {
        Ok(bytes) if lower && bytes.len() == DIGEST => Ok(bytes.into()),
        _ => Err(ContractError::BadIdentifier { id: id.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_never_change() {
        // hashlib.sha256 over the same encoding, written apart from this code
        let root = identifier(Kind::Model, &[7; 32], &[], "iz1creator").unwrap();
        assert_eq!(root, "d75ef1193c26f01c6773beb7efdd5f876a949cdb34a6b5b2d93e916a767bd434");
        let child = identifier(Kind::Data, &[8; 32], &[&root], "iz1creator").unwrap();
        assert_eq!(child, "d4a8cfa6fbce6d0aa42a3d5b9ba545ab86b86ed227b560e9c32ffd4ab3f38e96");
    }

    #[test]
    fn every_part_counts() {
        let (one, two) = ("11".repeat(32), "22".repeat(32));
        let base = identifier(Kind::Model, &[7; 32], &[&one, &two], "a").unwrap();
        for other in [
            identifier(Kind::Data, &[7; 32], &[&one, &two], "a"),
            identifier(Kind::Model, &[8; 32], &[&one, &two], "a"),
            identifier(Kind::Model, &[7; 32], &[&one], "a"),
            identifier(Kind::Model, &[7; 32], &[&one, &two], "b"),
        ] {
            assert_ne!(base, other.unwrap());
        }
        for bad in ["", "11", &"1".repeat(65), &"G".repeat(64), &"AB".repeat(32)] {
            assert!(identifier(Kind::Model, &[7; 32], &[bad], "a").is_err(), "{bad}");
        }
    }
}
