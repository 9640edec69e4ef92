//! Errors that a client can see: a registered root (codespace and code) under a log text, as Go's `cosmossdk.io/errors` composes them.
//!
//! Clients parse these texts and relayers retry on these codes, so both are part of the interface. Running out of gas and Go's panics
//! are kinds of their own: no handler may swallow them (see [`Error::is_fatal`]).

use std::{borrow::Cow, fmt};

pub mod sdk;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A root error: what code and codespace say, for good.
#[derive(Debug, PartialEq, Eq)]
pub struct Registered {
    pub codespace: &'static str,
    pub code: u32,
    pub description: &'static str,
    pub grpc: GrpcCode,
}

/// Status codes of gRPC, as far as the SDK uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum GrpcCode {
    Canceled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
}

impl GrpcCode {
    /// The name as Go prints it in `rpc error: code = NotFound desc = …`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

impl Registered {
    #[must_use]
    pub const fn new(codespace: &'static str, code: u32, description: &'static str) -> Self {
        Self { codespace, code, description, grpc: GrpcCode::Unknown }
    }

    #[must_use]
    pub const fn with_grpc(
        codespace: &'static str,
        code: u32,
        grpc: GrpcCode,
        description: &'static str,
    ) -> Self {
        Self { codespace, code, description, grpc }
    }

    /// `errorsmod.Wrap(root, text)`: the log reads `text: description`.
    pub fn wrap(&'static self, text: impl fmt::Display) -> Error {
        Error::from(self).wrap(text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Go code wrapped a registered root: its code reaches the client.
    Registered(&'static Registered),
    /// A plain Go error (`fmt.Errorf`, `errors.New`): code 1 of "undefined". The root it mentions, if any, can still be tested for.
    Plain { root: Option<&'static Registered> },
    /// A gRPC status returned by a handler.
    Status(GrpcCode),
    /// The gas meter ran out at the named place.
    OutOfGas { location: Cow<'static, str> },
    /// Go would have panicked here: the transaction ends, the node goes on.
    Panic,
}

/// Why a message, a transaction or a query failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    log: String,
    mark: Option<Mark>,
}

/// What a contract may be told of an error that it caused; of others it learns only codespace and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The text is the same on every node. Lost as soon as somebody wraps the error.
    Deterministic,
    /// There is no contract at this address.
    NoSuchContract(String),
    /// There is no code with this id.
    NoSuchCode(u64),
}

impl Error {
    fn new(kind: Kind, log: String) -> Self {
        Self(Box::new(Inner { kind, log, mark: None }))
    }

    #[must_use]
    pub fn marked(mut self, mark: Mark) -> Self {
        self.0.mark = Some(mark);
        self
    }

    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        self.0.mark.as_ref()
    }

    /// A plain Go error (`errors.New`, `fmt.Errorf` without a registered root).
    pub fn plain(log: impl Into<String>) -> Self {
        Self::new(Kind::Plain { root: None }, log.into())
    }

    /// `status.Error(code, text)`.
    pub fn status(code: GrpcCode, text: impl fmt::Display) -> Self {
        Self::new(Kind::Status(code), format!("rpc error: code = {} desc = {text}", code.name()))
    }

    /// What Go would report by a panic with this text.
    pub fn panic(text: impl Into<String>) -> Self {
        Self::new(Kind::Panic, text.into())
    }

    pub fn out_of_gas(location: impl Into<Cow<'static, str>>) -> Self {
        let location = location.into();
        let log = format!("out of gas in location: {location}");
        Self::new(Kind::OutOfGas { location }, log)
    }

    /// `errorsmod.Wrap`: puts `text: ` before the log and keeps the code. Out of gas and panics pass unchanged, as a Go panic would.
    #[must_use]
    pub fn wrap(mut self, text: impl fmt::Display) -> Self {
        if !self.is_fatal() {
            self.0.log = format!("{text}: {}", self.0.log);
            if self.0.mark == Some(Mark::Deterministic) {
                self.0.mark = None;
            }
        }
        self
    }

    /// `fmt.Errorf("… %w", err)`: the whole new text, and the code is lost, since Go looks for codes through `Cause` only.
    #[must_use]
    pub fn obscure(self, text: impl FnOnce(&str) -> String) -> Self {
        if self.is_fatal() {
            return self;
        }
        let root = self.root();
        Self::new(Kind::Plain { root }, text(&self.0.log))
    }

    /// Replaces the whole error by a registered root wrapped around this one's text (`errorsmod.Wrap(root, err.Error())`).
    #[must_use]
    pub fn recast(self, root: &'static Registered) -> Self {
        if self.is_fatal() { self } else { root.wrap(self.0.log) }
    }

    /// Out of gas and panics end the transaction whatever a handler would make of an ordinary error.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        matches!(self.0.kind, Kind::OutOfGas { .. } | Kind::Panic)
    }

    #[must_use]
    pub fn is_panic(&self) -> bool {
        self.0.kind == Kind::Panic
    }

    /// Where the gas ran out, if that is what happened.
    #[must_use]
    pub fn out_of_gas_location(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::OutOfGas { location } => Some(location),
            _ => None,
        }
    }

