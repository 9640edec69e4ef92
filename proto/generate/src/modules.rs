//! The pinned Go modules: where they lie and which of their files are taken.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use prost_types::FileDescriptorSet;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    module: Vec<Module>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    path: String,
    version: String,
    #[serde(default)]
    root: Option<PathBuf>,
    #[serde(default)]
    include: Vec<PathBuf>,
    #[serde(default)]
    exclude: Vec<PathBuf>,
    #[serde(default)]
    generated: Vec<PathBuf>,
}

/// What the list leads to.
#[derive(Default)]
pub struct Sources {
    /// Folders that imports are resolved against.
    pub roots: Vec<PathBuf>,
    /// Import paths of the files to compile.
    pub files: Vec<PathBuf>,
    /// Descriptors read out of generated Go sources.
    pub embedded: FileDescriptorSet,
}

/// Reads the list and downloads what is missing from the Go module cache.
pub fn collect(list: &Path) -> Result<Sources> {
    let text = std::fs::read_to_string(list).with_context(|| format!("reading {}", list.display()))?;
    let list: List = toml::from_str(&text)?;
    let mut sources = Sources::default();
    for module in list.module {
        let folder = download(&module.path, &module.version)?;
        if let Some(root) = &module.root {
            let root = folder.join(root);
            for include in &module.include {
                let found = proto_files(&root, include)?;
                let wanted = |file: &PathBuf| !module.exclude.iter().any(|folder| file.starts_with(folder));
                sources.files.extend(found.into_iter().filter(wanted));
            }
            sources.roots.push(root);
        }
        for file in &module.generated {
            let descriptor = crate::gofile::descriptor(&folder.join(file))?;
            sources.files.push(PathBuf::from(descriptor.name()));
            sources.embedded.file.push(descriptor);
        }
    }
    Ok(sources)
}

/// Every .proto file at or below `start`, as a path relative to `root`; in the order of their names.
pub fn proto_files(root: &Path, start: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![start.to_path_buf()];
    while let Some(path) = pending.pop() {
        let whole = root.join(&path);
        if whole.is_dir() {
            for entry in std::fs::read_dir(&whole)? {
                pending.push(path.join(entry?.file_name()));
            }
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn download(path: &str, version: &str) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Downloaded {
        #[serde(rename = "Dir", default)]
        dir: PathBuf,
        #[serde(rename = "Error", default)]
        error: String,
    }
    let output = Command::new("go")
        .args(["mod", "download", "-json", &format!("{path}@{version}")])
        .current_dir(std::env::temp_dir())
        .output()
        .context("running go; it must be installed")?;
    let downloaded: Downloaded = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("go mod download: {}", String::from_utf8_lossy(&output.stderr)))?;
    if !downloaded.error.is_empty() {
        bail!("go mod download {path}@{version}: {}", downloaded.error);
    }
    Ok(downloaded.dir)
}
