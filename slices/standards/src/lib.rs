//! What meets the policy, what does not, why, and what would mend it — for every site, on any day (clauses 2 to 5).
//!
//! Reading order: [`pack`] the policy at hand, [`acts`] what a bureau decides, `live` the verdicts in memory, `pages`.
pub mod acts;
pub mod model;
pub mod pack;

mod store;

use web::Slice;

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice { migrations: MIGRATIONS, ..Slice::named("standards", locale::texts!()) }
}

const MIGRATIONS: &[db::Migration] = &[db::migration!(40, "0040_standards")];
