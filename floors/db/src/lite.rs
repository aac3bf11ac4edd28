//! SQLite: a connection with its settings asserted, and the private file behind `sqlite::memory:`.
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};

use crate::writer::Fault;
use crate::{Error, Result, Row, Value};

/// The oldest engine allowed: earlier ones could lose a WAL reset under concurrent checkpoints.
const OLDEST: i32 = 3_051_003;
/// How long a connection waits for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection.
const STATEMENTS: usize = 256;

/// One connection.
pub(crate) struct Lite {
    conn: Connection,
    /// Statements made from records' columns.
    pub(crate) made: HashMap<(&'static str, &'static str), Arc<str>>,
}

/// What must be so after opening: the setting, how it is set, how it reads.
const SETTINGS: [(&str, &str, &str); 7] = [
    ("journal_mode", "wal", "wal"),
    // FULL, because NORMAL loses acknowledged rows in a power cut.
    ("synchronous", "FULL", "2"),
    ("foreign_keys", "ON", "1"),
    // Without it `INSERT OR REPLACE` would delete from the log unseen by its triggers.
    ("recursive_triggers", "ON", "1"),
    ("secure_delete", "ON", "1"),
    // A failing disk must answer with an error, not with a signal.
    ("mmap_size", "0", "0"),
    ("trusted_schema", "OFF", "0"),
];

impl Lite {
    /// The connection that writes; makes the file.
    pub(crate) fn writer(path: &Path) -> Result<Self> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Broken(format!(
                "SQLite {} is too old: 3.51.3 is the oldest allowed",
                rusqlite::version()
            )));
        }
        secret(path).map_err(|e| Error::Broken(format!("cannot make {}: {e}", path.display())))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::open(path, flags, &SETTINGS)
    }
    /// A connection that cannot write.
    pub(crate) fn reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // The journal's mode belongs to the file and is already asserted by the writer; a reader could not set it.
        let settings: Vec<_> =
            SETTINGS.iter().skip(1).copied().chain([("query_only", "ON", "1")]).collect();
        Self::open(path, flags, &settings)
    }
    fn open(path: &Path, flags: OpenFlags, settings: &[(&str, &str, &str)]) -> Result<Self> {
        let conn = Connection::open_with_flags(path, flags)
            .map_err(|e| Error::Broken(format!("cannot open {}: {e}", path.display())))?;
        conn.busy_timeout(PATIENCE)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        let mut lite = Self { conn, made: HashMap::new() };
        for (name, set, _) in settings {
            lite.conn.execute_batch(&format!("PRAGMA {name} = {set}"))?;
        }
        // Like the other engine. This one setting cannot be read back, so it is tried.
        lite.batch("PRAGMA case_sensitive_like = ON")?;
        if !lite.rows("SELECT 1 WHERE 'a' LIKE 'A'", &[], 1)?.is_empty() {
            return Err(Error::Broken("SQLite's `case_sensitive_like` is not on".into()));
        }
        let patience = PATIENCE.as_millis().to_string();
        for (name, reads) in
            settings.iter().map(|(n, _, r)| (*n, *r)).chain([("busy_timeout", patience.as_str())])
        {
            let found = lite.setting(name)?;
            if found != reads {
                return Err(Error::Broken(format!(
                    "SQLite's `{name}` is `{found}` and must be `{reads}`"
                )));
            }
        }
        Ok(lite)
    }

    fn setting(&mut self, name: &str) -> Result<String> {
        let rows = self.rows(&format!("PRAGMA {name}"), &[], 1)?;
        Ok(match rows.first().and_then(|r| r.cells.first()) {
            Some(Value::Int(n)) => n.to_string(),
            Some(Value::Text(t)) => t.clone(),
            _ => String::new(),
        })
    }

    /// The rows of a question, at most `most` of them.
    pub(crate) fn rows(&mut self, sql: &str, args: &[Value], most: usize) -> Result<Vec<Row>> {
        let mut stmt = self.conn.prepare_cached(sql)?;
        bind(&mut stmt, args)?;
        let names: Arc<[String]> = stmt.column_names().map(str::to_owned).collect();
        let mut rows = stmt.raw_query();
        let mut out = Vec::new();
        while out.len() < most
            && let Some(row) = rows.next()?
        {
            let cells = (0..names.len()).map(|at| cell(row.get_ref(at)?)).collect::<Result<_>>()?;
            out.push(Row { names: names.clone(), cells });
        }
        Ok(out)
    }
    pub(crate) fn run(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        let mut stmt = self.conn.prepare_cached(sql)?;
        bind(&mut stmt, args)?;
        Ok(stmt.raw_execute()? as u64)
    }
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        Ok(self.conn.execute_batch(sql)?)
    }
    /// Commits. A constraint left open until now is a plain "no"; after any other fault the outcome is not known.
    pub(crate) fn commit(&mut self) -> std::result::Result<(), Fault> {
        let committed = self.conn.prepare_cached("COMMIT").and_then(|mut stmt| stmt.raw_execute());
        committed.map(drop).map_err(|e| match e.sqlite_error_code() {
            Some(rusqlite::ErrorCode::ConstraintViolation) => Fault::Never(e.to_string()),
            _ => Fault::Unknown(e.to_string()),
        })
    }
    /// Whether a transaction is open.
    pub(crate) fn within(&self) -> bool {
        !self.conn.is_autocommit()
    }
    /// A number that changes when another connection has changed the file.
    pub(crate) fn data_version(&mut self) -> Result<i64> {
        Ok(self.conn.prepare_cached("PRAGMA data_version")?.query_row([], |r| r.get(0))?)
    }
    /// Copies the whole database, page by page, as of one moment; the copy gets its name only when it is whole.
    pub(crate) fn backup(&self, to: &Path) -> Result<()> {
        let told =
            |e: std::io::Error| Error::Broken(format!("cannot back up to {}: {e}", to.display()));
        if to.try_exists().map_err(told)? {
            return Err(Error::Broken(format!("{} is already there", to.display())));
        }
        let mut part = to.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        if part.try_exists().map_err(told)? {
            std::fs::remove_file(&part).map_err(told)?;
        }
        secret(&part).map_err(told)?;
        let mut copy = Connection::open(&part)?;
        let backup = rusqlite::backup::Backup::new(&self.conn, &mut copy)?;
        // In one step, so that writes meanwhile do not make it start again.
        match backup.step(-1)? {
            rusqlite::backup::StepResult::Done => {}
            other => return Err(Error::Broken(format!("the backup stopped: {other:?}"))),
        }
        drop(backup);
        let found: String = copy.query_row("PRAGMA integrity_check", [], |r| r.get(0))?;
        if found != "ok" {
            return Err(Error::Broken(format!("the backup is not whole: {found}")));
        }
        // One file, without the journal files a reading left beside it.
        copy.close().map_err(|(_, e)| e)?;
        std::fs::File::open(&part).and_then(|file| file.sync_all()).map_err(told)?;
        std::fs::rename(&part, to).map_err(told)
    }
}

