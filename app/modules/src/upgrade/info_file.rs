//! What a node that stops for an upgrade leaves on disk for the program that replaces it, and for those who watch it (cosmovisor).

use std::{fs, path::PathBuf};

use iz_core::{Error, Result};
use iz_proto::cosmos::upgrade::v1beta1::Plan;
use serde_json::{Map, Value, json};

/// Where the file is written: a service of the chain, since only the node knows its folder.
pub struct InfoFile(pub PathBuf);

impl InfoFile {
    /// The plan as Go's encoding/json writes it: nothing that is empty, but always a time.
    pub fn write(&self, plan: &Plan) -> Result<()> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value, empty: bool| {
            if !empty {
                fields.insert(name.to_owned(), value);
            }
        };
        put("name", json!(plan.name), plan.name.is_empty());
        put("time", json!("0001-01-01T00:00:00Z"), false);
        put("height", json!(plan.height), plan.height == 0);
        put("info", json!(plan.info), plan.info.is_empty());
        let write = |text: String| -> std::io::Result<()> {
            if let Some(folder) = self.0.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&self.0, text)?;
            #[cfg(unix)]
            fs::set_permissions(&self.0, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
            Ok(())
        };
        write(Value::Object(fields).to_string()).map_err(|error| {
            Error::plain(format!("unable to write upgrade info to filesystem: {}: {error}", self.0.display()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_what_cosmovisor_reads() {
        let folder = tempfile::tempdir().unwrap();
        let file = InfoFile(folder.path().join("data/upgrade-info.json"));
        let plan =
            Plan { name: "v2".into(), height: 10, info: "{\"binaries\":{}}".into(), ..Plan::default() };
        file.write(&plan).unwrap();
        assert_eq!(
            fs::read_to_string(&file.0).unwrap(),
            r#"{"name":"v2","time":"0001-01-01T00:00:00Z","height":10,"info":"{\"binaries\":{}}"}"#
        );
    }
}
