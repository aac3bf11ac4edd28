//! What a sheet becomes: headings, numbered rows, and cells that know what people type in them.
use std::fmt;

use kernel::{Day, Money};
use serde::{Deserialize, Serialize};

/// One sheet below its headings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The sheet's name; empty for CSV.
    pub name: String,
    /// Row of the headings, as the user sees it (from 1).
    pub heading_row: u32,
    /// The headings without line breaks, spaces or a required mark.
    pub columns: Vec<String>,
    /// The rows that hold data; each has as many cells as there are columns.
    pub rows: Vec<TableRow>,
    /// Rows left out on purpose, so that a preview can say so.
    pub skipped: Vec<Skipped>,
}

/// One row of data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableRow {
    /// Row number as the user sees it (from 1).
    pub number: u32,
    pub cells: Vec<Cell>,
}

/// A row that is no data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// Row number as the user sees it (from 1).
    pub number: u32,
    pub why: SkippedFor,
}

/// Why a row is no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkippedFor {
    /// A row of sums (合计, 总计, 小计).
    Sum,
    /// The example of a template.
    Example,
    /// A receipt line at the foot.
    Receipt,
    /// The headings again, as sheets printed page by page have them.
    HeadingsAgain,
}

impl SkippedFor {
    /// Key of its sentence in `locale/`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sum => "papers.skipped.sum",
            Self::Example => "papers.skipped.example",
            Self::Receipt => "papers.skipped.receipt",
            Self::HeadingsAgain => "papers.skipped.headings",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number and its plain decimal digits (never `1.1E+17`).
    Number(f64, String),
    Day(Day),
    Bool(bool),
    /// A formula's error, such as `#REF!`.
    Error(String),
}

/// Why a cell is not what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A spreadsheet kept only 15 digits of a longer number; the rest is lost.
    Rounded,
    NotADay,
    NotWhole,
    NotMoney,
    /// The cell holds a formula's error.
    Formula,
}

impl CellFault {
    /// Key of its sentence in `locale/`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Rounded => "papers.cell.rounded",
            Self::NotADay => "papers.cell.not-a-day",
            Self::NotWhole => "papers.cell.not-whole",
            Self::NotMoney => "papers.cell.not-money",
            Self::Formula => "papers.cell.formula",
        }
    }
}

/// Serials that can be meant as days: 1910-01-01 to 2100-12-31. A bare year such as 2026 lies below.
const SERIALS: std::ops::RangeInclusive<i64> = 3654..=73_415;
/// Days from Excel's day 0 to 1970-01-01.
pub(crate) const EPOCH_SERIAL: i32 = 25_569;
/// Digits a spreadsheet keeps.
const KEPT_DIGITS: usize = 15;

static NOTHING: Cell = Cell::Empty;

impl Table {
    /// Position of a heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        let sought = heading_text(heading);
        self.columns.iter().position(|c| *c == sought)
    }
    /// The cell of a row under a heading; empty when there is no such heading.
    pub fn cell<'a>(&self, row: &'a TableRow, heading: &str) -> &'a Cell {
        self.column(heading).and_then(|i| row.cells.get(i)).unwrap_or(&NOTHING)
    }
}

