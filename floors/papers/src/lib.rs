//! Papers in and out: spreadsheets and CSV read and written, photos cleaned, files recognised, bundles zipped. No database, no web, no clock.
//!
//! Reading order: [`table`] is what a sheet becomes, [`read`](mod@read) turns bytes into tables, [`guard`] does that in a child process
//! with limits (the only way an upload may be read), [`write`](mod@write) makes workbooks, [`csv_out`](mod@csv_out) makes CSV,
//! [`photo`] and [`file`] look at attachments, [`bundle`] zips, [`fault`] says what went wrong.
pub mod bundle;
pub mod csv_out;
pub mod fault;
pub mod file;
pub mod guard;
mod inflate;
pub mod photo;
pub mod read;
pub mod report;
pub mod table;
pub mod write;

pub use bundle::zip_out;
pub use csv_out::csv_out;
pub use fault::Fault;
pub use read::{Expect, read};
pub use table::{Cell, CellFault, Table, TableRow};
pub use write::{Column, Kind, Row, Sheet, Value, Workbook};

/// The sentences of this floor, by language tag.
pub const LOCALES: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locale/zh-CN.toml")), ("en", include_str!("../locale/en.toml"))];

/// Heading of the hidden first column: the stable id of the row, so that an exported sheet can be imported again.
pub const ROW_ID: &str = "行号ID";
/// What an example row begins with. The reader skips such rows.
pub const EXAMPLE: &str = "示例";
/// What a receipt line at the foot of a sheet begins with. The reader skips such rows.
pub const RECEIPT: &str = "※";
