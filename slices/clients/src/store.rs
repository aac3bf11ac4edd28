//! All the SQL of this slice, nothing else.
pub(crate) mod due;
mod list;
pub(crate) mod search;

pub(crate) use list::{Filter, categories_of, counts, list};
pub(crate) use registry::consent::of_client as consents;

use db::{Result, Row, Tx, args};
use kernel::{ClientId, Day, HouseholdId, PersonId};
use registry::client::{Assignment, Avoidance, Client};

use crate::model::{Belonging, MergeRecord, Relation, Request, Risk, Support};

/// The version of a file: looks at it do not count as changes.
pub(crate) fn version(tx: &mut Tx<'_>, id: &ClientId) -> Result<i64> {
    tx.count(
        "SELECT COALESCE(MAX(seq), 0) FROM event WHERE subject = 'client' AND id = $1 AND verb <> 'viewed'",
        args![id],
    )
}

pub(crate) fn by_id_index(tx: &mut Tx<'_>, index: &str) -> Result<Option<Client>> {
    tx.one(
        "SELECT * FROM client WHERE id_index = $1 AND state <> 'merged' ORDER BY number",
        args![index],
    )
}
pub(crate) fn by_phone_index(tx: &mut Tx<'_>, index: &str) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE phone_index = $1 AND state <> 'merged' ORDER BY number LIMIT 20",
        args![index],
    )
}
pub(crate) fn namesakes(tx: &mut Tx<'_>, path: &str, name: &str) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE name = $2 AND path LIKE $1 || '%' AND state <> 'merged' ORDER BY number LIMIT 50",
        args![path, name],
    )
}
pub(crate) fn external_taken(tx: &mut Tx<'_>, key: &str, but: Option<&ClientId>) -> Result<bool> {
    let but = but.map_or("", |c| c.as_str());
    let n = tx.count(
        "SELECT COUNT(*) FROM client WHERE external_id = $1 AND id <> $2",
        args![key, but],
    )?;
    Ok(n > 0)
}
pub(crate) fn place_of(tx: &mut Tx<'_>, home: &HouseholdId) -> Result<Option<String>> {
    let row: Option<Row> =
        tx.one("SELECT place FROM household_place WHERE household = $1", args![home])?;
    row.map(|r| r.at(0)).transpose()
}
pub(crate) fn household_at(tx: &mut Tx<'_>, place: &str) -> Result<Option<HouseholdId>> {
    let row: Option<Row> = tx.one(
        "SELECT p.household FROM household_place p JOIN household h ON h.id = p.household
         WHERE p.place = $1 AND h.until IS NULL ORDER BY p.household",
        args![place],
    )?;
    row.map(|r| r.at(0)).transpose()
}

