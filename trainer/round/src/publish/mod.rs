//! From the next weights to an artefact: the files of a model, its card, and the manifest that names them all, written last.

mod card;
mod manifest;

use std::{fs, io::Write, path::Path};

use iz_rounds_machine::Digest;

pub use card::card;
pub use manifest::{FileRecord, GroupRecord, Head, MAX_BYTES, Manifest, ManifestError};

use crate::{
    board::{self, Board, BoardError},
    error::RoleError,
    global::Global,
    recipe::Recipe,
    trust::Trust,
};

pub const MODEL: &str = "model.safetensors";
pub const CARD: &str = "README.md";
pub const RECIPE: &str = "recipe.json";
pub const CONTROL: &str = "control.safetensors";
pub const MOMENTS: &str = "moments.safetensors";
/// What earlier rounds showed of their clients, where the rule asks.
pub const TRUST: &str = "trust.json";
pub const MANIFEST: &str = "manifest.json";

/// A model's files and the manifest over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artefact {
    pub files: Vec<(String, Vec<u8>)>,
    pub manifest: Vec<u8>,
}

impl Artefact {
    /// The same weights, recipe and round give the same bytes, whoever computes them.
    pub fn new(
        global: &Global,
        recipe: &Recipe,
        trust: Option<&Trust>,
        card: String,
        head: Head,
    ) -> Result<Self, RoleError> {
        let mut files = vec![
            (MODEL.to_string(), global.weights.to_safetensors()?),
            (CARD.to_string(), card.into_bytes()),
            (RECIPE.to_string(), recipe.to_bytes()?),
        ];
        if let Some(control) = &global.control {
            files.push((CONTROL.to_string(), control.to_safetensors()?));
        }
        if let Some(moments) = global.moments_file()? {
            files.push((MOMENTS.to_string(), moments));
        }
        if let Some(trust) = trust {
            files.push((TRUST.to_string(), trust.to_bytes()?));
        }
        let manifest = Manifest::new(head, &files).to_bytes()?;
        Ok(Self { files, manifest })
    }

    /// What is attested.
    #[must_use]
    pub fn digest(&self) -> Digest {
        board::address(&self.manifest)
    }

    /// Puts the files where others can fetch them, and then the manifest.
    pub fn put(&self, board: &mut (impl Board + ?Sized)) -> Result<(), BoardError> {
        for (_, bytes) in &self.files {
            board.put(bytes)?;
        }
        board.put(&self.manifest).map(|_| ())
    }

    /// Writes the files into a folder, and then the manifest: a folder without one is half a model.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        let manifest = folder.join(MANIFEST);
        if manifest.exists() {
            fs::remove_file(&manifest)?;
        }
        for (name, bytes) in self.files.iter().map(|(name, bytes)| (name.as_str(), bytes)) {
            let mut file = fs::File::create(folder.join(name))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        let fresh = folder.join("manifest.json.new");
        let mut file = fs::File::create(&fresh)?;
        file.write_all(&self.manifest)?;
        file.sync_all()?;
        fs::rename(fresh, manifest)?;
        fs::File::open(folder)?.sync_all()
    }

    /// Fetches a published model, every file by its hash.
    pub fn fetch(board: &mut (impl Board + ?Sized), digest: Digest, limit: u64) -> Result<Self, RoleError> {
        let manifest = board::fetch(board, digest, MAX_BYTES as u64)?;
        let mut files = Vec::new();
        for file in Manifest::parse(&manifest)?.files {
            if file.bytes > limit {
                return Err(BoardError::TooLarge { limit, found: file.bytes }.into());
            }
            files.push((file.name, board::fetch(board, file.sha256, file.bytes)?));
        }
        Ok(Self { files, manifest })
    }
}
