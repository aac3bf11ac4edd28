//! One walk in a real browser: a script of `tests/browser/walks`, run by node with the walks' own packages.
use std::error::Error;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::house::House;
use crate::scripts;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Walks in the shared district; what the script prints is the answer.
///
/// # Errors
/// Everything the walk found wrong, as it says it.
pub fn walk(name: &str, asked: &str) -> Outcome<String> {
    walk_in(House::shared()?, name, asked)
}

/// Walks in this district. The script reads `asked` from its standard input.
///
/// # Errors
/// Everything the walk found wrong, as it says it.
pub fn walk_in(house: &House, name: &str, asked: &str) -> Outcome<String> {
    packages()?;
    let mut child = Command::new("node")
        .args(["walk.mjs", name])
        .current_dir(scripts())
        .env("WALK_BASE", &house.base)
        .env("WALK_PASSWORD", demo::people::PASSWORD)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(asked.as_bytes())?;
    }
    let done = child.wait_with_output()?;
    if done.status.success() {
        Ok(String::from_utf8(done.stdout)?)
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned().into())
    }
}

/// `npm ci`, once, unless what is installed already comes from this lock file.
fn packages() -> Outcome<()> {
    static INSTALLED: OnceLock<Result<(), String>> = OnceLock::new();
    INSTALLED.get_or_init(|| install().map_err(|e| e.to_string())).clone().map_err(Into::into)
}

fn install() -> Outcome<()> {
    let lock = fs::read(scripts().join("package-lock.json"))?;
    let stamp = scripts().join("node_modules/.wushe-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let done = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(scripts())
        .status()?;
    if !done.success() {
        return Err("npm ci failed in tests/browser".into());
    }
    fs::write(stamp, lock)?;
    Ok(())
}
