//! Workbooks that people fill in, keep, and hand back. Texts are only ever written as strings, so nothing in them runs.
use kernel::{Day, Money};

mod build;

/// A workbook to be made.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    /// Lines of the 说明 sheet, which comes last; none, no such sheet.
    pub guide: Vec<String>,
    /// A line at the head of every sheet that says whose data this is, such as 演示数据; also printed on each page.
    pub watermark: Option<String>,
    /// The day the file says it was made on.
    pub made_on: Day,
}

/// One sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Up to 31 characters; what Excel does not allow in a name is replaced.
    pub name: String,
    /// Lines above the headings: the title, the place, the period.
    pub title: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// A grey row below the headings that shows how to fill in, marked 示例 and passed over by the reader.
    pub example: Option<Vec<Value>>,
    /// Lines at the foot: who took it out, when, why, under which number.
    pub receipt: Vec<String>,
    /// Rows to which date checks and drop-downs reach below the headings, for filling in; the rows themselves always have them.
    pub blank_rows: u32,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    pub heading: String,
    /// In characters of the default font; a Chinese character takes two.
    pub width: f64,
    pub kind: Kind,
    /// Marked with `*` and a red heading.
    pub required: bool,
    /// Shown when the pointer is on the heading.
    pub note: Option<String>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, so that long numbers keep all their digits.
    Text,
    Date,
    Number,
    /// Yuan with two decimals.
    Money,
    /// One of these, from a drop-down.
    Choice(Vec<String>),
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Stable id, kept in the hidden first column so that the row is found again when the sheet comes back.
    pub id: Option<String>,
    pub cells: Vec<Value>,
}

/// One value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Empty,
    Text(String),
    Whole(i64),
    Number(f64),
    Money(Money),
    Day(Day),
    Bool(bool),
}

impl Workbook {
    /// The xlsx bytes.
    ///
    /// # Errors
    /// [`crate::Fault::NotWritable`] when two sheets share a name, or a text or the number of rows passes Excel's limits.
    pub fn xlsx(&self) -> Result<Vec<u8>, crate::Fault> {
        build::xlsx(self).map_err(|e| crate::Fault::NotWritable { why: e.to_string() })
    }
}

impl Column {
    /// A column of text, optional, without a note.
    pub fn new(heading: impl Into<String>, width: f64, kind: Kind) -> Self {
        Self { heading: heading.into(), width, kind, required: false, note: None }
    }
    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    /// With a note at the heading.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl Value {
    /// Text, or nothing when there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
    /// As it reads in CSV: days `2026-11-23`, money in yuan without commas, a truth 是 or 否.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) => t.clone(),
            Self::Whole(n) => n.to_string(),
            Self::Number(n) => n.to_string(),
            Self::Money(m) => m.in_yuan().replace(',', ""),
            Self::Day(d) => d.to_string(),
            Self::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
        }
    }
}

impl From<&str> for Value {
    fn from(t: &str) -> Self {
        Self::text(t)
    }
}
impl From<String> for Value {
    fn from(t: String) -> Self {
        Self::text(t)
    }
}
impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Whole(n)
    }
}
impl From<Day> for Value {
    fn from(d: Day) -> Self {
        Self::Day(d)
    }
}
impl From<Money> for Value {
    fn from(m: Money) -> Self {
        Self::Money(m)
    }
}
impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Empty, Into::into)
    }
}
