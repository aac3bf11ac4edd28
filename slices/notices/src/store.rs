//! All the SQL of this slice.
use access::{Cx, care};
use db::{Result, Row, Tx, args};
use kernel::{AccountId, Instant, RecordId};

use crate::model::{CalendarFeed, Delivery, Webhook};

/// Deliveries are kept so long after they arrived, in milliseconds: 30 days.
const KEPT: i64 = 30 * 86_400_000;

pub(crate) fn webhooks(tx: &mut Tx<'_>) -> Result<Vec<Webhook>> {
    tx.all("SELECT * FROM webhook ORDER BY at, id", args![])
}
pub(crate) fn live(tx: &mut Tx<'_>) -> Result<Vec<Webhook>> {
    tx.all("SELECT * FROM webhook WHERE paused_at IS NULL ORDER BY id", args![])
}
pub(crate) fn pause(tx: &mut Tx<'_>, id: &RecordId, now: Instant) -> Result<()> {
    tx.run("UPDATE webhook SET paused_at = $2 WHERE id = $1", args![id, now]).map(drop)
}
pub(crate) fn deliveries(tx: &mut Tx<'_>, webhook: &RecordId, limit: i64) -> Result<Vec<Delivery>> {
    tx.all(
        "SELECT * FROM webhook_delivery WHERE webhook = $1 ORDER BY at DESC, id DESC LIMIT $2",
        args![webhook, limit],
    )
}
/// Delivered, waiting and given up, of one webhook.
pub(crate) fn counts(tx: &mut Tx<'_>, webhook: &RecordId) -> Result<(i64, i64, i64)> {
    let row: Option<Row> = tx.one(
        "SELECT COUNT(done_at), COUNT(CASE WHEN done_at IS NULL AND next_at IS NOT NULL THEN 1 END),
           COUNT(CASE WHEN done_at IS NULL AND next_at IS NULL THEN 1 END) FROM webhook_delivery WHERE webhook = $1",
        args![webhook],
    )?;
    row.map_or(Ok((0, 0, 0)), |r| Ok((r.at(0)?, r.at(1)?, r.at(2)?)))
}
pub(crate) fn drop_deliveries(tx: &mut Tx<'_>, webhook: &RecordId) -> Result<()> {
    tx.run("DELETE FROM webhook_delivery WHERE webhook = $1", args![webhook]).map(drop)
}
pub(crate) fn waiting(tx: &mut Tx<'_>, now: Instant) -> Result<i64> {
    tx.count(
        "SELECT COUNT(*) FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook
         WHERE d.next_at <= $1 AND w.paused_at IS NULL",
        args![now],
    )
}
/// Takes the messages due now for one sender, each with its address and secret; nobody else takes them before `until`.
pub(crate) fn claim(
    tx: &mut Tx<'_>,
    now: Instant,
    until: Instant,
    limit: i64,
) -> Result<Vec<(Delivery, String, String)>> {
    tx.run("DELETE FROM webhook_delivery WHERE done_at < $1", args![now.plus_millis(-KEPT)])?;
    let due: Vec<Delivery> = tx.all(
        "SELECT d.* FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook
         WHERE d.next_at <= $1 AND w.paused_at IS NULL ORDER BY d.next_at, d.id LIMIT $2",
        args![now, limit],
    )?;
    let mut out = Vec::with_capacity(due.len());
    for d in due {
        tx.run("UPDATE webhook_delivery SET next_at = $2 WHERE id = $1", args![d.id, until])?;
        let hook: Webhook = tx.find(&db::Cell::to_value(&d.webhook))?.ok_or(db::Error::Missing)?;
        let id = hook.id.as_str();
        let secret = tx.open(id, "webhook.secret", id, &hook.secret)?;
        out.push((d, hook.url, secret));
    }
    Ok(out)
}
pub(crate) fn feed(tx: &mut Tx<'_>, hash: &str) -> Result<Option<CalendarFeed>> {
    tx.one("SELECT * FROM calendar_feed WHERE token = $1", args![hash])
}
pub(crate) fn feed_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<CalendarFeed>> {
    tx.one("SELECT * FROM calendar_feed WHERE account = $1", args![account])
}
pub(crate) fn drop_feeds(tx: &mut Tx<'_>, account: &AccountId) -> Result<()> {
    tx.run("DELETE FROM calendar_feed WHERE account = $1", args![account]).map(drop)
}
/// Names of the clients in a viewer's sight and their pseudonyms, the longest name first.
pub(crate) fn names(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(String, String)>> {
    let (sight, values) = care::Lens::of(tx, cx)?.condition(1);
    let sql = format!(
        "SELECT c.name, c.number FROM client c WHERE {sight} ORDER BY LENGTH(c.name) DESC, c.number"
    );
    let rows: Vec<Row> = tx.all(&sql, &values)?;
    rows.iter()
        .map(|r| Ok((r.at::<String>(0)?, format!("案主{}", r.at::<i64>(1)?))))
        .filter(|r: &Result<(String, String)>| {
            r.as_ref().is_ok_and(|(n, _)| !n.is_empty()) || r.is_err()
        })
        .collect()
}
