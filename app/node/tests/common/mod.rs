//! What the tests of the binary share: homes, commands, and wasmd as the one who is right.

#![allow(dead_code, reason = "each test uses a part of it")]

pub mod node;

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

pub const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

/// A program, and the flags that it gets before all others.
#[derive(Clone)]
pub struct Program {
    binary: PathBuf,
    flags: Vec<String>,
}

impl Program {
    /// `izd` as wasmd's twin.
    pub fn izd() -> Self {
        let flags = ["--bech32-prefix", "wasm", "--default-denom", "stake"];
        Self { binary: env!("CARGO_BIN_EXE_izd").into(), flags: flags.map(str::to_owned).to_vec() }
    }

    /// The oracle, if there is one on this machine; `scripts/setup` builds it.
    pub fn wasmd() -> Option<Self> {
        let binary = tool("WASMD", "wasmd-v0.61.14/wasmd");
        if binary.is_none() {
            eprintln!("no wasmd to compare with: scripts/setup builds it; this test checks nothing");
        }
        Some(Self { binary: binary?, flags: Vec::new() })
    }

    pub fn path(&self) -> &Path {
        &self.binary
    }

    pub fn command(&self, home: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(&self.flags).args(arguments).arg("--home").arg(home);
        command
    }

    pub fn try_run(&self, home: &Path, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(home, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // a program that asks nothing may be gone already
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// What it printed to standard output.
    pub fn answer(&self, home: &Path, arguments: &[&str], input: &str) -> String {
        let output = self.try_run(home, arguments, input);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {arguments:?}: {errors}", self.binary.display());
        String::from_utf8(output.stdout).unwrap()
    }

    /// What it said while it failed.
    pub fn refusal(&self, home: &Path, arguments: &[&str]) -> String {
        let output = self.try_run(home, arguments, "");
        assert!(!output.status.success(), "{arguments:?} succeeded");
        String::from_utf8(output.stderr).unwrap()
    }
}

/// A tool by its environment variable, or where `scripts/setup` puts it.
pub fn tool(variable: &str, in_cache: &str) -> Option<PathBuf> {
    if let Some(given) = env::var_os(variable) {
        return Some(given.into());
    }
    let cache = match env::var_os("INFINITEZERO_CACHE") {
        Some(cache) => PathBuf::from(cache),
        None => Path::new(&env::var_os("HOME")?).join(".cache/infinitezero"),
    };
    Some(cache.join(in_cache)).filter(|path| path.is_file())
}

pub fn home() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
