//! Social work at schools (驻校社工; 2-5c, 2-7d): placements, agreements, service.
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
    Slice::named("schools", locale::texts!())
}
