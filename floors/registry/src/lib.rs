//! The master tables every slice points to: the region tree, bodies, people and what they hold, files.
//!
//! Reading order: [`region`] (where), [`org`] (which body), [`people`] (who works, and with which qualifications), [`client`] (who is
//! served, and by whom), [`consent`] (what they agreed to), [`site`] (the stations and studios, and the posts held there), [`file`],
//! [`attachment`] (files beside a record).
//! Nouns and their SQL only; the acts on them live in slices, which know the rights.
pub mod attachment;
pub mod client;
pub mod consent;
pub mod file;
pub mod org;
pub mod people;
pub mod region;
pub mod site;

mod store;

use db::Migration;

/// This floor's tables.
pub const MIGRATIONS: &[Migration] = &[
    db::migration!(10, "0010_registry"),
    db::migration!(11, "0011_client"),
    db::migration!(110, "0110_consent"),
    db::migration!(115, "0115_attachment"),
];
