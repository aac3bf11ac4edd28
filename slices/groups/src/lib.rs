//! Group work (小组工作, MZ/T 095): plan, recruitment, contract, sessions with attendance, evaluation.
//!
//! Reading order: [`model`] the nouns, `acts` the verbs, `store` the SQL, then the two faces `pages` and `api`.
mod acts;
mod api;
pub mod model;
mod pages;
mod store;

use web::Slice;

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice::named("groups", locale::texts!())
}
