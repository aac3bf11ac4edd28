//! Forms and scales: what there is, blank prints, and what a bureau adds of its own.
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
    Slice::named("formbook", locale::texts!())
}
