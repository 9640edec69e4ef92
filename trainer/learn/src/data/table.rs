//! Tables from CSV, by a schema that everybody in a round shares.
//!
//! The schema says which columns there are, what they may hold and how they are scaled. The means and scales in it are public and the same
//! for all: a device that scaled by its own would train another model, and would say something about its data.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use serde::{Deserialize, Serialize};
use tch::Tensor;

use super::{DataError, Dataset, fault::CellFault};
use crate::Error;

/// More rows than this are refused.
pub const MAX_ROWS: usize = 10_000_000;
/// More features than this are refused.
const MAX_FEATURES: usize = 65_536;

/// What a table holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// What is known of an example.
    pub features: Vec<Column>,
    /// The column with the class, and its values in their order.
    pub label: Choices,
    /// The column that says to whom or where an example belongs; its values are whatever the table holds.
    #[serde(default)]
    pub group: Option<String>,
}

/// A column of features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Column {
    /// One feature: (value − mean) / scale.
    Number {
        name: String,
        minimum: f64,
        maximum: f64,
        mean: f64,
        scale: f64,
        /// An empty cell counts as the mean; otherwise it is an error.
        #[serde(default)]
        optional: bool,
    },
    /// A feature for each value: one for the one that is there, zero for the others.
    Category(Choices),
}

/// A column that holds one of some values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choices {
    pub name: String,
    pub values: Vec<String>,
}

impl Column {
    fn name(&self) -> &str {
        match self {
            Self::Number { name, .. } => name,
            Self::Category(choices) => &choices.name,
        }
    }

    /// How many features it becomes.
    const fn width(&self) -> usize {
        match self {
            Self::Number { .. } => 1,
            Self::Category(choices) => choices.values.len(),
        }
    }

    fn append(&self, cell: &str, row: &mut Vec<f32>) -> Result<(), CellFault> {
        match self {
            Self::Category(choices) => {
                let place = choices.place(cell)?;
                row.extend((0..choices.values.len()).map(|value| f32::from(u8::from(value == place))));
            }
            Self::Number { optional: true, .. } if cell.is_empty() => row.push(0.0),
            Self::Number { .. } if cell.is_empty() => return Err(CellFault::Empty),
            Self::Number { minimum, maximum, mean, scale, .. } => {
                let value: f64 = cell.parse().map_err(|_| CellFault::NotANumber(shown(cell)))?;
                if !(*minimum..=*maximum).contains(&value) {
                    return Err(CellFault::OutOfRange(shown(cell)));
                }
                row.push(((value - mean) / scale) as f32);
            }
        }
        Ok(())
    }
}

impl Choices {
    fn place(&self, cell: &str) -> Result<usize, CellFault> {
        if cell.is_empty() {
            return Err(CellFault::Empty);
        }
        self.values.iter().position(|value| value == cell).ok_or_else(|| CellFault::Unknown(shown(cell)))
    }

    fn check(&self, least: usize) -> Result<(), DataError> {
        let different: BTreeSet<&String> = self.values.iter().collect();
        if self.values.len() < least
            || different.len() < self.values.len()
            || different.iter().any(|value| value.is_empty())
        {
            return Err(DataError::Schema(format!(
                "{:?} needs {least} values or more, all different and none empty",
                self.name
            )));
        }
        Ok(())
    }
}

/// The beginning of a cell, for a message.
fn shown(cell: &str) -> String {
    cell.chars().take(40).collect()
}

impl Schema {
    /// Reads a schema written as JSON.
    pub fn from_json(text: &str) -> Result<Self, DataError> {
        let schema: Self =
            serde_json::from_str(text).map_err(|error| DataError::Schema(error.to_string()))?;
        schema.check()?;
        Ok(schema)
    }

