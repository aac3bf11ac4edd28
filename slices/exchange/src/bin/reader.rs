//! The sheet reader by itself, as the app's hidden subcommand runs it: what this slice's tests hand uploads to.
use std::process::ExitCode;

fn main() -> ExitCode {
    papers::guard::child_main()
}
