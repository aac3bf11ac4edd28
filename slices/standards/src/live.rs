//! The verdicts in memory: facts gathered from every slice, judged once per state of the log and per question, shared by all who ask.
//!
//! Reading order: [`Snapshot`] is what pages see (a type of the web floor, so that other slices may
//! ask), `keep` what the process remembers and refreshes, `gather` asks the slices.
mod gather;
mod keep;

use std::sync::Arc;

use db::{Result, Tx};
use kernel::{Day, Instant};
use policy::{Clocks, Options, Pack, Settings, Waiver};
use web::{Error, Req, Shell};

use crate::{acts, pack, store};
use gather::{Gathered, gather};
pub use keep::{current, gathers};
pub use web::judged::{Judged as Snapshot, Question, Unit, gravity, sees};

fn judge(pack: Arc<Pack>, gathered: &Gathered, settings: Settings, clocks: Clocks) -> Snapshot {
    let of = (Arc::clone(&gathered.facts), Arc::clone(&gathered.units));
    Snapshot::judge(pack, of, settings, clocks)
}

/// The verdicts for a question as the log stands now; `None` asks about today.
pub(crate) async fn snapshot(
    req: &Req,
    question: Option<Question>,
) -> std::result::Result<Arc<Snapshot>, Error> {
    let shell = req.shell.clone();
    let question = question.unwrap_or_else(|| Question::of(req));
    req.ask(move |tx, cx| current(tx, cx.today(), &shell, &question)).await
}

/// The verdicts as this very transaction sees the tables, kept nowhere: what-if questions ask inside a rehearsal.
pub(crate) fn uncached(tx: &mut Tx<'_>, today: Day, shell: &Shell) -> Result<Snapshot> {
    let gathered = gather(tx, shell, None)?.0;
    Ok(judge(pack::current(tx)?, &gathered, settings(tx, today, None)?, Clocks::on(today)))
}

/// Ends an exception of a unit in the asker's scope; any other looks absent.
///
/// # Errors
/// [`db::Error::Missing`].
pub(crate) async fn end_waiver(req: &Req, id: String) -> std::result::Result<(), Error> {
    let snap = snapshot(req, Some(Question::default())).await?;
    req.act(move |tx, cx| {
        let waiver = store::waiver(tx, &id)?.ok_or(db::Error::Missing)?;
        snap.seen(cx, &waiver.unit).ok_or(db::Error::Missing)?;
        acts::end_waiver(tx, cx, &id)
    })
    .await
}

/// What the district had decided for a day: now, or as known at an instant.
fn settings(tx: &mut Tx<'_>, day: Day, known: Option<Instant>) -> Result<Settings> {
    let (options, waivers) = match known {
        None => (store::options(tx, day)?, store::waivers(tx)?),
        Some(at) => (store::options_known(tx, day, at)?, store::waivers_known(tx, at)?),
    };
    let options: Options = options.into_iter().map(|o| (o.name, o.value)).collect();
    let waivers = waivers
        .into_iter()
        .filter(|w| w.since <= day)
        .map(|w| Waiver {
            rule: w.rule,
            unit: w.unit,
            reason: w.reason,
            approver: w.approver,
            expires: w.until,
        })
        .collect();
    Ok(Settings { options, waivers })
}
