//! Messages beyond the page that caused them: the list behind the bell, webhooks (Standard Webhooks), and a calendar feed per person
//! (iCalendar, RFC 5545).
//!
//! A webhook's message is put into the outbox by a listener, in the transaction of the notice; a sender delivers it later. Neither
//! webhooks nor calendars carry personal data: no names of clients, no health, no reasons.
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, [`outbox`] what is sent and how, [`ics`] the calendar's text, `store` the SQL,
//! then the two faces `pages` and `api`.
pub mod acts;
pub mod ics;
pub mod model;
pub mod outbox;
pub mod rounds;

mod api;
mod pages;
mod store;

use db::Migration;
use web::{NavEntry, Room, Slice};

/// This slice's tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!(105, "0105_notices")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        listens: &[outbox::enqueue],
        ..Slice::named("notices", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[NavEntry {
    href: "/webhooks",
    icon: "send",
    key: "webhooks.title",
    capability: "accounts.manage",
    room: Room::Admin,
    order: 30,
}];
