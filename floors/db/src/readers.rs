//! Connections that only read, lent one at a time; each question sees one moment.
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::engine::Engine;
use crate::event::Head;
use crate::lite::Lite;
use crate::{Error, Result, Tx};

/// The pool.
pub(crate) struct Readers {
    idle: Mutex<Vec<Lite>>,
    back: Condvar,
    path: PathBuf,
}

impl Readers {
    pub(crate) fn lite(path: &Path, pool: u32) -> Result<Self> {
        let idle = (0..pool).map(|_| Lite::reader(path)).collect::<Result<_>>()?;
        Ok(Self { idle: Mutex::new(idle), back: Condvar::new(), path: path.to_owned() })
    }
    /// Lends a connection to a question. A panic inside is answered as `Broken`.
    pub(crate) fn read<T>(
        &self,
        known: Head,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut lent = Lent { pool: self, conn: Some(self.take()) };
        let Some(conn) = lent.conn.as_mut() else {
            return Err(Error::Broken("no reader".into()));
        };
        conn.run("BEGIN DEFERRED", &[])?;
        Tx::new(Engine::Lite(conn), &[], known, Some(known)).question(f)
    }
    pub(crate) fn backup(&self, to: &Path) -> Result<()> {
        // Its own connection, so that a long copy takes no reader from the pages.
        Lite::reader(&self.path)?.backup(to)
    }
    fn take(&self) -> Lite {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(conn) = idle.pop() {
                return conn;
            }
            idle = self.back.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A lent connection: its transaction ends and it goes back, whatever happened.
struct Lent<'a> {
    pool: &'a Readers,
    conn: Option<Lite>,
}
impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if conn.within()
            && let Err(e) = conn.run("ROLLBACK", &[])
        {
            tracing::error!(%e, "a reader's transaction did not end");
        }
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        self.pool.back.notify_one();
    }
}
