//! Community deliberation, two-neighbours culture and resident leaders (社区协商, 两邻文化, 骨干培养; 4B.1-9).
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
    Slice::named("deliberation", locale::texts!())
}
