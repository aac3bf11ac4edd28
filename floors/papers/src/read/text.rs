//! CSV as Chinese offices have it: UTF-8 with or without a byte-order mark, GB18030, Excel's "Unicode text"; comma, semicolon or tab.
use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

use super::grid::Grid;
use crate::{Cell, Fault};

/// Reads text into a grid. Row numbers are those a spreadsheet program shows: a line break within quotes makes no row.
pub(super) fn grid(bytes: &[u8], max_rows: u32) -> Result<Grid, Fault> {
    // One kind of line end, and one after the last line, so that counting line ends counts lines.
    let mut text = decode(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid::default();
    let mut record = csv::StringRecord::new();
    let mut breaks = 0;
    while reader.read_record(&mut record).map_err(|_| Fault::Broken)? {
        breaks += record.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
        // Lines begun, less the one after this record, less those begun within quotes; counted from 0.
        let row = reader.position().line().saturating_sub(2).saturating_sub(breaks);
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        for (column, field) in (0..).zip(&record) {
            grid.put(row, column, Cell::text_of(field), max_rows)?;
        }
    }
    Ok(grid)
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let (text, wrong) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default())
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => GB18030.decode_without_bom_handling(bytes),
        },
    };
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n');
    let begins = text.trim_start().chars().next();
    if wrong
        || matches!(begins, None | Some('<'))
        || text.starts_with("%PDF")
        || text.chars().any(control)
    {
        return Err(Fault::NotASheet);
    }
    Ok(text)
}

/// The separator that occurs most in the first lines, outside quotes.
fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for c in text.lines().take(5).flat_map(str::bytes) {
        if c == b'"' {
            quoted = !quoted;
        } else if let Some((_, n)) = counts.iter_mut().find(|(s, _)| *s == c && !quoted) {
            *n += 1;
        }
    }
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |(s, _)| *s)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Expect, Value, csv_out, read};

    #[test]
    fn the_separator_is_the_one_used() {
        assert_eq!(separator("姓名,电话\n甲;乙,1"), b',');
        assert_eq!(separator("姓名;\"a,b,c\";电话"), b';');
        assert_eq!(separator("姓名\t电话"), b'\t');
        assert_eq!(separator("姓名"), b',');
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assume!(!bytes.starts_with(b"PK"));
            if let Ok(tables) = read(&bytes, &Expect::new(&[], 100)) {
                for row in &tables[0].rows {
                    prop_assert_eq!(row.cells.len(), tables[0].columns.len());
                    prop_assert!(row.number > tables[0].heading_row);
                }
            }
        }

        #[test]
        fn texts_of_our_own_csv_come_back(texts in prop::collection::vec("[甲乙丙a-z,;\"\n\t ]{0,6}丁", 1..20)) {
            let rows: Vec<Vec<Value>> = texts.iter().map(|t| vec![Value::text(t.clone()), "戊".into()]).collect();
            let tables = read(&csv_out(&["备注", "姓名"], &rows), &Expect::new(&["备注", "姓名"], 100)).unwrap();
            prop_assert_eq!(tables[0].rows.len(), texts.len());
            for ((row, text), number) in tables[0].rows.iter().zip(&texts).zip(2..) {
                prop_assert_eq!(row.number, number);
                let kept = row.cells[0].text();
                prop_assert_eq!(kept.trim_start_matches('\'').trim(), text.trim());
            }
        }
    }
}
