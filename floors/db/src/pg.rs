//! PostgreSQL: a connection bound to its district's schema.
mod cell;

use std::collections::HashMap;
use std::sync::Arc;

use cell::{Cell, slots};
use postgres::{Client, Config, NoTls, Statement};
use sha2::{Digest, Sha256};

use crate::{Error, Result, Row, Value};

/// The oldest engine allowed, as `server_version_num` says it.
const OLDEST: i64 = 150_000;
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

/// Where a district lives: the server, and the schema on it.
#[derive(Clone)]
pub(crate) struct Place {
    config: Config,
    schema: String,
}
impl Place {
    /// Takes `schema=NAME` out of the address; the rest is the driver's. Without it the schema is `public`.
    pub(crate) fn parse(url: &str) -> Result<Self> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut schema = "public";
        let mut rest = Vec::new();
        for part in query.split('&').filter(|p| !p.is_empty()) {
            match part.strip_prefix("schema=") {
                Some(name) => schema = name,
                None => rest.push(part),
            }
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if schema.is_empty()
            || schema.len() > 63
            || !schema.chars().all(plain)
            || schema.starts_with("pg_")
        {
            return Err(Error::Broken(format!(
                "`{schema}` is no schema name: at most 63 of a-z, 0-9 and _"
            )));
        }
        let config = format!("{base}?{}", rest.join("&"))
            .parse()
            .map_err(|e| Error::Broken(format!("the database's address is not readable: {e}")))?;
        Ok(Self { config, schema: schema.to_owned() })
    }
    /// The lock under which this district's writers take turns.
    fn lock(&self) -> i64 {
        let sum: [u8; 32] =
            Sha256::digest(format!("wushe writer of {}", self.schema).as_bytes()).into();
        let mut key = [0; 8];
        key.iter_mut().zip(sum).for_each(|(k, s)| *k = s);
        i64::from_be_bytes(key)
    }
}

/// One connection.
pub(crate) struct Pg {
    /// `None` only while it is being dropped.
    client: Option<Client>,
    place: Place,
    /// A transaction could not be ended: the next one wants a new connection.
    suspect: bool,
    /// A savepoint to be released with whatever is said next, which spares a round trip. It cannot fail: [`crate::Tx`] releases only
    /// what had no refused statement in it.
    release: Option<String>,
    statements: HashMap<Box<str>, (Statement, Arc<[String]>)>,
    /// Statements made from records' columns.
    pub(crate) made: HashMap<(&'static str, &'static str), Arc<str>>,
}

