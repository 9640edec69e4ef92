//! The secrets of a trainer, each in a file that only its owner can read: the words of its account, and the seed of the two keys it
//! takes part in rounds with.

use anyhow::{Context as _, Result};
use ed25519_dalek::{Signer as _, SigningKey};
use iz_round::NodeKeys;
use iz_rounds_machine::Digest;
use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::home::Home;

pub const MNEMONIC: &str = "mnemonic";
pub const SEED: &str = "seed";

/// A fresh seed, as its file keeps it.
pub fn new_seed() -> Zeroizing<String> {
    let mut seed = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(seed.as_mut_slice());
    Zeroizing::new(hex::encode(seed.as_slice()))
}

/// The secret for one purpose.
fn derived(home: &Home, purpose: &str) -> Result<Zeroizing<[u8; 32]>> {
    let text = home.read_secret(SEED)?;
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), seed.as_mut_slice())
        .with_context(|| format!("the file {SEED} is damaged"))?;
    Ok(Zeroizing::new(Sha256::new().chain_update(purpose).chain_update(seed.as_slice()).finalize().into()))
}

fn signature_seed(home: &Home) -> Result<Zeroizing<[u8; 32]>> {
    derived(home, "iz-trainer/signature")
}

/// The keys for rounds.
pub fn of_rounds(home: &Home) -> Result<NodeKeys> {
    Ok(NodeKeys::from_seeds(&*signature_seed(home)?, &*derived(home, "iz-trainer/sealing")?))
}

/// Signs what a node states, such as a benchmark.
pub fn sign(home: &Home, statement: &Digest) -> Result<[u8; 64]> {
    Ok(SigningKey::from_bytes(&*signature_seed(home)?).sign(&statement.0).to_bytes())
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Verifier as _, VerifyingKey};

    use super::*;

    #[test]
    fn what_is_signed_is_by_the_registered_key() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        assert!(of_rounds(&home).is_err());
        home.write_secret(SEED, &new_seed()).unwrap();
        let statement = Digest([7; 32]);
        let signature = sign(&home, &statement).unwrap();
        let key = VerifyingKey::from_bytes(&of_rounds(&home).unwrap().signature_key()).unwrap();
        key.verify(&statement.0, &ed25519_dalek::Signature::from_bytes(&signature)).unwrap();
        // a secret that is there is never replaced
        assert!(home.write_secret(SEED, "another").is_err());
    }

    #[test]
    fn a_damaged_seed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::new(folder.path());
        home.write_secret(SEED, "00").unwrap();
        assert!(format!("{:#}", of_rounds(&home).unwrap_err()).contains("damaged"));
    }
}
