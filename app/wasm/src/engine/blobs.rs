//! The code of contracts on disk: a file each, named by its checksum.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};

use super::EngineError;

/// Reads every code and compares it with its name. A folder that is not there yet has none.
pub fn check(folder: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::Disk { path: folder.to_owned(), source };
    if !folder.try_exists().map_err(failed)? {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|name| is_checksum(name))
        else {
            continue;
        };
        let code = fs::read(&path).map_err(|source| EngineError::Disk { path: path.clone(), source })?;
        let found = hex::encode(Sha256::digest(&code));
        if found != name {
            return Err(EngineError::Damaged { file: path, found });
        }
    }
    Ok(())
}

fn is_checksum(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_code_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("wasm");
        check(&place).unwrap();
        fs::create_dir(&place).unwrap();
        let file = place.join(format!("{}.wasm", hex::encode(Sha256::digest(b"code"))));
        fs::write(&file, b"code").unwrap();
        fs::write(place.join("README"), b"not code").unwrap();
        check(&place).unwrap();
        fs::write(&file, b"c0de").unwrap();
        let error = check(&place).unwrap_err();
        assert!(matches!(&error, EngineError::Damaged { file: named, .. } if *named == file), "{error}");
    }
}
