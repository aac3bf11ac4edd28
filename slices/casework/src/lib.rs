//! Casework (个案工作, MZ/T 094): intake, assessment, planning, intervention, evaluation, closure, follow-up (4A.1-13).
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
    Slice::named("casework", locale::texts!())
}
