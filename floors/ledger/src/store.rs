//! All the SQL of this floor.
use db::{Result, Row, Tx, args};
use kernel::{ClientId, Day, PersonId, ServiceId};

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
/// Adds a service to its site's month (`sign` 1) or takes it out (`sign` -1). Clients are counted once a month and kind.
pub(crate) fn roll(tx: &mut Tx<'_>, s: &Service, sign: i64) -> Result<()> {
    let clients: Vec<Row> =
        tx.all("SELECT client FROM service_client WHERE service = $1", args![s.id])?;
    let mut persons = s.unnamed * sign;
    for row in &clients {
        let client: ClientId = row.at(0)?;
        let key = args![s.site, s.month, s.kind, client];
        let before = tx
            .one::<Row>(
                "SELECT times FROM service_month_client WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4",
                key,
            )?
            .map_or(Ok(0), |r| r.at::<i64>(0))?;
        let after = before + sign;
        if before == 0 {
            tx.run(
                "INSERT INTO service_month_client (site, month, kind, client, times) VALUES ($1, $2, $3, $4, $5)",
                args![s.site, s.month, s.kind, client, after],
            )?;
            persons += 1;
        } else if after == 0 {
            tx.run(
                "DELETE FROM service_month_client WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4",
                key,
            )?;
            persons -= 1;
        } else {
            tx.run(
                "UPDATE service_month_client SET times = $5 WHERE site = $1 AND month = $2 AND kind = $3 AND client = $4",
                args![s.site, s.month, s.kind, client, after],
            )?;
        }
    }
    let touched = tx.run(
        "UPDATE service_month SET services = services + $4, minutes = minutes + $5, person_times = person_times + $6, persons = persons + $7
         WHERE site = $1 AND month = $2 AND kind = $3",
        args![s.site, s.month, s.kind, sign, s.minutes * sign, s.person_times * sign, persons],
    )?;
    if touched == 0 {
        tx.run(
            "INSERT INTO service_month (site, month, kind, path, services, minutes, person_times, persons)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![s.site, s.month, s.kind, s.path, sign, s.minutes * sign, s.person_times * sign, persons],
        )?;
    }
    Ok(())
}
pub(crate) fn months(tx: &mut Tx<'_>, path: &str, from: &str, to: &str) -> Result<Vec<Month>> {
    tx.all(
        "SELECT * FROM service_month WHERE path LIKE $1 || '%' AND month >= $2 AND month <= $3 AND services > 0 ORDER BY site, month, kind",
        args![path, from, to],
    )
}
