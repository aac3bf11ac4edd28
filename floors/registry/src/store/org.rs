//! SQL of bodies.
use db::{Result, Tx, args};
use kernel::OrgId;

use crate::org::Org;

/// A body by its id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &OrgId) -> Result<Option<Org>> {
    tx.one("SELECT * FROM org WHERE id = $1", args![id])
}
/// Every body of a kind, or of all kinds when none is named, by name.
///
/// # Errors
/// The engine's fault.
pub fn all(tx: &mut Tx<'_>, kind: Option<crate::org::OrgKind>) -> Result<Vec<Org>> {
    tx.all(
        "SELECT * FROM org WHERE $1 = '' OR kind = $1 ORDER BY name",
        args![kind.map_or("", crate::org::OrgKind::as_str)],
    )
}
/// Adds a body.
///
/// # Errors
/// The engine's fault.
pub fn insert(tx: &mut Tx<'_>, o: &Org) -> Result<()> {
    tx.insert(o)
}
/// Overwrites a body.
///
/// # Errors
/// The engine's fault.
pub fn update(tx: &mut Tx<'_>, o: &Org) -> Result<bool> {
    tx.update(o)
}