/// Makes a file that only its owner reads, unless it is there; SQLite gives its journals the same rights.
fn secret(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

/// A cell of either kind; a real number only when it is whole, for money and counts are never approximate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "checked by the way back"
)]
fn cell(v: ValueRef<'_>) -> Result<Value> {
    Ok(match v {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) if (x as i64) as f64 == x => Value::Int(x as i64),
        ValueRef::Real(x) => return Err(Error::Broken(format!("{x} is not a whole number"))),
        ValueRef::Text(t) => Value::Text(
            std::str::from_utf8(t)
                .map_err(|_| Error::Broken("a text is not UTF-8".into()))?
                .to_owned(),
        ),
        ValueRef::Blob(_) => {
            return Err(Error::Broken("a cell is neither null, number nor text".into()));
        }
    })
}

/// Binds by number. SQLite takes `$2` for a *name* and hands out positions in order of appearance, so position is not the number.
fn bind(stmt: &mut rusqlite::Statement<'_>, args: &[Value]) -> Result<()> {
    let count = stmt.parameter_count();
    if count != args.len() {
        return Err(Error::Broken(format!("{} arguments given, {count} asked for", args.len())));
    }
    for at in 1..=count {
        let number = match stmt.parameter_name(at) {
            Some(name) => name.strip_prefix('$').and_then(|n| n.parse::<usize>().ok()),
            None => None,
        };
        let arg = number
            .and_then(|n| args.get(n.checked_sub(1)?))
            .ok_or_else(|| Error::Broken(format!("parameter #{at} is not `$1` to `${count}`")))?;
        stmt.raw_bind_parameter(at, arg)?;
    }
    Ok(())
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(s) => ValueRef::Text(s.as_bytes()),
        }))
    }
}

/// The folder of a `sqlite::memory:` database, removed on drop. A file, because readers beside a writer need the WAL.
pub(crate) struct Private(PathBuf);
impl Private {
    pub(crate) fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let mut make = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        loop {
            let name =
                format!("wushe-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = std::env::temp_dir().join(name);
            match make.create(&path) {
                Ok(()) => return Ok(Self(path)),
                // Left by an earlier process that had this number and was killed.
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => {
                    return Err(Error::Broken(format!("cannot make {}: {e}", path.display())));
                }
            }
        }
    }
    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("district.sqlite")
    }
}
impl Drop for Private {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %e, "a private database was not removed");
        }
    }
}
