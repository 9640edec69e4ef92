//! `iz-trainer` with the learners that need no libtorch.

use std::process::ExitCode;

fn main() -> ExitCode {
    iz_trainer::main(&[&iz_trainer::Dense])
}
