//! Activities within the asker's scope, their lists and sums.
use access::Cx;
use db::{Result, Tx, args};
use kernel::{ActivityId, Day, PersonId, RecordId};

use crate::model::activity::{Activity, Signup, Spend, Volunteer};

/// Of the asker's scope.
pub(crate) fn find(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<Option<Activity>> {
    let scope = cx.actor.scope();
    tx.one(
        "SELECT * FROM activity WHERE id = $1 AND path LIKE $2 || '%' AND ($3 = '' OR site = $3)",
        args![id, scope.path, scope.site_or_any()],
    )
}

/// By what the code at the door carries, whoever asks.
pub(crate) fn by_token(tx: &mut Tx<'_>, index: &str) -> Result<Option<Activity>> {
    tx.one("SELECT * FROM activity WHERE token_index = $1", args![index])
}

/// Of the asker's scope between two days, latest first, at most `limit`.
pub(crate) fn between(
    tx: &mut Tx<'_>,
    cx: &Cx,
    from: Day,
    to: Day,
    limit: i64,
) -> Result<Vec<Activity>> {
    let scope = cx.actor.scope();
    tx.all(
        "SELECT * FROM activity WHERE path LIKE $1 || '%' AND ($2 = '' OR site = $2) AND day >= $3 AND day <= $4
         ORDER BY day DESC, time DESC, id DESC LIMIT $5",
        args![scope.path, scope.site_or_any(), from, to, limit],
    )
}

pub(crate) fn workers(tx: &mut Tx<'_>, id: &ActivityId) -> Result<Vec<PersonId>> {
    let rows: Vec<db::Row> =
        tx.all("SELECT person FROM activity_worker WHERE activity = $1 ORDER BY id", args![id])?;
    rows.iter().map(|r| r.at(0)).collect()
}

pub(crate) fn drop_workers(tx: &mut Tx<'_>, id: &ActivityId) -> Result<()> {
    tx.run("DELETE FROM activity_worker WHERE activity = $1", args![id]).map(drop)
}

/// The list, in the order in which people came onto it.
pub(crate) fn signups(tx: &mut Tx<'_>, id: &ActivityId) -> Result<Vec<Signup>> {
    tx.all("SELECT * FROM signup WHERE activity = $1 ORDER BY at, id", args![id])
}

pub(crate) fn signup(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<Signup>> {
    tx.one("SELECT * FROM signup WHERE id = $1", args![id])
}

pub(crate) fn volunteers(tx: &mut Tx<'_>, id: &ActivityId) -> Result<Vec<Volunteer>> {
    tx.all("SELECT * FROM activity_volunteer WHERE activity = $1 ORDER BY id", args![id])
}

pub(crate) fn spends(tx: &mut Tx<'_>, id: &ActivityId) -> Result<Vec<Spend>> {
    tx.all("SELECT * FROM activity_spend WHERE activity = $1 ORDER BY id", args![id])
}

/// The sum of what was spent, in fen.
pub(crate) fn spent(tx: &mut Tx<'_>, id: &ActivityId) -> Result<kernel::Money> {
    Ok(kernel::Money(tx.count(
        "SELECT COALESCE(SUM(amount), 0) FROM activity_spend WHERE activity = $1",
        args![id],
    )?))
}
