//! One thread owns the connection that writes. It takes every act that waits, runs each under a savepoint of one transaction, commits
//! once for all of them, and answers nobody before the commit is durable.
//!
//! When a commit answers with an error, what happened is not known: every act of that group is answered [`Error::Unknown`], and with
//! SQLite the writer takes nothing more until the database is opened anew, because after a failed fsync the file and the memory of it
//! may differ. PostgreSQL keeps its own promises, so there a new connection is made and the log's head is read again.
use std::cell::Cell;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::watch;

use crate::conn::Conn;
use crate::event::{Head, chain};
use crate::{Error, Listener, Result, Tx, Vault};

/// Acts that may wait before an asker has to.
const QUEUE: usize = 1024;
/// Acts committed together at most, so that one group's rollback or delay does not grow without end.
const GROUP: usize = 256;

/// An act with its asker.
pub(crate) trait Job: Send {
    /// Runs the act and keeps its answer.
    fn run(&mut self, tx: &mut Tx<'_>);
    /// Gives the kept answer, or the fault if there is one.
    fn answer(self: Box<Self>, fault: Option<Error>);
}
/// The one shape of a [`Job`]: what to do, what came of it, whom to tell.
pub(crate) struct Act<T, F, A> {
    pub(crate) keep: bool,
    pub(crate) act: Option<F>,
    pub(crate) came: Option<Result<T>>,
    pub(crate) tell: A,
}
impl<T, F, A> Job for Act<T, F, A>
where
    T: Send,
    F: FnOnce(&mut Tx<'_>) -> Result<T> + Send,
    A: FnOnce(Result<T>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) {
        if let Some(act) = self.act.take() {
            self.came = Some(tx.act(self.keep, act));
        }
    }
    fn answer(self: Box<Self>, fault: Option<Error>) {
        let answer = match (fault, self.came) {
            // An act that said no left nothing behind, whatever became of its group.
            (_, Some(Err(no))) => Err(no),
            (Some(fault), _) => Err(fault),
            (None, Some(yes)) => yes,
            (None, None) => Err(Error::Broken("the act was not run".into())),
        };
        (self.tell)(answer);
    }
}

/// What the writer tells everybody.
pub(crate) struct News {
    head: Mutex<Head>,
    seq: watch::Sender<i64>,
}
impl News {
    pub(crate) fn head(&self) -> Head {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn watch(&self) -> watch::Receiver<i64> {
        self.seq.subscribe()
    }
    fn publish(&self, head: Head) {
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = head;
        self.seq.send_if_modified(|seq| std::mem::replace(seq, head.seq) != head.seq);
    }
}

/// The handle to the thread.
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    pub(crate) news: Arc<News>,
}

thread_local! { static WRITING: Cell<bool> = const { Cell::new(false) }; }

impl Writer {
    pub(crate) fn start(mut conn: Conn, listeners: Vec<Listener>, vault: Vault) -> Result<Self> {
        conn.begin_read()?;
        let head = chain::head(&mut Tx::new(conn.engine(), &[], Head::default(), None))?;
        conn.rollback()?;
        let news = Arc::new(News { head: Mutex::new(head), seq: watch::Sender::new(head.seq) });
        let (queue, jobs) = sync_channel(QUEUE);
        let mut serving =
            Serving { conn, listeners, vault, head, seen: None, stopped: None, news: news.clone() };
        let thread = std::thread::Builder::new()
            .name("db-writer".into())
            .spawn(move || serving.serve(&jobs))
            .map_err(|e| Error::Broken(format!("cannot start the writer: {e}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), news })
    }
    /// Puts an act into the queue; waits when the queue is full.
    pub(crate) fn send(&self, job: Box<dyn Job>) -> Result<()> {
        self.open()?.send(job).map_err(|_| gone())
    }
    /// Puts an act into the queue; when the queue is full, waits on a thread that may block.
    pub(crate) async fn send_async(&self, job: Box<dyn Job>) -> Result<()> {
        let queue = self.open()?;
        match queue.try_send(job) {
            Ok(()) => Ok(()),
            Err(TrySendError::Disconnected(_)) => Err(gone()),
            Err(TrySendError::Full(job)) => {
                let queue = queue.clone();
                tokio::task::spawn_blocking(move || queue.send(job))
                    .await
                    .map_err(|_| gone())?
                    .map_err(|_| gone())
            }
        }
    }
    fn open(&self) -> Result<&SyncSender<Box<dyn Job>>> {
        if WRITING.get() {
            return Err(Error::Broken(
                "an act asked for another act: it would wait for itself".into(),
            ));
        }
        self.queue.as_ref().ok_or_else(gone)
    }
}
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        // An act may hold the last handle: then this is the writer's own thread, and it ends by itself.
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the writer ended in a panic");
        }
    }
}

/// The writer is not there to answer.
pub(crate) fn gone() -> Error {
    Error::Unknown("the writer is gone".into())
}

/// The thread's own state.
struct Serving {
    conn: Conn,
    listeners: Vec<Listener>,
    vault: Vault,
    /// The last committed entry of the log.
    head: Head,
    /// The file's version when `head` was last known to be right.
    seen: Option<i64>,
    /// Why nothing more is taken.
    stopped: Option<String>,
    news: Arc<News>,
}

impl Serving {
    fn serve(&mut self, jobs: &Receiver<Box<dyn Job>>) {
        WRITING.set(true);
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(next) = jobs.try_recv()
            {
                group.push(next);
            }
            let fault = self.group(&mut group);
            for job in group {
                job.answer(fault.as_ref().map(Fault::error));
            }
        }
    }

