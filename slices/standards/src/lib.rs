//! What meets the policy, what does not, why, and what would mend it — for every site, on any day (clauses 2 to 5).
//!
//! Reading order: [`pack`] the policy at hand, [`acts`] what a bureau decides, [`live`] the verdicts in memory, `pages` and `api`.
pub mod acts;
pub mod live;
pub mod model;
pub mod pack;

mod api;
mod dossier;
mod dues;
mod flips;
mod official;
mod pages;
mod says;
mod store;
mod whatif;
mod words;

use web::{NavEntry, Room, Slice};

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        pages: pages::gate,
        api: api::gate,
        openapi: api::openapi,
        migrations: MIGRATIONS,
        nav: NAV,
        dues: Some(dues::dues),
        judges: Some(web::Judge {
            verdicts: live::current,
            value: words::value,
            bound: words::bound,
        }),
        ..Slice::named("standards", locale::texts!())
    }
}

const MIGRATIONS: &[db::Migration] =
    &[db::migration!(40, "0040_standards"), db::migration!(190, "0190_dossier")];

const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/district",
        icon: "layout-dashboard",
        key: "standards.district",
        capability: "district.read",
        room: Room::District,
        order: 10,
    },
    NavEntry {
        href: "/board",
        icon: "shield-check",
        key: "standards.board",
        capability: "board.read",
        room: Room::Standards,
        order: 10,
    },
    NavEntry {
        href: "/dossier",
        icon: "archive",
        key: "standards.dossier",
        capability: "dossier.run",
        room: Room::Standards,
        order: 20,
    },
    NavEntry {
        href: "/whatif",
        icon: "adjustments",
        key: "standards.whatif",
        capability: "whatif.run",
        room: Room::Standards,
        order: 60,
    },
    NavEntry {
        href: "/policy",
        icon: "book",
        key: "standards.policy",
        capability: "policy.read",
        room: Room::Standards,
        order: 70,
    },
];