    /// Whether tables can be read by it.
    pub fn check(&self) -> Result<(), DataError> {
        let names = self
            .features
            .iter()
            .map(Column::name)
            .chain([self.label.name.as_str()])
            .chain(self.group.as_deref());
        let mut seen = BTreeSet::new();
        for name in names {
            if name.is_empty() || !seen.insert(name) {
                return Err(DataError::Schema(format!("{name:?} is empty or there twice")));
            }
        }
        self.label.check(2)?;
        for column in &self.features {
            match column {
                Column::Category(choices) => choices.check(1)?,
                Column::Number { name, minimum, maximum, mean, scale, .. } => {
                    let finite = [minimum, maximum, mean, scale].iter().all(|value| value.is_finite());
                    let reach = (minimum - mean).abs().max((maximum - mean).abs()) / scale;
                    if !finite || minimum > maximum || *scale <= 0.0 || reach > f64::from(f32::MAX) {
                        return Err(DataError::Schema(format!(
                            "{name:?} has limits or a scale that make no sense"
                        )));
                    }
                }
            }
        }
        match self.width() {
            1..=MAX_FEATURES => Ok(()),
            width => Err(DataError::Schema(format!(
                "{width} features: at least 1 and at most {MAX_FEATURES} are allowed"
            ))),
        }
    }

    /// The features of an example.
    #[must_use]
    pub fn width(&self) -> usize {
        self.features.iter().map(Column::width).sum()
    }

