//! Stored files: what they are and where they lie. The bytes lie under the data directory, never under a public address.
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
