//! What is read from the ledger: services of a client, hours of a worker, months of a site.
use db::{FromRow, Result, Row, Tx};
use kernel::{ClientId, SiteId};

use crate::service::{Service, ServiceKind};
pub use crate::store::{of_client, of_source, of_worker};

/// A month of a site and a kind of service.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Month {
    pub site: SiteId,
    /// `2026-11`
    pub month: String,
    pub kind: ServiceKind,
    pub services: i64,
    pub minutes: i64,
    /// 人次
    pub person_times: i64,
    /// 人数: distinct clients, and people nobody noted by name.
    pub persons: i64,
}

impl FromRow for Month {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            site: row.get("site")?,
            month: row.get("month")?,
            kind: row.get("kind")?,
            services: row.get("services")?,
            minutes: row.get("minutes")?,
            person_times: row.get("person_times")?,
            persons: row.get("persons")?,
        })
    }
}

/// Months of every site under a region path, `from..=to` as `2026-11`.
///
/// # Errors
/// The engine's fault.
pub fn months(tx: &mut Tx<'_>, path: &str, from: &str, to: &str) -> Result<Vec<Month>> {
    crate::store::months(tx, path, from, to)
}

/// When a client was last served by a kind of service, if ever.
///
/// # Errors
/// The engine's fault.
pub fn last_of(tx: &mut Tx<'_>, client: &ClientId, kind: ServiceKind) -> Result<Option<Service>> {
    crate::store::last_of(tx, client, kind)
}
