//! Shares sealed to members: X25519, HKDF-SHA256, ChaCha20-Poly1305.
//!
//! The key is bound to the round, the client, the member and both public keys, so a sealed share opens nowhere else. Each key seals one
//! message, so the nonce is zero.

use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::AeadInPlace};
use curve25519_dalek::{montgomery::MontgomeryPoint, scalar::Scalar};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    VERSION,
    plan::{Context, MemberKey},
    upload::ClientId,
};

/// Bytes that sealing adds.
pub(super) const TAG: usize = 16;

/// A member's secret key: wiped when dropped, hidden from Debug.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MemberSecret([u8; 32]);

impl MemberSecret {
    /// Any 32 random bytes are a key.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn public(&self) -> MemberKey {
        MemberKey(MontgomeryPoint::mul_base_clamped(self.0).0)
    }

    /// The scalar that X25519 multiplies by.
    pub(super) fn scalar(&self) -> Zeroizing<Scalar> {
        let clamped = Zeroizing::new(curve25519_dalek::scalar::clamp_integer(self.0));
        Zeroizing::new(Scalar::from_bytes_mod_order(*clamped))
    }

    pub(super) fn agree(&self, other: &[u8; 32]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(MontgomeryPoint(*other).mul_clamped(self.0).0)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for MemberSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MemberSecret(hidden)")
    }
}

/// Whom a share is from and to.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    pub context: &'a Context,
    pub client: &'a ClientId,
    pub ephemeral: &'a [u8; 32],
    pub index: usize,
    pub member: &'a MemberKey,
}

impl Address<'_> {
    fn bytes(&self) -> Vec<u8> {
        let index = (self.index as u32).to_le_bytes();
        [
            VERSION,
            b"share".as_slice(),
            &self.context.0,
            &self.client.0,
            self.ephemeral,
            &index,
            &self.member.0,
        ]
        .concat()
    }

    fn cipher(&self, agreed: &[u8; 32]) -> Option<ChaCha20Poly1305> {
        let mut key = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(Some(&self.context.0), agreed).expand(&self.bytes(), key.as_mut_slice()).ok()?;
        Some(ChaCha20Poly1305::new(key.as_slice().into()))
    }

    /// Encrypts in place and appends the tag. Never fails for messages of the lengths that a plan allows.
    pub fn seal(&self, agreed: &[u8; 32], message: &mut Vec<u8>) -> Option<()> {
        self.cipher(agreed)?.encrypt_in_place(&[0; 12].into(), &self.bytes(), message).ok()
    }

    /// The message, if the key and the address are those it was sealed with.
    pub fn open(&self, agreed: &[u8; 32], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut message = Zeroizing::new(sealed.to_vec());
        self.cipher(agreed)?.decrypt_in_place(&[0; 12].into(), &self.bytes(), &mut *message).ok()?;
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_opens_for_its_member_and_nowhere_else() {
        let (client, member) = (MemberSecret::from_bytes([1; 32]), MemberSecret::from_bytes([2; 32]));
        let (context, id) = (Context([3; 32]), ClientId([4; 32]));
        let (ephemeral, key) = (client.public().0, member.public());
        let address =
            Address { context: &context, client: &id, ephemeral: &ephemeral, index: 5, member: &key };
        let mut sealed = b"share".to_vec();
        address.seal(&client.agree(&key.0), &mut sealed).unwrap();
        assert_eq!(sealed.len(), 5 + TAG);
        let agreed = member.agree(&ephemeral);
        assert_eq!(address.open(&agreed, &sealed).unwrap().as_slice(), b"share");

        let others = [
            Address { context: &Context([9; 32]), ..address },
            Address { client: &ClientId([9; 32]), ..address },
            Address { ephemeral: &[9; 32], ..address },
            Address { index: 6, ..address },
            Address { member: &MemberKey([9; 32]), ..address },
        ];
        assert!(others.iter().all(|other| other.open(&agreed, &sealed).is_none()));
        assert!(address.open(&[7; 32], &sealed).is_none());
        for place in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[place] ^= 1;
            assert!(address.open(&agreed, &broken).is_none());
        }
        assert!(address.open(&agreed, &sealed[..TAG - 1]).is_none());
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", MemberSecret::from_bytes([0xab; 32])), "MemberSecret(hidden)");
    }
}