impl Cell {
    /// A number with its plain digits.
    pub fn number(n: f64) -> Self {
        Self::Number(n, n.to_string())
    }
    /// Text as typed; blank text is an empty cell.
    pub fn text_of(text: &str) -> Self {
        if trimmed(text).is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
    /// Nothing in it?
    pub const fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
    /// What it says, without space, byte-order marks or zero-width characters at the ends. A day reads `2026-11-23`, a truth 是 or 否.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) | Self::Error(t) => trimmed(t).to_owned(),
            Self::Number(_, t) => t.clone(),
            Self::Day(d) => d.to_string(),
            Self::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
        }
    }

    /// A name: the text with no space between Chinese characters (张　三 → 张三).
    pub fn name(&self) -> String {
        let text = self.text();
        if text.is_ascii() {
            text
        } else {
            text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect()
        }
    }

    /// A long number that is a name (citizen ID, credit code, account): half-width, upper case, without spaces.
    ///
    /// # Errors
    /// [`CellFault::Rounded`] for a number cell of more than 15 digits and for text such as `1.10E+17`; [`CellFault::Formula`].
    pub fn code(&self) -> Result<String, CellFault> {
        if let Self::Error(_) = self {
            return Err(CellFault::Formula);
        }
        let code: String = half_width(&self.text())
            .chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_uppercase();
        let lost = match self {
            Self::Number(_, t) => t.bytes().filter(u8::is_ascii_digit).count() > KEPT_DIGITS,
            _ => in_powers(&code),
        };
        if lost { Err(CellFault::Rounded) } else { Ok(code) }
    }

    /// A day: a date cell, `2026-11-23`, `2026.11.23`, `2026年11月23日`, `20261123`, an Excel serial, a time of day after it; `None` when empty.
    ///
    /// # Errors
    /// [`CellFault::NotADay`] or [`CellFault::Formula`].
    pub fn day(&self) -> Result<Option<Day>, CellFault> {
        match self {
            Self::Empty => Ok(None),
            Self::Day(d) => Ok(Some(*d)),
            Self::Error(_) => Err(CellFault::Formula),
            Self::Bool(_) => Err(CellFault::NotADay),
            Self::Number(..) | Self::Text(_) => {
                let text = half_width(&self.text());
                let text = text.strip_suffix('号').unwrap_or(&text);
                day_of(text)
                    .or_else(|| day_of(text.split([' ', 'T']).next().unwrap_or_default()))
                    .map_or(Err(CellFault::NotADay), |d| Ok(Some(d)))
            }
        }
    }

    /// A whole number, with or without thousands commas; `None` when empty.
    ///
    /// # Errors
    /// [`CellFault::NotWhole`], [`CellFault::Rounded`] or [`CellFault::Formula`].
    pub fn whole(&self) -> Result<Option<i64>, CellFault> {
        match self {
            Self::Empty => Ok(None),
            Self::Error(_) => Err(CellFault::Formula),
            Self::Day(_) | Self::Bool(_) => Err(CellFault::NotWhole),
            Self::Number(..) | Self::Text(_) => {
                let text = self.code()?.replace([',', '，'], "");
                let text = text
                    .split_once('.')
                    .filter(|(_, t)| t.bytes().all(|b| b == b'0'))
                    .map_or(&*text, |(w, _)| w);
                text.parse().map_or(Err(CellFault::NotWhole), |n| Ok(Some(n)))
            }
        }
    }

    /// An amount of yuan; `None` when empty. What a formula left beyond the second decimal is rounded off when it is float dust.
    ///
    /// # Errors
    /// [`CellFault::NotMoney`] or [`CellFault::Formula`].
    pub fn money(&self) -> Result<Option<Money>, CellFault> {
        let text = match self {
            Self::Empty => return Ok(None),
            Self::Error(_) => return Err(CellFault::Formula),
            Self::Day(_) | Self::Bool(_) => return Err(CellFault::NotMoney),
            Self::Number(n, t)
                if (n * 100.0 - (n * 100.0).round()).abs() < 1e-4
                    && n.abs() < 1e13
                    && t.len() > 15 =>
            {
                format!("{n:.2}")
            }
            Self::Number(_, t) => t.clone(),
            Self::Text(_) => half_width(&self.text()),
        };
        text.parse().map_or(Err(CellFault::NotMoney), |m| Ok(Some(m)))
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// A heading as it is compared: no spaces or breaks, no `*`, no remark that it is required, half-width.
pub fn heading_text(text: &str) -> String {
    let plain: String = half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && *c != '*')
        .collect();
    let plain = ["(必填)", "(选填)", "(必选)"]
        .iter()
        .fold(plain.as_str(), |t, mark| t.strip_suffix(mark).unwrap_or(t));
    plain.trim_end_matches(':').to_owned()
}

/// Full-width letters, digits and marks (！…～) and the ideographic space as their plain forms.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            c => c,
        })
        .collect()
}

