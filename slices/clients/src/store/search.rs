//! SQL of the search. What it finds goes through `access::care` before anybody sees it.
use std::collections::HashSet;

use db::{FromRow, Result, Row, Tx, Value, args};
use kernel::{Day, PersonId};
use registry::client::Client;

/// A client as the index in memory takes one up.
pub(crate) struct NameRow {
    pub(crate) number: i64,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) restricted: bool,
}

impl FromRow for NameRow {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { number: row.at(0)?, name: row.at(1)?, path: row.at(2)?, restricted: row.at(3)? })
    }
}

pub(crate) fn last_event(tx: &mut Tx<'_>) -> Result<i64> {
    tx.count("SELECT COALESCE(MAX(seq), 0) FROM event", args![])
}
pub(crate) fn names_after(tx: &mut Tx<'_>, number: i64, limit: i64) -> Result<Vec<NameRow>> {
    tx.all(
        "SELECT number, name, path, restricted FROM client WHERE number > $1 AND state <> 'merged' ORDER BY number LIMIT $2",
        args![number, limit],
    )
}
/// Every client an event after this one speaks of.
pub(crate) fn changed_since(tx: &mut Tx<'_>, seq: i64) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE id IN (SELECT id FROM event WHERE seq > $1 AND subject = 'client' AND verb <> 'viewed')",
        args![seq],
    )
}
pub(crate) fn by_number(tx: &mut Tx<'_>, number: i64) -> Result<Option<Client>> {
    tx.one("SELECT * FROM client WHERE number = $1", args![number])
}
pub(crate) fn by_external(tx: &mut Tx<'_>, key: &str) -> Result<Option<Client>> {
    tx.one("SELECT * FROM client WHERE external_id = $1", args![key])
}
/// The blind index of nothing is the empty text, which no row bears.
pub(crate) fn by_tails(
    tx: &mut Tx<'_>,
    path: &str,
    id: &str,
    phone: &str,
    limit: i64,
) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE (id_tail = $1 OR phone_tail = $2) AND path LIKE $3 || '%' AND state <> 'merged'
         ORDER BY number DESC LIMIT $4",
        args![id, phone, path, limit],
    )
}
/// Clients who live in a building. `seen` is the viewer's condition and `args` its values.
pub(crate) fn by_building(
    tx: &mut Tx<'_>,
    seen: &str,
    mut args: Vec<Value>,
    building: &str,
    limit: i64,
) -> Result<Vec<Client>> {
    args.push(Value::Text(building.to_owned()));
    args.push(Value::Int(limit));
    let n = args.len();
    tx.all(
        &format!(
            "SELECT c.* FROM household h JOIN client c ON c.household = h.id
             WHERE h.building = ${} AND {seen} ORDER BY c.number LIMIT ${n}",
            n - 1
        ),
        &args,
    )
}
/// Every estate, building and entrance, once.
pub(crate) fn buildings(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows: Vec<Row> = tx.all(
        "SELECT DISTINCT building FROM household WHERE building IS NOT NULL ORDER BY building",
        args![],
    )?;
    rows.iter().map(|r| r.at(0)).collect()
}
/// Was a household added or changed after this event?
pub(crate) fn homes_changed(tx: &mut Tx<'_>, seq: i64) -> Result<bool> {
    let n = tx
        .count("SELECT COUNT(*) FROM event WHERE seq > $1 AND subject = 'household'", args![seq])?;
    Ok(n > 0)
}
/// The numbers of everybody a person is assigned to on a day.
pub(crate) fn assigned_numbers(
    tx: &mut Tx<'_>,
    person: &PersonId,
    day: Day,
) -> Result<HashSet<u32>> {
    let rows: Vec<Row> = tx.all(
        "SELECT c.number FROM assignment a JOIN client c ON c.id = a.client
         WHERE a.person = $1 AND a.since <= $2 AND (a.until IS NULL OR a.until > $2)",
        args![person, day],
    )?;
    rows.iter().map(|r| Ok(u32::try_from(r.at::<i64>(0)?).unwrap_or(0))).collect()
}
