//! `cargo xtask ci`: what `.ci/run` runs. Quick judgements first, the tests and their summary line last.
use std::path::Path;
use std::process::Command;

use crate::{Outcome, assets, test, tidy};

/// Runs everything CI asks of a change.
///
/// # Errors
/// The first judgement that fails.
pub(crate) fn run(root: &Path) -> Outcome {
    step(root, "format", &["fmt", "--all", "--check"])?;
    tidy::run(root)?;
    assets::run(root)?;
    step(
        root,
        "lints",
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    )?;
    test::run(root)
}

fn step(root: &Path, name: &str, args: &[&str]) -> Outcome {
    println!("== {name}");
    let done = Command::new("cargo").args(args).current_dir(root).status()?;
    if done.success() { Ok(()) } else { Err(format!("{name}: not clean").into()) }
}
