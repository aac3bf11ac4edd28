//! All the SQL of this slice.
use db::{Result, Tx, args};
use kernel::Day;

use crate::model::{BoundText, OptionChoice, PackChoice, Waiver};

/// The pack chosen last.
pub(crate) fn pack(tx: &mut Tx<'_>) -> Result<Option<PackChoice>> {
    tx.one("SELECT * FROM pack_choice ORDER BY chosen_at DESC, id DESC", args![])
}
/// The interpretations in force on a day.
pub(crate) fn options(tx: &mut Tx<'_>, day: Day) -> Result<Vec<OptionChoice>> {
    tx.all(
        "SELECT * FROM option_choice WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY name",
        args![day],
    )
}
/// The interpretation of this name that has no end yet.
pub(crate) fn open_option(tx: &mut Tx<'_>, name: &str) -> Result<Option<OptionChoice>> {
    tx.one(
        "SELECT * FROM option_choice WHERE name = $1 AND until IS NULL ORDER BY since DESC",
        args![name],
    )
}
/// Every waiver that is or was.
pub(crate) fn waivers(tx: &mut Tx<'_>) -> Result<Vec<Waiver>> {
    tx.all("SELECT * FROM waiver ORDER BY until DESC, id", args![])
}
/// One waiver.
pub(crate) fn waiver(tx: &mut Tx<'_>, id: &str) -> Result<Option<Waiver>> {
    tx.one("SELECT * FROM waiver WHERE id = $1", args![id])
}
/// The official text bound to a pack last.
pub(crate) fn text(tx: &mut Tx<'_>, pack: &str) -> Result<Option<BoundText>> {
    tx.one("SELECT * FROM bound_text WHERE pack = $1 ORDER BY at DESC, id DESC", args![pack])
}
/// The number of the last event.
pub(crate) fn last_event(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT COALESCE(MAX(seq), 0) FROM event", args![])
}
/// Does any event after `since` concern one of these subjects?
pub(crate) fn touches(tx: &mut Tx<'_>, since: i64, subjects: &[&str]) -> Result<bool> {
    let new: Vec<db::Row> =
        tx.all("SELECT DISTINCT subject FROM event WHERE seq > $1", args![since])?;
    for row in &new {
        if subjects.contains(&row.get::<String>("subject")?.as_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}
