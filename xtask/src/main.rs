//! The project's chores: `cargo xtask <chore>`.
use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
};

mod assets;

const USAGE: &str = "\
cargo xtask assets                      build css, js and icons into floors/web/dist (needs node and npm)";

/// What a chore answers: nothing, or a sentence to print.
type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["assets"] => assets::run(&root()),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace: the parent of this crate.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
