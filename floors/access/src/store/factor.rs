//! SQL of the second factor.
use db::{Result, Tx, args};
use kernel::{AccountId, Instant};

use crate::factor::SecondFactor;

pub(crate) fn of(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<SecondFactor>> {
    tx.one("SELECT * FROM second_factor WHERE account = $1", args![account])
}
pub(crate) fn confirm(tx: &mut Tx<'_>, account: &AccountId) -> Result<()> {
    tx.run("UPDATE second_factor SET confirmed = 1 WHERE account = $1", args![account]).map(drop)
}
pub(crate) fn remove(tx: &mut Tx<'_>, account: &AccountId) -> Result<()> {
    tx.run("DELETE FROM second_factor WHERE account = $1", args![account]).map(drop)
}
pub(crate) fn drop_recovery(tx: &mut Tx<'_>, account: &AccountId) -> Result<()> {
    tx.run("DELETE FROM recovery_code WHERE account = $1", args![account]).map(drop)
}
/// Notes an unused recovery code as used; answers whether there was one.
pub(crate) fn use_recovery(
    tx: &mut Tx<'_>,
    account: &AccountId,
    hash: &str,
    now: Instant,
) -> Result<bool> {
    let touched = tx.run(
        "UPDATE recovery_code SET used_at = $3 WHERE account = $1 AND hash = $2 AND used_at IS NULL",
        args![account, hash, now],
    )?;
    Ok(touched > 0)
}
