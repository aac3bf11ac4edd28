//! Referrals (转介, 4B.1-2): to another site, a partner, or by a one-time link to somebody without an account.
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
    Slice::named("referrals", locale::texts!())
}
