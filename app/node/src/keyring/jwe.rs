//! JSON Web Encryption as the SDK's file keyring uses it: PBES2-HS256+A128KW around A256GCM, in compact form.

use aes_gcm::{
    Aes256Gcm, Key, Nonce,
    aead::{Aead as _, KeyInit as _, Payload},
};
use aes_kw::KekAes128;
use anyhow::{Result, anyhow, bail};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore as _;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use zeroize::Zeroizing;

const ALGORITHM: &str = "PBES2-HS256+A128KW";
const ENCRYPTION: &str = "A256GCM";
const ITERATIONS: u32 = 8192;
/// More would let a planted file stop the reader for minutes; the SDK's library draws the same line.
const MOST_ITERATIONS: u32 = 1_300_000;
const TAG: usize = 16;

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    created: String,
    enc: String,
    p2c: u32,
    p2s: String,
}

pub fn encrypt(payload: &[u8], passphrase: &str) -> Result<String> {
    let mut salt = [0; 12];
    let mut key = Zeroizing::new([0; 32]);
    let mut nonce = [0; 12];
    let mut random = rand::rng();
    random.fill_bytes(&mut salt);
    random.fill_bytes(key.as_mut_slice());
    random.fill_bytes(&mut nonce);

    let header = Header {
        alg: ALGORITHM.to_owned(),
        created: OffsetDateTime::now_utc().format(&Rfc3339)?,
        enc: ENCRYPTION.to_owned(),
        p2c: ITERATIONS,
        p2s: URL_SAFE_NO_PAD.encode(salt),
    };
    let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
    let wrapped = wrapping_key(passphrase, &salt, ITERATIONS).wrap_vec(key.as_slice()).map_err(wrong)?;
    let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key.as_slice()));
    let sealed = cipher
        .encrypt(Nonce::from_slice(&nonce), Payload { msg: payload, aad: header.as_bytes() })
        .map_err(wrong)?;
    let (text, tag) = sealed.split_at(sealed.len() - TAG);
    let parts = [&wrapped[..], &nonce[..], text, tag].map(|part| URL_SAFE_NO_PAD.encode(part));
    Ok(format!("{header}.{}", parts.join(".")))
}

pub fn decrypt(token: &str, passphrase: &str) -> Result<Zeroizing<Vec<u8>>> {
    let parts: Vec<&str> = token.trim().split('.').collect();
    let [encoded_header, wrapped, nonce, text, tag] = parts[..] else {
        bail!("an encrypted item has five parts, not {}", parts.len());
    };
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded_header)?)?;
    if header.alg != ALGORITHM || header.enc != ENCRYPTION {
        bail!("encrypted with {} and {}, not with {ALGORITHM} and {ENCRYPTION}", header.alg, header.enc);
    }
    if header.p2c > MOST_ITERATIONS {
        bail!("it asks for {} rounds of key derivation, more than {MOST_ITERATIONS}", header.p2c);
    }
    let salt = URL_SAFE_NO_PAD.decode(&header.p2s)?;
    let wrapped = URL_SAFE_NO_PAD.decode(wrapped)?;
    let key = wrapping_key(passphrase, &salt, header.p2c).unwrap_vec(&wrapped).map_err(wrong)?;
    let key = Zeroizing::new(key);
    let nonce = URL_SAFE_NO_PAD.decode(nonce)?;
    if key.len() != 32 || nonce.len() != 12 {
        bail!("its key or nonce has a wrong length");
    }
    let mut sealed = URL_SAFE_NO_PAD.decode(text)?;
    sealed.extend(URL_SAFE_NO_PAD.decode(tag)?);
    let cipher = Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&key));
    let payload = Payload { msg: &sealed, aad: encoded_header.as_bytes() };
    Ok(Zeroizing::new(cipher.decrypt(Nonce::from_slice(&nonce), payload).map_err(wrong)?))
}

fn wrapping_key(passphrase: &str, salt: &[u8], rounds: u32) -> KekAes128 {
    let salt = [ALGORITHM.as_bytes(), &[0], salt].concat();
    let mut key = Zeroizing::new([0; 16]);
    pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), &salt, rounds, key.as_mut_slice());
    KekAes128::from(*key)
}

fn wrong(_: impl Sized) -> anyhow::Error {
    anyhow!("wrong passphrase")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encrypted_is_decrypted_with_the_same_passphrase_only() {
        let token = encrypt(b"secret", "12345678").unwrap();
        assert_eq!(decrypt(&token, "12345678").unwrap().as_slice(), b"secret");
        assert!(decrypt(&token, "12345679").is_err());
        let mut cut = token.clone();
        cut.truncate(token.len() - 3);
        assert!(decrypt(&cut, "12345678").is_err());
    }
}
