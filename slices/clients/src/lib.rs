//! Residents served (服务对象): who they are, their categories, consents, households, risk, and who looks after them (2-3, 3.2-3; DOMAIN §8).
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
    Slice::named("clients", locale::texts!())
}
