//! Casework (个案工作, MZ/T 094): intake, assessment, planning, intervention, evaluation, closure, follow-up (4A.1-13); the duty to report harm
//! to a minor (未成年人保护法 §11).
//!
//! Reading order: [`model`] the nouns with the state machine and the clocks, [`acts`] the verbs, `store` the SQL, `dues` what is due, then the
//! two faces `pages` and `api`.
pub mod acts;
mod api;
mod dues;
pub mod model;
mod pages;
mod store;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[
    db::migration!(65, "0065_casework"),
    db::migration!(66, "0066_harm_report"),
    db::migration!(121, "0121_case_sweep"),
];

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/cases",
        icon: "folder",
        key: "casework.title",
        capability: "cases.read",
        room: Room::Cases,
        order: 10,
    },
    NavEntry {
        href: "/reports",
        icon: "alert-triangle",
        key: "casework.reports",
        capability: "reports.write",
        room: Room::Cases,
        order: 20,
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
        dues: Some(dues::dues),
        load: Some(dues::load),
        sweep: Some(acts::climb::sweep),
        card: Some(dues::card),
        client_card: Some(dues::client_card),
        moments: Some(dues::moments),
        search: Some(dues::search),
        listens: &[acts::risk::listen],
        ..Slice::named("casework", locale::texts!())
    }
}
