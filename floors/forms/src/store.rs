//! All the SQL of this floor.
use db::{Result, Tx, args};
use kernel::{AnswerId, ClientId};

use crate::answer::{FormAnswer, FormDefinition};

/// The answer of this id, if any.
pub(crate) fn find(tx: &mut Tx<'_>, id: &AnswerId) -> Result<Option<FormAnswer>> {
    tx.find(&db::Cell::to_value(id))
}
/// Answers about a thing, earliest first; corrections stand beside what they correct. An empty form means all.
pub(crate) fn of_subject(
    tx: &mut Tx<'_>,
    subject: &str,
    id: &str,
    form: &str,
) -> Result<Vec<FormAnswer>> {
    tx.all(
        "SELECT * FROM form_answer WHERE subject = $1 AND subject_id = $2 AND ($3 = '' OR form = $3)
          ORDER BY on_day, at, id",
        args![subject, id, form],
    )
}
/// A client's final answers to one form, without those that were corrected, earliest first.
pub(crate) fn of_client(tx: &mut Tx<'_>, client: &ClientId, form: &str) -> Result<Vec<FormAnswer>> {
    tx.all(
        "SELECT * FROM form_answer a WHERE client = $1 AND form = $2 AND state = 'final'
            AND NOT EXISTS (SELECT 1 FROM form_answer b WHERE b.revised_from = a.id AND b.state = 'final')
          ORDER BY on_day, at, id",
        args![client, form],
    )
}
/// The correction of an answer, if it was corrected.
pub(crate) fn revision(tx: &mut Tx<'_>, of: &AnswerId) -> Result<Option<FormAnswer>> {
    tx.one("SELECT * FROM form_answer WHERE revised_from = $1", args![of])
}
/// How many answers a form has at a version.
pub(crate) fn used(tx: &mut Tx<'_>, form: &str, version: i64) -> Result<i64> {
    tx.count(
        "SELECT COUNT(*) FROM form_answer WHERE form = $1 AND version = $2",
        args![form, version],
    )
}
/// The bureau's own definitions, by form and version.
pub(crate) fn definitions(tx: &mut Tx<'_>) -> Result<Vec<FormDefinition>> {
    tx.all("SELECT * FROM form_definition ORDER BY form, version", args![])
}
/// One of the bureau's own.
pub(crate) fn definition(
    tx: &mut Tx<'_>,
    form: &str,
    version: i64,
) -> Result<Option<FormDefinition>> {
    tx.one("SELECT * FROM form_definition WHERE form = $1 AND version = $2", args![form, version])
}
/// The bureau's latest of a form.
pub(crate) fn latest_definition(tx: &mut Tx<'_>, form: &str) -> Result<Option<FormDefinition>> {
    tx.one("SELECT * FROM form_definition WHERE form = $1 ORDER BY version DESC", args![form])
}
