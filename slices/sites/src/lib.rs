//! Stations, special stations and studios: names, premises, signs, rule documents, posts, operation mode, designations, and the
//! people who hold the posts (四（一）–（三）, clauses 4A.1-1 … 4A.3-18).
//!
//! Reading order: [`model`] the nouns, [`naming`] the official names, [`registers`] how their records are kept,
//! [`acts`] the verbs, `store` the SQL, `facts` what the policy is told, `pages` and `api` the two faces.
pub mod acts;
pub mod model;
pub mod naming;
pub mod registers;

mod facts;
mod store;

use db::{Migration, Result, Tx};
use web::{FactSource, Slice};

/// This slice's tables.
const MIGRATIONS: &[Migration] = &[db::migration!(30, "0030_sites")];

/// What this slice contributes.
pub fn slice() -> Slice {
    Slice {
        migrations: MIGRATIONS,
        registers: registers::registers,
        resolve: Some(acts::resolve),
        facts: Some(FactSource { subjects: facts::SUBJECTS, rows: facts::rows }),
        ..Slice::named("sites", locale::texts!())
    }
}

/// Is this district made up? Its code begins with 99, which the state gives to no place.
pub(crate) fn demo_district(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(registry::region::root(tx)?.is_some_and(|r| r.code.starts_with("99")))
}
