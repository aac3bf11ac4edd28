//! Casework (个案工作, MZ/T 094): intake, assessment, planning, intervention, evaluation, closure, follow-up (4A.1-13); the duty to report harm
//! to a minor (未成年人保护法 §11).
//!
//! Reading order: [`model`] the nouns with the state machine and the clocks, [`acts`] the verbs, `store` the SQL, `dues` what is due, then the
//! two faces `pages` and `api`.
pub mod acts;
mod api;
pub mod model;
mod pages;
mod store;

use db::Migration;
use web::Slice;

/// This slice's tables.
const MIGRATIONS: &[Migration] =
    &[db::migration!(65, "0065_casework"), db::migration!(66, "0066_harm_report")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        migrations: MIGRATIONS,
        listens: &[acts::risk::listen],
        ..Slice::named("casework", locale::texts!())
    }
}