/// The assignments that hold on a day or begin after it, the responsible worker first.
pub(crate) fn live_assignments(
    tx: &mut Tx<'_>,
    id: &ClientId,
    day: Day,
) -> Result<Vec<Assignment>> {
    tx.all(
        "SELECT * FROM assignment WHERE client = $1 AND (until IS NULL OR until > $2)
         ORDER BY CASE kind WHEN 'worker' THEN 0 WHEN 'co_worker' THEN 1 ELSE 2 END, since, id",
        args![id, day],
    )
}
pub(crate) fn avoided(tx: &mut Tx<'_>, id: &ClientId, person: &PersonId) -> Result<bool> {
    let n = tx.count(
        "SELECT COUNT(*) FROM avoidance WHERE client = $1 AND person = $2",
        args![id, person],
    )?;
    Ok(n > 0)
}
pub(crate) fn avoidances(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Avoidance>> {
    tx.all("SELECT * FROM avoidance WHERE client = $1 ORDER BY since, id", args![id])
}

pub(crate) fn open_requests(tx: &mut Tx<'_>, path: &str) -> Result<Vec<Request>> {
    tx.all(
        "SELECT r.* FROM client_request r JOIN client c ON c.id = r.client
         WHERE r.decided_at IS NULL AND c.path LIKE $1 || '%' ORDER BY r.asked_at, r.id",
        args![path],
    )
}
pub(crate) fn open_requests_of(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Request>> {
    tx.all(
        "SELECT * FROM client_request WHERE client = $1 AND decided_at IS NULL ORDER BY asked_at, id",
        args![id],
    )
}

pub(crate) fn belongings(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Belonging>> {
    tx.all(
        "SELECT * FROM client_category WHERE client = $1 ORDER BY since DESC, id DESC",
        args![id],
    )
}
pub(crate) fn risks(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Risk>> {
    tx.all("SELECT * FROM risk WHERE client = $1 OR client IN (SELECT id FROM client WHERE merged_into = $1) ORDER BY at DESC, id DESC", args![id])
}
/// Those who live in a household.
pub(crate) fn housemates(
    tx: &mut Tx<'_>,
    home: &HouseholdId,
    but: &ClientId,
) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE household = $1 AND id <> $2 AND state <> 'merged' ORDER BY birth, number",
        args![home, but],
    )
}
/// The name an account goes by.
pub(crate) fn account_name(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    let row: Option<Row> = tx.one("SELECT name FROM account WHERE id = $1", args![id])?;
    row.map_or_else(|| Ok(String::new()), |r| r.at(0))
}
/// Whoever signs in for a region at or above a path: (role, person, name).
pub(crate) fn signing_in_over(
    tx: &mut Tx<'_>,
    path: &str,
    today: Day,
) -> Result<Vec<(String, PersonId, String)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT DISTINCT g.role, p.id, p.name FROM role_grant g JOIN account a ON a.id = g.account
           JOIN person p ON p.id = a.person JOIN region r ON r.id = g.region
         WHERE a.status = 'active' AND g.since <= $2 AND (g.until IS NULL OR g.until > $2) AND $1 LIKE r.path || '%'
         ORDER BY p.name, p.id",
        args![path, today],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?, r.at(2)?))).collect()
}
pub(crate) fn relations(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Relation>> {
    tx.all(
        "SELECT * FROM relation WHERE client = $1 OR client IN (SELECT id FROM client WHERE merged_into = $1) ORDER BY id",
        args![id],
    )
}
/// Relations in other files that name this client.
pub(crate) fn pointing(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Relation>> {
    tx.all("SELECT * FROM relation WHERE other = $1 ORDER BY id", args![id])
}
pub(crate) fn supports(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Support>> {
    tx.all(
        "SELECT * FROM support WHERE client = $1 OR client IN (SELECT id FROM client WHERE merged_into = $1) ORDER BY id",
        args![id],
    )
}
pub(crate) fn merges(tx: &mut Tx<'_>, path: &str) -> Result<Vec<MergeRecord>> {
    tx.all(
        "SELECT m.* FROM client_merge m JOIN client c ON c.id = m.kept WHERE c.path LIKE $1 || '%' ORDER BY m.at DESC, m.id LIMIT 50",
        args![path],
    )
}
/// The files that were merged into this one.
pub(crate) fn merged_into(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<ClientId>> {
    let rows: Vec<Row> =
        tx.all("SELECT id FROM client WHERE merged_into = $1 ORDER BY id", args![id])?;
    rows.iter().map(|r| r.at(0)).collect()
}
/// Clients in use who share an ID number, a phone, a day of birth, or name and home with another under the same path.
pub(crate) fn alike(tx: &mut Tx<'_>, path: &str, limit: i64) -> Result<Vec<Client>> {
    tx.all(
        "SELECT c.* FROM client c WHERE c.path LIKE $1 || '%' AND c.state <> 'merged' AND (
           c.phone_index IN (SELECT o.phone_index FROM client o WHERE o.phone_index IS NOT NULL AND o.state <> 'merged'
             GROUP BY o.phone_index HAVING COUNT(*) > 1)
           OR c.id_index IN (SELECT o.id_index FROM client o WHERE o.id_index IS NOT NULL AND o.state <> 'merged'
             GROUP BY o.id_index HAVING COUNT(*) > 1)
           OR c.birth IN (SELECT o.birth FROM client o WHERE o.path LIKE $1 || '%' AND o.birth IS NOT NULL AND o.state <> 'merged'
             GROUP BY o.birth HAVING COUNT(*) > 1)
           OR (c.household, c.name) IN (SELECT o.household, o.name FROM client o
             WHERE o.path LIKE $1 || '%' AND o.household IS NOT NULL AND o.state <> 'merged'
             GROUP BY o.household, o.name HAVING COUNT(*) > 1))
         ORDER BY c.number LIMIT $2",
        args![path, limit],
    )
}
/// Clients under a path who were born on a day.
pub(crate) fn born_on(tx: &mut Tx<'_>, path: &str, birth: Day) -> Result<Vec<Client>> {
    tx.all(
        "SELECT * FROM client WHERE birth = $2 AND path LIKE $1 || '%' AND state <> 'merged' ORDER BY number LIMIT 200",
        args![path, birth],
    )
}
/// Did anything happen with a client after it was taken in?
pub(crate) fn worked_with(tx: &mut Tx<'_>, id: &ClientId) -> Result<bool> {
    let changed = tx.count(
        "SELECT COUNT(*) FROM event WHERE subject = 'client' AND id = $1 AND verb NOT IN ('viewed', 'taken_in')",
        args![id],
    )?;
    let keepers = tx.count("SELECT COUNT(*) FROM assignment WHERE client = $1", args![id])?;
    let decided = tx.count(
        "SELECT COUNT(*) FROM client_request WHERE client = $1 AND decided_at IS NOT NULL",
        args![id],
    )?;
    Ok(changed + decided > 0 || keepers > 1)
}
/// Takes away what taking in wrote beside the file.
pub(crate) fn forget_intake(tx: &mut Tx<'_>, id: &ClientId) -> Result<()> {
    for table in ["client_category", "client_request", "assignment"] {
        tx.run(&format!("DELETE FROM {table} WHERE client = $1"), args![id])?;
    }
    Ok(())
}