    /// Reads a table with a header line. Columns may come in any order; those that the schema does not name are left out.
    pub fn read(&self, source: impl Read) -> Result<Dataset, Error> {
        self.check()?;
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        let places = self.places(reader.headers().map_err(fault)?)?;
        let (mut features, mut labels, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(fault)? {
            if labels.len() == MAX_ROWS {
                return Err(DataError::TooManyRows(MAX_ROWS).into());
            }
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |place: usize| record.get(place).unwrap_or_default();
            let wrong = |column: &str, fault| DataError::Cell { line, column: column.into(), fault };
            for (column, place) in self.features.iter().zip(&places.features) {
                column.append(cell(*place), &mut features).map_err(|fault| wrong(column.name(), fault))?;
            }
            let label =
                self.label.place(cell(places.label)).map_err(|fault| wrong(&self.label.name, fault))?;
            labels.push(label as i64);
            if let (Some(place), Some(name)) = (places.group, &self.group) {
                if cell(place).is_empty() {
                    return Err(wrong(name, CellFault::Empty).into());
                }
                let next = names.len() as u32;
                groups.push(*names.entry(cell(place).into()).or_insert(next));
            }
        }
        if labels.is_empty() {
            return Err(DataError::Empty.into());
        }
        let features =
            Tensor::f_from_slice(&features)?.f_reshape([labels.len() as i64, self.width() as i64])?;
        let set = Dataset::new(features, Tensor::f_from_slice(&labels)?, self.label.values.len() as i64)?;
        if self.group.is_none() {
            return Ok(set);
        }
        let mut ordered = vec![String::new(); names.len()];
        for (name, place) in names {
            if let Some(slot) = ordered.get_mut(place as usize) {
                *slot = name;
            }
        }
        set.grouped(groups, ordered)
    }

    fn places(&self, header: &csv::StringRecord) -> Result<Places, DataError> {
        let place = |name: &str| {
            let mut found = header.iter().enumerate().filter(|(_, column)| *column == name);
            match (found.next(), found.next()) {
                (Some((place, _)), None) => Ok(place),
                (None, _) => Err(DataError::MissingColumn(name.into())),
                (Some(_), Some(_)) => Err(DataError::RepeatedColumn(name.into())),
            }
        };
        Ok(Places {
            features: self.features.iter().map(|column| place(column.name())).collect::<Result<_, _>>()?,
            label: place(&self.label.name)?,
            group: self.group.as_deref().map(place).transpose()?,
        })
    }
}

/// Where the columns stand in a table.
struct Places {
    features: Vec<usize>,
    label: usize,
    group: Option<usize>,
}

fn fault(error: csv::Error) -> DataError {
    let line = error.position().map_or(0, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells instead of {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".into(),
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => error.to_string(),
    };
    DataError::Line { line, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SCHEMA: &str = r#"{
        "features": [
            {"kind": "number", "name": "rain", "minimum": 0, "maximum": 5000, "mean": 1500, "scale": 500},
            {"kind": "number", "name": "age", "minimum": 0, "maximum": 100, "mean": 20, "scale": 10, "optional": true},
            {"kind": "category", "name": "soil", "values": ["clay", "loam"]}
        ],
        "label": {"name": "disease", "values": ["no", "yes"]},
        "group": "farm"
    }"#;

    fn schema() -> Schema {
        Schema::from_json(SCHEMA).unwrap()
    }

    fn refused(table: &[u8]) -> DataError {
        match schema().read(table) {
            Err(Error::Data(fault)) => fault,
            other => panic!("{other:?}"),
        }
    }

    fn with(row: &str) -> Vec<u8> {
        format!("rain,age,soil,disease,farm\n1,2,loam,no,a\n{row}\n").into_bytes()
    }

    #[test]
    fn a_table_becomes_scaled_numbers() {
        let table = b"farm,disease,soil,age,rain,notes\nwest,yes,loam,,2000,x\n east ,no,clay,30,1000,\nwest,no,clay,20,1500,y\n";
        let set = schema().read(&table[..]).unwrap();
        let values = Vec::<f32>::try_from(set.features().reshape([-1])).unwrap();
        assert_eq!(values, [1.0, 0.0, 0.0, 1.0, -1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(Vec::<i64>::try_from(set.labels()).unwrap(), [1, 0, 0]);
        assert_eq!(
            (set.groups(), set.group_names()),
            ([0, 1, 0].as_slice(), ["west".to_string(), "east".into()].as_slice())
        );
    }

    #[test]
    fn the_line_and_column_of_a_fault_are_named() {
        let cell = |column: &str, fault| DataError::Cell { line: 3, column: column.into(), fault };
        assert_eq!(refused(&with("wet,2,loam,no,a")), cell("rain", CellFault::NotANumber("wet".into())));
        assert_eq!(refused(&with(",2,loam,no,a")), cell("rain", CellFault::Empty));
        assert_eq!(refused(&with("9000,2,loam,no,a")), cell("rain", CellFault::OutOfRange("9000".into())));
        assert_eq!(refused(&with("1,nan,loam,no,a")), cell("age", CellFault::OutOfRange("nan".into())));
        assert_eq!(refused(&with("1,inf,loam,no,a")), cell("age", CellFault::OutOfRange("inf".into())));
        assert_eq!(refused(&with("1,2,sand,no,a")), cell("soil", CellFault::Unknown("sand".into())));
        assert_eq!(refused(&with("1,2,loam,maybe,a")), cell("disease", CellFault::Unknown("maybe".into())));
        assert_eq!(refused(&with("1,2,loam,no,")), cell("farm", CellFault::Empty));
        assert_eq!(
            refused(&with("1,2,loam")),
            DataError::Line { line: 3, reason: "3 cells instead of 5".into() }
        );
        assert!(matches!(
            refused(b"rain,age,soil,disease,farm\n1,2,\xff,no,a\n"),
            DataError::Line { line: 2, .. }
        ));
    }

    #[test]
    fn a_table_without_its_columns_or_rows_is_refused() {
        assert_eq!(refused(b"rain,age,soil,disease\n"), DataError::MissingColumn("farm".into()));
        assert_eq!(refused(b"rain,rain,age,soil,disease,farm\n"), DataError::RepeatedColumn("rain".into()));
        assert_eq!(refused(b"rain,age,soil,disease,farm\n"), DataError::Empty);
        assert_eq!(refused(b""), DataError::MissingColumn("rain".into()));
    }

    #[test]
    fn a_schema_that_makes_no_sense_is_refused() {
        for (from, to) in [
            ("\"scale\": 500", "\"scale\": 0"),
            ("\"scale\": 500", "\"scale\": 1e-300"),
            ("\"minimum\": 0, \"maximum\": 5000", "\"minimum\": 5, \"maximum\": 4"),
            ("\"no\", \"yes\"", "\"no\""),
            ("\"no\", \"yes\"", "\"no\", \"no\""),
            ("\"clay\", \"loam\"", ""),
            ("\"farm\"", "\"rain\""),
            ("\"optional\": true", "\"optionel\": true"),
            ("\"kind\": \"category\"", "\"kind\": \"word\""),
        ] {
            let text = SCHEMA.replace(from, to);
            assert_ne!(text, SCHEMA);
            assert!(matches!(Schema::from_json(&text), Err(DataError::Schema(_))), "{to}");
        }
        assert_eq!(Schema::from_json(&serde_json::to_string(&schema()).unwrap()), Ok(schema()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), head: bool) {
            let mut table = if head { b"rain,age,soil,disease,farm\n".to_vec() } else { Vec::new() };
            table.extend(bytes);
            if let Ok(set) = schema().read(&table[..]) {
                prop_assert!(!set.is_empty());
            }
        }
    }
}
