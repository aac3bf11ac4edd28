//! The version of a thing: the sequence number of its last event.
use crate::{Result, Tx, args};

/// The version of a thing; 0 when nothing was ever recorded of it.
///
/// # Errors
/// The engine's fault.
pub fn version(tx: &mut Tx<'_>, subject: &str, id: &str) -> Result<i64> {
    tx.count(
        "SELECT COALESCE(MAX(seq), 0) FROM event WHERE subject = $1 AND id = $2",
        args![subject, id],
    )
}
