//! Printing that a closed pipe does not turn into a panic, as `println!` does: `izd … | head` is no failure.

use std::{
    fmt,
    io::{self, Write as _},
};

/// `println!` for answers of commands.
macro_rules! say {
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}

pub fn line(text: fmt::Arguments<'_>) {
    write(format_args!("{text}\n"));
}

/// Without the end of the line.
pub fn write(text: fmt::Arguments<'_>) {
    let mut out = io::stdout().lock();
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("Error: cannot write to standard output: {error}");
            std::process::exit(1);
        }
        _ => {}
    }
}
