//! SQL of messages.
use db::{Result, Row, Tx, args};
use kernel::{AccountId, Day, Instant, NoticeId, PersonId};

use crate::notice::Notice;

/// The latest messages of an account, newest first.
///
/// # Errors
/// The engine's fault.
pub fn of_account(tx: &mut Tx<'_>, account: &AccountId, limit: i64) -> Result<Vec<Notice>> {
    tx.all(
        "SELECT * FROM notice WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2",
        args![account, limit],
    )
}
/// How many are unread.
///
/// # Errors
/// The engine's fault.
pub fn unread(tx: &mut Tx<'_>, account: &AccountId) -> Result<i64> {
    tx.count("SELECT COUNT(*) FROM notice WHERE account = $1 AND read_at IS NULL", args![account])
}
/// How many are unread, and how many of them are urgent: the bell of every page.
///
/// # Errors
/// The engine's fault.
pub fn waiting(tx: &mut Tx<'_>, account: &AccountId) -> Result<(i64, i64)> {
    let row: Option<Row> = tx.one(
        "SELECT COUNT(*), COUNT(CASE WHEN urgent = 1 THEN 1 END) FROM notice WHERE account = $1 AND read_at IS NULL",
        args![account],
    )?;
    row.map_or(Ok((0, 0)), |r| Ok((r.at(0)?, r.at(1)?)))
}
/// One message of an account.
///
/// # Errors
/// The engine's fault.
pub fn of_account_one(
    tx: &mut Tx<'_>,
    account: &AccountId,
    id: &NoticeId,
) -> Result<Option<Notice>> {
    tx.one("SELECT * FROM notice WHERE account = $1 AND id = $2", args![account, id])
}
pub(crate) fn accounts_of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<AccountId>> {
    let rows: Vec<Row> = tx.all(
        "SELECT id FROM account WHERE person = $1 AND status = 'active' ORDER BY login",
        args![person],
    )?;
    rows.iter().map(|r| r.at(0)).collect()
}
/// Live hats whose region lies above a path or is it: (account, role, the region's path).
pub(crate) fn holders_over(
    tx: &mut Tx<'_>,
    path: &str,
    today: Day,
) -> Result<Vec<(AccountId, String, String)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT g.account, g.role, r.path FROM role_grant g JOIN region r ON r.id = g.region JOIN account a ON a.id = g.account
         WHERE a.status = 'active' AND g.since <= $2 AND (g.until IS NULL OR g.until > $2) AND $1 LIKE r.path || '%'
         ORDER BY g.account, g.id",
        args![path, today],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?, r.at(2)?))).collect()
}
/// Notes a step; `false` when it stands already.
pub(crate) fn note_step(tx: &mut Tx<'_>, about: &str, step: &str, now: Instant) -> Result<bool> {
    let noted = tx.run(
        "INSERT INTO notice_step(about, step, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        args![about, step, now],
    )?;
    Ok(noted > 0)
}
pub(crate) fn mark_read(
    tx: &mut Tx<'_>,
    account: &AccountId,
    id: Option<&NoticeId>,
    now: Instant,
) -> Result<()> {
    tx.run(
        "UPDATE notice SET read_at = $3 WHERE account = $1 AND read_at IS NULL AND ($2 = '' OR id = $2)",
        args![account, id.map_or("", NoticeId::as_str), now],
    )
    .map(drop)
}
