//! The database handle: one writer with group commit and a pool of readers (SQLite), or a pool (PostgreSQL).
use crate::{Listener, Migration, Result, Tx};

/// How to open a district's database.
pub struct Config {
    /// `sqlite:PATH`, `sqlite::memory:` (a private temporary file) or `postgres://…?schema=NAME`.
    pub url: String,
    /// Reader connections (SQLite) or connections (PostgreSQL).
    pub pool: u32,
    pub migrations: Vec<Migration>,
    pub listeners: Vec<Listener>,
}

/// A district's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {}

impl Db {
    /// Opens, asserts the engine's settings and migrates.
    ///
    /// # Errors
    /// When the engine is too old, a setting does not hold, or a migration fails.
    pub fn open(_config: Config) -> Result<Self> {
        unimplemented!()
    }
    /// Runs a question on a reader. Blocks; sees only committed rows; cannot write.
    ///
    /// # Errors
    /// Whatever `f` answers, or the engine's fault.
    pub fn read<T>(&self, _f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        unimplemented!()
    }
    /// Runs an act under a savepoint and answers after the commit is durable. Blocks.
    ///
    /// # Errors
    /// Whatever `f` answers (nothing of it stays), or the engine's fault.
    pub fn write<T: Send + 'static>(
        &self,
        _f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        unimplemented!()
    }
    /// Runs an act, takes its answer and undoes it: what-if questions and dry runs.
    ///
    /// # Errors
    /// Whatever `f` answers, or the engine's fault.
    pub fn rehearse<T: Send + 'static>(
        &self,
        _f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        unimplemented!()
    }
    /// [`Db::read`] from async code.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ask<T: Send + 'static>(
        &self,
        _f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        unimplemented!()
    }
    /// [`Db::write`] from async code.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn act<T: Send + 'static>(
        &self,
        _f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        unimplemented!()
    }
}
