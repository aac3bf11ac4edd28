//! The project's chores: `cargo xtask <chore>`.
use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::ExitCode,
};

mod assets;
mod ci;
mod clauses;
mod demo;
mod fresh;
mod system;
mod test;
mod tidy;
mod tree;

const USAGE: &str = "\
cargo xtask assets                        css, js and icons into floors/web/dist (needs node and npm)
cargo xtask tidy                          the rules of the house that the compiler does not know
cargo xtask clauses                       docs/clauses.md: every clause and its place, from the pack and the code
cargo xtask new-slice <name>              an empty slice in the shape of the others
cargo xtask new-migration <slice> <title> an empty migration under the next number
cargo xtask demo [--listen A] [--data D]  everything built, the fictional district served
cargo xtask test                          what tests need, every test, one summary line
cargo xtask ci                            format, tidy, lints, tests: what .ci/run runs";

/// What a chore answers: nothing, or a sentence to print.
type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["assets"] => assets::run(&root()),
        ["demo", words @ ..] => demo::run(&root(), words),
        ["test"] => test::run(&root()),
        ["clauses"] => clauses::run(&root()),
        ["ci"] => ci::run(&root()),
        ["tidy"] => tidy::run(&root()),
        ["new-slice", name] => fresh::slice(&root(), name),
        ["new-migration", owner, title] => fresh::migration(&root(), owner, title),
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
