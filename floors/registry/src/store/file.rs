//! SQL of stored files.
use db::{Result, Tx, args};
use kernel::FileId;

use crate::file::StoredFile;

/// A file by its id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &FileId) -> Result<Option<StoredFile>> {
    tx.one("SELECT * FROM file WHERE id = $1", args![id])
}
/// Notes a stored file.
///
/// # Errors
/// The engine's fault.
pub fn insert(tx: &mut Tx<'_>, f: &StoredFile) -> Result<()> {
    tx.insert(f)
}
