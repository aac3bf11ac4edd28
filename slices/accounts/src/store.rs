//! Questions across the tables of `access` and the log, for the administrators' and the auditor's pages.
use access::{Account, Grant};
use db::event::Entry;
use db::{Result, Tx, args};
use kernel::{AccountId, Day};

use crate::model::Filter;

/// Accounts whose login or name holds the words, of one status or any.
pub(crate) fn accounts(tx: &mut Tx<'_>, words: &str, status: &str) -> Result<Vec<Account>> {
    tx.all(
        "SELECT * FROM account WHERE ($1 = '' OR login LIKE '%' || $1 || '%' OR name LIKE '%' || $1 || '%')
         AND ($2 = '' OR status = $2) ORDER BY login",
        args![words, status],
    )
}

/// Every grant live on a day.
pub(crate) fn live_grants(tx: &mut Tx<'_>, day: Day) -> Result<Vec<Grant>> {
    tx.all(
        "SELECT * FROM role_grant WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY account, since, id",
        args![day],
    )
}

/// What happened to an account and its grants, latest first; at most 50.
pub(crate) fn history(tx: &mut Tx<'_>, id: &AccountId) -> Result<Vec<Entry>> {
    tx.all(
        "SELECT * FROM event WHERE (subject = 'account' AND id = $1)
         OR (subject = 'role_grant' AND id IN (SELECT id FROM role_grant WHERE account = $1))
         ORDER BY seq DESC LIMIT 50",
        args![id],
    )
}

const MATCHING: &str = "FROM event WHERE at >= $1 AND at < $2 AND ($3 = '' OR account = $3)
    AND ($4 = '' OR subject = $4) AND ($5 = '' OR verb = $5) AND ($6 = '' OR unit = $6)";

/// How many entries match, and a span of them, latest first.
pub(crate) fn entries(
    tx: &mut Tx<'_>,
    f: &Filter,
    limit: i64,
    offset: i64,
) -> Result<(i64, Vec<Entry>)> {
    let account = access::account_by_login(tx, &access::acts::login_key(&f.account))?;
    let account = account.map_or_else(|| f.account.clone(), |a| a.id.0);
    let (from, to) = f.span();
    let count = tx.count(
        &format!("SELECT COUNT(*) {MATCHING}"),
        args![from, to, account, f.subject, f.verb, f.unit],
    )?;
    let rows = tx.all(
        &format!("SELECT * {MATCHING} ORDER BY seq DESC LIMIT $7 OFFSET $8"),
        args![from, to, account, f.subject, f.verb, f.unit, limit, offset],
    )?;
    Ok((count, rows))
}

/// One entry.
pub(crate) fn entry(tx: &mut Tx<'_>, seq: i64) -> Result<Option<Entry>> {
    tx.one("SELECT * FROM event WHERE seq = $1", args![seq])
}

/// The kinds of things the log speaks of.
pub(crate) fn subjects(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows: Vec<db::Row> =
        tx.all("SELECT DISTINCT subject FROM event ORDER BY subject", args![])?;
    rows.iter().map(|r| r.at(0)).collect()
}

/// Does the database answer at all?
pub(crate) fn answers(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT 1", &[])
}
