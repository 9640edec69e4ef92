//! A settings file that is edited in place: comments and order stay.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use toml_edit::{DocumentMut, Item, Value};

use super::{Entry, app, client, comet, table};
use crate::setup::{Setup, write_private, write_public};

/// Which of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    App,
    Client,
    Comet,
}

impl FileKind {
    /// By the name that `config get` and `config set` take.
    pub fn parse(name: &str) -> Result<Self> {
        match name.trim_end_matches(".toml") {
            "app" => Ok(Self::App),
            "client" => Ok(Self::Client),
            "config" | "comet" | "cometbft" => Ok(Self::Comet),
            _ => bail!("there is no settings file \"{name}\"; use app, client or config"),
        }
    }

    pub fn path(self, setup: &Setup) -> PathBuf {
        setup.config(match self {
            Self::App => "app.toml",
            Self::Client => "client.toml",
            Self::Comet => "config.toml",
        })
    }

    pub fn entries(self) -> &'static [Entry] {
        match self {
            Self::App => app::ENTRIES,
            Self::Client => client::ENTRIES,
            Self::Comet => comet::ENTRIES,
        }
    }
}

pub struct Document {
    kind: FileKind,
    path: PathBuf,
    document: DocumentMut,
}

impl Document {
    pub fn open(kind: FileKind, path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}; `izd init` makes it", path.display()))?;
        let document = text.parse().with_context(|| format!("{} is no valid TOML", path.display()))?;
        Ok(Self { kind, path: path.to_owned(), document })
    }

    pub fn get(&self, path: &str) -> Result<&Item> {
        let mut item = self.document.as_item();
        for step in path.split('.') {
            item = match item.get(step) {
                Some(next) => next,
                None => bail!("{} has no setting {path}", self.path.display()),
            };
        }
        Ok(item)
    }

    /// The text of a setting.
    pub fn text_of(&self, path: &str) -> Result<String> {
        match self.get(path)?.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => bail!("{}: {path} is not a text in quotes", self.path.display()),
        }
    }

    /// Sets a value after a check that it fits; the setting must be one of the file's.
    pub fn set(&mut self, path: &str, text: &str) -> Result<()> {
        let Some(entry) = self.kind.entries().iter().find(|entry| entry.path() == path) else {
            bail!("{} has no setting {path}", self.path.display());
        };
        let value = table::parse(entry, text).with_context(|| path.to_owned())?;
        let literal: Value = value.to_string().parse()?;
        self.put(entry, literal)
    }

    fn put(&mut self, entry: &Entry, mut value: Value) -> Result<()> {
        let mut target = self.document.as_item_mut();
        for step in entry.section.split('.').filter(|step| !step.is_empty()) {
            target = target
                .as_table_like_mut()
                .with_context(|| format!("{step} is no section"))?
                .entry(step)
                .or_insert_with(toml_edit::table);
        }
        let target =
            target.as_table_like_mut().with_context(|| format!("{} is no section", entry.section))?;
        match target.get_mut(entry.key).and_then(Item::as_value_mut) {
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => {
                target.insert(entry.key, Item::Value(value));
            }
        }
        Ok(())
    }

    pub fn text(&self) -> String {
        self.document.to_string()
    }

    pub fn save(&self) -> Result<()> {
        let text = self.text();
        match self.kind {
            FileKind::Client => write_private(&self.path, text.as_bytes()),
            _ => write_public(&self.path, text.as_bytes()),
        }
    }
}
