//! A node's two keys: one signs what it posts, shares are sealed to the other. And how possession of both is shown on chain.

use ed25519_dalek::{Signer, SigningKey};
use iz_contract_types::keys::KeyRegistration;
use iz_protect::mask::MemberSecret;
use iz_rounds_machine::{Digest, keys};
use zeroize::Zeroizing;

use crate::board::Place;

/// Keys of one node. Both are wiped when dropped and hidden from Debug.
#[derive(Clone)]
pub struct NodeKeys {
    signature: SigningKey,
    sealing: SigningKey,
}

impl NodeKeys {
    /// From two secrets, which must not be the same.
    #[must_use]
    pub fn from_seeds(signature: &[u8; 32], sealing: &[u8; 32]) -> Self {
        Self { signature: SigningKey::from_bytes(signature), sealing: SigningKey::from_bytes(sealing) }
    }

    #[must_use]
    pub fn signature_key(&self) -> [u8; 32] {
        self.signature.verifying_key().to_bytes()
    }

    /// The X25519 key that shares are sealed to.
    #[must_use]
    pub fn sealing_key(&self) -> [u8; 32] {
        self.member_secret().public().0
    }

    /// What opens sealed shares.
    #[must_use]
    pub fn member_secret(&self) -> MemberSecret {
        // the scalar of the Ed25519 twin, which the registration shows possession of
        let scalar = Zeroizing::new(self.sealing.to_scalar_bytes());
        MemberSecret::from_bytes(*scalar)
    }

    /// The registration of these keys by an owner with a contract.
    #[must_use]
    pub fn registration(&self, place: &Place, owner: &str) -> KeyRegistration {
        let (signature_key, sealing_key) = (self.signature_key(), self.sealing_key());
        let statement = keys::statement(&place.chain, &place.contract, owner, &signature_key, &sealing_key);
        KeyRegistration {
            signature_key: signature_key.into(),
            sealing_key: sealing_key.into(),
            sealing_twin: self.sealing.verifying_key().to_bytes().into(),
            signature_proof: self.signature.sign(&statement.0).to_bytes().into(),
            sealing_proof: self.sealing.sign(&statement.0).to_bytes().into(),
        }
    }

    /// Signs the digest of a sum.
    #[must_use]
    pub fn sign_sum(&self, place: &Place, round: u64, set: &Digest, sum: &Digest) -> [u8; 64] {
        let statement = keys::sum_statement(&place.chain, &place.contract, round, set, sum);
        self.signature.sign(&statement.0).to_bytes()
    }
}

impl std::fmt::Debug for NodeKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("NodeKeys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_holds_keys_that_the_chain_accepts() {
        let keys = NodeKeys::from_seeds(&[1; 32], &[2; 32]);
        let place = Place { chain: "iz-1".into(), contract: "iz1rounds".into() };
        let registration = keys.registration(&place, "iz1node");
        let bytes = |value: &[u8]| <[u8; 32]>::try_from(value).unwrap();
        assert_eq!(
            keys::check(
                &bytes(&registration.signature_key),
                &bytes(&registration.sealing_key),
                &bytes(&registration.sealing_twin)
            ),
            Ok(())
        );
        assert_eq!(format!("{keys:?}"), "NodeKeys(hidden)");
    }
}
