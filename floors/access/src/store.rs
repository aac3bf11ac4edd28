//! All the SQL of this floor.
pub(crate) mod care;
pub(crate) mod draft;
pub(crate) mod factor;
pub(crate) mod notice;

use db::{Result, Tx, args};
use kernel::{AccountId, Day, GrantId, Instant, SessionId};

use crate::account::{Account, Grant};
use crate::session::{AccessToken, Session};

/// An account by id.
///
/// # Errors
/// The engine's fault.
pub fn account(tx: &mut Tx<'_>, id: &AccountId) -> Result<Option<Account>> {
    tx.one("SELECT * FROM account WHERE id = $1", args![id])
}
/// An account by its login name.
///
/// # Errors
/// The engine's fault.
pub fn account_by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Account>> {
    tx.one("SELECT * FROM account WHERE login = $1", args![login])
}
/// Every account, by login.
///
/// # Errors
/// The engine's fault.
pub fn accounts(tx: &mut Tx<'_>) -> Result<Vec<Account>> {
    tx.all("SELECT * FROM account ORDER BY login", args![])
}
/// A grant by id.
///
/// # Errors
/// The engine's fault.
pub fn find_grant(tx: &mut Tx<'_>, id: &GrantId) -> Result<Option<Grant>> {
    tx.one("SELECT * FROM role_grant WHERE id = $1", args![id])
}
/// Every grant an account ever had, latest first.
///
/// # Errors
/// The engine's fault.
pub fn grants_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Vec<Grant>> {
    tx.all("SELECT * FROM role_grant WHERE account = $1 ORDER BY since DESC, id", args![account])
}
/// The grants an account holds on a day.
///
/// # Errors
/// The engine's fault.
pub fn live_grants(tx: &mut Tx<'_>, account: &AccountId, day: Day) -> Result<Vec<Grant>> {
    tx.all(
        "SELECT * FROM role_grant WHERE account = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY since, id",
        args![account, day],
    )
}
/// How many live grants of a role there are on a day.
pub(crate) fn holders(tx: &mut Tx<'_>, role: &str, day: Day) -> Result<i64> {
    tx.count(
        "SELECT COUNT(*) FROM role_grant g JOIN account a ON a.id = g.account
         WHERE g.role = $1 AND a.status = 'active' AND g.since <= $2 AND (g.until IS NULL OR g.until > $2)",
        args![role, day],
    )
}
/// The browsers signed in to an account, latest first.
///
/// # Errors
/// The engine's fault.
pub fn sessions_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Vec<Session>> {
    tx.all(
        "SELECT * FROM session WHERE account = $1 ORDER BY opened_at DESC, id DESC",
        args![account],
    )
}
pub(crate) fn session_by_token(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Session>> {
    tx.one("SELECT * FROM session WHERE token = $1", args![hash])
}
pub(crate) fn touch_session(tx: &mut Tx<'_>, id: &SessionId, now: Instant) -> Result<u64> {
    tx.run("UPDATE session SET seen_at = $2 WHERE id = $1", args![id, now])
}
pub(crate) fn step_session(tx: &mut Tx<'_>, id: &SessionId, now: Instant) -> Result<u64> {
    tx.run("UPDATE session SET stepped_at = $2 WHERE id = $1", args![id, now])
}
pub(crate) fn end_session(tx: &mut Tx<'_>, id: &SessionId) -> Result<u64> {
    tx.run("DELETE FROM session WHERE id = $1", args![id])
}
pub(crate) fn end_sessions(tx: &mut Tx<'_>, account: &AccountId) -> Result<u64> {
    tx.run("DELETE FROM session WHERE account = $1", args![account])
}
/// The personal access tokens of an account, latest first.
///
/// # Errors
/// The engine's fault.
pub fn tokens_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Vec<AccessToken>> {
    tx.all(
        "SELECT * FROM access_token WHERE account = $1 ORDER BY opened_at DESC, id DESC",
        args![account],
    )
}
pub(crate) fn token_by_hash(tx: &mut Tx<'_>, hash: &str) -> Result<Option<AccessToken>> {
    tx.one("SELECT * FROM access_token WHERE token = $1", args![hash])
}
pub(crate) fn end_tokens(tx: &mut Tx<'_>, account: &AccountId) -> Result<u64> {
    tx.run("DELETE FROM access_token WHERE account = $1", args![account])
}
/// Failed tries of a login name and the instant until which it is closed.
pub(crate) fn attempt(tx: &mut Tx<'_>, login: &str) -> Result<(i64, Instant)> {
    let row = tx
        .one::<db::Row>("SELECT fails, closed_until FROM attempt WHERE login = $1", args![login])?;
    row.map_or(Ok((0, Instant(0))), |r| Ok((r.get("fails")?, r.get("closed_until")?)))
}
pub(crate) fn keep_attempt(
    tx: &mut Tx<'_>,
    login: &str,
    fails: i64,
    closed_until: Instant,
) -> Result<u64> {
    tx.run(
        "INSERT INTO attempt(login, fails, closed_until) VALUES($1, $2, $3)
         ON CONFLICT(login) DO UPDATE SET fails = excluded.fails, closed_until = excluded.closed_until",
        args![login, fails, closed_until],
    )
}
pub(crate) fn forget_attempt(tx: &mut Tx<'_>, login: &str) -> Result<u64> {
    tx.run("DELETE FROM attempt WHERE login = $1", args![login])
}
