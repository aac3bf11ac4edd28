//! Stored files: what they are and where they lie. The bytes lie under the data directory, never under a public address.
use std::io::Write;
use std::path::{Path, PathBuf};

use db::record;
use kernel::{FileId, Instant};

pub use crate::store::file::{find, insert};

record! {
    /// A stored file. Whether somebody may read it follows from the record it belongs to, not from the file.
    pub struct StoredFile in "file" {
        id: FileId,
        /// The name it came with, for downloads.
        name: String,
        mime: String,
        bytes: i64,
        /// SHA-256 of the bytes, hexadecimal.
        digest: String,
        /// Relative to the data directory's `files/`.
        path: String,
        by_account: String,
        at: Instant,
    }
}

/// Keeps the bytes under a name that says nothing, whole or not at all; the row about them is written after.
///
/// # Errors
/// The disk's fault.
pub fn keep(dir: &Path, id: &FileId, bytes: &[u8]) -> std::io::Result<()> {
    let to = path(dir, id);
    let part = to.with_extension("part");
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = std::fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, &to)?;
    if let Some(folder) = to.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Where a file's bytes lie under the data directory.
pub fn path(dir: &Path, id: &FileId) -> PathBuf {
    dir.join("files").join(place(id))
}

/// The same, relative to `files/`: the last two digits of an id spread the files over 256 folders.
pub fn place(id: &FileId) -> String {
    let tail = id.as_str().get(id.as_str().len().saturating_sub(2)..).unwrap_or("00");
    format!("{tail}/{}", id.as_str())
}
