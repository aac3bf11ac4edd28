//! `cargo xtask demo`: build everything, serve the fictional district, open a browser where there is a screen.
use std::path::Path;
use std::process::Command;

use crate::{Outcome, assets};

/// Builds and serves until it is stopped. Further words go to `wushe demo` (`--listen`, `--data`).
///
/// # Errors
/// When something does not build or the server ends with a fault.
pub(crate) fn run(root: &Path, words: &[&str]) -> Outcome {
    assets::run(root)?;
    let done = Command::new("cargo")
        .args(["run", "--quiet", "-p", "wushe", "--features", "pdf", "--", "demo", "--open"])
        .args(words)
        .current_dir(root)
        .status()?;
    if done.success() { Ok(()) } else { Err("the demonstration ended with a fault".into()) }
}
