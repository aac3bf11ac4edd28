//! What a person has to do: every slice's dues, gathered when asked and never stored, so none can go stale.
//!
//! Reading order: [`model`] what presses, [`acts`] gathers one's own work and a head's team, `store` the SQL; `pages` and `api` show.
//! The slice has no tables.
pub mod acts;
pub mod model;

mod api;
mod pages;
mod store;

use web::{NavEntry, Room, Slice};

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        nav: NAV,
        ..Slice::named("today", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[NavEntry {
    href: "/today",
    icon: "home",
    key: "today.title",
    capability: "sites.read",
    room: Room::Today,
    order: 10,
}];
