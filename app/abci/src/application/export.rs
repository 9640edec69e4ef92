//! Export: the state of a height as the `app_state` of a new genesis.

use iz_core::Mode;
use iz_modules::fees;
use iz_proto::json;

use super::Application;
use crate::error::AbciError;

impl Application {
    /// Every module's section in the order of export, as JSON text; `only` restricts it to the modules named.
    pub fn export(&self, height: i64, only: &[String]) -> Result<Vec<(&'static str, String)>, AbciError> {
        let mut context =
            self.query_context(height, false).map_err(|error| AbciError::refused(error.log()))?;
        context.mode = Mode::Genesis;
        let mut sections = Vec::new();
        for module in self
            .modules
            .export()
            .filter(|module| only.is_empty() || only.iter().any(|name| name == module.name))
        {
            let Some(genesis) = &module.genesis else { continue };
            if iz_modules::is_ours(module.name) && !fees::keeper::is_enabled(&mut context) {
                continue;
            }
            let failed = |why: String| AbciError::refused(format!("export of {}: {why}", module.name));
            let state = (genesis.export)(&mut context).map_err(|error| failed(error.to_string()))?;
            let text =
                json::encode(&genesis.state_name, &state).map_err(|error| failed(error.to_string()))?;
            sections.push((module.name, text));
        }
        Ok(sections)
    }
}
