//! A connection of either engine: how its transactions begin and end.
use crate::engine::Engine;
use crate::event::Head;
use crate::lite::Lite;
use crate::pg::Pg;
use crate::writer::Fault;
use crate::{Migration, Result, Tx, migration};

/// A connection that outlives its transactions.
pub(crate) enum Conn {
    Lite(Lite),
    Pg(Box<Pg>),
}

impl Conn {
    pub(crate) fn engine(&mut self) -> Engine<'_> {
        match self {
            Self::Lite(c) => Engine::Lite(c),
            Self::Pg(c) => Engine::Pg(c),
        }
    }
    /// Begins a transaction that sees one moment.
    pub(crate) fn begin_read(&mut self) -> Result<()> {
        match self {
            Self::Lite(c) => c.run("BEGIN DEFERRED", &[]).map(drop),
            Self::Pg(c) => c.begin_read(),
        }
    }
    /// Begins a transaction that writes, once no other writer is at work; answers the file's version where the engine has one.
    pub(crate) fn begin_write(&mut self) -> Result<Option<i64>> {
        match self {
            Self::Lite(c) => {
                c.run("BEGIN IMMEDIATE", &[])?;
                c.data_version().map(Some)
            }
            Self::Pg(c) => c.begin_write().map(|()| None),
        }
    }
    /// Commits; answers when it is durable.
    pub(crate) fn commit(&mut self) -> std::result::Result<(), Fault> {
        match self {
            // Some faults (a full disk, a failed write) end the transaction by themselves; a commit then would say yes to nothing.
            Self::Lite(c) if !c.within() => {
                Err(Fault::Never("the engine rolled the transaction back by itself".into()))
            }
            Self::Lite(c) => c.commit(),
            // The server's own "no" is a rollback; silence may be either.
            Self::Pg(c) => c.commit().map_err(|e| match e.as_db_error() {
                Some(no) => Fault::Never(no.to_string()),
                None => Fault::Unknown(e.to_string()),
            }),
        }
    }
    /// Ends the transaction, if one is open, without keeping anything.
    pub(crate) fn rollback(&mut self) -> Result<()> {
        match self {
            Self::Lite(c) if c.within() => c.run("ROLLBACK", &[]).map(drop),
            Self::Lite(_) => Ok(()),
            Self::Pg(c) => c.rollback(),
        }
    }
    /// Whether a commit of unknown outcome ends the writer.
    pub(crate) const fn must_stop(&self) -> bool {
        matches!(self, Self::Lite(_))
    }
    /// Applies what is not applied yet, in one transaction: a program either opens a database it fits or leaves it as it was.
    pub(crate) fn migrate(&mut self, all: &[Migration]) -> Result<()> {
        self.begin_write()?;
        let pg = matches!(self, Self::Pg(_));
        match migration::apply(&mut Tx::new(self.engine(), &[], Head::default(), None), all, pg) {
            Ok(()) => self.commit().map_err(|fault| fault.error()),
            Err(e) => {
                self.rollback()?;
                Err(e)
            }
        }
    }
}
