//! SQL of people. Scope is the caller's business: slices join `person` to what the viewer may see.
use db::{Result, Tx, args};
use kernel::PersonId;

use crate::people::{Person, Qualification, WorkHistory};

/// A person by id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &PersonId) -> Result<Option<Person>> {
    tx.one("SELECT * FROM person WHERE id = $1", args![id])
}
/// A person by the bureau's roster key.
///
/// # Errors
/// The engine's fault.
pub fn by_external(tx: &mut Tx<'_>, key: &str) -> Result<Option<Person>> {
    tx.one("SELECT * FROM person WHERE external_id = $1", args![key])
}
/// A person by ID number.
///
/// # Errors
/// The engine's fault.
pub fn by_id_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Person>> {
    tx.one("SELECT * FROM person WHERE id_number = $1", args![number])
}
/// Everybody, by name.
///
/// # Errors
/// The engine's fault.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Person>> {
    tx.all("SELECT * FROM person ORDER BY name, id", args![])
}
/// People whose name, roster key or ID tail holds the words; at most `limit`.
///
/// # Errors
/// The engine's fault.
pub fn search(tx: &mut Tx<'_>, words: &str, limit: i64) -> Result<Vec<Person>> {
    tx.all(
        "SELECT * FROM person WHERE name LIKE '%' || $1 || '%' OR external_id = $1 ORDER BY name, id LIMIT $2",
        args![words, limit],
    )
}
/// What a person holds, latest first.
///
/// # Errors
/// The engine's fault.
pub fn qualifications_of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<Qualification>> {
    tx.all("SELECT * FROM qualification WHERE person = $1 ORDER BY since DESC, id", args![person])
}
/// Where a person worked, latest first.
///
/// # Errors
/// The engine's fault.
pub fn work_of(tx: &mut Tx<'_>, person: &PersonId) -> Result<Vec<WorkHistory>> {
    tx.all("SELECT * FROM work_history WHERE person = $1 ORDER BY since DESC, id", args![person])
}
