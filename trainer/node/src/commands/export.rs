//! Writes a published model into a folder: weights, card, recipe, and the manifest last.

use anyhow::{Context as _, Result};
use iz_round::publish::Artefact;
use iz_rounds_machine::Digest;
use serde_json::json;

use super::models;
use crate::cli::Export;
use crate::context::Context;

pub fn run(context: &Context, arguments: &Export) -> Result<()> {
    let mut board = models::reader(context)?;
    let digest = match &arguments.manifest {
        Some(text) => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text, &mut bytes).context("--manifest takes 64 hexadecimal digits")?;
            Digest(bytes)
        }
        None => models::latest(context, &mut board)?,
    };
    let artefact = Artefact::fetch(&mut board, digest, context.config.store.largest)?;
    artefact.write(&arguments.folder).with_context(|| arguments.folder.display().to_string())?;
    let files: Vec<&str> = artefact.files.iter().map(|(name, _)| name.as_str()).collect();
    let folder = arguments.folder.display().to_string();
    context.say.answer(
        "export",
        None,
        json!({ "folder": folder, "manifest": digest.to_string(), "files": files }),
    );
    Ok(())
}
