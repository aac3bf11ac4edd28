//! SQL of drafts.
use db::{Result, Tx, args};
use kernel::{AccountId, Instant};

use crate::draft::Draft;

pub(crate) fn of(tx: &mut Tx<'_>, account: &AccountId, form: &str) -> Result<Option<Draft>> {
    tx.one("SELECT * FROM draft WHERE account = $1 AND form = $2", args![account, form])
}
pub(crate) fn all(tx: &mut Tx<'_>, account: &AccountId) -> Result<Vec<Draft>> {
    tx.all("SELECT * FROM draft WHERE account = $1 ORDER BY at DESC, id", args![account])
}
pub(crate) fn count(tx: &mut Tx<'_>, account: &AccountId) -> Result<i64> {
    tx.count("SELECT COUNT(*) FROM draft WHERE account = $1", args![account])
}
pub(crate) fn forget(tx: &mut Tx<'_>, account: &AccountId, form: &str) -> Result<u64> {
    tx.run("DELETE FROM draft WHERE account = $1 AND form = $2", args![account, form])
}
pub(crate) fn forget_old(tx: &mut Tx<'_>, before: Instant) -> Result<u64> {
    tx.run("DELETE FROM draft WHERE at < $1", args![before])
}
pub(crate) fn forget_oldest(tx: &mut Tx<'_>, account: &AccountId) -> Result<u64> {
    tx.run(
        "DELETE FROM draft WHERE id = (SELECT MIN(d.id) FROM draft d WHERE d.account = $1 AND d.at =
           (SELECT MIN(e.at) FROM draft e WHERE e.account = $1))",
        args![account],
    )
}
