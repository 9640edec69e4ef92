//! The manifest of a model: which files it has, with their hashes, and what they were made from. Its own hash is what the committee
//! attests and what the artefact is registered under; written last, it is the commit mark.

use iz_rounds_machine::Digest;
use serde::{Deserialize, Serialize};

use crate::board;

/// A manifest is small.
pub const MAX_BYTES: usize = 64 << 10;
const VERSION: &str = "iz-model/1";
const MAX_FILES: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub version: String,
    pub chain: String,
    pub contract: String,
    pub task: u64,
    pub round: u64,
    /// The manifest of the model that training went on from.
    pub parent: Option<Digest>,
    pub recipe: Digest,
    /// The included clients.
    pub set: Digest,
    pub groups: Vec<GroupRecord>,
    /// By name.
    pub files: Vec<FileRecord>,
}

/// A group that was summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRecord {
    pub clients: u16,
    /// Whether its sum could be opened; one that could not is in no model.
    pub opened: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    pub name: String,
    pub bytes: u64,
    pub sha256: Digest,
}

/// Why bytes are no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("a manifest of {0} bytes")]
    TooLarge(usize),
    #[error("not a manifest: {0}")]
    Malformed(String),
    #[error("a manifest of another version")]
    Version,
    #[error("the file name {0:?} is refused, or out of order")]
    FileName(String),
    #[error("the manifest is not in its only form")]
    NotCanonical,
    #[error("the manifest has no file {0}")]
    MissingFile(&'static str),
}

impl Manifest {
    #[must_use]
    pub fn new(head: Head, files: &[(String, Vec<u8>)]) -> Self {
        let mut files: Vec<FileRecord> = files
            .iter()
            .map(|(name, bytes)| FileRecord {
                name: name.clone(),
                bytes: bytes.len() as u64,
                sha256: board::address(bytes),
            })
            .collect();
        files.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let Head { place, task, round, parent, recipe, set, groups } = head;
        Self {
            version: VERSION.into(),
            chain: place.chain,
            contract: place.contract,
            task,
            round,
            parent,
            recipe,
            set,
            groups,
            files,
        }
    }

    /// Reads a manifest of strangers. One manifest has one encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        if bytes.len() > MAX_BYTES {
            return Err(ManifestError::TooLarge(bytes.len()));
        }
        let manifest: Self =
            serde_json::from_slice(bytes).map_err(|error| ManifestError::Malformed(error.to_string()))?;
        if manifest.version != VERSION {
            return Err(ManifestError::Version);
        }
        if manifest.files.len() > MAX_FILES {
            return Err(ManifestError::TooLarge(bytes.len()));
        }
        if let Some(file) = manifest.files.iter().find(|file| !named(&file.name)) {
            return Err(ManifestError::FileName(file.name.clone()));
        }
        if let Some(pair) = manifest.files.windows(2).find(|pair| pair[0].name >= pair[1].name) {
            return Err(ManifestError::FileName(pair[1].name.clone()));
        }
        if manifest.to_bytes()? == bytes { Ok(manifest) } else { Err(ManifestError::NotCanonical) }
    }

    pub fn to_bytes(&self) -> Result<Vec<u8>, ManifestError> {
        serde_json::to_vec(self).map_err(|error| ManifestError::Malformed(error.to_string()))
    }

    pub fn file(&self, name: &'static str) -> Result<&FileRecord, ManifestError> {
        self.files.iter().find(|file| file.name == name).ok_or(ManifestError::MissingFile(name))
    }
}

/// What a manifest says beside its files.
#[derive(Clone, Debug)]
pub struct Head {
    pub place: board::Place,
    pub task: u64,
    pub round: u64,
    pub parent: Option<Digest>,
    pub recipe: Digest,
    pub set: Digest,
    pub groups: Vec<GroupRecord>,
}

/// Names that are the same file on every disk and leave no folder.
fn named(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=100).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(allowed)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn manifest() -> Manifest {
        let head = Head {
            place: board::Place { chain: "iz-1".into(), contract: "iz1rounds".into() },
            task: 1,
            round: 12,
            parent: None,
            recipe: Digest([1; 32]),
            set: Digest([2; 32]),
            groups: vec![GroupRecord { clients: 3, opened: true }, GroupRecord { clients: 2, opened: false }],
        };
        Manifest::new(head, &[("model.safetensors".into(), vec![1; 9]), ("README.md".into(), vec![2; 5])])
    }

    #[test]
    fn a_manifest_is_one_text_and_back() {
        let bytes = manifest().to_bytes().unwrap();
        assert_eq!(Manifest::parse(&bytes), Ok(manifest()));
        assert_eq!(manifest().file("model.safetensors").unwrap().bytes, 9);
        assert_eq!(manifest().file("other"), Err(ManifestError::MissingFile("other")));
        let spaced = [b" ".as_slice(), &bytes].concat();
        assert_eq!(Manifest::parse(&spaced), Err(ManifestError::NotCanonical));
    }

    #[test]
    fn names_that_leave_the_folder_and_files_out_of_order_are_refused() {
        for name in ["../x", "/x", "a/b", ".hidden", "", "a\\b", "é"] {
            let mut wrong = manifest();
            wrong.files[0].name = name.into();
            let bytes = wrong.to_bytes().unwrap();
            assert_eq!(Manifest::parse(&bytes), Err(ManifestError::FileName(name.into())));
        }
        let mut wrong = manifest();
        wrong.files.swap(0, 1);
        assert!(matches!(Manifest::parse(&wrong.to_bytes().unwrap()), Err(ManifestError::FileName(_))));
        let mut wrong = manifest();
        wrong.version = "iz-model/2".into();
        assert_eq!(Manifest::parse(&wrong.to_bytes().unwrap()), Err(ManifestError::Version));
        assert!(matches!(Manifest::parse(&[b' '; MAX_BYTES + 1]), Err(ManifestError::TooLarge(_))));
    }

    proptest! {
        #[test]
        fn damaged_manifests_are_read_as_what_they_say_or_refused(
            changes in prop::collection::vec((0usize..1000, any::<u8>()), 1..6),
        ) {
            let mut bytes = manifest().to_bytes().unwrap();
            for (place, byte) in changes {
                let place = place % bytes.len();
                bytes[place] = byte;
            }
            if let Ok(read) = Manifest::parse(&bytes) {
                prop_assert_eq!(read.to_bytes().unwrap(), bytes);
            }
        }
    }
}
