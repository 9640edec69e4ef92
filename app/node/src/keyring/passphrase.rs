//! The passphrase of the `file` backend: its bcrypt hash lies beside the keys, so that a wrong one is noticed.

use std::{fs, io, path::Path};

use anyhow::{Context as _, Result, bail};
use zeroize::Zeroizing;

use crate::{prompt, setup::write_private};

const ATTEMPTS: u32 = 3;

pub fn ask(folder: &Path) -> Result<Zeroizing<String>> {
    let path = folder.join("keyhash");
    let stored = match fs::read_to_string(&path) {
        Ok(hash) => Some(hash),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("failed to read {}", path.display())),
    };
    for attempt in 1..=ATTEMPTS {
        let asked = prompt::password(&format!("Enter keyring passphrase (attempt {attempt}/{ATTEMPTS}):"));
        let given = match asked {
            Ok(given) => given,
            Err(error) => {
                eprintln!("{error}");
                continue;
            }
        };
        if let Some(hash) = &stored {
            if bcrypt::verify(given.as_bytes(), hash.trim()).unwrap_or(false) {
                return Ok(given);
            }
            eprintln!("incorrect passphrase");
            continue;
        }
        match prompt::password("Re-enter keyring passphrase:") {
            Ok(again) if again == given => {
                let hash = bcrypt::hash_with_result(given.as_bytes(), bcrypt_cost())?;
                write_private(&path, hash.format_for_version(bcrypt::Version::TwoA).as_bytes())?;
                return Ok(given);
            }
            Ok(_) => eprintln!("passphrase do not match"),
            Err(error) => eprintln!("{error}"),
        }
    }
    bail!("too many failed passphrase attempts")
}

/// The cost that Go's bcrypt takes where the SDK asks for less than its least.
const fn bcrypt_cost() -> u32 {
    10
}
