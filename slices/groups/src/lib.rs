//! Group work (小组工作, MZ/T 095): plan, recruitment, contract, sessions with attendance, evaluation.
//!
//! Reading order: [`model`] the nouns and their figures, [`look`] who sees how much, [`acts`] the verbs, `store` the SQL, then the two faces
//! `pages` and `api`, what is due (`dues`) and what is shown elsewhere (`cards`). Clauses: 4A.1-6, 4A.2-4 (the group room), 3.3-5;
//! standard MZ/T 095-2017.
pub mod acts;
pub mod look;
pub mod model;

mod api;
mod cards;
mod dues;
mod pages;
mod store;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(70, "0070_groups")];

const NAV: &[NavEntry] = &[NavEntry {
    href: "/groups",
    icon: "users-group",
    key: "groups.title",
    capability: "groups.read",
    room: Room::Groups,
    order: 10,
}];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        dues: Some(dues::dues),
        load: Some(cards::load),
        card: Some(cards::of_site),
        client_card: Some(cards::of_client),
        moments: Some(cards::moments),
        search: Some(cards::search),
        ..Slice::named("groups", locale::texts!())
    }
}
