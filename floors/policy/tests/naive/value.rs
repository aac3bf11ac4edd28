//! What a measure answers, and the few helpers every measure needs.
use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use policy::rows::{Rows, UnitKind, UnitRow};

/// The answer of a measure, before any rule looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A count, an amount in fen, tenths of a day, years, a score.
    Number(i64),
    Set(BTreeSet<String>),
    Date(Option<Day>),
    Text(String),
    /// `of` and `to`, not divided.
    Ratio(i64, i64),
    /// The measure has no answer here.
    NotApplicable,
    /// These tables were never reported for the owner.
    Unknown(BTreeSet<&'static str>),
}

/// Whom a rule is asked of: a unit, or a person seen as a supervisor or an employee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    pub(crate) kind: UnitKind,
    pub(crate) id: String,
}

/// The chosen readings (口径), by option name.
pub(crate) type Options = BTreeMap<String, String>;

/// Everything a measure may look at.
pub(crate) struct Ask<'a> {
    pub(crate) rows: &'a Rows,
    pub(crate) options: &'a Options,
    pub(crate) args: &'a toml::Table,
    pub(crate) subject: &'a Subject,
    pub(crate) as_of: Day,
}

impl Ask<'_> {
    /// The unit asked, when it is a unit.
    pub(crate) fn unit(&self) -> Option<&UnitRow> {
        self.rows.units.iter().find(|u| u.id == self.subject.id)
    }
    /// Does the option stand at this value?
    pub(crate) fn option(&self, name: &str, value: &str) -> bool {
        self.options.get(name).is_some_and(|v| v == value)
    }
    /// A list argument; a single text reads as a list of one. `None`: not given.
    pub(crate) fn words(&self, name: &str) -> Option<Vec<String>> {
        match self.args.get(name)? {
            toml::Value::String(s) => Some(vec![s.clone()]),
            toml::Value::Array(a) => {
                Some(a.iter().map(|v| v.as_str().unwrap().to_owned()).collect())
            }
            other => panic!("argument {name} = {other}"),
        }
    }
    /// A text argument.
    pub(crate) fn word(&self, name: &str) -> Option<&str> {
        self.args.get(name).and_then(toml::Value::as_str)
    }
    /// A truth argument.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.args.get(name).and_then(toml::Value::as_bool)
    }
    /// First and last day of the period a flow measure looks at: it ends on the day asked about.
    pub(crate) fn period(&self) -> (Day, Day) {
        let named = self.word("period").or_else(|| self.word("window")).unwrap_or("year");
        match named {
            "year" => (self.as_of.start_of_year(), self.as_of),
            "month" => (self.as_of.start_of_month(), self.as_of),
            other => panic!("period {other}"),
        }
    }
    /// Did it happen in the period?
    pub(crate) fn in_period(&self, day: Day) -> bool {
        let (first, last) = self.period();
        first <= day && day <= last
    }
    /// Did `[from, to)` hold on some day of the period?
    pub(crate) fn touches_period(&self, from: Day, to: Option<Day>) -> bool {
        let (first, last) = self.period();
        from <= last && to.is_none_or(|to| to > first)
    }
    /// Does `[from, to)` hold on the day asked about?
    pub(crate) fn now(&self, from: Day, to: Option<Day>) -> bool {
        from <= self.as_of && to.is_none_or(|to| self.as_of < to)
    }
}

/// Does `[from, to)` hold on this day?
pub(crate) fn holds(day: Day, from: Day, to: Option<Day>) -> bool {
    from <= day && to.is_none_or(|to| day < to)
}

/// The members of a list of distinct things.
pub(crate) fn set<'a>(items: impl IntoIterator<Item = &'a String>) -> Value {
    Value::Set(items.into_iter().cloned().collect())
}

/// How many there are.
pub(crate) fn count(n: usize) -> Value {
    Value::Number(i64::try_from(n).unwrap())
}
