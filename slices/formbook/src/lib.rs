//! The book of forms (表单库): what there is, how it scores and under which licence, blank paper, and what a bureau adds of its own.
//!
//! Serves 4A.2-6 and 4B.4-2: short forms that follow the standards MZ/T 094, 095, 071 and 166, changed without a programmer.
//!
//! Reading order: [`model`] sorts and names, `acts` the verbs, then the two faces `pages` and `api`. The tables are the floor's.
mod acts;
mod api;
pub mod model;
mod pages;

use web::{NavEntry, Room, Slice};

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        nav: NAV,
        search: Some(acts::search),
        ..Slice::named("formbook", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[NavEntry {
    href: "/forms",
    icon: "clipboard",
    key: "formbook.title",
    capability: "forms.read",
    room: Room::Books,
    order: 50,
}];
