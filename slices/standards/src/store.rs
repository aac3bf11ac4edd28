//! All the SQL of this slice.
use std::collections::BTreeMap;

use db::{Record, Result, Tx, args};
use kernel::{Day, Instant};

use crate::model::{BoundText, OptionChoice, PackChoice, TakenDossier, Waiver};

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
/// The interpretations in force on a day as the log knew them at an instant. A switch logs only the new choice, which ends the one before.
pub(crate) fn options_known(tx: &mut Tx<'_>, day: Day, at: Instant) -> Result<Vec<OptionChoice>> {
    let mut latest: BTreeMap<String, OptionChoice> = BTreeMap::new();
    for choice in known::<OptionChoice>(tx, at)?.into_iter().filter(|c| c.since <= day) {
        // The log comes in its own order: of two choices for one day the later entry stands.
        if latest.get(&choice.name).is_none_or(|kept| kept.since <= choice.since) {
            latest.insert(choice.name.clone(), choice);
        }
    }
    Ok(latest.into_values().collect())
}
/// Every waiver as the log knew it at an instant.
pub(crate) fn waivers_known(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<Waiver>> {
    known(tx, at)
}
fn known<R: Record>(tx: &mut Tx<'_>, at: Instant) -> Result<Vec<R>> {
    let states = db::event::states_at(tx, &[R::TABLE], at)?;
    states.into_iter().map(|s| Ok(serde_json::from_value(s.after)?)).collect()
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
/// Every waiver of one rule at one unit.
pub(crate) fn waivers_of(tx: &mut Tx<'_>, rule: &str, unit: &str) -> Result<Vec<Waiver>> {
    tx.all(
        "SELECT * FROM waiver WHERE rule = $1 AND unit = $2 ORDER BY since, id",
        args![rule, unit],
    )
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
/// The number and the hash of the last event.
pub(crate) fn head(tx: &mut Tx<'_>) -> Result<(i64, String)> {
    let row: Option<db::Row> =
        tx.one("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", args![])?;
    row.map_or_else(|| Ok((0, String::new())), |r| Ok((r.at(0)?, r.at(1)?)))
}
/// Dossiers taken under a path, the latest first.
pub(crate) fn dossiers(tx: &mut Tx<'_>, path: &str) -> Result<Vec<TakenDossier>> {
    tx.all(
        "SELECT * FROM dossier WHERE path LIKE $1 || '%' ORDER BY at DESC, id DESC LIMIT 50",
        args![path],
    )
}
