//! What a trainer tells its learner: which model, and where the data are.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use iz_learn::{
    Error,
    data::{
        DataError, Dataset, images,
        table::{Choices, Column, Schema},
        text,
    },
    model::Architecture,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tch::Kind;

/// Characters in a sequence, as in McMahan's paper.
const SEQUENCE: usize = 80;
/// Units of an LSTM where none are said.
const UNITS: u32 = 256;
/// Numbers of a table that are further from zero are refused.
const LIMIT: f64 = 1e30;
/// Rows that are looked at together.
const CHUNK: i64 = 1000;
/// More than this is not read as text.
const MAX_TEXT: u64 = 1 << 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kinds {
    Tabular,
    Cnn,
    Lstm,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub model: Kinds,
    pub path: PathBuf,
    #[serde(default)]
    pub hidden: Vec<u32>,
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub features: Vec<String>,
    #[serde(default)]
    pub classes: Vec<String>,
    #[serde(default)]
    pub group: String,
    pub holdout: u64,
    #[serde(default)]
    pub means: Vec<f64>,
    #[serde(default)]
    pub scales: Vec<f64>,
    /// Pixels by which images are moved, at most, whenever they are trained on.
    #[serde(default)]
    pub shift: u32,
    pub state: PathBuf,
}

fn file_fault(path: &Path, reason: impl ToString) -> Error {
    DataError::File { path: path.display().to_string(), reason: reason.to_string() }.into()
}

impl Settings {
    /// The model, what it trains on, and what it is measured on.
    pub fn open(&self) -> Result<(Architecture, Dataset, Dataset), Error> {
        let (architecture, all) = match self.model {
            Kinds::Tabular => self.table()?,
            Kinds::Cnn => (Architecture::DigitsCnn, self.images()?),
            Kinds::Lstm => self.text()?,
        };
        let (training, held_out) = self.split(&all)?;
        Ok((architecture, training.shifted(self.shift)?, held_out))
    }

    fn table(&self) -> Result<(Architecture, Dataset), Error> {
        let column = |(place, name): (usize, &String)| Column::Number {
            name: name.clone(),
            minimum: -LIMIT,
            maximum: LIMIT,
            mean: self.means.get(place).copied().unwrap_or(0.0),
            scale: self.scales.get(place).copied().unwrap_or(1.0),
            optional: false,
        };
        let schema = Schema {
            features: self.features.iter().enumerate().map(column).collect(),
            label: Choices { name: self.label.clone(), values: self.classes.clone() },
            group: Some(self.group.clone()).filter(|name| !name.is_empty()),
        };
        let file = File::open(&self.path).map_err(|error| file_fault(&self.path, error))?;
        let all = schema.read(file)?;
        let (inputs, classes) = (schema.width() as u32, self.classes.len() as u32);
        let architecture = match self.hidden.as_slice() {
            [] => Architecture::Logistic { inputs, classes },
            hidden => Architecture::Mlp { inputs, hidden: hidden.to_vec(), classes },
        };
        Ok((architecture, all))
    }

    fn images(&self) -> Result<Dataset, Error> {
        let read = |path: &Path| fs::read(path).map_err(|error| file_fault(path, error));
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let labels = self.path.with_file_name(name.replace("images-idx3", "labels-idx1"));
        if labels == self.path {
            return Err(file_fault(
                &self.path,
                "a name with images-idx3 in it is wanted, and labels-idx1 beside it",
            ));
        }
        images::parse(&read(&self.path)?, &read(&labels)?)
    }

    fn text(&self) -> Result<(Architecture, Dataset), Error> {
        let fault = |error: std::io::Error| file_fault(&self.path, error);
        if fs::metadata(&self.path).map_err(fault)?.len() > MAX_TEXT {
            return Err(file_fault(&self.path, format!("at most {MAX_TEXT} bytes are read")));
        }
        let all = text::sequences(&fs::read_to_string(&self.path).map_err(fault)?, SEQUENCE)?;
        let hidden = self.hidden.first().copied().unwrap_or(UNITS);
        Ok((Architecture::CharLstm { characters: text::CHARACTERS as u32, hidden }, all))
    }

    /// By content, so that an example stays on its side when others come or go.
    fn split(&self, all: &Dataset) -> Result<(Dataset, Dataset), Error> {
        let (mut training, mut held_out) = (Vec::new(), Vec::new());
        let mut start = 0;
        while start < all.len() {
            let rows: Vec<i64> = (start..all.len().min(start + CHUNK)).collect();
            let (features, labels) = all.batch(&rows)?;
            let count = rows.len() as i64;
            let flat = |tensor: &tch::Tensor| -> Result<Vec<f32>, Error> {
                let flat = tensor.f_reshape([count, -1])?.f_to_kind(Kind::Float)?.f_reshape([-1])?;
                Ok(Vec::try_from(flat)?)
            };
            let (features, labels) = (flat(&features)?, flat(&labels)?);
            let (wide, answers) = (features.len() / rows.len(), labels.len() / rows.len());
            let examples = features.chunks(wide.max(1)).zip(labels.chunks(answers.max(1)));
            for (row, (features, labels)) in rows.into_iter().zip(examples) {
                let mut hash = Sha256::new();
                features.iter().chain(labels).for_each(|value| hash.update(value.to_le_bytes()));
                let lot = hash.finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
                let side = if lot % self.holdout.max(2) == 0 { &mut held_out } else { &mut training };
                side.push(row);
            }
            start += CHUNK;
        }
        Ok((all.select(&training)?, all.select(&held_out)?))
    }
}
