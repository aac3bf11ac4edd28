//! Visits, consultations and community activities (走访, 咨询, 社区活动; 1-6, 4A.1-12, 4A.1-13).
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, `store` the SQL, then the two faces `pages` and `api`.
pub mod acts;
pub mod model;

mod api;
mod cards;
mod pages;
mod store;
mod view;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[
    db::migration!(75, "0075_visits"),
    db::migration!(76, "0076_offline"),
    db::migration!(77, "0077_consultations"),
    db::migration!(78, "0078_activities"),
];

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/consultations",
        icon: "message-2",
        key: "consultations.title",
        capability: "visits.read",
        room: Room::Visits,
        order: 20,
    },
    NavEntry {
        href: "/visits",
        icon: "map-pin",
        key: "visits.title",
        capability: "visits.read",
        room: Room::Visits,
        order: 10,
    },
    NavEntry {
        href: "/activities",
        icon: "flag",
        key: "activities.title",
        capability: "activities.read",
        room: Room::Groups,
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
        nav_also: &[("/offline", "/visits")],
        dues: Some(cards::dues),
        load: Some(cards::load),
        card: Some(cards::site),
        client_card: Some(cards::client),
        moments: Some(cards::moments),
        ..Slice::named("outreach", locale::texts!())
    }
}
