//! `config`: settings from the command line.

use anyhow::{Context as _, Result};
use clap::Subcommand;
use toml_edit::{Item, Value};

use crate::{
    config::{Document, FileKind},
    json,
    setup::Setup,
};

#[derive(Subcommand)]
pub enum Command {
    /// Print a setting
    Get {
        /// app, client or config
        file: String,
        /// Its name, as in api.enable
        key: String,
    },
    /// Change a setting
    Set {
        /// app, client or config
        file: String,
        /// Its name, as in api.enable
        key: String,
        value: String,
        /// Print the file instead of writing it
        #[arg(long, short)]
        stdout: bool,
        /// Accepted for the SDK's sake: values are always checked
        #[arg(long)]
        skip_validate: bool,
        /// Accepted for the SDK's sake
        #[arg(long, short)]
        verbose: bool,
    },
    /// Print a whole file
    View {
        /// app, client or config
        file: String,
        /// toml, or anything else for JSON
        #[arg(long, default_value = "toml")]
        output_format: String,
    },
    /// Print the home folder
    Home,
}

impl Command {
    pub fn run(&self, setup: &Setup) -> Result<()> {
        match self {
            Self::Get { file, key } => {
                let kind = FileKind::parse(file)?;
                let document = Document::open(kind, &kind.path(setup))?;
                say!("{}", shown(document.get(key)?)?);
            }
            Self::Set { file, key, value, stdout, .. } => {
                let kind = FileKind::parse(file)?;
                let mut document = Document::open(kind, &kind.path(setup))?;
                document.set(key, value)?;
                if *stdout {
                    crate::say::write(format_args!("{}", document.text()));
                } else {
                    document.save()?;
                }
            }
            Self::View { file, output_format } => {
                let path = FileKind::parse(file)?.path(setup);
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}; `izd init` makes it", path.display()))?;
                if output_format != "toml" {
                    let table: toml::Table = text.parse()?;
                    say!("{}", json::indented(&table, "  ")?);
                } else {
                    crate::say::write(format_args!("{text}"));
                }
            }
            Self::Home => say!("{}", setup.home.display()),
        }
        Ok(())
    }
}

/// Texts in quotes, numbers and booleans as they are, sections as they stand in the file.
fn shown(item: &Item) -> Result<String> {
    Ok(match item {
        Item::Value(Value::String(text)) => json::compact(text.value())?,
        Item::Value(value) => {
            let mut value = value.clone();
            value.decor_mut().clear();
            value.to_string()
        }
        other => other.to_string().trim().to_owned(),
    })
}
