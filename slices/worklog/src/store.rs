//! All the SQL of this slice. The ledger's own is the ledger's.
use access::Cx;
use db::{Result, Tx, args};
use ledger::OtherTime;
use registry::site::Site;

use crate::model::ServiceItem;

pub(crate) const ITEMS_OF_SITE: &str =
    "SELECT * FROM service_item WHERE site = $1 ORDER BY year DESC, source, title, id";
pub(crate) const ITEMS: &str = "SELECT x.* FROM service_item x JOIN site s ON s.id = x.site JOIN region r ON r.id = s.region
     WHERE r.path LIKE $1 || '%' AND ($2 = '' OR s.id = $2) ORDER BY s.code, x.year DESC, x.source, x.title, x.id";

pub(crate) fn site_in_scope(tx: &mut Tx<'_>, cx: &Cx, site: &str) -> Result<Option<Site>> {
    let scope = cx.actor.scope();
    tx.one(
        "SELECT s.* FROM site s JOIN region r ON r.id = s.region
         WHERE s.id = $1 AND r.path LIKE $2 || '%' AND ($3 = '' OR s.id = $3)",
        args![site, scope.path, scope.site_or_any()],
    )
}
pub(crate) fn same_item(
    tx: &mut Tx<'_>,
    site: &str,
    year: i64,
    source: &str,
    title: &str,
    but: &str,
) -> Result<bool> {
    let n = tx.count(
        "SELECT COUNT(*) FROM service_item WHERE site = $1 AND year = $2 AND source = $3 AND title = $4 AND id <> $5",
        args![site, year, source, title, but],
    )?;
    Ok(n > 0)
}
pub(crate) fn all_items(tx: &mut Tx<'_>) -> Result<Vec<ServiceItem>> {
    tx.all("SELECT * FROM service_item ORDER BY id", args![])
}
/// Administrative time only: the rest of the day-log says nothing to the policy.
pub(crate) fn administrative(tx: &mut Tx<'_>) -> Result<Vec<OtherTime>> {
    tx.all("SELECT * FROM other_time WHERE kind = 'administrative' ORDER BY id", args![])
}
/// The items of one site, as the facts order them.
pub(crate) fn items_of(tx: &mut Tx<'_>, site: &str) -> Result<Vec<ServiceItem>> {
    tx.all("SELECT * FROM service_item WHERE site = $1 ORDER BY id", args![site])
}
/// Administrative time of one site.
pub(crate) fn administrative_of(tx: &mut Tx<'_>, site: &str) -> Result<Vec<OtherTime>> {
    tx.all(
        "SELECT * FROM other_time WHERE site = $1 AND kind = 'administrative' ORDER BY id",
        args![site],
    )
}
