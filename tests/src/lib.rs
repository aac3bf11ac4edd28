//! The whole application as people and programs meet it: the built binary serves the demonstration district, a real browser walks it.
//!
//! [`house`] starts the binary, [`browser`] runs one walk of `tests/browser/walks`, [`doors`] reads every endpoint of the house.
pub mod browser;
pub mod doors;
pub mod house;

use std::path::{Path, PathBuf};

/// The folder of the walks' scripts.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("browser")
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
