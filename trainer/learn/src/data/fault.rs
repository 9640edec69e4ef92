//! What is wrong with data, and where.

/// Why data are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    #[error("{path}: {reason}")]
    File { path: String, reason: String },
    #[error("there are no examples")]
    Empty,
    #[error("{features} examples and {labels} labels or groups")]
    Count { features: i64, labels: i64 },
    #[error("the label {found} is not one of {classes} classes")]
    Label { found: i64, classes: i64 },
    #[error("group {found} has no name: there are {names}")]
    Group { found: u32, names: usize },
    #[error("a feature is not a number or infinite")]
    NotFinite,

    #[error("the schema is refused: {0}")]
    Schema(String),
    #[error("the table has no column {0:?}")]
    MissingColumn(String),
    #[error("the table has the column {0:?} twice")]
    RepeatedColumn(String),
    #[error("line {line}: {reason}")]
    Line { line: u64, reason: String },
    #[error("line {line}, column {column:?}: {fault}")]
    Cell { line: u64, column: String, fault: CellFault },
    #[error("more than {0} rows")]
    TooManyRows(usize),

    #[error("the images begin with {found:#010x} instead of {expected:#010x}")]
    Magic { expected: u32, found: u32 },
    #[error("{found} bytes instead of {expected}")]
    Length { expected: u64, found: u64 },
    #[error("images of {rows} by {columns} are refused")]
    Side { rows: u32, columns: u32 },
    #[error("there are no images that can be moved by {0} pixels")]
    Shift(u32),

    #[error("a text of {found} characters is shorter than one sequence of {length} and its next")]
    ShortText { found: usize, length: usize },
    #[error("{clients} clients cannot share {examples} examples like this")]
    Split { clients: usize, examples: usize },
}

/// What is wrong with one cell of a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CellFault {
    #[error("it is empty")]
    Empty,
    #[error("{0:?} is not a number")]
    NotANumber(String),
    #[error("{0} is outside of what the schema allows")]
    OutOfRange(String),
    #[error("{0:?} is not one of the values in the schema")]
    Unknown(String),
}

impl DataError {
    /// Where in the data it is wrong.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            Self::File { path, .. } => path.clone(),
            Self::Line { line, .. } => format!("line {line}"),
            Self::Cell { line, column, .. } => format!("line {line}, column {column}"),
            Self::Schema(_) => "schema".into(),
            Self::Magic { .. } | Self::Length { .. } | Self::Side { .. } | Self::Shift(_) => "images".into(),
            _ => "data".into(),
        }
    }
}
