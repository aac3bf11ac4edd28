//! All the SQL of this slice, nothing else.
use access::Cx;
use access::care::Glass;
use db::{Result, Row, Tx, args};
use kernel::{ClientId, Instant};

/// The client of the asker's region with this short number or blind index of an ID number.
pub(crate) fn client(
    tx: &mut Tx<'_>,
    cx: &Cx,
    number: i64,
    index: &str,
) -> Result<Option<ClientId>> {
    let row: Option<Row> = tx.one(
        "SELECT id FROM client WHERE path LIKE $1 || '%' AND state <> 'merged' AND (number = $2 OR (id_index = $3 AND $3 <> ''))",
        args![cx.actor.scope().path, number, index],
    )?;
    row.map(|r| r.at(0)).transpose()
}
/// A look at a client of the asker's region.
pub(crate) fn look(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Option<Glass>> {
    tx.one(
        "SELECT g.* FROM glass g JOIN client c ON c.id = g.client WHERE g.id = $2 AND c.path LIKE $1 || '%'",
        args![cx.actor.scope().path, id],
    )
}
/// Looks at clients of the asker's region, unreviewed first, then the latest; with the client's short number and who looked.
pub(crate) fn looks(tx: &mut Tx<'_>, cx: &Cx, limit: i64) -> Result<Vec<(Glass, i64, String)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT g.*, c.number AS whom, a.name AS who FROM glass g JOIN client c ON c.id = g.client JOIN account a ON a.id = g.account
         WHERE c.path LIKE $1 || '%' ORDER BY CASE WHEN g.reviewed_at IS NULL THEN 0 ELSE 1 END, g.opened_at DESC, g.id DESC LIMIT $2",
        args![cx.actor.scope().path, limit],
    )?;
    rows.iter().map(|r| Ok((db::FromRow::from_row(r)?, r.get("whom")?, r.get("who")?))).collect()
}
/// The account's look at a client that is open now.
pub(crate) fn open(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId) -> Result<Option<Glass>> {
    tx.one(
        "SELECT * FROM glass WHERE client = $1 AND account = $2 AND until > $3",
        args![client, cx.actor.account(), cx.now],
    )
}
/// Looks opened before an instant that nobody reviewed and nobody was reminded of, with where the client lives.
pub(crate) fn forgotten(
    tx: &mut Tx<'_>,
    before: Instant,
    step: &str,
    limit: i64,
) -> Result<Vec<(Glass, String)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT g.*, c.path AS place FROM glass g JOIN client c ON c.id = g.client WHERE g.reviewed_at IS NULL AND g.opened_at < $1
           AND NOT EXISTS (SELECT 1 FROM notice_step s WHERE s.about = g.id AND s.step = $2) ORDER BY g.opened_at, g.id LIMIT $3",
        args![before, step, limit],
    )?;
    rows.iter().map(|r| Ok((db::FromRow::from_row(r)?, r.get("place")?))).collect()
}
/// Does the account have a look that was opened before an instant and never reviewed?
pub(crate) fn neglected(tx: &mut Tx<'_>, cx: &Cx, before: Instant) -> Result<bool> {
    let found = tx.count(
        "SELECT COUNT(*) FROM glass WHERE account = $1 AND reviewed_at IS NULL AND opened_at < $2",
        args![cx.actor.account(), before],
    )?;
    Ok(found > 0)
}
