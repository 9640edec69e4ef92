//! Questions to the operator: on a terminal with a prompt, otherwise one line of standard input an answer.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Result, bail};
use zeroize::Zeroizing;

/// Shorter passwords are refused.
const SHORTEST_PASSWORD: usize = 8;

/// A password; on a terminal it is not shown.
pub fn password(prompt: &str) -> Result<Zeroizing<String>> {
    let password =
        if io::stdin().is_terminal() { Zeroizing::new(rpassword::prompt_password(prompt)?) } else { line()? };
    if password.len() < SHORTEST_PASSWORD {
        bail!("password must be at least {SHORTEST_PASSWORD} characters");
    }
    Ok(password)
}

/// A line of text, trimmed.
pub fn text(prompt: &str) -> Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        eprintln!("> {prompt}");
    }
    line()
}

/// Yes or no; anything but a yes is a no.
pub fn confirm(prompt: &str) -> Result<bool> {
    if io::stdin().is_terminal() {
        eprint!("{prompt} [y/N]: ");
    }
    Ok(line()?.starts_with(['y', 'Y']))
}

fn line() -> Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    if io::stdin().lock().read_line(&mut line)? == 0 {
        bail!("EOF: standard input ended where an answer was expected");
    }
    Ok(Zeroizing::new(line.trim().to_owned()))
}
