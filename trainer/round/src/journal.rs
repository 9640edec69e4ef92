//! What a role has to remember across a kill: what it trained, what it sent, what it committed to. One entry a name, whole or not
//! there at all.

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write},
    path::PathBuf,
};

use sha2::{Digest as _, Sha256};

/// Why an entry cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal cannot be kept: {0}")]
    Storage(#[from] std::io::Error),
    #[error("the entry {0} is damaged")]
    Damaged(PathBuf),
    #[error("{0:?} is no name of an entry")]
    Name(String),
}

/// Entries by name. A name is of lower-case letters, digits and hyphens.
pub trait Journal {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError>;

    /// Returns once the entry is kept for good, in place of the one before.
    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), JournalError>;

    /// Forgets all entries whose names begin so.
    fn forget(&mut self, prefix: &str) -> Result<(), JournalError>;
}

/// A journal that ends with its owner: for simulations.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal(BTreeMap<String, Vec<u8>>);

impl Journal for MemoryJournal {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.0.get(name).cloned())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
        self.0.insert(checked(name)?.to_string(), bytes.to_vec());
        Ok(())
    }

    fn forget(&mut self, prefix: &str) -> Result<(), JournalError> {
        self.0.retain(|name, _| !name.starts_with(prefix));
        Ok(())
    }
}

/// A journal in a folder: a file an entry, its hash before its content, replaced by renaming.
#[derive(Debug)]
pub struct FileJournal {
    folder: PathBuf,
}

impl FileJournal {
    /// Makes the folder if it is not there.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, JournalError> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }
}

impl Journal for FileJournal {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
        let path = self.folder.join(checked(name)?);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        match bytes.split_at_checked(32) {
            Some((hash, content)) if Sha256::digest(content).as_slice() == hash => Ok(Some(content.to_vec())),
            _ => Err(JournalError::Damaged(path)),
        }
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
        let path = self.folder.join(checked(name)?);
        // a name with a dot is none that an entry can have
        let fresh = self.folder.join(format!("{name}.new"));
        let mut file = fs::File::create(&fresh)?;
        file.write_all(&Sha256::digest(bytes))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        fs::File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    fn forget(&mut self, prefix: &str) -> Result<(), JournalError> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(prefix) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

fn checked(name: &str) -> Result<&str, JournalError> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=100).contains(&name.len()) && name.bytes().all(allowed) {
        Ok(name)
    } else {
        Err(JournalError::Name(name.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps(journal: &mut impl Journal) {
        assert_eq!(journal.read("7-seed").unwrap(), None);
        journal.write("7-seed", b"one").unwrap();
        journal.write("7-seed", b"two").unwrap();
        journal.write("70-seed", b"three").unwrap();
        assert_eq!(journal.read("7-seed").unwrap().unwrap(), b"two");
        journal.forget("7-").unwrap();
        assert_eq!(journal.read("7-seed").unwrap(), None);
        assert_eq!(journal.read("70-seed").unwrap().unwrap(), b"three");
        for name in ["", "a/b", "..", "A"] {
            assert!(matches!(journal.write(name, b""), Err(JournalError::Name(_))), "{name}");
        }
    }

    #[test]
    fn entries_are_kept_replaced_and_forgotten() {
        keeps(&mut MemoryJournal::default());
        let folder = tempfile::tempdir().unwrap();
        keeps(&mut FileJournal::open(folder.path().join("new")).unwrap());
    }

    #[test]
    fn a_torn_entry_is_an_error_and_never_a_shorter_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = FileJournal::open(folder.path()).unwrap();
        journal.write("entry", &[7; 100]).unwrap();
        let path = folder.path().join("entry");
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(matches!(journal.read("entry"), Err(JournalError::Damaged(_))), "{length}");
        }
        // a kill between writing and renaming leaves the entry before
        fs::write(&path, &whole).unwrap();
        fs::write(folder.path().join("entry.new"), b"half").unwrap();
        assert_eq!(journal.read("entry").unwrap().unwrap(), [7; 100]);
    }
}
