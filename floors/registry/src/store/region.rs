//! SQL of the region tree.
use db::{Result, Tx, args};
use kernel::RegionId;

use crate::region::Region;

/// A region by its id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &RegionId) -> Result<Option<Region>> {
    tx.one("SELECT * FROM region WHERE id = $1", args![id])
}
/// The region that bears this code now or bore it once. A code names one region at a time; the present bearer wins.
///
/// # Errors
/// The engine's fault.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Region>> {
    if let Some(r) =
        tx.one("SELECT * FROM region WHERE code = $1 AND until IS NULL", args![code])?
    {
        return Ok(Some(r));
    }
    tx.one(
        "SELECT r.* FROM region r JOIN region_code c ON c.region = r.id WHERE c.code = $1 ORDER BY c.since DESC",
        args![code],
    )
}
/// The district at the root of this database.
///
/// # Errors
/// The engine's fault.
pub fn root(tx: &mut Tx<'_>) -> Result<Option<Region>> {
    tx.one("SELECT * FROM region WHERE kind = 'district' ORDER BY code", args![])
}
/// Regions directly under one, by code.
///
/// # Errors
/// The engine's fault.
pub fn children(tx: &mut Tx<'_>, id: &RegionId) -> Result<Vec<Region>> {
    tx.all("SELECT * FROM region WHERE parent = $1 ORDER BY code", args![id])
}
/// A region and everything under it, by code.
///
/// # Errors
/// The engine's fault.
pub fn under(tx: &mut Tx<'_>, path: &str) -> Result<Vec<Region>> {
    tx.all("SELECT * FROM region WHERE path LIKE $1 || '%' ORDER BY code", args![path])
}
/// Every region, by code.
///
/// # Errors
/// The engine's fault.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Region>> {
    tx.all("SELECT * FROM region ORDER BY code", args![])
}
/// Regions whose name or alias holds the words; at most `limit`.
///
/// # Errors
/// The engine's fault.
pub fn search(tx: &mut Tx<'_>, words: &str, path: &str, limit: i64) -> Result<Vec<Region>> {
    tx.all(
        "SELECT * FROM region r WHERE r.path LIKE $2 || '%' AND (r.name LIKE '%' || $1 || '%' OR r.code = $1
           OR EXISTS (SELECT 1 FROM region_alias a WHERE a.region = r.id AND a.name LIKE '%' || $1 || '%'))
         ORDER BY r.code LIMIT $3",
        args![words, path, limit],
    )
}
/// The name of a region, or the id when it is gone.
///
/// # Errors
/// The engine's fault.
pub fn name_of(tx: &mut Tx<'_>, id: &RegionId) -> Result<String> {
    Ok(find(tx, id)?.map_or_else(|| id.0.clone(), |r| r.name))
}
/// Adds a region.
///
/// # Errors
/// The engine's fault.
pub fn insert(tx: &mut Tx<'_>, r: &Region) -> Result<()> {
    tx.insert(r)
}
/// Overwrites a region.
///
/// # Errors
/// The engine's fault.
pub fn update(tx: &mut Tx<'_>, r: &Region) -> Result<bool> {
    tx.update(r)
}
