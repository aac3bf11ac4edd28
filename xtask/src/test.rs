//! `cargo xtask test`: everything tests need, then every test, then one summary line.
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Outcome, assets, system};

/// Runs every test of the workspace.
///
/// # Errors
/// When something is missing, does not build, or a test fails.
pub(crate) fn run(root: &Path) -> Outcome {
    system::ensure()?;
    assets::run(root)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "-p", "wushe"]).current_dir(root);
    if !cargo.status()?.success() {
        return Err("the binary does not build".into());
    }
    let mut child = Command::new("cargo")
        .args(["test", "--workspace", "--no-fail-fast"])
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut counts = Counts::default();
    if let Some(out) = child.stdout.take() {
        let mut screen = std::io::stdout().lock();
        for line in BufReader::new(out).lines() {
            let line = line?;
            counts.read(&line);
            writeln!(screen, "{line}")?;
        }
    }
    let status = child.wait()?;
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if status.success() && counts.failed == 0 && counts.passed > 0 {
        Ok(())
    } else {
        Err("tests failed".into())
    }
}

/// Sums of the `test result:` lines.
#[derive(Default, Debug, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn read(&mut self, line: &str) {
        let Some(rest) = line.trim_start().strip_prefix("test result:") else { return };
        let part = |word: &str| {
            rest.split([';', '.'])
                .find_map(|p| p.trim().strip_suffix(word))
                .and_then(|n| n.trim().parse::<u64>().ok())
                .unwrap_or(0)
        };
        self.passed += part("passed");
        self.failed += part("failed");
        self.skipped += part("ignored");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_add_up() {
        let mut counts = Counts::default();
        counts.read("test result: ok. 10 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        counts.read("test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        counts.read("running 3 tests");
        assert_eq!(counts, Counts { passed: 12, failed: 1, skipped: 1 });
    }
}
