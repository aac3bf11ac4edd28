//! SQL about who looks after a client, as far as a case moves it.
use db::{Result, Tx, args};
use kernel::{ClientId, Day, PersonId};
use registry::client::Assignment;

/// The live assignments of a client.
pub(crate) fn live(tx: &mut Tx<'_>, client: &ClientId, day: Day) -> Result<Vec<Assignment>> {
    tx.all(
        "SELECT * FROM assignment WHERE client = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY since, id",
        args![client, day],
    )
}
/// Is somebody kept from a client (回避)?
pub(crate) fn avoids(tx: &mut Tx<'_>, client: &ClientId, person: &PersonId) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM avoidance WHERE client = $1 AND person = $2",
        args![client, person],
    )? > 0)
}
/// Has somebody a live background check for work with minors?
pub(crate) fn checked(tx: &mut Tx<'_>, person: &PersonId, today: Day) -> Result<bool> {
    Ok(tx.count(
        "SELECT COUNT(*) FROM qualification WHERE person = $1 AND kind = 'background_check' AND since <= $2 AND since > $3
           AND (until IS NULL OR until > $2)",
        args![person, today, today.plus_years(-1)],
    )? > 0)
}
