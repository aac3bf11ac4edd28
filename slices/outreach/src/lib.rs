//! Visits, consultations and community activities (走访, 咨询, 社区活动; 1-6, 4A.1-12, 4A.1-13).
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
    Slice::named("outreach", locale::texts!())
}
