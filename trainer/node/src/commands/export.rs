//! Writes a published model into a folder: weights, card, recipe, and the manifest last; where it is asked for as ONNX too.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use iz_round::Weights;
use iz_round::publish::{Artefact, MODEL};
use iz_rounds_machine::Digest;
use serde_json::json;

use super::models;
use crate::cli::Export;
use crate::context::Context;

const ONNX: &str = "model.onnx";

pub fn run(context: &Context, arguments: &Export) -> Result<()> {
    let folder = arguments.folder.display().to_string();
    if let Some(path) = &arguments.weights {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let written = onnx(context, &bytes, &arguments.folder)?;
        context.say.answer("export", None, json!({ "folder": folder, "files": [ONNX], "bytes": written }));
        return Ok(());
    }
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
    artefact.write(&arguments.folder).with_context(|| folder.clone())?;
    let mut files: Vec<&str> = artefact.files.iter().map(|(name, _)| name.as_str()).collect();
    if arguments.onnx {
        let model =
            artefact.files.iter().find(|(name, _)| name == MODEL).context("the model has no weights")?;
        onnx(context, &model.1, &arguments.folder)?;
        files.push(ONNX);
    }
    context.say.answer(
        "export",
        None,
        json!({ "folder": folder, "manifest": digest.to_string(), "files": files }),
    );
    Ok(())
}

/// By the learner of the settings; answers with the size.
fn onnx(context: &Context, weights: &[u8], folder: &Path) -> Result<usize> {
    let weights = Weights::from_safetensors(weights, context.config.store.largest)?;
    let bytes = context.kind()?.onnx(&context.home, &context.config, &weights)?;
    let path = folder.join(ONNX);
    let write = || {
        fs::create_dir_all(folder)?;
        fs::write(&path, &bytes)
    };
    write().with_context(|| path.display().to_string())?;
    Ok(bytes.len())
}
