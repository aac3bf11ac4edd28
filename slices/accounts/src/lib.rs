//! Signing in and the accounts behind it: the door, one's own account, the administrators' lists, the auditor's log, the search.
//!
//! The rules of who may do what stand in the floor `access`; this slice is their pages and their wire. It has no tables of its own.
//! Reading order: [`model`] has the small pure decisions, [`acts`] what takes time (passwords) and what reads across, `store` the
//! questions to the log, `pages` and `api` the two faces.
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
        ..Slice::named("accounts", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/accounts",
        icon: "users",
        key: "accounts.title",
        capability: "accounts.read",
        room: Room::Admin,
        order: 10,
    },
    NavEntry {
        href: "/audit",
        icon: "shield-lock",
        key: "audit.title",
        capability: "audit.read",
        room: Room::Admin,
        order: 20,
    },
];
