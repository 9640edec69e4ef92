//! `completion`: what a shell needs to complete commands and flags.

use anyhow::{Context as _, Result};
use clap::Args;
use clap_complete::{Shell, generate};

use crate::cli;

#[derive(Args)]
pub struct Completion {
    /// Whose script is printed
    shell: Shell,
}

impl Completion {
    pub fn run(&self) -> Result<()> {
        crate::say::write(format_args!("{}", script(self.shell)?));
        Ok(())
    }
}

fn script(shell: Shell) -> Result<String> {
    let mut script = Vec::new();
    generate(shell, &mut cli::tree(), "izd", &mut script);
    String::from_utf8(script).context("the script is no text")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_is_told_commands_and_flags() {
        for shell in Shell::value_variants() {
            let script = script(*shell).unwrap();
            assert!(script.contains("module-hash-by-height"), "{shell}");
            assert!(script.contains("bech32-prefix"), "{shell}");
        }
    }
}
