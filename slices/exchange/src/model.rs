//! The nouns: a committed import and its rows, what a run over sheets found, what keeps an undo from being done, an export's entry.
use db::record;
use kernel::{AccountId, BatchId, Instant, RecordId, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// How long a draft waits and an import can be undone: a day, in milliseconds.
pub const DAY_MILLIS: i64 = 24 * 3_600_000;
/// Rows one sheet of an import may have.
pub const MOST_ROWS: u32 = 20_000;
/// Rows one export may have.
pub const MOST_EXPORTED: usize = 50_000;
/// Exports an account may take in an hour.
pub const MOST_EXPORTS: i64 = 5;

record! {
    /// A committed import.
    pub struct ImportBatch in "import_batch" {
        id: BatchId,
        /// Names of the registers it touched, joined with commas.
        registers: String,
        /// The name the file came with.
        file: String,
        /// SHA-256 of what was uploaded, hexadecimal.
        digest: String,
        account: AccountId,
        /// The importer's name, as it was then.
        name: String,
        /// The importer's scope, as a region path.
        path: String,
        at: Instant,
        added: i64,
        amended: i64,
        unchanged: i64,
        undone_at: Option<Instant>,
        undone_by: Option<String>,
    }
}

record! {
    /// What an import did to one record. Rows that changed nothing are not kept.
    pub struct ImportRow in "import_row" {
        id: RecordId,
        batch: BatchId,
        ord: i64,
        register: String,
        subject: String,
        record: String,
        /// The number of the event the import wrote.
        seq: i64,
        /// The record as it was; none when the import added it. Forgotten once the undo's day is over.
        before: Option<Json>,
    }
}

record! {
    /// An export that was taken.
    pub struct ExportEntry in "export_log" {
        id: RecordId,
        account: AccountId,
        name: String,
        path: String,
        register: String,
        format: String,
        rows: i64,
        /// SHA-256 of the rows, hexadecimal.
        digest: String,
        reason: String,
        at: Instant,
    }
}

impl ImportBatch {
    /// May it still be undone at this moment?
    pub fn undoable(&self, now: Instant) -> bool {
        self.undone_at.is_none() && now.0 - self.at.0 < DAY_MILLIS
    }
}

/// What a column of an upload is taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Nothing: it is passed over.
    #[default]
    None,
    /// The stable id of the row.
    Id,
    /// Whose record it is.
    Parent,
    /// A field of the register.
    Field(String),
}

/// Something wrong with one cell, or with a row when the column is empty.
#[derive(Clone, Debug)]
pub struct RowFault {
    pub register: &'static str,
    /// Row number as the user sees it.
    pub row: u32,
    /// The column's heading as it stands in the upload.
    pub column: String,
    /// What the cell says, shortened.
    pub cell: String,
    pub refusal: Refusal,
}

/// Counts of one sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SheetCount {
    pub register: String,
    pub rows: usize,
    pub added: usize,
    pub amended: usize,
    pub unchanged: usize,
    pub faulty: usize,
}

/// A record that was changed, for the undo.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub register: &'static str,
    pub subject: &'static str,
    pub id: String,
    pub seq: i64,
    pub before: Option<Json>,
}

/// What a run over sheets found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub sheets: Vec<SheetCount>,
    pub faults: Vec<RowFault>,
    pub changed: Vec<Changed>,
}

impl Report {
    /// The sum of a count over the sheets.
    pub fn sum(&self, of: fn(&SheetCount) -> usize) -> usize {
        self.sheets.iter().map(of).sum()
    }
}

/// A record that keeps an import from being undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Lean {
    pub register: String,
    pub id: String,
    pub label: String,
    pub href: String,
    /// `changed_later` or `points_here`.
    pub why: &'static str,
}
