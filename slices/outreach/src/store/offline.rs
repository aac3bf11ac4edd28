//! Devices and their operations.
use access::Cx;
use db::{Result, Tx, args};
use kernel::{RecordId, VisitId};

use crate::model::offline::{Device, Op};

pub(crate) fn device(tx: &mut Tx<'_>, id: &RecordId) -> Result<Option<Device>> {
    tx.one("SELECT * FROM offline_device WHERE id = $1", args![id])
}

pub(crate) fn op_at(tx: &mut Tx<'_>, device: &RecordId, seq: i64) -> Result<Option<Op>> {
    tx.one("SELECT * FROM offline_op WHERE device = $1 AND seq = $2", args![device, seq])
}

/// Did this device bring this visit?
pub(crate) fn brought(tx: &mut Tx<'_>, device: &RecordId, visit: &VisitId) -> Result<bool> {
    let n = tx.count(
        "SELECT COUNT(*) FROM offline_op WHERE device = $1 AND visit = $2",
        args![device, visit],
    )?;
    Ok(n > 0)
}

/// Operations that wait for a person: the asker's own, and those held in the asker's scope when the asker answers for it.
pub(crate) fn waiting(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Op>> {
    let answers = i64::from(cx.actor.can("clients.assign"));
    tx.all(
        "SELECT * FROM offline_op WHERE state IN ('conflict', 'held')
           AND (account = $1 OR ($2 = 1 AND state = 'held' AND path LIKE $3 || '%')) ORDER BY at, id",
        args![cx.actor.account(), answers, cx.actor.scope().path],
    )
}

/// Is the account behind a device still at work?
pub(crate) fn account_lives(
    tx: &mut Tx<'_>,
    account: &kernel::AccountId,
    today: kernel::Day,
) -> Result<bool> {
    let n = tx.count(
        "SELECT COUNT(*) FROM account a WHERE a.id = $1 AND a.status = 'active' AND EXISTS (SELECT 1 FROM role_grant g
           WHERE g.account = a.id AND g.since <= $2 AND (g.until IS NULL OR g.until > $2))",
        args![account, today],
    )?;
    Ok(n > 0)
}
