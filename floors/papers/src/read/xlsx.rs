//! Workbooks, read cell by cell behind the inflate guard.
use std::io::{BufReader, Cursor};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use kernel::Day;

use super::grid::Grid;
use crate::{Cell, Fault, inflate};

/// Serials of Excel's calendar, 1900-01-01 to 9999-12-31.
const SERIALS: std::ops::Range<f64> = 0.0..2_958_466.0;

/// The visible sheets.
pub(super) fn grids(bytes: &[u8], max_rows: u32) -> Result<Vec<Grid>, Fault> {
    let seen = inflate::look_through(bytes, max_rows)?;
    if seen.names.iter().any(|n| n.ends_with("vbaProject.bin")) {
        return Err(Fault::Macros);
    }
    if !seen.names.iter().any(|n| n == "[Content_Types].xml") {
        return Err(Fault::NotASheet);
    }
    let mut book = Xlsx::new(BufReader::new(Cursor::new(bytes))).map_err(|e| fault_of(&e))?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
        .map(|s| s.name.clone())
        .collect();
    names.iter().map(|name| grid(&mut book, name, max_rows)).collect()
}

fn grid(
    book: &mut Xlsx<BufReader<Cursor<&[u8]>>>,
    name: &str,
    max_rows: u32,
) -> Result<Grid, Fault> {
    let mut grid = Grid::named(name);
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| fault_of(&e))?;
    while let Some(cell) = cells.next_cell().map_err(|e| fault_of(&e))? {
        let (row, column) = cell.get_position();
        grid.put(row, column, cell_of(cell.get_value()), max_rows)?;
    }
    drop(cells);
    for merged in book.merge_cells_by_sheet_name(name).map_err(|e| fault_of(&e))? {
        if merged.end.0 > merged.start.0 {
            grid.spread(merged.start.0, merged.end.0, merged.start.1);
        }
    }
    Ok(grid)
}

fn cell_of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(n) => Cell::Text(n.to_string()),
        DataRef::Float(n) => Cell::number(*n),
        DataRef::String(t) | DataRef::DateTimeIso(t) | DataRef::DurationIso(t) => Cell::text_of(t),
        DataRef::SharedString(t) => Cell::text_of(t),
        DataRef::Bool(b) => Cell::Bool(*b),
        DataRef::DateTime(at) => moment(at),
        DataRef::Error(e) => Cell::Error(e.to_string()),
    }
}

/// A day; a day with its time of day, or a time alone, is kept as the text a person would read.
fn moment(at: &ExcelDateTime) -> Cell {
    let serial = at.as_f64();
    if !SERIALS.contains(&serial) {
        return Cell::number(serial);
    }
    let (y, mo, d, h, mi, ..) = at.to_ymd_hms_milli();
    if at.is_duration() || serial < 1.0 {
        return Cell::Text(format!("{h:02}:{mi:02}"));
    }
    let day = match (i16::try_from(y), i8::try_from(mo), i8::try_from(d)) {
        (Ok(y), Ok(m), Ok(d)) => Day::of(y, m, d),
        _ => None,
    };
    match day {
        Some(day) if (h, mi) == (0, 0) => Cell::Day(day),
        Some(day) => Cell::Text(format!("{day} {h:02}:{mi:02}")),
        None => Cell::number(serial),
    }
}

const fn fault_of(e: &XlsxError) -> Fault {
    match e {
        XlsxError::Password => Fault::Encrypted,
        _ => Fault::Broken,
    }
}