impl Pg {
    pub(crate) fn open(place: &Place) -> Result<Self> {
        let client = Some(place.config.connect(NoTls)?);
        Ok(Self {
            client,
            place: place.clone(),
            suspect: false,
            release: None,
            statements: HashMap::new(),
            made: HashMap::new(),
        })
    }
    /// Asserts what the floor relies on, and makes the schema when it is missing.
    pub(crate) fn prepare(&mut self) -> Result<()> {
        let version: i64 = number(&self.setting("server_version_num")?)?;
        if version < OLDEST {
            return Err(Error::Broken(format!(
                "PostgreSQL {version} is too old: 15 is the oldest allowed"
            )));
        }
        // Anything else would order Chinese and mixed-case text differently than the embedded engine does.
        let row = self.client()?.query_one(
            "SELECT datcollate::text FROM pg_database WHERE datname = current_database()",
            &[],
        )?;
        let collation: String = row.try_get(0)?;
        for (name, found, allowed) in [
            ("server_encoding", self.setting("server_encoding")?, ["UTF8"].as_slice()),
            ("lc_collate", collation, &["C", "POSIX", "C.UTF-8", "C.utf8"]),
            (
                "synchronous_commit",
                self.setting("synchronous_commit")?,
                &["on", "remote_apply", "remote_write", "local"],
            ),
        ] {
            if !allowed.contains(&found.as_str()) {
                return Err(Error::Broken(format!(
                    "PostgreSQL's `{name}` is `{found}` and must be one of {allowed:?}"
                )));
            }
        }
        let schema = self.place.schema.clone();
        let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
        if self.client()?.query_opt(there, &[&schema])?.is_none() {
            // The role may lack the right to make schemas, so it is asked only when there is none.
            self.batch(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))?;
        }
        Ok(())
    }
    fn setting(&mut self, name: &str) -> Result<String> {
        Ok(self.client()?.query_one("SELECT current_setting($1)", &[&name])?.try_get(0)?)
    }

    /// Begins a transaction that only reads, all of it as of one moment.
    pub(crate) fn begin_read(&mut self) -> Result<()> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "")
    }
    /// Begins a transaction that writes, after every other writer of this district has ended: since they take turns, each statement
    /// may see what is committed now, nothing has to be repeated, and the log's numbers have no gaps.
    pub(crate) fn begin_write(&mut self) -> Result<()> {
        let lock = format!("; SELECT pg_advisory_xact_lock({})", self.place.lock());
        self.begin("BEGIN ISOLATION LEVEL READ COMMITTED", &lock)
    }
    fn begin(&mut self, begin: &str, then: &str) -> Result<()> {
        if self.suspect || self.client()?.is_closed() {
            let mut fresh = Self::open(&self.place)?;
            std::mem::swap(&mut fresh.made, &mut self.made);
            *self = fresh;
        }
        // The path is set with each transaction, so that a pooler between may lend any session. One round trip for all.
        self.batch(&format!("{begin}; SET LOCAL search_path TO \"{}\"{then}", self.place.schema))
    }
    pub(crate) fn commit(&mut self) -> std::result::Result<(), postgres::Error> {
        let release = self.release.take().unwrap_or_default();
        match &mut self.client {
            Some(client) => client.batch_execute(&format!("{release}COMMIT")),
            None => Ok(()),
        }
    }
    pub(crate) fn rollback(&mut self) -> Result<()> {
        self.release = None;
        let ended = self.batch("ROLLBACK");
        self.suspect = ended.is_err();
        ended
    }

    pub(crate) fn rows(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>> {
        self.flush()?;
        let (stmt, names) = self.statement(sql)?;
        let rows = self.client()?.query(&stmt, &slots(args));
        self.check(sql, rows)?
            .iter()
            .map(|row| {
                let cells = (0..row.len())
                    .map(|at| Ok(row.try_get::<_, Cell>(at)?.0))
                    .collect::<Result<_>>()?;
                Ok(Row { names: names.clone(), cells })
            })
            .collect()
    }
    pub(crate) fn run(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.flush()?;
        let (stmt, _) = self.statement(sql)?;
        let touched = self.client()?.execute(&stmt, &slots(args));
        self.check(sql, touched)
    }
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        match self.release.take() {
            Some(release) => Ok(self.client()?.batch_execute(&format!("{release}{sql}"))?),
            None => Ok(self.client()?.batch_execute(sql)?),
        }
    }
    /// Releases a savepoint, at the latest with the next thing said.
    pub(crate) fn release(&mut self, sql: &str) -> Result<()> {
        self.flush()?;
        self.release = Some(format!("{sql}; "));
        Ok(())
    }
    fn flush(&mut self) -> Result<()> {
        if self.release.is_some() { self.batch("") } else { Ok(()) }
    }
    fn statement(&mut self, sql: &str) -> Result<(Statement, Arc<[String]>)> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let stmt = self.client()?.prepare(sql)?;
        let names = stmt.columns().iter().map(|c| c.name().to_owned()).collect();
        self.statements.insert(sql.into(), (stmt.clone(), names));
        self.statements
            .get(sql)
            .cloned()
            .ok_or_else(|| Error::Broken("a statement was lost".into()))
    }
    /// Forgets a statement that failed: the schema may have changed under it.
    fn check<T>(
        &mut self,
        sql: &str,
        answer: std::result::Result<T, postgres::Error>,
    ) -> Result<T> {
        if answer.is_err() {
            self.statements.remove(sql);
        }
        Ok(answer?)
    }
    fn client(&mut self) -> Result<&mut Client> {
        self.client.as_mut().ok_or_else(|| Error::Broken("the connection is closed".into()))
    }
}
impl Drop for Pg {
    fn drop(&mut self) {
        // The driver says goodbye with a runtime of its own, which must not be started inside another.
        self.statements.clear();
        if let Some(client) = self.client.take()
            && tokio::runtime::Handle::try_current().is_ok()
        {
            drop(std::thread::Builder::new().name("db-goodbye".into()).spawn(move || drop(client)));
        }
    }
}

/// Runs what blocks on the driver, also when the caller stands on a worker of an async runtime.
pub(crate) fn aside<T>(f: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => tokio::task::block_in_place(f),
        Err(_) => f(),
    }
}

fn number(text: &str) -> Result<i64> {
    text.parse().map_err(|_| Error::Broken(format!("`{text}` is not a number")))
}