    /// Runs a group and commits it; answers the fault that befell all of it, if one did.
    fn group(&mut self, group: &mut [Box<dyn Job>]) -> Option<Fault> {
        if let Some(why) = &self.stopped {
            return Some(Fault::Never(format!(
                "the writer stopped and waits to be opened anew: {why}"
            )));
        }
        if let Err(e) = self.begin() {
            self.abandon();
            return Some(Fault::Never(format!("no transaction could be begun: {e}")));
        }
        let mut tx = Tx::new(self.conn.engine(), &self.listeners, self.head, Some(self.head))
            .with(&self.vault, true);
        for job in &mut *group {
            job.run(&mut tx);
            if tx.lost.is_some() {
                break;
            }
        }
        let (head, lost) = (tx.head, tx.lost.take());
        if let Some(why) = lost {
            tracing::error!(why, "a transaction was lost");
            self.abandon();
            return Some(Fault::Never(why));
        }
        if let Err(fault) = self.conn.commit() {
            self.abandon();
            if let Fault::Unknown(why) = &fault {
                tracing::error!(why, "a commit failed: its outcome is unknown");
                if self.conn.must_stop() {
                    self.stopped = Some(why.clone());
                }
            }
            return Some(fault);
        }
        self.head = head;
        self.news.publish(head);
        None
    }

    /// Begins, and reads the log's head again if anybody else has written meanwhile.
    fn begin(&mut self) -> Result<()> {
        let version = self.conn.begin_write()?;
        if version.is_none() || version != self.seen {
            self.head = chain::head(&mut Tx::new(self.conn.engine(), &[], self.head, None))?;
            self.seen = version;
        }
        Ok(())
    }
    fn abandon(&mut self) {
        if let Err(e) = self.conn.rollback() {
            tracing::warn!(%e, "a transaction was not rolled back");
        }
        self.seen = None;
    }
}

/// What befell a whole group.
pub(crate) enum Fault {
    /// Nothing of it happened.
    Never(String),
    /// It may have happened.
    Unknown(String),
}
impl Fault {
    pub(crate) fn error(&self) -> Error {
        match self {
            Self::Never(why) => Error::Broken(why.clone()),
            Self::Unknown(why) => Error::Unknown(why.clone()),
        }
    }
}
