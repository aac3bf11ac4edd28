//! Community deliberation (社区协商), two-neighbours culture (两邻文化) and resident leaders (骨干): the three projects of community governance
//! that every studio has (4B.1-9).
//!
//! An issue walks from its collection to the archive, no step skipped; a meeting stands on a notice of three days.
//!
//! Reading order: [`model`] the nouns and which step may follow which, [`acts`] the verbs, `store` the SQL, then `pages` and `api`.
pub mod acts;
pub mod model;

mod api;
mod cards;
mod dues;
mod pages;
mod store;
mod view;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(80, "0080_deliberation")];

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/deliberations",
        icon: "message-2",
        key: "deliberation.title",
        capability: "deliberation.read",
        room: Room::Groups,
        order: 30,
    },
    NavEntry {
        href: "/neighbours",
        icon: "heart-handshake",
        key: "deliberation.tab.neighbours",
        capability: "deliberation.read",
        room: Room::Groups,
        order: 40,
    },
    NavEntry {
        href: "/leaders",
        icon: "stars",
        key: "deliberation.tab.leaders",
        capability: "deliberation.read",
        room: Room::Groups,
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
        dues: Some(dues::dues),
        card: Some(cards::site),
        search: Some(cards::search),
        ..Slice::named("deliberation", locale::texts!())
    }
}
