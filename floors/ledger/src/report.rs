//! What is read from the ledger: services of a client, hours of a worker, months of a site, and any part of it by its rows.
//!
//! Months are kept as sums in the transaction of each service ([`months`], [`totals`]) and so cost nothing to read; everything else is
//! counted from the rows of a [`Part`]. Both agree, which `tests/recount.rs` shows for random histories.
use db::{FromRow, Result, Row, Tx};
use kernel::{ClientId, Day, PersonId, ServiceId, SiteId};

use crate::service::{OtherTime, Service, ServiceKind};
use crate::store::asked;
pub use crate::store::{of_client, of_source, of_worker};

/// A month of a site and a kind of service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Month {
    pub site: SiteId,
    /// `2026-11`
    pub month: String,
    /// `None`: every kind together, each client once.
    pub kind: Option<ServiceKind>,
    pub services: i64,
    pub minutes: i64,
    /// 人次
    pub person_times: i64,
    /// 人数: distinct clients, and people nobody noted by name.
    pub persons: i64,
}

impl FromRow for Month {
    fn from_row(row: &Row) -> Result<Self> {
        let kind: String = row.get("kind")?;
        Ok(Self {
            site: row.get("site")?,
            month: row.get("month")?,
            kind: ServiceKind::parse(&kind),
            services: row.get("services")?,
            minutes: row.get("minutes")?,
            person_times: row.get("person_times")?,
            persons: row.get("persons")?,
        })
    }
}

/// A part of the ledger: some days, and whatever else narrows it.
#[derive(Clone, Debug)]
pub struct Part {
    pub from: Day,
    /// Included.
    pub to: Day,
    /// Sites of regions under this path.
    pub path: String,
    pub site: Option<SiteId>,
    pub kind: Option<ServiceKind>,
    pub project: Option<String>,
    /// Services in which this person took part.
    pub person: Option<PersonId>,
}

impl Part {
    /// Everything under a path from a day to a day, both included.
    pub fn of(path: &str, from: Day, to: Day) -> Self {
        Self { from, to, path: path.into(), site: None, kind: None, project: None, person: None }
    }
}

/// What a part of the ledger adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Sum {
    pub services: i64,
    pub minutes: i64,
    /// 人次
    pub person_times: i64,
    /// 人数: distinct clients over the whole part, and people nobody noted by name.
    pub persons: i64,
}

impl FromRow for Sum {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            services: row.get("services")?,
            minutes: row.get("minutes")?,
            person_times: row.get("person_times")?,
            persons: row.get("persons")?,
        })
    }
}

/// A worker's entries of one kind, of services or of time beside them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Hours {
    pub person: PersonId,
    pub name: String,
    /// A [`ServiceKind`] or an [`OtherKind`](crate::OtherKind).
    pub kind: String,
    pub services: i64,
    /// The worker's own.
    pub minutes: i64,
}

impl FromRow for Hours {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            person: row.get("person")?,
            name: row.get("name")?,
            kind: row.get("kind")?,
            services: row.get("services")?,
            minutes: row.get("minutes")?,
        })
    }
}

/// Months of every site under a region path by kind of service, `from..=to` as `2026-11`.
///
/// # Errors
/// The engine's fault.
pub fn months(tx: &mut Tx<'_>, path: &str, from: &str, to: &str) -> Result<Vec<Month>> {
    crate::store::months(tx, path, from, to, false)
}

/// The same months with every kind together: a client met in two ways counts once.
///
/// # Errors
/// The engine's fault.
pub fn totals(tx: &mut Tx<'_>, path: &str, from: &str, to: &str) -> Result<Vec<Month>> {
    crate::store::months(tx, path, from, to, true)
}

/// When a client was last served by a kind of service, if ever.
///
/// # Errors
/// The engine's fault.
pub fn last_of(tx: &mut Tx<'_>, client: &ClientId, kind: ServiceKind) -> Result<Option<Service>> {
    crate::store::last_of(tx, client, kind)
}

/// A service that stands.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &ServiceId) -> Result<Option<Service>> {
    crate::store::find(tx, id)
}

/// The services of a part, the latest first, after the day and id of the last one shown.
///
/// # Errors
/// The engine's fault.
pub fn list(
    tx: &mut Tx<'_>,
    part: &Part,
    after: Option<(Day, &ServiceId)>,
    limit: i64,
) -> Result<Vec<Service>> {
    asked::list(tx, part, after, limit)
}

/// What a part adds up to, counted from its rows: persons are distinct over the whole stretch.
///
/// # Errors
/// The engine's fault.
pub fn sum(tx: &mut Tx<'_>, part: &Part) -> Result<Sum> {
    asked::sum(tx, part)
}

/// A part by month, counted from its rows: each kind, and every kind together (`kind` is `None`). The site is empty.
///
/// # Errors
/// The engine's fault.
pub fn by_month(tx: &mut Tx<'_>, part: &Part) -> Result<Vec<Month>> {
    asked::by_month(tx, part)
}

/// The workers' hours of each site in minutes: `service`, and each [`OtherKind`](crate::OtherKind) (4B.1-7).
///
/// # Errors
/// The engine's fault.
pub fn site_hours(tx: &mut Tx<'_>, part: &Part) -> Result<Vec<(SiteId, String, i64)>> {
    asked::site_hours(tx, part)
}

/// The hours of each worker in a part by kind of service: every worker's own minutes.
///
/// # Errors
/// The engine's fault.
pub fn hours(tx: &mut Tx<'_>, part: &Part) -> Result<Vec<Hours>> {
    asked::hours(tx, part)
}

/// The hours of each worker in a part that were no service, by kind (4B.1-7).
///
/// # Errors
/// The engine's fault.
pub fn other_hours(tx: &mut Tx<'_>, part: &Part) -> Result<Vec<Hours>> {
    asked::other_hours(tx, part)
}

/// Time that was no service, the latest first.
///
/// # Errors
/// The engine's fault.
pub fn other(tx: &mut Tx<'_>, part: &Part, limit: i64) -> Result<Vec<OtherTime>> {
    asked::other(tx, part, limit)
}

/// Who delivered a service: person, name, own minutes.
///
/// # Errors
/// The engine's fault.
pub fn workers_of(tx: &mut Tx<'_>, service: &ServiceId) -> Result<Vec<(PersonId, String, i64)>> {
    asked::workers_of(tx, service)
}

/// Whom a service was for; who may read their names is `access::care`'s decision.
///
/// # Errors
/// The engine's fault.
pub fn clients_of(tx: &mut Tx<'_>, service: &ServiceId) -> Result<Vec<ClientId>> {
    asked::clients_of(tx, service)
}