    /// `errors.Is(err, root)`.
    #[must_use]
    pub fn is(&self, root: &Registered) -> bool {
        self.root().is_some_and(|mine| mine.codespace == root.codespace && mine.code == root.code)
    }

    fn root(&self) -> Option<&'static Registered> {
        match self.0.kind {
            Kind::Registered(root) => Some(root),
            Kind::Plain { root } => root,
            Kind::OutOfGas { .. } => Some(&sdk::OUT_OF_GAS),
            Kind::Panic => Some(&sdk::PANIC),
            Kind::Status(_) => None,
        }
    }

    #[must_use]
    pub fn codespace(&self) -> &'static str {
        match self.0.kind {
            Kind::Registered(root) => root.codespace,
            Kind::OutOfGas { .. } => sdk::OUT_OF_GAS.codespace,
            Kind::Panic | Kind::Plain { .. } | Kind::Status(_) => sdk::UNDEFINED,
        }
    }

    #[must_use]
    pub fn code(&self) -> u32 {
        match self.0.kind {
            Kind::Registered(root) => root.code,
            Kind::OutOfGas { .. } => sdk::OUT_OF_GAS.code,
            Kind::Panic => sdk::PANIC.code,
            Kind::Plain { .. } | Kind::Status(_) => 1,
        }
    }

    /// The gRPC status a query answers with; errors without one are `Unknown`.
    #[must_use]
    pub fn grpc_code(&self) -> GrpcCode {
        match self.0.kind {
            Kind::Status(code) => code,
            Kind::Registered(root) => root.grpc,
            _ => GrpcCode::Unknown,
        }
    }

    #[must_use]
    pub fn log(&self) -> &str {
        &self.0.log
    }

    /// The text of a status without its `rpc error: …` head; the whole log otherwise.
    #[must_use]
    pub fn description(&self) -> &str {
        match self.0.kind {
            Kind::Status(_) => self.0.log.split_once(" desc = ").map_or(&*self.0.log, |(_, text)| text),
            _ => &self.0.log,
        }
    }

    /// The same error with another text: for places that complete a message (gas figures) once they are known.
    #[must_use]
    pub fn with_log(mut self, log: String) -> Self {
        self.0.log = log;
        self
    }
}

impl From<&'static Registered> for Error {
    fn from(root: &'static Registered) -> Self {
        Self::new(Kind::Registered(root), root.description.to_owned())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.log)
    }
}

impl std::error::Error for Error {}

/// `errorsmod.Wrap` for results.
pub trait Wrap<T> {
    fn wrap(self, text: impl fmt::Display) -> Result<T>;
}

impl<T> Wrap<T> for Result<T> {
    fn wrap(self, text: impl fmt::Display) -> Result<T> {
        self.map_err(|error| error.wrap(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_the_code_and_grows_the_log_to_the_left() {
        let error = sdk::INSUFFICIENT_FUNDS.wrap("spendable balance 1stake is smaller than 2stake");
        assert_eq!((error.codespace(), error.code()), ("sdk", 5));
        let error = error.wrap("failed to execute message; message index: 0");
        assert_eq!(
            error.log(),
            "failed to execute message; message index: 0: spendable balance 1stake is smaller than 2stake: insufficient funds"
        );
    }

    #[test]
    fn a_plain_go_wrapper_hides_the_code_but_not_the_identity() {
        let error = Error::from(&sdk::NOT_FOUND).obscure(|log| format!("looking: {log}"));
        assert_eq!((error.codespace(), error.code()), ("undefined", 1));
        assert!(error.is(&sdk::NOT_FOUND));
    }

    #[test]
    fn a_wrapped_error_may_not_be_told_but_still_says_what_is_missing() {
        let error = Error::plain("contract").marked(Mark::Deterministic);
        assert_eq!(error.mark(), Some(&Mark::Deterministic));
        assert_eq!(error.wrap("reply").mark(), None);
        let error = Error::plain("address").marked(Mark::NoSuchCode(3)).wrap("query");
        assert_eq!(error.mark(), Some(&Mark::NoSuchCode(3)));
    }

    #[test]
    fn out_of_gas_cannot_be_reworded() {
        let error = Error::out_of_gas("ReadFlat").wrap("handler").recast(&sdk::LOGIC);
        assert_eq!(error.out_of_gas_location(), Some("ReadFlat"));
        assert_eq!(error.code(), 11);
    }
}
