//! What the data look like to the learner, or where they are wrong.

use anyhow::Result;

use crate::context::Context;
use crate::data::Dataset;

pub fn run(context: &Context) -> Result<()> {
    let settings = &context.config.data;
    let data = Dataset::read(&context.home.join(&settings.path), settings)?;
    context.say.answer("data", None, data.summary());
    Ok(())
}
