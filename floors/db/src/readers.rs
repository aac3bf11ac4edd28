//! Connections that only read, lent one at a time; each question sees one moment.
use std::sync::{Condvar, Mutex, PoisonError};

use crate::conn::Conn;
use crate::event::Head;
use crate::{Error, Result, Tx, Vault};

/// The pool.
pub(crate) struct Readers {
    idle: Mutex<Vec<Conn>>,
    back: Condvar,
    vault: Vault,
}

impl Readers {
    pub(crate) fn new(pool: u32, vault: Vault, open: impl Fn() -> Result<Conn>) -> Result<Self> {
        let idle = (0..pool.max(1)).map(|_| open()).collect::<Result<_>>()?;
        Ok(Self { idle: Mutex::new(idle), back: Condvar::new(), vault })
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
        conn.begin_read()?;
        Tx::new(conn.engine(), &[], known, Some(known)).with(&self.vault, false).question(f)
    }
    fn take(&self) -> Conn {
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
    conn: Option<Conn>,
}
impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else { return };
        if let Err(e) = conn.rollback() {
            // PostgreSQL's next transaction makes itself a new connection.
            tracing::error!(%e, "a reader's transaction did not end");
        }
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        self.pool.back.notify_one();
    }
}
