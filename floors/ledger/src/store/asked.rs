//! SQL of lists, sheets and sums over any stretch of days, computed from the rows themselves.
use db::{Cell, Result, Row, Tx, Value, args};
use kernel::{ClientId, Day, PersonId, ServiceId, SiteId};

use crate::report::{Hours, Month, Part, Sum};
use crate::service::{OtherTime, Service, ServiceKind};

/// The part of the ledger asked for, over the alias `s`; the arguments are `$1` to `$7`.
const PART: &str = "s.withdrawn IS NULL AND s.day >= $1 AND s.day <= $2
   AND ($3 = '' OR s.site = $3)
   AND s.site IN (SELECT w.id FROM site w JOIN region r ON r.id = w.region WHERE r.path LIKE $4 || '%')
   AND ($5 = '' OR s.kind = $5) AND ($6 = '' OR s.project = $6)
   AND ($7 = '' OR EXISTS (SELECT 1 FROM service_worker m WHERE m.service = s.id AND m.person = $7))";

fn part(q: &Part) -> Vec<Value> {
    vec![
        q.from.to_value(),
        q.to.to_value(),
        q.site.as_ref().map_or("", |s| s.as_str()).to_value(),
        q.path.to_value(),
        q.kind.map_or("", |k| k.as_str()).to_value(),
        q.project.as_deref().unwrap_or_default().to_value(),
        q.person.as_ref().map_or("", |p| p.as_str()).to_value(),
    ]
}

