//! Where seeds come from: the operating system, or a fixed stream in simulations, so that a run can be repeated.

use rand::{TryRngCore, rngs::OsRng};
use rand_chacha::{ChaCha20Rng, rand_core::RngCore};
use zeroize::Zeroizing;

use crate::error::RoleError;

/// Gives seeds that nobody knows and that never come twice.
pub trait Entropy {
    fn seed(&mut self) -> Result<Zeroizing<[u8; 32]>, RoleError>;
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Entropy for System {
    fn seed(&mut self) -> Result<Zeroizing<[u8; 32]>, RoleError> {
        let mut seed = Zeroizing::new([0; 32]);
        OsRng.try_fill_bytes(seed.as_mut_slice()).map_err(|error| RoleError::Entropy(error.to_string()))?;
        Ok(seed)
    }
}

impl Entropy for ChaCha20Rng {
    fn seed(&mut self) -> Result<Zeroizing<[u8; 32]>, RoleError> {
        let mut seed = Zeroizing::new([0; 32]);
        self.fill_bytes(seed.as_mut_slice());
        Ok(seed)
    }
}
