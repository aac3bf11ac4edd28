//! The policy engine. Pure: facts in, verdicts out; no database, no web, no clock.
//!
//! Reading order: [`rows`] is what slices testify, [`facts`] the same in columns, [`catalogue`] what can be measured, [`pack`] what the
//! policy asks; `plan` compiles a pack, `measure` computes values, [`run`] turns values into verdicts, [`board`] keeps them.
pub mod board;
mod calendar;
pub mod catalogue;
pub mod diff;
pub mod explain;
pub mod facts;
pub mod finding;
mod measure;
pub mod mirror;
mod names;
pub mod pack;
mod plan;
pub mod receipt;
pub mod rows;
pub mod run;
pub mod testing;
pub mod text;
pub mod verdict;
pub mod words;

pub use board::{Board, Counts};
pub use catalogue::{CATALOGUE, MeasureId};
pub use diff::{PackDiff, diff};
pub use explain::{Explanation, explain};
pub use facts::Facts;
pub use finding::{Finding, Measured, Threshold};
pub use mirror::{Change, Mirror, Reached};
pub use pack::{Fault, Faults, Pack, Source};
pub use receipt::Receipt;
pub use rows::{Rows, Table, UnitKind};
pub use run::{Engine, evaluate};
pub use testing::{TestOutcome, run_tests};
pub use text::{TextReport, check_text};
pub use verdict::{Clocks, Options, Settings, Verdict, Waiver};
pub use words::LOCALES;
