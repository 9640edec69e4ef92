//! Predictions of one published model over HTTP.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use iz_round::Weights;
use iz_round::publish::{Artefact, MODEL};
use iz_serve::{Counts, Predictor, router};
use iz_trainer_store::Server;
use serde_json::json;

use super::models;
use crate::cli::Serve;
use crate::context::Context;
use crate::predictor::DensePredictor;

pub fn run(context: &Context, arguments: &Serve) -> Result<()> {
    let limit = context.config.store.largest;
    let (id, bytes) = match &arguments.model {
        Some(folder) => {
            let path = folder.join(MODEL);
            let name = folder.file_name().map_or("model".into(), |name| name.to_string_lossy().into_owned());
            (name, std::fs::read(&path).with_context(|| path.display().to_string())?)
        }
        None => {
            let mut board = models::reader(context)?;
            let digest = models::latest(context, &mut board)?;
            let artefact = Artefact::fetch(&mut board, digest, limit)?;
            let model = artefact.files.into_iter().find(|(name, _)| name == MODEL);
            (digest.to_string(), model.context("the model has no weights")?.1)
        }
    };
    let weights = Weights::from_safetensors(&bytes, limit)?;
    let created =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    let predictor = DensePredictor::new(id.clone(), created, weights, &context.config.data)?;
    let predictor: Arc<dyn Predictor> = Arc::new(predictor);
    let server =
        Server::start(&context.config.serve.listen, router(vec![predictor], Arc::new(Counts::default())))?;
    let text = format!("serving {id} on {}/v1/predictions", server.url());
    context.say.answer("serving", Some(text), json!({ "model": id, "url": server.url() }));
    server.wait();
    anyhow::bail!("the server has ended")
}
