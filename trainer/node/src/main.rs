//! `iz-trainer` with its learners: one in this process, and those behind the hook.

use std::process::ExitCode;

fn main() -> ExitCode {
    iz_trainer::main(&[&iz_trainer::Dense, &iz_trainer::Hook, &iz_trainer::Torch])
}
