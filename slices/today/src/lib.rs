//! What a person has to do: every slice's dues, gathered when asked and never stored, so none can go stale.
//!
//! Reading order: [`acts`] gathers and sorts, `pages` and `api` show. The slice has no tables.
pub mod acts;
pub mod model;

mod api;
mod pages;

use web::{NavEntry, Slice};

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
    order: 10,
}];
