//! All the SQL of this slice.
use access::Cx;
use db::{Result, Row, Tx, args};
use kernel::{AccountId, BatchId, Instant, RegionId};
use registry::region::{RegionAlias, RegionCode};

use crate::model::{ExportEntry, ImportBatch, ImportRow};

/// Imports under the actor's scope, latest first.
pub(crate) fn batches(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<ImportBatch>> {
    tx.all(
        "SELECT * FROM import_batch WHERE path LIKE $1 || '%' ORDER BY at DESC, id DESC LIMIT $2",
        args![cx.actor.scope().path, limit],
    )
}
/// An import under the actor's scope.
pub(crate) fn batch(tx: &mut Tx<'_>, cx: &Cx, id: &BatchId) -> Result<ImportBatch> {
    tx.one(
        "SELECT * FROM import_batch WHERE id = $1 AND path LIKE $2 || '%'",
        args![id, cx.actor.scope().path],
    )?
    .ok_or(db::Error::Missing)
}
/// What an import did, in its order.
pub(crate) fn rows_of(tx: &mut Tx<'_>, batch: &BatchId) -> Result<Vec<ImportRow>> {
    tx.all("SELECT * FROM import_row WHERE batch = $1 ORDER BY ord", args![batch])
}
/// Forgets what records were before imports that can no longer be undone: the log keeps them masked.
pub(crate) fn forget_before(tx: &mut Tx<'_>, before: Instant) -> Result<u64> {
    tx.run(
        "UPDATE import_row SET before = NULL WHERE before IS NOT NULL
           AND batch IN (SELECT id FROM import_batch WHERE at < $1)",
        args![before],
    )
}
/// The exports an account took since a moment, earliest first.
pub(crate) fn exports_since(
    tx: &mut Tx<'_>,
    account: &AccountId,
    since: Instant,
) -> Result<Vec<ExportEntry>> {
    tx.all(
        "SELECT * FROM export_log WHERE account = $1 AND at > $2 ORDER BY at, id",
        args![account, since],
    )
}
/// Exports under the actor's scope, latest first.
pub(crate) fn exports(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<ExportEntry>> {
    tx.all(
        "SELECT * FROM export_log WHERE path LIKE $1 || '%' ORDER BY at DESC, id DESC LIMIT $2",
        args![cx.actor.scope().path, limit],
    )
}
/// Every code a region ever bore, earliest first.
pub(crate) fn codes(tx: &mut Tx<'_>) -> Result<Vec<RegionCode>> {
    tx.all("SELECT * FROM region_code ORDER BY since, id", args![])
}
/// Every other name.
pub(crate) fn aliases(tx: &mut Tx<'_>) -> Result<Vec<RegionAlias>> {
    tx.all("SELECT * FROM region_alias ORDER BY name, id", args![])
}
/// Is this code among a region's history?
pub(crate) fn open_code(tx: &mut Tx<'_>, region: &RegionId) -> Result<Option<RegionCode>> {
    tx.one(
        "SELECT * FROM region_code WHERE region = $1 AND until IS NULL ORDER BY since DESC",
        args![region],
    )
}
/// Does a region already bear this other name?
pub(crate) fn has_alias(tx: &mut Tx<'_>, region: &RegionId, name: &str) -> Result<bool> {
    let found: Option<Row> =
        tx.one("SELECT id FROM region_alias WHERE region = $1 AND name = $2", args![region, name])?;
    Ok(found.is_some())
}
