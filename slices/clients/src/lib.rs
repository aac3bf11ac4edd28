//! Residents served (服务对象): who they are, their categories, consents, households, risk, and who looks after them (2-3, 3.2-3; DOMAIN §8).
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, `store` the SQL, `cards` what is due and what is shown elsewhere, [`registers`] the sheet, then the two faces `pages` and `api`.
pub mod acts;
mod api;
mod cards;
pub mod draw;
mod find;
pub mod index;
pub mod model;
mod pages;
pub mod registers;
mod store;

use db::Migration;
use web::{NavEntry, Room, Slice};

const MIGRATIONS: &[Migration] =
    &[db::migration!(60, "0060_clients"), db::migration!(61, "0061_relations")];

const NAV: &[NavEntry] = &[NavEntry {
    href: "/clients",
    icon: "users-group",
    key: "clients.title",
    capability: "clients.read",
    room: Room::Clients,
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
        listens: &[acts::risk::listen],
        registers: registers::registers,
        dues: Some(cards::dues),
        client_card: Some(cards::client_card),
        moments: Some(cards::moments),
        search_with: Some(find::search),
        ..Slice::named("clients", locale::texts!())
    }
}
