//! Real input and output: the region list, imports of every register with a dry run and an undo, templates, exports.
//!
//! Reading order: [`model`] the nouns; [`sheet`] how a register becomes columns and a cell becomes input; [`acts`] the verbs;
//! `draft` what waits on disk for its commit; `jobs` long runs and their progress; `pages` and `api` the two faces.
//! It knows no other slice: registers come from [`web::Shell::slices`].
pub mod acts;
pub mod house;
pub mod model;
pub mod sheet;

mod api;
mod draft;
mod jobs;
mod pages;
mod store;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!(50, "0050_exchange")];

const NAV: &[NavEntry] = &[NavEntry {
    href: "/exports",
    icon: "download",
    key: "exchange.nav",
    capability: "export.run",
    room: Room::Books,
    order: 60,
}];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        nav_also: &[("/imports", "/exports"), ("/regions", "/exports")],
        ..Slice::named("exchange", locale::texts!())
    }
}
