//! The one place where the two engines meet: the few things a transaction asks of either.
use std::sync::Arc;

use crate::lite::Lite;
use crate::pg::Pg;
use crate::{Result, Row, Value};

/// A connection inside a transaction.
pub(crate) enum Engine<'a> {
    Lite(&'a mut Lite),
    Pg(&'a mut Pg),
}

impl Engine<'_> {
    /// The rows of a question; where the engine can stop by itself, at most `most` of them.
    pub(crate) fn rows(&mut self, sql: &str, args: &[Value], most: usize) -> Result<Vec<Row>> {
        match self {
            Self::Lite(c) => c.rows(sql, args, most),
            Self::Pg(c) => c.rows(sql, args),
        }
    }
    pub(crate) fn run(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        match self {
            Self::Lite(c) => c.run(sql, args),
            Self::Pg(c) => c.run(sql, args),
        }
    }
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Lite(c) => c.batch(sql),
            Self::Pg(c) => c.batch(sql),
        }
    }
    /// Whether the transaction still stands: SQLite ends it by itself after some faults, and what follows would be kept at once.
    pub(crate) fn stands(&self) -> bool {
        match self {
            Self::Lite(c) => c.within(),
            Self::Pg(_) => true,
        }
    }
    /// The text of a statement made from a table's columns, made once per connection.
    pub(crate) fn sql(
        &mut self,
        table: &'static str,
        verb: &'static str,
        make: impl FnOnce() -> String,
    ) -> Arc<str> {
        let made = match self {
            Self::Lite(c) => &mut c.made,
            Self::Pg(c) => &mut c.made,
        };
        made.entry((table, verb)).or_insert_with(|| make().into()).clone()
    }
    pub(crate) fn savepoint(&mut self, depth: u32) -> Result<()> {
        self.say(&format!("SAVEPOINT s{depth}"))
    }
    pub(crate) fn release(&mut self, depth: u32) -> Result<()> {
        let sql = format!("RELEASE SAVEPOINT s{depth}");
        match self {
            Self::Lite(c) => c.run(&sql, &[]).map(drop),
            Self::Pg(c) => c.release(&sql),
        }
    }
    pub(crate) fn rollback_to(&mut self, depth: u32) -> Result<()> {
        self.say(&format!("ROLLBACK TO SAVEPOINT s{depth}"))?;
        self.release(depth)
    }
    /// A word without answer, the cheapest way the engine has.
    fn say(&mut self, sql: &str) -> Result<()> {
        match self {
            Self::Lite(c) => c.run(sql, &[]).map(drop),
            Self::Pg(c) => c.batch(sql),
        }
    }
}
