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
    use crate::{Engine, Settings};

    #[test]
    fn a_machine_does_not_open_over_damaged_code_and_opens_once_it_is_restored() {
        let folder = tempfile::tempdir().unwrap();
        let code = wat::parse_str(include_str!("../../tests/common/echo.wat")).unwrap();
        let open = || Engine::open(folder.path(), Settings::default());
        let checksum = open().unwrap().store_code(&code, true).unwrap();
        let place = folder.path().join("state/wasm");
        let file = fs::read_dir(&place).unwrap().next().unwrap().unwrap().path();
        let mut damaged = code.clone();
        *damaged.last_mut().unwrap() ^= 1;
        fs::write(&file, damaged).unwrap();
        let error = open().map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
        assert!(matches!(error, EngineError::Damaged { .. }));
        fs::write(&file, &code).unwrap();
        assert_eq!(open().unwrap().code(&checksum).unwrap(), code);
    }

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
