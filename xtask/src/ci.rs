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
    step(root, "lints", &["clippy", "--workspace", "--quiet", "--", "-D", "warnings"])?;
    // A test may stop at the first surprise, and a helper that several test files share is whole in each of them.
    let spared =
        ["clippy::unwrap_used", "clippy::expect_used", "clippy::indexing_slicing", "clippy::panic"];
    let mut args = vec!["clippy", "--workspace", "--tests", "--quiet", "--", "-D", "warnings"];
    args.extend(
        spared.iter().chain(&["dead_code", "unreachable_pub"]).flat_map(|lint| ["-A", *lint]),
    );
    step(root, "lints of tests", &args)?;
    test::run(root)
}

fn step(root: &Path, name: &str, args: &[&str]) -> Outcome {
    println!("== {name}");
    let done = Command::new("cargo").args(args).current_dir(root).status()?;
    if done.success() { Ok(()) } else { Err(format!("{name}: not clean").into()) }
}
