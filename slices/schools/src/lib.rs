//! Social work at schools (驻校社工): placements (一校一社工, 多校一社工), agreements, services (clauses 2-5c, 2-6c, 2-7d; M03, M06).
//!
//! Reading order: [`model`] the nouns and when a service has landed, [`acts`] the verbs, `store` the SQL, `facts` what the policy is told,
//! `view` what both faces show, `pages` and `api`.
pub mod acts;
pub mod model;

mod api;
mod dues;
mod facts;
mod pages;
mod store;
mod view;

use db::Migration;
use web::{FactSource, FactsOf, NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(90, "0090_schools")];

const NAV: &[NavEntry] = &[NavEntry {
    href: "/schools",
    icon: "school",
    key: "schools.title",
    capability: "schools.read",
    room: Room::Sites,
    order: 30,
}];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        facts: Some(FactSource { subjects: facts::SUBJECTS, rows: facts::rows }),
        facts_of: Some(FactsOf {
            tables: facts::TABLES,
            owners: facts::owners,
            rows: facts::rows_of,
        }),
        dues: Some(dues::dues),
        search: Some(view::search),
        ..Slice::named("schools", locale::texts!())
    }
}
