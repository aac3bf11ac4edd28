//! Bytes into tables: xlsx or CSV, whichever they are. Uploads come here through [`crate::guard`] only, never directly:
//! a hostile workbook may ask for more memory than the machine has.
use serde::{Deserialize, Serialize};

use crate::{Fault, Table};

mod grid;
mod text;
mod xlsx;

/// Bytes an upload may have: 20 MiB.
pub const MAX_BYTES: usize = 20 << 20;
/// Columns that are read.
pub const MAX_COLUMNS: u32 = 256;
/// Characters a cell may hold; Excel's own limit.
const MAX_CELL: usize = 32_767;
/// Bytes of text all cells together may hold. A shared string counts each time it is used.
const MAX_TEXT: usize = 64 << 20;

/// What the caller expects to find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expect {
    /// The headings known to the import. The heading row is the row that has most of them.
    pub headings: Vec<String>,
    /// Rows of data a sheet may have.
    pub max_rows: u32,
}

impl Expect {
    /// These headings, and at most so many rows.
    pub fn new(headings: &[&str], max_rows: u32) -> Self {
        Self { headings: headings.iter().map(|h| (*h).to_owned()).collect(), max_rows }
    }
}

/// Reads every visible sheet that has the headings. Title rows above them, merged cells, sums, blank rows and byte-order marks are put up with.
///
/// # Errors
/// The [`Fault`] that stopped it; [`Fault::NoHeadings`] and [`Fault::Empty`] when no sheet has any data.
pub fn read(bytes: &[u8], expect: &Expect) -> Result<Vec<Table>, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::TooLarge { mib: (MAX_BYTES >> 20) as u64 });
    }
    let grids = match bytes {
        [b'P', b'K', 3, 4, ..] => xlsx::grids(bytes, expect.max_rows)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(compound(bytes)),
        _ => vec![text::grid(bytes, expect.max_rows)?],
    };
    let mut tables = Vec::new();
    for grid in grids {
        tables.extend(grid.table(expect)?);
    }
    if tables.is_empty() {
        let wanted: Vec<&str> = expect.headings.iter().take(8).map(String::as_str).collect();
        return Err(Fault::NoHeadings { wanted: wanted.join("、") });
    }
    if tables.iter().all(|t| t.rows.is_empty()) {
        return Err(Fault::Empty);
    }
    Ok(tables)
}

/// A compound file is an old workbook, or the envelope Excel puts round a workbook with a password.
fn compound(bytes: &[u8]) -> Fault {
    let envelope: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(envelope.len()).any(|w| w == envelope) {
        Fault::Encrypted
    } else {
        Fault::OldExcel
    }
}
