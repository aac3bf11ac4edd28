//! TOML with line numbers: every value remembers the line it stands on, so a fault can name it.
use kernel::Day;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Faults;

/// A value and its line.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub line: usize,
    pub val: Val,
}

/// What a TOML value is, as far as packs need.
#[derive(Clone, Debug)]
pub(crate) enum Val {
    Str(String),
    Int(i64),
    Bool(bool),
    Date(Day),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// Something packs have no use for, under its TOML name.
    Other(&'static str),
}

impl Val {
    /// What to call it in a fault.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Str(_) => "string",
            Self::Int(_) => "integer",
            Self::Bool(_) => "boolean",
            Self::Date(_) => "date",
            Self::List(_) => "array",
            Self::Map(_) => "table",
            Self::Other(k) => k,
        }
    }
}

impl Node {
    /// The value under a key of a table.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.val {
            Val::Map(m) => m.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }
    /// The text, if it is one.
    pub(crate) fn str(&self) -> Option<&str> {
        match &self.val {
            Val::Str(s) => Some(s),
            _ => None,
        }
    }
    /// The entries, if it is a table.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        match &self.val {
            Val::Map(m) => m,
            _ => &[],
        }
    }
    /// The items, if it is a list.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.val {
            Val::List(l) => l,
            _ => &[],
        }
    }
    /// The same as plain TOML, dates as text, so that serde types of ours read it.
    pub(crate) fn plain(&self) -> toml::Value {
        match &self.val {
            Val::Str(s) => toml::Value::String(s.clone()),
            Val::Int(n) => toml::Value::Integer(*n),
            Val::Bool(b) => toml::Value::Boolean(*b),
            Val::Date(d) => toml::Value::String(d.to_string()),
            Val::List(l) => toml::Value::Array(l.iter().map(Self::plain).collect()),
            Val::Map(m) => {
                toml::Value::Table(m.iter().map(|(k, v)| (k.clone(), v.plain())).collect())
            }
            Val::Other(k) => toml::Value::String((*k).to_owned()),
        }
    }
}

/// Reads TOML that begins on line `first` of `file`.
pub(crate) fn parse(text: &str, file: &str, first: usize, faults: &mut Faults) -> Node {
    let lines: Vec<usize> =
        text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i).collect();
    let line = |at: usize| first + lines.partition_point(|nl| *nl < at);
    let (table, errors) = DeTable::parse_recoverable(text);
    for e in &errors {
        faults.add(
            file,
            line(e.span().map_or(0, |s| s.start)),
            "",
            "toml",
            &[("what", e.message())],
        );
    }
    Node { line: first, val: map(table.get_ref(), &line) }
}

fn map(table: &DeTable<'_>, line: &dyn Fn(usize) -> usize) -> Val {
    let mut entries: Vec<(usize, String, Node)> = table
        .iter()
        .map(|(k, v)| (k.span().start, k.get_ref().to_string(), node(v, line, k.span().start)))
        .collect();
    entries.sort_by_key(|(at, _, _)| *at);
    Val::Map(entries.into_iter().map(|(_, k, v)| (k, v)).collect())
}

fn node(v: &Spanned<DeValue<'_>>, line: &dyn Fn(usize) -> usize, at: usize) -> Node {
    let val = match v.get_ref() {
        DeValue::String(s) => Val::Str(s.to_string()),
        DeValue::Boolean(b) => Val::Bool(*b),
        DeValue::Integer(n) => {
            let digits = n.as_str().replace('_', "");
            i64::from_str_radix(&digits, n.radix())
                .map_or(Val::Other("integer out of range"), Val::Int)
        }
        DeValue::Datetime(d) => match (d.date, d.time) {
            (Some(date), None) => {
                let day = i16::try_from(date.year).ok().and_then(|y| {
                    Day::of(y, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
                });
                day.map_or(Val::Other("no day"), Val::Date)
            }
            _ => Val::Other("datetime"),
        },
        DeValue::Float(_) => Val::Other("float"),
        DeValue::Array(a) => Val::List(a.iter().map(|i| node(i, line, i.span().start)).collect()),
        DeValue::Table(t) => map(t, line),
    };
    let start = match (&val, v.span().start) {
        (Val::Map(_) | Val::List(_), 0) => at,
        (_, s) => s,
    };
    Node { line: line(start), val }
}
