//! Visits and what was found on them. Clients are let in by `access::care` before anything here is asked.
use db::{Result, Row, Tx, args};
use kernel::{ClientId, PersonId, RecordId, VisitId};

use crate::model::visit::{Visit, VisitNeed};

pub(crate) fn find(tx: &mut Tx<'_>, id: &VisitId) -> Result<Option<Visit>> {
    tx.one("SELECT * FROM visit WHERE id = $1", args![id])
}

/// The visits of a client that stand, latest first.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId, limit: usize) -> Result<Vec<Visit>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    tx.all(
        "SELECT * FROM visit WHERE client = $1 AND withdrawn IS NULL ORDER BY day DESC, at DESC, id DESC LIMIT $2",
        args![client, limit],
    )
}

pub(crate) fn count_of(tx: &mut Tx<'_>, client: &ClientId) -> Result<(i64, i64)> {
    let met = tx.count(
        "SELECT COUNT(*) FROM visit WHERE client = $1 AND outcome = 'met' AND withdrawn IS NULL",
        args![client],
    )?;
    let all = tx.count(
        "SELECT COUNT(*) FROM visit WHERE client = $1 AND withdrawn IS NULL",
        args![client],
    )?;
    Ok((met, all))
}

/// Who went, whoever recorded it first.
pub(crate) fn workers(tx: &mut Tx<'_>, id: &VisitId) -> Result<Vec<PersonId>> {
    let rows: Vec<Row> =
        tx.all("SELECT person FROM visit_worker WHERE visit = $1 ORDER BY id", args![id])?;
    rows.iter().map(|r| r.at(0)).collect()
}

pub(crate) fn drop_workers(tx: &mut Tx<'_>, id: &VisitId) -> Result<()> {
    tx.run("DELETE FROM visit_worker WHERE visit = $1", args![id]).map(drop)
}

pub(crate) fn needs(tx: &mut Tx<'_>, id: &VisitId) -> Result<Vec<VisitNeed>> {
    tx.all("SELECT * FROM visit_need WHERE visit = $1 ORDER BY id", args![id])
}

pub(crate) fn need(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<VisitNeed>> {
    tx.one("SELECT * FROM visit_need WHERE id = $1", args![id])
}

/// Needs of a client that nobody has answered.
pub(crate) fn open_needs(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<VisitNeed>> {
    tx.all(
        "SELECT * FROM visit_need WHERE client = $1 AND answered IS NULL ORDER BY id",
        args![client],
    )
}

pub(crate) fn drop_needs(tx: &mut Tx<'_>, id: &VisitId) -> Result<()> {
    tx.run("DELETE FROM visit_need WHERE visit = $1 AND answered IS NULL", args![id]).map(drop)
}
