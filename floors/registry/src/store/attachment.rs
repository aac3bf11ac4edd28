//! SQL of attachments.
use db::{Result, Tx, args};
use kernel::RecordId;

use crate::attachment::Attachment;

/// An attachment by its id, removed or not.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<Attachment>> {
    tx.one("SELECT * FROM attachment WHERE id = $1", args![id])
}
/// The attachments of a record, the oldest first; those that were removed are left out.
///
/// # Errors
/// The engine's fault.
pub fn of_subject(tx: &mut Tx<'_>, subject: &str, id: &str) -> Result<Vec<Attachment>> {
    tx.all(
        "SELECT * FROM attachment WHERE subject = $1 AND subject_id = $2 AND removed_at IS NULL ORDER BY at, id",
        args![subject, id],
    )
}
/// Everything that is sealed for one owner and was not removed, the latest first.
///
/// # Errors
/// The engine's fault.
pub fn of_owner(tx: &mut Tx<'_>, owner: &str) -> Result<Vec<Attachment>> {
    tx.all(
        "SELECT * FROM attachment WHERE owner = $1 AND removed_at IS NULL ORDER BY at DESC, id DESC",
        args![owner],
    )
}
/// Notes an attachment.
///
/// # Errors
/// The engine's fault.
pub fn insert(tx: &mut Tx<'_>, a: &Attachment) -> Result<()> {
    tx.insert(a)
}
/// Keeps a changed attachment.
///
/// # Errors
/// The engine's fault.
pub fn keep(tx: &mut Tx<'_>, a: &Attachment) -> Result<()> {
    tx.update(a).map(drop)
}
