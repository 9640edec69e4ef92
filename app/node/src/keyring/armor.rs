//! Private keys as text to carry from one machine to another: OpenPGP's armor around the key, encrypted with a passphrase.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::{Result, anyhow, bail};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead as _, KeyInit as _},
};
use crypto_secretbox::XSalsa20Poly1305;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::PrivateKey;

const BLOCK: &str = "TENDERMINT PRIVATE KEY";
/// What amino writes before a private key of secp256k1: its name's hash, and the length.
const AMINO_PREFIX: [u8; 5] = [0xe1, 0xb0, 0xf7, 0x9b, 32];
const LINE: usize = 64;
const BCRYPT_COST: u32 = 12;

pub fn encrypt_private_key(key: &PrivateKey, passphrase: &str) -> Result<String> {
    let mut salt = [0; 16];
    rand::rng().fill_bytes(&mut salt);
    let plain = Zeroizing::new([&AMINO_PREFIX, key.as_bytes()].concat());
    let derived = argon2_key(passphrase, &salt)?;
    let cipher = ChaCha20Poly1305::new(Key::from_slice(derived.as_slice()));
    // the nonce may be fixed: every salt gives a key of its own
    let sealed = cipher
        .encrypt(Nonce::from_slice(&[0; 12]), plain.as_slice())
        .map_err(|_| anyhow!("cannot encrypt the key"))?;
    let headers =
        [("kdf", "argon2".to_owned()), ("salt", hex::encode_upper(salt)), ("type", "secp256k1".to_owned())];
    Ok(encode(&headers, &sealed))
}

pub fn decrypt_private_key(armored: &str, passphrase: &str) -> Result<PrivateKey> {
    let (headers, sealed) = decode(armored)?;
    let header = |name: &str| headers.get(name).map(String::as_str).unwrap_or_default();
    if header("salt").is_empty() {
        bail!("missing salt bytes");
    }
    let salt = hex::decode(header("salt")).map_err(|error| anyhow!("error decoding salt: {error}"))?;
    let wrong = || anyhow!("invalid account password");
    let plain = match header("kdf") {
        "argon2" => {
            let derived = argon2_key(passphrase, &salt)?;
            let cipher = ChaCha20Poly1305::new(Key::from_slice(derived.as_slice()));
            cipher.decrypt(Nonce::from_slice(&[0; 12]), sealed.as_slice()).map_err(|_| wrong())?
        }
        "bcrypt" => {
            let derived = bcrypt_key(passphrase, &salt)?;
            if sealed.len() < 24 {
                bail!("the encrypted key is cut short");
            }
            let (nonce, text) = sealed.split_at(24);
            let cipher = XSalsa20Poly1305::new(derived.as_slice().into());
            cipher.decrypt(nonce.into(), text).map_err(|_| wrong())?
        }
        other => bail!("unrecognized KDF type: {other}"),
    };
    let plain = Zeroizing::new(plain);
    match plain.strip_prefix(&AMINO_PREFIX) {
        Some(key) => PrivateKey::new(key),
        None => bail!("this is a private key of another kind; only secp256k1 can be imported"),
    }
}

fn argon2_key(passphrase: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let params = Params::new(64 * 1024, 1, 4, Some(32)).map_err(|error| anyhow!("argon2: {error}"))?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(|error| anyhow!("argon2: {error}"))?;
    Ok(key)
}

/// What keys exported before 0.47 were encrypted with.
fn bcrypt_key(passphrase: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let Ok(salt) = <[u8; 16]>::try_from(salt) else {
        bail!("a bcrypt salt has 16 bytes, not {}", salt.len())
    };
    let hash = bcrypt::hash_with_salt(passphrase.as_bytes(), BCRYPT_COST, salt)?;
    let text = Zeroizing::new(hash.format_for_version(bcrypt::Version::TwoA));
    Ok(Zeroizing::new(Sha256::digest(text.as_bytes()).into()))
}

fn encode(headers: &[(&str, String)], data: &[u8]) -> String {
    let mut out = format!("-----BEGIN {BLOCK}-----\n");
    for (name, value) in headers {
        let _ = writeln!(out, "{name}: {value}");
    }
    out.push('\n');
    let text = STANDARD.encode(data);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        let _ = writeln!(out, "{line}");
        rest = after;
    }
    let _ = write!(out, "={}\n-----END {BLOCK}-----", STANDARD.encode(&crc24(data).to_be_bytes()[1..]));
    out
}

fn decode(armored: &str) -> Result<(BTreeMap<String, String>, Vec<u8>)> {
    let mut lines = armored.lines().map(str::trim).skip_while(|line| !line.starts_with("-----BEGIN "));
    let Some(first) = lines.next() else { bail!("EOF: no line starts with -----BEGIN") };
    let block = first.trim_start_matches("-----BEGIN ").trim_end_matches("-----");
    if block != BLOCK {
        bail!("unrecognized armor type: {block}");
    }
    let mut headers = BTreeMap::new();
    for line in lines.by_ref() {
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.insert(name.to_owned(), value.to_owned());
    }
    let (mut text, mut sum, mut ended) = (String::new(), None, false);
    for line in lines {
        if line.starts_with("-----END ") {
            ended = true;
            break;
        }
        match line.strip_prefix('=') {
            Some(checksum) => sum = Some(STANDARD.decode(checksum)?),
            None => text.push_str(line),
        }
    }
    if !ended {
        bail!("the armored key is cut short: its END line is missing");
    }
    let data = STANDARD.decode(text)?;
    if sum.is_some_and(|sum| sum != crc24(&data).to_be_bytes()[1..]) {
        bail!("the armored key is damaged: its checksum does not match");
    }
    Ok((headers, data))
}

/// OpenPGP's checksum.
fn crc24(data: &[u8]) -> u32 {
    let mut crc = 0x00b7_04ce_u32;
    for byte in data {
        crc ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            crc <<= 1;
            if crc & 0x0100_0000 != 0 {
                crc ^= 0x0186_4cfb;
            }
        }
    }
    crc & 0x00ff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by wasmd with the passphrase 12345678 from the mnemonic of eleven times "abandon" and "about".
    const FROM_WASMD: &str = "-----BEGIN TENDERMINT PRIVATE KEY-----
kdf: argon2
salt: E1D0A97D7C006F95CCEF811A206A460F
type: secp256k1

fTdz96EenAs1BMH8BmzHCxxEu8ulhole3UW2mocdFMeaW0U32Qlu5Ax2DCtXWhnI
c9OOo2M=
=giIz
-----END TENDERMINT PRIVATE KEY-----";

    #[test]
    fn a_key_exported_by_wasmd_is_read() {
        let key = decrypt_private_key(FROM_WASMD, "12345678").unwrap();
        let expected = "c4a48e2fce1481cd3294b4490f6678090ea98d3d0e5cd984558ab0968741b104";
        assert_eq!(hex::encode(key.as_bytes()), expected);
        assert!(decrypt_private_key(FROM_WASMD, "12345679").is_err());
        assert!(decrypt_private_key(&FROM_WASMD.replace("giIz", "giIA"), "12345678").is_err());
        assert!(decrypt_private_key(&FROM_WASMD[..180], "12345678").is_err());
    }

    #[test]
    fn what_was_exported_is_imported() {
        let key = PrivateKey::new(&[7; 32]).unwrap();
        let text = encrypt_private_key(&key, "password").unwrap();
        assert_eq!(decrypt_private_key(&text, "password").unwrap().as_bytes(), key.as_bytes());
    }
}
