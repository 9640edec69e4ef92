//! Keys of the evidence store.

/// `00 ‖ hash` → the evidence, packed.
pub const EVIDENCE: u8 = 0x00;

#[must_use]
pub fn evidence(hash: &[u8]) -> Vec<u8> {
    let mut key = vec![EVIDENCE];
    key.extend_from_slice(hash);
    key
}
