//! SQL of residents served. Scope and relation are `access::care`'s business.
use db::{Result, Tx, args};
use kernel::{ClientId, Day, HouseholdId, PersonId};

use crate::client::{Assignment, Client, Household, RiskGrade};

/// A client by id, whoever asks: for `access::care` and for acts of the program itself.
///
/// # Errors
/// The engine's fault.
pub fn find_unguarded(tx: &mut Tx<'_>, id: &ClientId) -> Result<Option<Client>> {
    tx.one("SELECT * FROM client WHERE id = $1", args![id])
}
/// The next short number. Acts run one after the other, so it is nobody else's.
///
/// # Errors
/// The engine's fault.
pub fn next_number(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT COALESCE(MAX(number), 0) + 1 FROM client", args![])
}
/// A household.
///
/// # Errors
/// The engine's fault.
pub fn household(tx: &mut Tx<'_>, id: &HouseholdId) -> Result<Option<Household>> {
    tx.one("SELECT * FROM household WHERE id = $1", args![id])
}
/// Every assignment of a client, latest first.
///
/// # Errors
/// The engine's fault.
pub fn assignments_of(tx: &mut Tx<'_>, client: &ClientId) -> Result<Vec<Assignment>> {
    tx.all("SELECT * FROM assignment WHERE client = $1 ORDER BY since DESC, id DESC", args![client])
}
/// Who looks after a client on a day: the responsible worker first.
///
/// # Errors
/// The engine's fault.
pub fn keepers(tx: &mut Tx<'_>, client: &ClientId, day: Day) -> Result<Vec<PersonId>> {
    let rows: Vec<Assignment> = tx.all(
        "SELECT * FROM assignment WHERE client = $1 AND kind <> 'supervisor' AND since <= $2 AND (until IS NULL OR until > $2)
         ORDER BY kind DESC, since, id",
        args![client, day],
    )?;
    Ok(rows.into_iter().map(|a| a.person).collect())
}
/// Notes a client's present risk grade; its history is the clients' slice's.
///
/// # Errors
/// The engine's fault.
pub fn set_grade(tx: &mut Tx<'_>, client: &ClientId, grade: RiskGrade) -> Result<()> {
    tx.run("UPDATE client SET grade = $2 WHERE id = $1", args![client, grade]).map(drop)
}
