//! Referrals (转介, 4B.1-2): to another site, a partner, or by a one-time link to somebody without an account.
//!
//! What leaves is a *packet*: ticked fields, sealed when the referral is sent, never the file (个人信息保护法 §23). Each state is a record of
//! who and when; the receiver has five working days to answer.
//!
//! Reading order: [`model`] the nouns, [`acts`] the verbs, `store` the SQL, `view` what both faces show, then `pages` and `api`.
pub mod acts;
pub mod model;

mod store;

use db::Migration;
use web::Slice;

const MIGRATIONS: &[Migration] = &[db::migration!(85, "0085_referral")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice { migrations: MIGRATIONS, ..Slice::named("referrals", locale::texts!()) }
}
