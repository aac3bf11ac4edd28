//! The policy engine. Pure: facts in, verdicts out; no database, no web, no clock.
//!
//! Reading order: [`rows`] is what slices testify.
pub mod rows;

pub use rows::{Rows, Table, UnitKind};
