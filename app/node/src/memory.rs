//! The allocator, and how long it holds on to memory.

use std::ffi::c_int;

/// A block makes and drops hundreds of thousands of small values: with the system's allocator that takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`, which libmimalloc-sys does not name.
const PURGE_DELAY: c_int = 15;

/// More than lies between two blocks. By default memory goes back to the system after a second: each block then gets its pages anew, and a third
/// of its time is the kernel's, clearing them. What a genesis or an export took still goes back.
const MILLISECONDS: std::ffi::c_long = 20_000;

/// Keeps the memory of a block for the next one, unless `MIMALLOC_PURGE_DELAY` in the environment says otherwise. To be called before
/// there are threads.
#[allow(unsafe_code, reason = "the allocator has no other interface for its options")]
pub fn keep_between_blocks() {
    // SAFETY: an assignment to an entry of a table of the allocator's own, which has this index; no other thread runs yet.
    unsafe { libmimalloc_sys::mi_option_set_default(PURGE_DELAY, MILLISECONDS) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The index is that of the allocator in use: what it holds before is its documented default, or what the environment says.
    #[test]
    #[allow(unsafe_code, reason = "the allocator has no other interface for its options")]
    fn the_option_is_the_one_that_is_meant() {
        let named = std::env::var("MIMALLOC_PURGE_DELAY").ok().and_then(|text| text.parse().ok());
        // SAFETY: reads an entry of the allocator's table.
        let before = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(before, named.unwrap_or(1_000));
        keep_between_blocks();
        // SAFETY: as above.
        let after = unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY) };
        assert_eq!(after, named.unwrap_or(MILLISECONDS));
    }
}
