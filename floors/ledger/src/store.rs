//! All the SQL of this floor: single services and the monthly sums; what lists and sheets ask is in [`asked`].
pub(crate) mod asked;

use db::{Result, Row, Tx, args};
use kernel::{ClientId, Day, PersonId, ServiceId, SiteId};

use crate::report::Month;
use crate::service::{Service, ServiceKind};

/// The service a record wrote, if it stands.
///
/// # Errors
/// The engine's fault.
pub fn of_source(tx: &mut Tx<'_>, source: &str, id: &str) -> Result<Option<Service>> {
    tx.one(
        "SELECT * FROM service WHERE source = $1 AND source_id = $2 AND withdrawn IS NULL",
        args![source, id],
    )
}
/// The services a client received, latest first.
///
/// # Errors
/// The engine's fault.
pub fn of_client(tx: &mut Tx<'_>, client: &ClientId, limit: i64) -> Result<Vec<Service>> {
    tx.all(
        "SELECT s.* FROM service_client k JOIN service s ON s.id = k.service
         WHERE k.client = $1 AND s.withdrawn IS NULL ORDER BY k.day DESC, s.id DESC LIMIT $2",
        args![client, limit],
    )
}
/// The services a worker delivered from a day to a day, both included, and the worker's own minutes in each.
///
/// # Errors
/// The engine's fault.
pub fn of_worker(
    tx: &mut Tx<'_>,
    person: &PersonId,
    from: Day,
    to: Day,
) -> Result<Vec<(Service, i64)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT s.*, w.minutes AS own FROM service_worker w JOIN service s ON s.id = w.service
         WHERE w.person = $1 AND w.day >= $2 AND w.day <= $3 AND s.withdrawn IS NULL ORDER BY w.day, s.id",
        args![person, from, to],
    )?;
    rows.iter().map(|r| Ok((db::FromRow::from_row(r)?, r.get("own")?))).collect()
}
pub(crate) fn last_of(
    tx: &mut Tx<'_>,
    client: &ClientId,
    kind: ServiceKind,
) -> Result<Option<Service>> {
    tx.one(
        "SELECT s.* FROM service_client k JOIN service s ON s.id = k.service
         WHERE k.client = $1 AND s.kind = $2 AND s.withdrawn IS NULL ORDER BY k.day DESC, s.id DESC",
        args![client, kind],
    )
}
pub(crate) fn drop_parts(tx: &mut Tx<'_>, service: &ServiceId) -> Result<()> {
    tx.run("DELETE FROM service_worker WHERE service = $1", args![service])?;
    tx.run("DELETE FROM service_client WHERE service = $1", args![service]).map(drop)
}
/// One service, if it stands.
pub(crate) fn find(tx: &mut Tx<'_>, id: &ServiceId) -> Result<Option<Service>> {
    tx.one("SELECT * FROM service WHERE id = $1 AND withdrawn IS NULL", args![id])
}
/// The region path of a site, under which its months are asked for.
fn site_path(tx: &mut Tx<'_>, site: &SiteId) -> Result<Option<String>> {
    tx.one::<Row>(
        "SELECT r.path FROM site s JOIN region r ON r.id = s.region WHERE s.id = $1",
        args![site],
    )?
    .map(|r| r.at(0))
    .transpose()
}
/// Adds a service to its site's month (`sign` 1) or takes it out (`sign` -1): once for its kind, once for all kinds together.
/// Clients are counted once a month and kind.
pub(crate) fn roll(tx: &mut Tx<'_>, s: &Service, sign: i64) -> Result<()> {
    let clients: Vec<Row> =
        tx.all("SELECT client FROM service_client WHERE service = $1", args![s.id])?;
    for kind in [s.kind.as_str(), ALL_KINDS] {
        let mut persons = s.unnamed * sign;
        for row in &clients {
            persons += roll_client(tx, s, kind, &row.at(0)?, sign)?;
        }
        roll_sums(tx, s, kind, sign, persons)?;
    }
    Ok(())
}
/// What the month calls every kind together.
pub(crate) const ALL_KINDS: &str = "all";
/// Counts a client once more or less in the month; answers by how much the persons change.
fn roll_client(
    tx: &mut Tx<'_>,
    s: &Service,
    kind: &str,
    client: &ClientId,
    sign: i64,
) -> Result<i64> {
    if sign > 0 {
        // The commonest case first: nobody met this client this month, or somebody did.
        let added = tx.run(
            "UPDATE service_month_client SET times = times + 1 WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4",
            args![s.site, s.month, kind, client],
        )?;
        if added == 0 {
            tx.run(
                "INSERT INTO service_month_client (site, month, kind, client, times) VALUES ($1, $2, $3, $4, 1)",
                args![s.site, s.month, kind, client],
            )?;
        }
        return Ok(i64::from(added == 0));
    }
    let gone = tx.run(
        "DELETE FROM service_month_client WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4 AND times <= 1",
        args![s.site, s.month, kind, client],
    )?;
    if gone == 0 {
        tx.run(
            "UPDATE service_month_client SET times = times - 1 WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4",
            args![s.site, s.month, kind, client],
        )?;
    }
    Ok(-i64::from(gone > 0))
}
fn roll_sums(tx: &mut Tx<'_>, s: &Service, kind: &str, sign: i64, persons: i64) -> Result<()> {
    let touched = tx.run(
        "UPDATE service_month SET services = services + $4, minutes = minutes + $5, person_times = person_times + $6, persons = persons + $7
         WHERE site = $1 AND month = $2 AND kind = $3",
        args![s.site, s.month, kind, sign, s.minutes * sign, s.person_times * sign, persons],
    )?;
    if touched == 0 {
        let path = site_path(tx, &s.site)?.unwrap_or_else(|| s.path.clone());
        tx.run(
            "INSERT INTO service_month (site, month, kind, path, services, minutes, person_times, persons)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![s.site, s.month, kind, path, sign, s.minutes * sign, s.person_times * sign, persons],
        )?;
    }
    Ok(())
}
pub(crate) fn months(
    tx: &mut Tx<'_>,
    path: &str,
    from: &str,
    to: &str,
    all: bool,
) -> Result<Vec<Month>> {
    tx.all(
        "SELECT * FROM service_month WHERE path LIKE $1 || '%' AND month >= $2 AND month <= $3 AND services > 0
           AND ((kind = $5 AND $4 = 1) OR (kind <> $5 AND $4 = 0)) ORDER BY site, month, kind",
        args![path, from, to, all, ALL_KINDS],
    )
}
