//! Makes the descriptor set and the Rust types from the interfaces pinned in `third_party.toml` and our own.
//!
//! Usage: `iz-proto-generate <proto folder> <output folder>`; `scripts/proto` is the way to call it.

#[path = "../../src/free_text.rs"]
mod free_text;
mod gofile;
mod modules;
mod types;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use protox::Compiler;
use protox::file::{ChainFileResolver, DescriptorSetFileResolver, GoogleFileResolver, IncludeFileResolver};

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [proto, output] = arguments.as_slice() else {
        bail!("usage: iz-proto-generate <proto folder> <output folder>");
    };
    let sources = modules::collect(&proto.join("third_party.toml"))?;
    let mut resolver = ChainFileResolver::new();
    for root in &sources.roots {
        resolver.add(IncludeFileResolver::new(root.clone()));
    }
    resolver.add(IncludeFileResolver::new(proto.clone()));
    resolver.add(DescriptorSetFileResolver::new(sources.embedded.clone()));
    resolver.add(GoogleFileResolver::new());

    let mut files = sources.files;
    files.extend(modules::proto_files(proto, Path::new("infinitezero"))?);
    files.sort();
    files.dedup();

    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(false);
    compiler.open_files(&files).context("compiling the interfaces")?;
    std::fs::create_dir_all(output.join("src/gen"))?;
    std::fs::write(output.join("descriptors.binpb"), compiler.encode_file_descriptor_set())?;
    types::write(compiler.file_descriptor_set(), &output.join("src/gen"))
}
