//! CSV that a spreadsheet program opens without running anything in it.
use std::borrow::Cow;

use crate::Value;
use crate::table::is_invisible;

/// CSV in UTF-8 with a byte-order mark, every cell quoted, lines ended by CR LF. Texts are made neutral; typed numbers cannot be formulas and stay as they are.
pub fn csv_out(headings: &[&str], rows: &[Vec<Value>]) -> Vec<u8> {
    let mut out = String::from("\u{FEFF}");
    let head: Vec<Cow<'_, str>> = headings.iter().map(|h| neutral(h)).collect();
    line(&mut out, &head);
    for row in rows {
        let cells: Vec<Cow<'_, str>> = row
            .iter()
            .map(|v| match v {
                Value::Text(t) => neutral(t),
                other => Cow::Owned(other.plain()),
            })
            .collect();
        line(&mut out, &cells);
    }
    out.into_bytes()
}

fn line(out: &mut String, cells: &[Cow<'_, str>]) {
    for (i, cell) in cells.iter().enumerate() {
        out.push_str(if i == 0 { "\"" } else { ",\"" });
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

/// Puts an apostrophe before a text that a spreadsheet program would run: one whose first character, after space and characters
/// that take no room, is `= + - @`, one of their full-width or small forms, a tab or a line break.
pub fn neutral(text: &str) -> Cow<'_, str> {
    if starts_a_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Would a spreadsheet program run it?
pub fn starts_a_formula(text: &str) -> bool {
    let breaks = |c: char| matches!(c, '\t' | '\r' | '\n');
    let passed_over =
        |c: char| !breaks(c) && (c.is_whitespace() || c.is_control() || is_invisible(c));
    text.chars()
        .find(|c| !passed_over(*c))
        .is_some_and(|c| breaks(c) || "=+-@＝＋－＠﹦﹢﹣﹫".contains(c))
}

#[cfg(test)]
mod tests {
    use kernel::Money;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_text_and_typed_numbers_stay() {
        for bad in [
            "=1+1",
            "+cmd|'/C calc'!A0",
            "-2",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\u{FEFF}=1",
            "\u{200B}=1",
            "  =1",
            "\u{3000}＝1",
            "＋1",
            "－1",
            "＠a",
            "\u{0}=1",
        ] {
            assert_eq!(neutral(bad), format!("'{bad}"), "{bad:?}");
        }
        for good in ["", "张三", "1-2", "a=b", "'=1", "（=）"] {
            assert_eq!(neutral(good), good);
        }
        let rows = [vec![
            Value::Text("=HYPERLINK(\"a\")".into()),
            Value::Whole(-5),
            Value::Money(Money(-50)),
        ]];
        let text = String::from_utf8(csv_out(&["甲", "乙", "丙"], &rows)).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}\"甲\",\"乙\",\"丙\"\r\n\"'=HYPERLINK(\"\"a\"\")\",\"-5\",\"-0.50\"\r\n"
        );
    }

    proptest! {
        #[test]
        fn no_cell_of_any_csv_begins_a_formula(cells in prop::collection::vec("[ \t\r\n\u{FEFF}\u{200B}\u{3000}=+@＝＋－＠,;\"'甲a1-]{0,8}|\\PC{0,12}", 1..5)) {
            let row: Vec<Value> = cells.iter().map(|t| Value::Text(t.clone())).collect();
            let headings: Vec<&str> = cells.iter().map(|_| "列").collect();
            let bytes = csv_out(&headings, &[row]);
            let mut back = csv::ReaderBuilder::new().has_headers(true).from_reader(&bytes[3..]);
            let record = back.records().next().unwrap().unwrap();
            prop_assert_eq!(record.len(), cells.len());
            for (kept, typed) in record.iter().zip(&cells) {
                prop_assert!(!starts_a_formula(kept), "{:?}", kept);
                prop_assert_eq!(kept.strip_prefix('\'').filter(|k| k == typed).unwrap_or(kept), typed);
            }
        }
    }
}
