//! Stations, special stations and studios: names, premises, signs, rule documents, posts, operation mode, designations, and the
//! people who hold the posts (四（一）–（三）, clauses 4A.1-1 … 4A.3-18).
//!
//! Reading order: [`model`] the nouns, [`naming`] the official names, [`registers`] how their records are kept,
//! [`acts`] the verbs, `store` the SQL, `facts` what the policy is told, `pages` and `api` the two faces.
pub mod acts;
pub mod model;
pub mod naming;
pub mod registers;

mod api;
mod dues;
mod facts;
mod pages;
mod proofs;
mod search;
mod store;
mod view;

use db::{Migration, Result, Tx};
use web::{FactSource, FactsOf, NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(30, "0030_sites")];

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/orgs",
        icon: "building-community",
        key: "orgs.title",
        capability: "orgs.read",
        room: Room::Sites,
        order: 25,
    },
    NavEntry {
        href: "/sites",
        icon: "building",
        key: "sites.title",
        capability: "sites.read",
        room: Room::Sites,
        order: 10,
    },
    NavEntry {
        href: "/people",
        icon: "users",
        key: "people.title",
        capability: "people.read",
        room: Room::Sites,
        order: 20,
    },
    NavEntry {
        href: "/evidence",
        icon: "clipboard-check",
        key: "evidence.title",
        capability: "evidence.review",
        room: Room::Sites,
        order: 50,
    },
];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        nav_also: &[
            ("/records", "/sites"),
            ("/records/people", "/people"),
            ("/records/orgs", "/people"),
            ("/records/qualifications", "/people"),
            ("/records/work_history", "/people"),
        ],
        registers: registers::registers,
        resolve: Some(acts::resolve),
        facts: Some(FactSource { subjects: facts::SUBJECTS, rows: facts::rows }),
        facts_of: Some(FactsOf {
            tables: facts::TABLES,
            owners: facts::owners,
            rows: facts::rows_of,
        }),
        proofs: Some(proofs::proofs),
        dues: Some(dues::dues),
        search: Some(search::search),
        ..Slice::named("sites", locale::texts!())
    }
}

/// Is this district made up? Its code begins with 99, which the state gives to no place.
pub(crate) fn demo_district(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(registry::region::root(tx)?.is_some_and(|r| r.code.starts_with("99")))
}
