//! The data of this device, from a CSV file: rows of numbers, each with a class, some held out to evaluate with.

use std::path::Path;

use iz_round::LearnError;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::config;
use crate::table::{Table, TableError};

#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub features: Vec<f32>,
    pub class: usize,
    /// Index of its group of people or region.
    pub group: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    pub features: Vec<String>,
    pub classes: Vec<String>,
    pub groups: Vec<String>,
    pub train: Vec<Example>,
    pub test: Vec<Example>,
}

fn wrong(place: &str, reason: impl ToString) -> LearnError {
    LearnError::BadData { place: place.to_owned(), reason: reason.to_string() }
}

impl Dataset {
    pub fn read(path: &Path, settings: &config::Data) -> Result<Self, LearnError> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| wrong(&name, error))?;
        Self::parse(&bytes, settings).map_err(|error| match error {
            LearnError::BadData { place, reason } if place.is_empty() => wrong(&name, reason),
            LearnError::BadData { place, reason } => wrong(&format!("{name}, {place}"), reason),
            other => other,
        })
    }

    pub fn parse(bytes: &[u8], settings: &config::Data) -> Result<Self, LearnError> {
        let nowhere = |error: TableError| wrong("", error);
        let table = Table::parse(bytes).map_err(nowhere)?;
        let label = table.column(&settings.label).map_err(nowhere)?;
        let group = match settings.group.as_str() {
            "" => None,
            name => Some(table.column(name).map_err(nowhere)?),
        };
        let features: Vec<String> = match settings.features.as_slice() {
            [] => {
                let others = table.header.iter().enumerate();
                others
                    .filter(|(index, _)| *index != label && Some(*index) != group)
                    .map(|(_, name)| name.clone())
                    .collect()
            }
            named => named.to_vec(),
        };
        let columns: Vec<usize> =
            features.iter().map(|name| table.column(name)).collect::<Result<_, _>>().map_err(nowhere)?;
        let classes = match settings.classes.as_slice() {
            [] => {
                let mut found: Vec<String> = table.rows.iter().map(|row| row[label].clone()).collect();
                found.sort();
                found.dedup();
                found
            }
            named => named.to_vec(),
        };
        let mut set = Self { features, classes, groups: Vec::new(), train: Vec::new(), test: Vec::new() };
        for (row, line) in table.rows.iter().zip(&table.lines) {
            let place = format!("line {line}");
            let class = set.classes.iter().position(|name| *name == row[label]);
            let class = class.ok_or_else(|| wrong(&place, format!("{:?} is no class", row[label])))?;
            let mut numbers = Vec::with_capacity(columns.len());
            for (index, column) in columns.iter().enumerate() {
                let number: Option<f32> = row[*column].parse().ok().filter(|number: &f32| number.is_finite());
                let number = number.ok_or_else(|| {
                    wrong(
                        &place,
                        format!("{:?} in column {:?} is no finite number", row[*column], set.features[index]),
                    )
                })?;
                let mean = settings.means.get(index).copied().unwrap_or(0.0);
                let scaled = (number - mean) / settings.scales.get(index).copied().unwrap_or(1.0);
                if !scaled.is_finite() {
                    return Err(wrong(
                        &place,
                        format!("column {:?} is infinite when scaled", set.features[index]),
                    ));
                }
                numbers.push(scaled);
            }
            let name = group.map(|column| row[column].clone()).unwrap_or_default();
            let group = set.groups.iter().position(|known| *known == name).unwrap_or_else(|| {
                set.groups.push(name);
                set.groups.len() - 1
            });
            // by content, so that a row stays where it is when others come or go
            let hash = Sha256::digest(row.join("\u{1f}"));
            let lot = u64::from_le_bytes(hash.first_chunk().copied().unwrap_or_default());
            let side = if lot % settings.holdout as u64 == 0 { &mut set.test } else { &mut set.train };
            side.push(Example { features: numbers, class, group });
        }
        if set.train.is_empty() {
            return Err(wrong("", "no rows to train on"));
        }
        Ok(set)
    }

    /// What can be said about the data without saying what is in it.
    pub fn summary(&self) -> Value {
        let count = |class: usize| self.train.iter().filter(|example| example.class == class).count();
        let classes: serde_json::Map<String, Value> = self
            .classes
            .iter()
            .enumerate()
            .map(|(index, name)| (name.clone(), count(index).into()))
            .collect();
        json!({
            "rows": { "train": self.train.len(), "held_out": self.test.len() },
            "features": self.features.len(),
            "classes": classes,
            "groups": self.groups.iter().filter(|name| !name.is_empty()).count(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> config::Data {
        config::Data { label: "y".into(), ..config::Data::default() }
    }

    #[test]
    fn rows_become_examples_and_stay_on_their_side() {
        let mut text = "x1,place,y,x2\n".to_owned();
        for row in 0..100 {
            text += &format!("{row},p{},{},{}\n", row % 3, ["no", "yes"][row % 2], row * 2);
        }
        let named = config::Data {
            group: "place".into(),
            features: vec!["x2".into(), "x1".into()],
            means: vec![1.0, 0.0],
            scales: vec![2.0, 1.0],
            ..settings()
        };
        let set = Dataset::parse(text.as_bytes(), &named).unwrap();
        assert_eq!((set.classes.as_slice(), set.groups.len()), (&["no".to_owned(), "yes".into()][..], 3));
        assert_eq!(set.train.len() + set.test.len(), 100);
        assert!((5..40).contains(&set.test.len()), "{}", set.test.len());
        let one = set.train.iter().chain(&set.test).find(|example| example.features[1] == 7.0).unwrap();
        assert_eq!((one.features.as_slice(), one.class), (&[6.5, 7.0][..], 1));
        // without its first rows, all others stay on their side
        let fewer = text.replacen("0,p0,no,0\n1,p1,yes,2\n", "", 1);
        let less = Dataset::parse(fewer.as_bytes(), &named).unwrap();
        let places = |set: &Dataset| set.test.iter().map(|example| example.features[1]).collect::<Vec<_>>();
        assert_eq!(places(&set).into_iter().filter(|x| *x > 1.0).collect::<Vec<_>>(), places(&less));
    }

    #[test]
    fn what_cannot_be_learned_from_is_placed() {
        let refused = |text: &str, settings: &config::Data| match Dataset::parse(text.as_bytes(), settings) {
            Err(LearnError::BadData { place, reason }) => format!("{place}: {reason}"),
            other => panic!("{other:?}"),
        };
        assert!(refused("x,y\n1,a\nNaN,b\n", &settings()).starts_with("line 3: \"NaN\" in column \"x\""));
        assert!(refused("x,y\n1,a\ninf,b\n", &settings()).starts_with("line 3"));
        assert!(refused("x,y\n1,a\n,b\n", &settings()).starts_with("line 3"));
        assert!(refused("x,z\n1,a\n", &settings()).contains("no column \"y\""));
        assert!(refused("x,y\n", &settings()).contains("no rows"));
        let named = config::Data { classes: vec!["a".into()], ..settings() };
        assert!(refused("x,y\n1,b\n", &named).contains("line 2: \"b\" is no class"));
        let tiny = config::Data { features: vec!["x".into()], scales: vec![1e-38], ..settings() };
        assert!(refused("x,y\n3e38,b\n", &tiny).contains("infinite when scaled"));
    }
}
