//! The tables of the cacao example: made up, and the same on every machine.

#[path = "../../../../trainer/learn/examples/cacao/make.rs"]
#[allow(
    dead_code,
    reason = "the schema is for learners that read it; the dense learner takes columns by name"
)]
mod make;

const ROWS: u32 = 520;
const SEED: u64 = 7;

pub fn table(farm: u32) -> String {
    make::table(farm, ROWS, SEED)
}

/// What describes the tables, and is registered as the artefact that models are made from.
pub fn schema() -> &'static str {
    make::SCHEMA
}

/// The rows of a table, without its header: what must never leave a device.
pub fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().skip(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::trainers::{CLASSES, FEATURES};

    #[test]
    fn every_farm_has_its_own_numbers_in_the_columns_that_are_learnt_from() {
        let table = table(3);
        let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        let columns: Vec<usize> = FEATURES
            .iter()
            .map(|(name, ..)| header.iter().position(|column| column == name).unwrap())
            .collect();
        let label = header.iter().position(|column| *column == "black_pod").unwrap();
        assert_eq!(rows(&table).count(), ROWS as usize);
        for row in rows(&table) {
            let cells: Vec<&str> = row.split(',').collect();
            assert!(columns.iter().all(|column| cells[*column].parse::<f64>().unwrap().is_finite()), "{row}");
            assert!(CLASSES.contains(&cells[label]), "{row}");
        }
        assert_ne!(table, super::table(4));
    }
}
