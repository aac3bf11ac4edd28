//! The sheet reader by itself, as the app's hidden subcommand runs it.
//!
//! `__spin` limits itself to one second of processor time and then never ends: what the guard's tests kill.
use std::process::ExitCode;

use papers::guard::{Limits, SUBCOMMAND, child_main, confine};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some(SUBCOMMAND) => child_main(),
        Some("__spin") if confine(Limits { cpu_seconds: 1, ..Limits::default() }).is_ok() => loop {
            std::hint::spin_loop();
        },
        _ => ExitCode::from(64),
    }
}
