//! A register as a sheet: headings in both languages, cells to input and back.
mod cells;
mod columns;
mod template;

pub use cells::{input_of, value_of};
pub use columns::{by_name, expected, heading, match_columns, parent_kind, slots};
pub(crate) use template::column;
pub use template::template;