/// Without space or invisible characters at the ends.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// Characters that take no room: byte-order mark, zero-width and direction marks, soft hyphen.
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{AD}' | '\u{180E}')
}

/// Does it read like `1.10E+17`?
fn in_powers(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once('E') else { return false };
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let (whole, rest) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    power.starts_with('+')
        && digits(power.trim_start_matches('+'))
        && whole.len() == 1
        && digits(whole)
        && digits(rest)
}

fn day_of(text: &str) -> Option<Day> {
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let whole = text.split_once('.').map_or(text, |(w, _)| w);
    if !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if whole.len() == 8 && whole == text {
        let (y, m, d) = (text.get(..4)?, text.get(4..6)?, text.get(6..)?);
        return Day::of(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?);
    }
    let serial: i64 = whole.parse().ok().filter(|n| SERIALS.contains(n))?;
    i32::try_from(serial).ok().map(|n| Day(n - EPOCH_SERIAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Cell {
        Cell::Text(t.to_owned())
    }

    #[test]
    fn days_as_people_type_them() {
        let day = Ok(Some("2026-11-23".parse().unwrap()));
        for t in [
            "2026-11-23",
            "2026.11.23",
            "2026/11/23",
            "2026年11月23日",
            "２０２６．１１．２３",
            "46349",
            "20261123",
            " 2026-11-23 14:05",
            "2026年11月23号",
        ] {
            assert_eq!(text(t).day(), day, "{t}");
        }
        assert_eq!(Cell::number(46349.0).day(), day);
        assert_eq!(Cell::number(46349.75).day(), day);
        assert_eq!(Cell::Empty.day(), Ok(None));
        for t in ["2026", "2026-02-30", "昨天", "99999999", "11-23", "-46349"] {
            assert_eq!(text(t).day(), Err(CellFault::NotADay), "{t}");
        }
        assert_eq!(Cell::number(2026.0).day(), Err(CellFault::NotADay), "a bare year is no serial");
        assert_eq!(Cell::Error("#REF!".into()).day(), Err(CellFault::Formula));
    }

    #[test]
    fn a_long_number_that_a_spreadsheet_rounded_is_its_own_fault() {
        assert_eq!(Cell::number(110_105_194_912_310_000.0).code(), Err(CellFault::Rounded));
        assert_eq!(text("1.10E+17").code(), Err(CellFault::Rounded));
        assert_eq!(text("1.10105194912310e+17").code(), Err(CellFault::Rounded));
        assert_eq!(Cell::number(16_400_001_234.0).code().as_deref(), Ok("16400001234"));
        assert_eq!(
            text(" １１０１０５ 19491231 002x ").code().as_deref(),
            Ok("11010519491231002X")
        );
        assert_eq!(text("52330102MJE0000140").code().as_deref(), Ok("52330102MJE0000140"));
    }

    #[test]
    fn whole_numbers_and_money() {
        assert_eq!(text("１，２００").whole(), Ok(Some(1200)));
        assert_eq!(Cell::number(3.0).whole(), Ok(Some(3)));
        assert_eq!(Cell::number(3.5).whole(), Err(CellFault::NotWhole));
        assert_eq!(text("三").whole(), Err(CellFault::NotWhole));
        assert_eq!(Cell::number(0.1 + 0.2).money(), Ok(Some(Money(30))));
        assert_eq!(Cell::number(1_399_999.99).money(), Ok(Some(Money(139_999_999))));
        assert_eq!(Cell::number(1.234).money(), Err(CellFault::NotMoney));
        assert_eq!(text("￥1,200.5元").money(), Ok(Some(Money(120_050))));
    }

    #[test]
    fn names_and_headings_lose_their_padding() {
        assert_eq!(text("\u{FEFF}张　三 ").name(), "张三");
        assert_eq!(text("Li Lei").name(), "Li Lei");
        assert_eq!(heading_text(" 姓 名\n（必填）"), "姓名");
        assert_eq!(heading_text("身份证号*"), "身份证号");
    }
}
