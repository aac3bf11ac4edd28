//! The database handle: one writer with group commit, and readers beside it.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use crate::conn::Conn;
use crate::event::Head;
use crate::lite::{Lite, Private};
use crate::pg::{self, Pg, Place};
use crate::readers::Readers;
use crate::writer::{Act, Writer, gone};
use crate::{Error, Listener, Migration, Result, Tx, Vault, migration};

/// How to open a district's database.
pub struct Config {
    /// `sqlite:PATH`, `sqlite::memory:` (a private temporary file) or `postgres://…?schema=NAME`.
    pub url: String,
    /// Connections that read; one more writes.
    pub pool: u32,
    /// Of the floors and slices above; this floor adds its own.
    pub migrations: Vec<Migration>,
    pub listeners: Vec<Listener>,
    /// What seals texts about people.
    pub vault: Vault,
}

/// A district's database. Cheap to clone; closed when the last clone is dropped.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}
/// Fields are dropped in this order: the writer ends first, the private folder goes last.
struct Inner {
    writer: Writer,
    readers: Readers,
    site: Site,
}

/// Where the database is.
enum Site {
    File(PathBuf),
    Private(Private),
    Pg(Box<Place>),
}
impl Site {
    fn parse(url: &str) -> Result<Self> {
        Ok(match url.strip_prefix("sqlite:") {
            Some(":memory:") => Self::Private(Private::new()?),
            Some("") => return Err(Error::Broken("`sqlite:` wants a path".into())),
            Some(path) => Self::File(path.into()),
            None if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Self::Pg(Box::new(Place::parse(url)?))
            }
            // The address may hold a password, so it is not repeated.
            None => {
                return Err(Error::Broken(
                    "the database's address begins with neither `sqlite:` nor `postgres:`".into(),
                ));
            }
        })
    }
    fn writer(&self) -> Result<Conn> {
        Ok(match self {
            Self::File(path) => Conn::Lite(Lite::writer(path)?),
            Self::Private(folder) => Conn::Lite(Lite::writer(&folder.file())?),
            Self::Pg(place) => {
                let mut conn = Pg::open(place)?;
                conn.prepare()?;
                Conn::Pg(Box::new(conn))
            }
        })
    }
    fn reader(&self) -> Result<Conn> {
        Ok(match self {
            Self::File(path) => Conn::Lite(Lite::reader(path)?),
            Self::Private(folder) => Conn::Lite(Lite::reader(&folder.file())?),
            Self::Pg(place) => Conn::Pg(Box::new(Pg::open(place)?)),
        })
    }
}

impl Db {
    /// Opens, asserts the engine's settings and migrates.
    ///
    /// # Errors
    /// When the engine is too old, a setting does not hold, a migration fails, or the vault does not fit what is sealed.
    pub fn open(config: Config) -> Result<Self> {
        let migrations = migration::sorted(&config.migrations)?;
        let site = Site::parse(&config.url)?;
        let open = || {
            let mut conn = site.writer()?;
            conn.migrate(&migrations)?;
            let readers = Readers::new(config.pool, config.vault.clone(), || site.reader())?;
            Ok::<_, Error>((readers, Writer::start(conn, config.listeners, config.vault)?))
        };
        let (readers, writer) =
            if matches!(site, Site::Pg(_)) { pg::aside(open)? } else { open()? };
        let db = Self { inner: Arc::new(Inner { writer, readers, site }) };
        db.read(|tx| tx.fits())?;
        Ok(db)
    }

    /// Runs a question on a reader. Blocks; sees only committed rows, all as of one moment; cannot write.
    ///
    /// Async code may call it on a multi-threaded runtime when the question is a few indexed rows: with SQLite that spares the change of
    /// thread which [`Db::ask`] pays, several times what the question itself takes. Anything longer belongs in [`Db::ask`].
    ///
    /// # Errors
    /// Whatever `f` answers, or the engine's fault.
    pub fn read<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let question = || self.inner.readers.read(self.head(), f);
        if matches!(self.inner.site, Site::Pg(_)) { pg::aside(question) } else { question() }
    }
    /// Runs an act under a savepoint and answers after the commit is durable. Blocks. Refused when asked from within an act.
    ///
    /// Acts run one after the other, in one process and over all processes on the same database, so an act needs no retry and no lock:
    /// what it has read is still so when it writes. It shares its commit with others that wait, so it must not dawdle.
    ///
    /// # Errors
    /// Whatever `f` answers (nothing of it stays), or the engine's fault. [`Error::Unknown`] when the commit itself failed: it may have
    /// happened; with SQLite every later act is then refused until the database is opened anew.
    pub fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.wait(true, f)
    }
    /// Runs an act, takes its answer and undoes it: what-if questions and dry runs. The writer is busy meanwhile.
    ///
    /// # Errors
    /// Whatever `f` answers, or the engine's fault.
    pub fn rehearse<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.wait(false, f)
    }
    /// [`Db::read`] from async code.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn ask<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.read(f)).await.map_err(|_| gone())?
    }
    /// [`Db::write`] from async code.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn act<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.wait_async(true, f).await
    }
    /// [`Db::rehearse`] from async code.
    ///
    /// # Errors
    /// As [`Db::rehearse`].
    pub async fn rehearse_async<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.wait_async(false, f).await
    }

    /// The number of the last committed entry of the log, as this process knows it; costs nothing.
    pub fn seq(&self) -> i64 {
        self.head().seq
    }
    /// The last committed entry's number and hash. Noted outside the database, it lets [`crate::event::verify_against`] show later that
    /// nothing was cut off.
    pub fn head(&self) -> Head {
        self.inner.writer.news.head()
    }
    /// Tells the number of the last committed entry whenever it grows.
    pub fn watch(&self) -> watch::Receiver<i64> {
        self.inner.writer.news.watch()
    }
    /// Copies the whole database into a new file while others read and write, and checks the copy. SQLite only.
    ///
    /// # Errors
    /// When the file is already there, the copy is not whole, or the engine is PostgreSQL, whose own `pg_dump` does it.
    pub fn backup(&self, to: &Path) -> Result<()> {
        // Its own connection, so that a long copy takes no reader from the pages.
        match self.inner.site.reader()? {
            Conn::Lite(conn) => conn.backup(to),
            Conn::Pg(_) => {
                Err(Error::Broken("PostgreSQL is backed up by its own `pg_dump`".into()))
            }
        }
    }

    fn wait<T: Send + 'static>(
        &self,
        keep: bool,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        // An asker who went away does not undo the act.
        let tell = move |answer| drop(tell.send(answer));
        self.inner.writer.send(Box::new(Act { keep, act: Some(f), came: None, tell }))?;
        told.recv().map_err(|_| gone())?
    }
    async fn wait_async<T: Send + 'static>(
        &self,
        keep: bool,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (tell, told) = oneshot::channel();
        let tell = move |answer| drop(tell.send(answer));
        self.inner
            .writer
            .send_async(Box::new(Act { keep, act: Some(f), came: None, tell }))
            .await?;
        told.await.map_err(|_| gone())?
    }
}
