//! SQL of mandatory reports.
use access::Cx;
use db::{Cell, Result, Tx, args};
use kernel::{ClientId, Instant, RecordId};

use crate::model::report::HarmReport;

pub(crate) fn next_serial(tx: &mut Tx<'_>, year: i64) -> Result<i64> {
    Ok(tx.count("SELECT COALESCE(MAX(serial), 0) FROM harm_report WHERE year = $1", args![year])?
        + 1)
}
/// A report, whoever asks: for acts that guard it.
pub(crate) fn find_unguarded(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<HarmReport>> {
    tx.find(&id.to_value())
}
/// Reports in the asker's scope when they handle reports, and their own.
pub(crate) fn list(tx: &mut Tx<'_>, cx: &Cx, mine: &str) -> Result<Vec<HarmReport>> {
    let handles = cx.actor.can("reports.handle");
    tx.all(
        "SELECT * FROM harm_report WHERE (reporter_index = $1 AND $1 <> '') OR ($2 = 1 AND path LIKE $3 || '%') ORDER BY at DESC",
        args![mine, handles, cx.actor.scope().path.clone()],
    )
}
/// Reports made up to an instant whose police nobody told, and of which this step was not told yet, the oldest first.
pub(crate) fn climbing(
    tx: &mut Tx<'_>,
    since: Instant,
    step: &str,
    limit: i64,
) -> Result<Vec<HarmReport>> {
    tx.all(
        "SELECT r.* FROM harm_report r WHERE r.police_at IS NULL AND r.at <= $1
           AND NOT EXISTS (SELECT 1 FROM notice_step s WHERE s.about = r.id AND s.step = $2) ORDER BY r.at, r.id LIMIT $3",
        args![since, step, limit],
    )
}
/// Reports about a client; the caller has seen the client.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<HarmReport>> {
    tx.all("SELECT * FROM harm_report WHERE client = $1 ORDER BY at DESC", args![client])
}
