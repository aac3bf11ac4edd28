//! 紧急查阅 (break-glass): one closed file, read only, for an hour, by a head or the district, with a reason and a fresh second factor.
//!
//! Whoever looks after the client, the head of the place and the auditors are told at once; the district reviews each look within seven
//! days, and who has an unreviewed older one may open no other (未成年人保护法, PIPL §13; need-to-know rule 1). What an open look lets one
//! see is decided by `access::care` alone.
//!
//! Reading order: [`model`] what is refused, [`acts`] opening and reviewing, `store` the SQL, then the two faces `pages` and `api`.
pub mod acts;
pub mod model;

mod api;
mod dues;
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
        dues: Some(dues::dues),
        sweep: Some(dues::sweep),
        ..Slice::named("glass", locale::texts!())
    }
}

const NAV: &[NavEntry] = &[NavEntry {
    href: "/glass",
    icon: "shield-lock",
    key: "glass.title",
    capability: "clients.glass",
    room: Room::Clients,
    order: 90,
}];