/// Services of a part, the latest first, after a place in that order: (day, id) of the last one shown.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    q: &Part,
    after: Option<(Day, &ServiceId)>,
    limit: i64,
) -> Result<Vec<Service>> {
    let mut values = part(q);
    let (day, id) = after.map_or_else(|| (Day::MAX, String::new()), |(d, i)| (d, i.0.clone()));
    values.extend([day.to_value(), id.to_value(), limit.to_value()]);
    let sql = format!(
        "SELECT s.* FROM service s WHERE {PART} AND (s.day < $8 OR (s.day = $8 AND s.id < $9) OR ($9 = '' AND s.day <= $8))
         ORDER BY s.day DESC, s.id DESC LIMIT $10"
    );
    tx.all(&sql, &values)
}
pub(crate) fn sum(tx: &mut Tx<'_>, q: &Part) -> Result<Sum> {
    let values = part(q);
    let sql = format!(
        "SELECT COUNT(*) AS services, CAST(COALESCE(SUM(s.minutes), 0) AS BIGINT) AS minutes,
           CAST(COALESCE(SUM(s.person_times), 0) AS BIGINT) AS person_times,
           CAST(COALESCE(SUM(s.unnamed), 0) AS BIGINT) AS persons FROM service s WHERE {PART}"
    );
    let mut sum: Sum = tx.one(&sql, &values)?.unwrap_or_default();
    let named = format!(
        "SELECT COUNT(DISTINCT k.client) FROM service_client k JOIN service s ON s.id = k.service WHERE {PART}"
    );
    sum.persons += tx.count(&named, &values)?;
    Ok(sum)
}
/// Hours of each worker and kind in a part. The part's person is taken from the worker's own row.
pub(crate) fn hours(tx: &mut Tx<'_>, q: &Part) -> Result<Vec<Hours>> {
    let sql = format!(
        "SELECT w.person, h.name, s.kind, COUNT(*) AS services, CAST(SUM(w.minutes) AS BIGINT) AS minutes
         FROM service_worker w JOIN service s ON s.id = w.service JOIN person h ON h.id = w.person
         WHERE {PART} AND ($7 = '' OR w.person = $7) GROUP BY w.person, h.name, s.kind ORDER BY h.name, w.person, s.kind"
    );
    tx.all(&sql, &part(q))
}
/// A part by month: each kind, and (kind empty) every kind together.
pub(crate) fn by_month(tx: &mut Tx<'_>, q: &Part) -> Result<Vec<Month>> {
    let values = part(q);
    let mut out: Vec<Month> = Vec::new();
    // PostgreSQL groups by no constant, so every kind together groups by the month alone.
    for (kind, group) in [("s.kind", "s.month, s.kind"), ("'all'", "s.month")] {
        let sums = format!(
            "SELECT '' AS site, s.month, {kind} AS kind, COUNT(*) AS services, CAST(SUM(s.minutes) AS BIGINT) AS minutes,
               CAST(SUM(s.person_times) AS BIGINT) AS person_times, CAST(SUM(s.unnamed) AS BIGINT) AS persons
             FROM service s WHERE {PART} GROUP BY {group} ORDER BY {group}"
        );
        let named = format!(
            "SELECT s.month, {kind} AS kind, COUNT(DISTINCT k.client) AS persons
             FROM service_client k JOIN service s ON s.id = k.service WHERE {PART} GROUP BY {group}"
        );
        let mut months: Vec<Month> = tx.all(&sums, &values)?;
        for row in tx.all::<Row>(&named, &values)? {
            let (month, kind): (String, String) = (row.at(0)?, row.at(1)?);
            let kind = ServiceKind::parse(&kind);
            if let Some(m) = months.iter_mut().find(|m| m.month == month && m.kind == kind) {
                m.persons += row.at::<i64>(2)?;
            }
        }
        out.extend(months);
    }
    Ok(out)
}
/// The workers' hours of each site, and the hours that were no service by kind.
pub(crate) fn site_hours(tx: &mut Tx<'_>, q: &Part) -> Result<Vec<(SiteId, String, i64)>> {
    let sql = format!(
        "SELECT s.site, 'service', CAST(SUM(w.minutes) AS BIGINT) FROM service_worker w JOIN service s ON s.id = w.service
         WHERE {PART} GROUP BY s.site ORDER BY s.site"
    );
    let mut rows: Vec<Row> = tx.all(&sql, &part(q))?;
    rows.extend(tx.all::<Row>(
        "SELECT o.site, o.kind, CAST(SUM(o.minutes) AS BIGINT) FROM other_time o
         WHERE o.day >= $1 AND o.day <= $2 AND ($3 = '' OR o.site = $3) AND o.path LIKE $4 || '%'
         GROUP BY o.site, o.kind ORDER BY o.site, o.kind",
        args![q.from, q.to, q.site.as_ref().map_or("", |s| s.as_str()), q.path],
    )?);
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?, r.at(2)?))).collect()
}
/// Time that was no service, of each person and kind.
pub(crate) fn other_hours(tx: &mut Tx<'_>, q: &Part) -> Result<Vec<Hours>> {
    tx.all(
        "SELECT o.person, h.name, o.kind, COUNT(*) AS services, CAST(SUM(o.minutes) AS BIGINT) AS minutes
         FROM other_time o JOIN person h ON h.id = o.person
         WHERE o.day >= $1 AND o.day <= $2 AND ($3 = '' OR o.site = $3) AND o.path LIKE $4 || '%' AND ($5 = '' OR o.person = $5)
         GROUP BY o.person, h.name, o.kind ORDER BY h.name, o.person, o.kind",
        args![
            q.from,
            q.to,
            q.site.as_ref().map_or("", |s| s.as_str()),
            q.path,
            q.person.as_ref().map_or("", |p| p.as_str())
        ],
    )
}
/// Entries of time that was no service, the latest first.
pub(crate) fn other(tx: &mut Tx<'_>, q: &Part, limit: i64) -> Result<Vec<OtherTime>> {
    tx.all(
        "SELECT o.* FROM other_time o
         WHERE o.day >= $1 AND o.day <= $2 AND ($3 = '' OR o.site = $3) AND o.path LIKE $4 || '%' AND ($5 = '' OR o.person = $5)
         ORDER BY o.day DESC, o.id DESC LIMIT $6",
        args![
            q.from,
            q.to,
            q.site.as_ref().map_or("", |s| s.as_str()),
            q.path,
            q.person.as_ref().map_or("", |p| p.as_str()),
            limit
        ],
    )
}
/// Who delivered a service and with how many minutes, by name.
pub(crate) fn workers_of(
    tx: &mut Tx<'_>,
    service: &ServiceId,
) -> Result<Vec<(PersonId, String, i64)>> {
    let rows: Vec<Row> = tx.all(
        "SELECT w.person, h.name, w.minutes FROM service_worker w JOIN person h ON h.id = w.person
         WHERE w.service = $1 ORDER BY h.name, w.person",
        args![service],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?, r.at(2)?))).collect()
}
pub(crate) fn clients_of(tx: &mut Tx<'_>, service: &ServiceId) -> Result<Vec<ClientId>> {
    let rows: Vec<Row> = tx.all(
        "SELECT client FROM service_client WHERE service = $1 ORDER BY client",
        args![service],
    )?;
    rows.iter().map(|r| r.at(0)).collect()
}
