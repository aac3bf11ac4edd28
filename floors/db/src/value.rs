//! The three value types both engines speak: null, whole number, text. Everything else is written as one of them.
use std::sync::Arc;

use kernel::{Day, Instant, Money};

use crate::{Error, Result};

/// A bound argument or a read cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
}

/// A Rust type that is one cell: text for ids and days, a whole number for counts, instants (ms) and money (fen), 0/1 for truth.
pub trait Cell: Sized {
    /// As a bound argument.
    fn to_value(&self) -> Value;
    /// From a read cell; `None` when the cell is of another kind.
    fn from_value(v: &Value) -> Option<Self>;
}

/// A row by column name.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) names: Arc<[String]>,
    pub(crate) cells: Vec<Value>,
}

/// A type a row can become.
pub trait FromRow: Sized {
    /// # Errors
    /// When a column is missing or of another type.
    fn from_row(row: &Row) -> Result<Self>;
}
impl FromRow for Row {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(row.clone())
    }
}

impl Row {
    /// The cell of a column.
    ///
    /// # Errors
    /// When the column is missing or of another type.
    pub fn get<T: Cell>(&self, name: &str) -> Result<T> {
        self.names
            .iter()
            .position(|n| n == name)
            .and_then(|at| self.cells.get(at))
            .and_then(T::from_value)
            .ok_or_else(|| Error::Broken(format!("column `{name}` is missing or of another type")))
    }
    /// The cell at a position, for one-column answers.
    ///
    /// # Errors
    /// When there is no such column or it is of another type.
    pub fn at<T: Cell>(&self, at: usize) -> Result<T> {
        self.cells
            .get(at)
            .and_then(T::from_value)
            .ok_or_else(|| Error::Broken(format!("column #{at} is missing or of another type")))
    }
}

impl Cell for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
    fn from_value(v: &Value) -> Option<Self> {
        Some(v.clone())
    }
}
impl Cell for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(v: &Value) -> Option<Self> {
        if let Value::Int(n) = v { Some(*n) } else { None }
    }
}
impl Cell for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn from_value(v: &Value) -> Option<Self> {
        i64::from_value(v).map(|n| n != 0)
    }
}
impl Cell for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(v: &Value) -> Option<Self> {
        if let Value::Text(s) = v { Some(s.clone()) } else { None }
    }
}
impl Cell for &str {
    fn to_value(&self) -> Value {
        Value::Text((*self).to_owned())
    }
    fn from_value(_: &Value) -> Option<Self> {
        None
    }
}
impl Cell for Day {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn from_value(v: &Value) -> Option<Self> {
        if let Value::Text(s) = v { s.parse().ok() } else { None }
    }
}
impl Cell for Instant {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
    fn from_value(v: &Value) -> Option<Self> {
        i64::from_value(v).map(Instant)
    }
}
impl Cell for Money {
    fn to_value(&self) -> Value {
        Value::Int(self.0)
    }
    fn from_value(v: &Value) -> Option<Self> {
        i64::from_value(v).map(Money)
    }
}
impl Cell for serde_json::Value {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
    fn from_value(v: &Value) -> Option<Self> {
        if let Value::Text(s) = v { serde_json::from_str(s).ok() } else { None }
    }
}
impl<T: Cell> Cell for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Cell::to_value)
    }
    fn from_value(v: &Value) -> Option<Self> {
        if *v == Value::Null { Some(None) } else { T::from_value(v).map(Some) }
    }
}
impl<T: Cell> Cell for &T {
    fn to_value(&self) -> Value {
        (*self).to_value()
    }
    fn from_value(_: &Value) -> Option<Self> {
        None
    }
}
/// Lets a text newtype or enum be a cell. `text_cell!(MyEnum)` needs `as_str(&self) -> &str` and `From<String>` or `parse(&str) -> Option<Self>`.
macro_rules! id_cells { ($($t:ident)+) => {$(
    impl Cell for kernel::$t {
        fn to_value(&self) -> Value { Value::Text(self.0.clone()) }
        fn from_value(v: &Value) -> Option<Self> { String::from_value(v).map(Self) }
    }
)+}; }
id_cells!(AccountId ActivityId AnswerId AssignmentId BatchId CaseId ClientId ConsultationId DeliberationId EvidenceId FileId GlassId GrantId
    GroupId HouseholdId NoticeId OrgId PersonId PlacementId RecordId ReferralId RegionId ServiceId SessionId SiteId VisitId);
