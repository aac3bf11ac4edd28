//! Referrals (转介, 4B.1-2): to another site, a partner, or by a one-time link to somebody without an account.
//!
//! What leaves is a *packet*: ticked fields, sealed when the referral is sent, never the file (个人信息保护法 §23). Each state is a record of
//! who and when; the receiver has five working days to answer.
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, `store` the SQL, `view` what both faces show, then `pages` and `api`.
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
const MIGRATIONS: &[Migration] =
    &[db::migration!(85, "0085_referral"), db::migration!(116, "0116_enclosures")];

const NAV: &[NavEntry] = &[NavEntry {
    href: "/referrals",
    icon: "send",
    key: "referrals.title",
    capability: "referrals.read",
    room: Room::Clients,
    order: 20,
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
        card: Some(cards::site),
        client_card: Some(cards::client),
        moments: Some(cards::moments),
        matters: Some(cards::matters),
        search: Some(cards::search),
        ..Slice::named("referrals", locale::texts!())
    }
}
