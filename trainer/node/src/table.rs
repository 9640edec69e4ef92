//! CSV as spreadsheets write it: a header, commas, quotes where needed. Whatever is wrong is placed by its line.

use thiserror::Error;

/// Cells by row, all rows as wide as the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The line that each row begins on.
    pub lines: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    #[error("the file is empty")]
    Empty,
    #[error("line {line}: no text in UTF-8")]
    NotText { line: usize },
    #[error("line {line}: a quote that nothing closes, or that stands in the middle of a cell")]
    Quote { line: usize },
    #[error("line {line}: {found} cells instead of {expected}")]
    Width { line: usize, found: usize, expected: usize },
    #[error("column {0:?} is in the header twice")]
    Twice(String),
    #[error("there is no column {0:?}")]
    NoColumn(String),
}

impl Table {
    pub fn parse(bytes: &[u8]) -> Result<Self, TableError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            TableError::NotText { line: 1 + before.iter().filter(|byte| **byte == b'\n').count() }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut records = Records { rest: text, line: 1 };
        let (_, header) = records.next()?.ok_or(TableError::Empty)?;
        for (index, name) in header.iter().enumerate() {
            if header.iter().take(index).any(|other| other == name) {
                return Err(TableError::Twice(name.clone()));
            }
        }
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        while let Some((line, row)) = records.next()? {
            if row.len() != header.len() {
                return Err(TableError::Width { line, found: row.len(), expected: header.len() });
            }
            rows.push(row);
            lines.push(line);
        }
        Ok(Self { header, rows, lines })
    }

    pub fn column(&self, name: &str) -> Result<usize, TableError> {
        let found = self.header.iter().position(|column| column == name);
        found.ok_or_else(|| TableError::NoColumn(name.to_owned()))
    }
}

struct Records<'a> {
    rest: &'a str,
    line: usize,
}

impl Records<'_> {
    /// The next record that is not an empty line, and where it begins.
    fn next(&mut self) -> Result<Option<(usize, Vec<String>)>, TableError> {
        while let Some(rest) = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix('\n')) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let begin = self.line;
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            self.rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
            if let Some(rest) = self.rest.strip_prefix('\n') {
                self.rest = rest;
                self.line += 1;
            } else if !self.rest.is_empty() {
                return Err(TableError::Quote { line: self.line });
            }
            return Ok(Some((begin, cells)));
        }
    }

    fn cell(&mut self) -> Result<String, TableError> {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
            let (cell, rest) = self.rest.split_at(end);
            // the end of the line stays for the record
            let cell = if rest.starts_with(',') { cell } else { cell.strip_suffix('\r').unwrap_or(cell) };
            if cell.contains('"') {
                return Err(TableError::Quote { line: self.line });
            }
            self.rest = rest;
            return Ok(cell.trim().to_owned());
        };
        let mut cell = String::new();
        let mut rest = quoted;
        loop {
            let end = rest.find('"').ok_or(TableError::Quote { line: self.line })?;
            let (part, after) = rest.split_at(end);
            cell.push_str(part);
            rest = after.get(1..).unwrap_or_default();
            match rest.strip_prefix('"') {
                Some(more) => {
                    cell.push('"');
                    rest = more;
                }
                None => break,
            }
        }
        self.line += cell.matches('\n').count();
        self.rest = rest;
        Ok(cell)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spreadsheets_are_read() {
        let text = "\u{feff}a,b,\"c d\"\r\n1, 2 ,\"x, \"\"y\"\"\nz\"\r\n\r\n3,,5";
        let table = Table::parse(text.as_bytes()).unwrap();
        assert_eq!(table.header, ["a", "b", "c d"]);
        assert_eq!(table.rows, [["1", "2", "x, \"y\"\nz"], ["3", "", "5"]]);
        assert_eq!(table.lines, [2, 5]);
        assert_eq!(table.column("b"), Ok(1));
        assert_eq!(table.column("x"), Err(TableError::NoColumn("x".into())));
    }

    #[test]
    fn faults_are_placed() {
        let wrong = |text: &[u8]| Table::parse(text).unwrap_err();
        assert_eq!(wrong(b""), TableError::Empty);
        assert_eq!(wrong(b"\n\n"), TableError::Empty);
        assert_eq!(wrong(b"a,b\n1,2\n3\n"), TableError::Width { line: 3, found: 1, expected: 2 });
        assert_eq!(wrong(b"a,b\n1,\xff\n"), TableError::NotText { line: 2 });
        assert_eq!(wrong(b"a,b\n1,\"x\n\n"), TableError::Quote { line: 2 });
        assert_eq!(wrong(b"a,b\n1,x\"y\n"), TableError::Quote { line: 2 });
        assert_eq!(wrong(b"a,b\n1,\"x\"y\n"), TableError::Quote { line: 2 });
        assert_eq!(wrong(b"a,a\n"), TableError::Twice("a".into()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[a-z\",\n é]{0,6}", 3), 0..6)) {
            let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let mut text = "a,b,c\n".to_owned();
            for row in &rows {
                text += &(row.iter().map(quote).collect::<Vec<_>>().join(",") + "\n");
            }
            prop_assert_eq!(Table::parse(text.as_bytes()).unwrap().rows, rows);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..60)) {
            if let Ok(table) = Table::parse(&bytes) {
                prop_assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
            }
        }
    }
}
