//! Long runs in memory: how far they are and what came of them. A restart forgets them; the drafts stay.
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use db::Error;
use kernel::{BatchId, Refusals};
use web::Req;

use crate::acts::commit::{self, Source};
use crate::acts::import;
use crate::draft::Draft;
use crate::house::House;
use crate::model::Report;

/// Finished runs that are remembered.
const MOST_JOBS: usize = 64;

/// What came of a run.
#[derive(Clone)]
pub(crate) enum Outcome {
    /// A dry run, or a commit that was refused: the report says what is wrong.
    Checked(Arc<Report>),
    Committed(BatchId),
    Refused(Refusals),
    Broken,
}

/// A run over a draft.
#[derive(Default)]
pub(crate) struct Job {
    pub(crate) done: AtomicUsize,
    pub(crate) total: usize,
    outcome: Mutex<Option<Outcome>>,
}

impl Job {
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// How far, in per cent.
    pub(crate) fn percent(&self) -> usize {
        (100 * self.done.load(Ordering::Relaxed)).checked_div(self.total).unwrap_or(0).min(100)
    }
    fn end(&self, outcome: Outcome) {
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }
}

/// The runs of this process, by draft.
#[derive(Default)]
pub(crate) struct Jobs(Mutex<HashMap<String, Arc<Job>>>);

impl Jobs {
    pub(crate) fn find(req: &Req, draft: &str) -> Option<Arc<Job>> {
        let jobs = req.shell.parts.get::<Self>();
        let all = jobs.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(draft).cloned()
    }
    fn put(req: &Req, draft: &Draft) -> Arc<Job> {
        let job = Arc::new(Job { total: draft.rows(), ..Job::default() });
        let jobs = req.shell.parts.get::<Self>();
        let mut all = jobs.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_JOBS {
            all.retain(|_, j| j.outcome().is_none());
        }
        all.insert(draft.id.clone(), Arc::clone(&job));
        job
    }
    pub(crate) fn forget(req: &Req, draft: &str) {
        let jobs = req.shell.parts.get::<Self>();
        jobs.0.lock().unwrap_or_else(PoisonError::into_inner).remove(draft);
    }

    /// Starts the dry run.
    pub(crate) fn check(req: &Req, draft: Draft) -> Result<Arc<Job>, web::Error> {
        let job = Self::put(req, &draft);
        let (req, told) = (req.clone(), Arc::clone(&job));
        req.cx()?;
        tokio::spawn(async move { told.end(rehearse(&req, draft, &told).await) });
        Ok(job)
    }
    /// Starts the commit.
    pub(crate) fn commit(req: &Req, draft: Draft) -> Result<Arc<Job>, web::Error> {
        let job = Self::put(req, &draft);
        let (req, told) = (req.clone(), Arc::clone(&job));
        req.cx()?;
        tokio::spawn(async move { told.end(keep(&req, draft, &told).await) });
        Ok(job)
    }
}

/// The dry run: every act is really done, and undone.
pub(crate) async fn rehearse(req: &Req, draft: Draft, job: &Arc<Job>) -> Outcome {
    let house = House::of(&req.shell);
    let Ok(cx) = req.cx().cloned() else { return Outcome::Broken };
    let job = Arc::clone(job);
    let run = move |tx: &mut db::Tx<'_>| import::run(tx, &cx, &house, &draft.sheets, &job.done);
    match req.shell.db.rehearse_async(run).await {
        Ok(report) => Outcome::Checked(Arc::new(report)),
        Err(e) => ended(e),
    }
}

/// The commit: all or nothing.
pub(crate) async fn keep(req: &Req, draft: Draft, job: &Arc<Job>) -> Outcome {
    let house = House::of(&req.shell);
    let Ok(cx) = req.cx().cloned() else { return Outcome::Broken };
    let found = Arc::new(Mutex::new(None));
    let (job, told, id) = (Arc::clone(job), Arc::clone(&found), draft.id.clone());
    let act = move |tx: &mut db::Tx<'_>| {
        let source = Source { file: draft.file.clone(), digest: draft.digest.clone() };
        let tell = |r: &Report| {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(r.clone()));
        };
        commit::commit(tx, &cx, &house, &draft.sheets, &source, &job.done, tell)
    };
    match req.shell.db.act(act).await {
        Ok(batch) => {
            if let Err(e) = Draft::forget(&req.shell, &id) {
                tracing::warn!(%e, "a committed draft stays until its day is over");
            }
            Outcome::Committed(batch.id)
        }
        Err(e) => {
            let report = found.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (e, report) {
                (Error::Refused(_), Some(report)) => Outcome::Checked(report),
                (e, _) => ended(e),
            }
        }
    }
}

fn ended(e: Error) -> Outcome {
    match e {
        Error::Refused(no) => Outcome::Refused(no),
        e => {
            tracing::error!(%e, "an import broke");
            Outcome::Broken
        }
    }
}
