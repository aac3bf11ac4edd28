//! The cells met in one sheet, and the table found among them.
use std::collections::BTreeMap;

use super::{Expect, MAX_CELL, MAX_COLUMNS, MAX_TEXT};
use crate::table::{Skipped, SkippedFor, heading_text};
use crate::{Cell, EXAMPLE, Fault, RECEIPT, Table, TableRow};

/// Rows above the headings (titles, remarks, marks of origin) that are put up with, and rows below that are no data.
const OTHER_ROWS: u32 = 60;

/// Named columns, from left to right.
type Headings = Vec<(u32, String)>;

/// Cells by row and column, counted from 0. Only cells with something in them are kept, so a claimed size costs nothing.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) name: String,
    rows: BTreeMap<u32, Vec<(u32, Cell)>>,
    text: usize,
}

impl Grid {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Keeps a cell.
    ///
    /// # Errors
    /// When a limit on rows, columns or text is passed.
    pub(super) fn put(
        &mut self,
        row: u32,
        column: u32,
        cell: Cell,
        max_rows: u32,
    ) -> Result<(), Fault> {
        let text = match &cell {
            Cell::Empty => return Ok(()),
            Cell::Text(t) | Cell::Error(t) => t.as_str(),
            _ => "",
        };
        if text.len() > MAX_CELL && text.chars().count() > MAX_CELL {
            return Err(Fault::CellTooLong { row: row + 1 });
        }
        if column >= MAX_COLUMNS {
            return Err(Fault::TooManyColumns { limit: MAX_COLUMNS });
        }
        self.text += text.len();
        if self.text > MAX_TEXT {
            return Err(Fault::Bomb);
        }
        self.rows.entry(row).or_default().push((column, cell));
        if self.rows.len() > max_rows.saturating_add(OTHER_ROWS) as usize {
            return Err(Fault::TooManyRows { limit: max_rows });
        }
        Ok(())
    }

    /// Repeats a cell merged downwards in each row it covers that has other cells: people merge the street beside its communities.
    pub(super) fn spread(&mut self, first: u32, last: u32, column: u32) {
        let Some(cell) = self.rows.get(&first).and_then(|r| at(r, column)).cloned() else { return };
        for (_, cells) in
            self.rows.range_mut(first.saturating_add(1)..=last.max(first.saturating_add(1)))
        {
            if at(cells, column).is_none() {
                cells.push((column, cell.clone()));
            }
        }
    }

    /// The table below the headings, if this sheet has them.
    ///
    /// # Errors
    /// [`Fault::TooManyRows`].
    pub(super) fn table(self, expect: &Expect) -> Result<Option<Table>, Fault> {
        let wanted: Vec<String> = expect.headings.iter().map(|h| heading_text(h)).collect();
        let Some((heading, columns)) = self.headings(&wanted) else { return Ok(None) };
        let names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
        let mut table = Table {
            name: self.name,
            heading_row: heading + 1,
            columns: names,
            rows: Vec::new(),
            skipped: Vec::new(),
        };
        for (row, cells) in self.rows.into_iter().filter(|(row, _)| *row > heading) {
            let number = row + 1;
            if let Some(why) = no_data(&cells, &columns) {
                table.skipped.push(Skipped { number, why });
                continue;
            }
            let cells: Vec<Cell> =
                columns.iter().map(|(c, _)| at(&cells, *c).cloned().unwrap_or_default()).collect();
            if cells.iter().any(|c| !c.is_empty()) {
                table.rows.push(TableRow { number, cells });
            }
        }
        if table.rows.len() > expect.max_rows as usize {
            return Err(Fault::TooManyRows { limit: expect.max_rows });
        }
        Ok(Some(table))
    }

    /// The row that has most of the wanted headings, with its named columns. One chance hit is no heading row when several are wanted.
    fn headings(&self, wanted: &[String]) -> Option<(u32, Headings)> {
        let enough = wanted.len().min(2);
        let mut best: Option<(usize, u32, Headings)> = None;
        for (row, cells) in self.rows.iter().take(OTHER_ROWS as usize) {
            let mut names: Headings =
                cells.iter().map(|(c, cell)| (*c, heading_text(&cell.text()))).collect();
            names.retain(|(_, name)| !name.is_empty());
            names.sort_by_key(|(c, _)| *c);
            let hits = wanted.iter().filter(|w| names.iter().any(|(_, n)| n == *w)).count();
            if hits >= enough
                && !names.is_empty()
                && best.as_ref().is_none_or(|(most, ..)| hits > *most)
            {
                best = Some((hits, *row, names));
            }
        }
        best.map(|(_, row, names)| (row, names))
    }
}

fn at(cells: &[(u32, Cell)], column: u32) -> Option<&Cell> {
    cells.iter().find(|(c, _)| *c == column).map(|(_, cell)| cell)
}

/// Why a row is no data, if it is none.
fn no_data(cells: &[(u32, Cell)], columns: &[(u32, String)]) -> Option<SkippedFor> {
    let mut filled: Vec<&(u32, Cell)> = cells.iter().collect();
    filled.sort_by_key(|(c, _)| *c);
    let lead: Vec<String> =
        filled.iter().take(2).map(|(_, cell)| heading_text(&cell.text())).collect();
    let first = lead.first()?;
    if first.starts_with(RECEIPT) {
        return Some(SkippedFor::Receipt);
    }
    if lead
        .iter()
        .any(|t| t == EXAMPLE || t.strip_prefix(EXAMPLE).is_some_and(|rest| rest.starts_with(':')))
    {
        return Some(SkippedFor::Example);
    }
    if ["合计", "总计", "小计", "共计"].iter().any(|s| first.starts_with(s))
        && first.chars().count() <= 6
    {
        return Some(SkippedFor::Sum);
    }
    let again = columns
        .iter()
        .all(|(c, name)| at(cells, *c).is_some_and(|cell| heading_text(&cell.text()) == *name));
    again.then_some(SkippedFor::HeadingsAgain)
}
