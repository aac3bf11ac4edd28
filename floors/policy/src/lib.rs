//! The policy engine. Pure: facts in, verdicts out; no database, no web, no clock.
//!
//! Reading order: [`rows`] is what slices testify, [`catalogue`] what can be measured, [`pack`] what the policy asks.
pub mod catalogue;
pub mod pack;
pub mod rows;
pub mod words;

pub use catalogue::{CATALOGUE, MeasureId};
pub use pack::{Fault, Faults, Pack, Source};
pub use rows::{Rows, Table, UnitKind};
pub use words::LOCALES;
