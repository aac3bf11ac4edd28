//! The service ledger (服务台账) as people read it: services, months, hours; and time that was no service (4B.1-7, M31).
//!
//! Nothing of the ledger is typed here: visits, sessions and contacts write it. What is typed here is time beside the services, and
//! what a year's service plan lists, so that administrative work among the services shows.
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, [`reading`] the one projection behind page, API and file, `store` the SQL,
//! `registers` and `facts`, then the two faces `pages` and `api`.
pub mod acts;
pub mod model;
pub mod reading;
pub mod registers;

mod api;
mod facts;
mod files;
mod pages;
mod store;

use db::Migration;
use web::{FactSource, FactsOf, NavEntry, Room, Slice};

/// This slice's tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!(95, "0095_worklog")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        registers: registers::registers,
        facts: Some(FactSource { subjects: facts::SUBJECTS, rows: facts::rows }),
        facts_of: Some(FactsOf {
            tables: facts::TABLES,
            owners: facts::owners,
            rows: facts::rows_of,
        }),
        card: Some(reading::card),
        ..Slice::named("worklog", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[NavEntry {
    href: "/ledger",
    icon: "notebook",
    key: "worklog.title",
    capability: "ledger.read",
    room: Room::Books,
    order: 40,
}];
