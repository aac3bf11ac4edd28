//! Group work (小组工作, MZ/T 095): plan, recruitment, contract, sessions with attendance, evaluation.
//!
//! Reading order: [`model`] the nouns and their figures, [`look`] who sees how much, [`acts`] the verbs, `store` the SQL, then the two faces
//! `pages` and `api`. Clauses: 4A.1-6, 4A.2-4 (the group room), 3.3-5; standard MZ/T 095-2017.
pub mod acts;
pub mod look;
pub mod model;

mod api;
mod pages;
mod store;

use db::Migration;
use web::Slice;

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(70, "0070_groups")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice { migrations: MIGRATIONS, ..Slice::named("groups", locale::texts!()) }
}
