//! One transaction: questions, changes, events.
use std::marker::PhantomData;

use crate::{Event, FromRow, Record, Result, Stamp, Value};

/// A transaction on one engine. Nothing happened unless the act that holds it answers `Ok`.
pub struct Tx<'a> {
    pub(crate) engine: PhantomData<&'a ()>,
}

impl Tx<'_> {
    /// All rows of a question.
    ///
    /// # Errors
    /// The engine's fault, or a row that does not fit `T`.
    pub fn all<T: FromRow>(&mut self, _sql: &str, _args: &[Value]) -> Result<Vec<T>> {
        unimplemented!()
    }
    /// The first row of a question, if any.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub fn one<T: FromRow>(&mut self, _sql: &str, _args: &[Value]) -> Result<Option<T>> {
        unimplemented!()
    }
    /// A whole number: `SELECT COUNT(*) …`.
    ///
    /// # Errors
    /// The engine's fault, or no such number.
    pub fn count(&mut self, _sql: &str, _args: &[Value]) -> Result<i64> {
        unimplemented!()
    }
    /// A change; answers how many rows it touched.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn run(&mut self, _sql: &str, _args: &[Value]) -> Result<u64> {
        unimplemented!()
    }
    /// Inserts a whole record.
    ///
    /// # Errors
    /// The engine's fault (a broken key, a missing parent).
    pub fn insert<R: Record>(&mut self, _row: &R) -> Result<()> {
        unimplemented!()
    }
    /// Overwrites a whole record by its key; answers whether there was one.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn update<R: Record>(&mut self, _row: &R) -> Result<bool> {
        unimplemented!()
    }
    /// Removes a record by its key; answers whether there was one.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn delete<R: Record>(&mut self, _key: &Value) -> Result<bool> {
        unimplemented!()
    }
    /// Writes an event into the chain and lets the listeners react, in this transaction.
    ///
    /// # Errors
    /// The engine's fault, or a listener's "no".
    pub fn record(&mut self, _stamp: &Stamp, _event: Event) -> Result<()> {
        unimplemented!()
    }
    /// Runs `f` under a nested savepoint: on `Err` nothing of it stays and the outer act may go on.
    ///
    /// # Errors
    /// Whatever `f` answers.
    pub fn attempt<T>(&mut self, _f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        unimplemented!()
    }
}
