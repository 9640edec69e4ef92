//! The allocator, and how long it holds on to memory.

use std::ffi::{c_int, c_long};

/// A block makes and drops hundreds of thousands of small values: with the system's allocator that takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_allow_large_os_pages` and `mi_option_purge_delay`, which libmimalloc-sys does not name.
const LARGE_PAGES: c_int = 6;
const PURGE_DELAY: c_int = 15;

/// More than lies between two blocks. By default memory goes back to the system after a second: each block then gets its pages anew, and a third
/// of its time is the kernel's, clearing them. What a genesis or an export took still goes back.
const MILLISECONDS: c_long = 20_000;

/// Asks for pages of 2 MiB, which spare the kernel five hundred faults each, and keeps the memory of a block for the next one. In the environment
/// `MIMALLOC_ALLOW_LARGE_OS_PAGES` and `MIMALLOC_PURGE_DELAY` may say otherwise.
#[allow(unsafe_code, reason = "the allocator has no other interface for its options")]
extern "C" fn set_options() {
    // SAFETY: assignments to entries of a table of the allocator's own, which has these indices; no other thread runs yet.
    unsafe {
        libmimalloc_sys::mi_option_set_default(LARGE_PAGES, 1);
        libmimalloc_sys::mi_option_set_default(PURGE_DELAY, MILLISECONDS);
    }
}

/// The allocator asks for its first gigabyte with the first allocation, which comes before `main`.
#[allow(unsafe_code, reason = "there is no other moment before the first allocation")]
#[used]
// SAFETY: what the loader calls before `main`: a function that takes nothing, gives nothing and allocates nothing.
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
static BEFORE_MAIN: extern "C" fn() = set_options;

#[cfg(test)]
mod tests {
    use super::*;

    /// The options are those that are meant, by what the allocator documents as their defaults, and they are set before there is a `main`.
    #[test]
    #[allow(unsafe_code, reason = "the allocator has no other interface for its options")]
    fn the_options_are_the_ones_that_are_meant() {
        for (option, name, wanted) in [
            (LARGE_PAGES, "MIMALLOC_ALLOW_LARGE_OS_PAGES", 1),
            (PURGE_DELAY, "MIMALLOC_PURGE_DELAY", MILLISECONDS),
        ] {
            let named = std::env::var(name).ok().and_then(|text| text.parse().ok());
            // SAFETY: reads an entry of the allocator's table.
            assert_eq!(unsafe { libmimalloc_sys::mi_option_get(option) }, named.unwrap_or(wanted));
        }
    }

    /// The indices are found by the names that the environment has for them, in a process that is told other values.
    #[test]
    fn the_environment_has_the_last_word() {
        if std::env::var_os("MIMALLOC_PURGE_DELAY").is_some() {
            return;
        }
        let this = std::env::current_exe().unwrap();
        let told = std::process::Command::new(this)
            .arg("the_options_are_the_ones_that_are_meant")
            .envs([("MIMALLOC_ALLOW_LARGE_OS_PAGES", "0"), ("MIMALLOC_PURGE_DELAY", "777")])
            .output()
            .unwrap();
        let output = String::from_utf8_lossy(&told.stdout);
        assert!(told.status.success() && output.contains("1 passed"), "{output}");
    }
}
