//! The master tables every slice points to: the region tree, bodies, people and what they hold, files.
//!
//! Reading order: [`region`] (where), [`org`] (which body), [`people`] (who, and with which qualifications), [`file`].
//! Nouns and their SQL only; the acts on them live in slices, which know the rights.
pub mod file;
pub mod org;
pub mod people;
pub mod region;

mod store;

use db::Migration;

/// This floor's tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!(10, "0010_registry")];
