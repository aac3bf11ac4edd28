//! Recording, correcting and taking back a visit; answering what was found to be needed.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{PersonId, RecordId, Refusal, VisitId};
use ledger::{NewService, ServiceKind};
use registry::client::Client;

use super::{crew, event, site_of};
use crate::model::visit::{Answered, Draft, NewVisit, Outcome, Visit, VisitNeed, VisitWorker};
use crate::store::{due as due_store, visit as store};

/// The table that visits are written by.
pub(crate) const SOURCE: &str = "visit";

/// A visit in plain text, as somebody reads it who may read the client's file.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Plain {
    /// `normal`, or the aspects that are not, joined with commas.
    pub state: String,
    pub help: String,
    pub note: String,
}

/// Opens the sealed parts of a visit. The asker was let in to the client's file before.
///
/// # Errors
/// The vault's fault.
pub fn plain(tx: &mut Tx<'_>, v: &Visit) -> Result<Plain> {
    let (owner, id) = (v.client.as_str(), v.id.as_str());
    Ok(Plain {
        state: tx.open_some(owner, "visit.state", id, v.state.as_ref())?,
        help: tx.open_some(owner, "visit.help", id, v.help.as_ref())?,
        note: tx.open_some(owner, "visit.note", id, v.note.as_ref())?,
    })
}

/// Opens the words of a need.
///
/// # Errors
/// The vault's fault.
pub fn need_words(tx: &mut Tx<'_>, n: &VisitNeed) -> Result<String> {
    tx.open_some(n.client.as_str(), "visit_need.words", n.id.as_str(), n.words.as_ref())
}

/// Records a visit of the asker's. Only a met client was served: an attempt stands here and not in the ledger.
///
/// # Errors
/// Denied; missing; refusals at the fields; `visits.nobody` for an account without a person.
pub fn record(tx: &mut Tx<'_>, cx: &Cx, draft: &Draft) -> Result<Visit> {
    cx.may("visits.write")?;
    let new = draft.check(cx.now)?;
    let client = care::find_to_write(tx, cx, &new.client)?;
    let me = me(cx)?;
    keep(tx, cx, cx.id(), &client, &new, &me)
}

/// The person behind the asker.
pub(crate) fn me(cx: &Cx) -> Result<PersonId> {
    cx.actor.person().cloned().ok_or_else(|| Refusal::new("visits.nobody").into())
}

/// Writes a visit under an id, done by `who` and whoever went along.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: VisitId,
    client: &Client,
    new: &NewVisit,
    who: &PersonId,
) -> Result<Visit> {
    let workers = crew(tx, cx, &client.region, Some(who), &new.workers)?;
    let turn = due_store::open_turn(tx, &client.id)?.filter(|t| t.day <= new.day);
    let visit = row(tx, cx, id, client, new, turn.is_some())?;
    tx.insert(&visit)?;
    parts(tx, cx, &visit, new, &workers)?;
    if let Some(turn) = turn {
        let done = crate::model::due::Turn { visit: Some(visit.id.clone()), ..turn };
        tx.update(&done)?;
    }
    if visit.outcome == Outcome::Met {
        ledger::record(tx, cx, service(&visit, &workers))?;
    }
    tx.record(&cx.stamp(), event("visit", visit.id.as_str(), "recorded", None, Some(&visit))?)?;
    Ok(visit)
}

fn row(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: VisitId,
    client: &Client,
    new: &NewVisit,
    planned: bool,
) -> Result<Visit> {
    let (owner, at) = (client.id.as_str(), id.as_str());
    let site = match &client.site {
        Some(site) => site.clone(),
        None => site_of(tx, &client.region, new.day)?,
    };
    Ok(Visit {
        state: tx.seal_some(owner, "visit.state", at, &new.state())?,
        help: tx.seal_some(owner, "visit.help", at, &new.help())?,
        note: tx.seal_some(owner, "visit.note", at, &new.note)?,
        client: client.id.clone(),
        site,
        region: client.region.clone(),
        path: client.path.clone(),
        day: new.day,
        time: new.time.clone(),
        minutes: new.minutes,
        way: new.way,
        planned,
        outcome: new.outcome,
        next_on: new.next_on,
        by_account: cx.actor.account().0.clone(),
        at: cx.now,
        withdrawn: None,
        withdrawn_why: None,
        id,
    })
}

fn parts(
    tx: &mut Tx<'_>,
    cx: &Cx,
    visit: &Visit,
    new: &NewVisit,
    workers: &[PersonId],
) -> Result<()> {
    for person in workers {
        tx.insert(&VisitWorker { id: cx.id(), visit: visit.id.clone(), person: person.clone() })?;
    }
    let known: Vec<_> = store::needs(tx, &visit.id)?.iter().map(|n| n.kind).collect();
    for kind in new.needs.iter().filter(|k| !known.contains(k)) {
        let id: RecordId = cx.id();
        let words =
            tx.seal_some(visit.client.as_str(), "visit_need.words", id.as_str(), &new.need_words)?;
        let need = VisitNeed {
            visit: visit.id.clone(),
            client: visit.client.clone(),
            kind: *kind,
            words,
            answered: None,
            answered_on: None,
            at: cx.now,
            id,
        };
        tx.insert(&need)?;
        tx.record(&cx.stamp(), event("visit_need", need.id.as_str(), "found", None, Some(&need))?)?;
    }
    Ok(())
}

fn service(v: &Visit, workers: &[PersonId]) -> NewService {
    NewService {
        kind: ServiceKind::Visit,
        source: SOURCE,
        source_id: v.id.0.clone(),
        site: v.site.clone(),
        region: v.region.clone(),
        path: v.path.clone(),
        day: v.day,
        minutes: v.minutes,
        workers: workers.iter().map(|w| (w.clone(), v.minutes)).collect(),
        clients: vec![v.client.clone()],
        unnamed: 0,
        project: None,
        need: None,
        field: Some("care".into()),
    }
}

/// A visit that the asker may read, with its client.
///
/// # Errors
/// Denied; missing.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &VisitId) -> Result<(Visit, Client, care::Sight)> {
    cx.may("visits.read")?;
    let visit = store::find(tx, id)?.ok_or(db::Error::Missing)?;
    let (client, sight) = care::find_file(tx, cx, &visit.client)?;
    Ok((visit, client, sight))
}

/// Corrects a visit; the log keeps how it was before, the ledger follows.
///
/// # Errors
/// As [`record`]; stale; a refusal `visits.withdrawn`.
pub fn amend(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &VisitId,
    draft: &Draft,
    seen: Option<i64>,
) -> Result<Visit> {
    cx.may("visits.write")?;
    let before = store::find(tx, id)?.ok_or(db::Error::Missing)?;
    let client = care::find_to_write(tx, cx, &before.client)?;
    if seen.is_some_and(|s| db::event::version(tx, "visit", id.as_str()).is_ok_and(|v| v != s)) {
        return Err(db::Error::Stale);
    }
    if before.withdrawn.is_some() {
        return Err(Refusal::new("visits.withdrawn").into());
    }
    let new = draft.check(cx.now)?;
    rewrite(tx, cx, &before, &client, &new)
}

/// Writes a visit again; whoever recorded it first stays the one who did.
pub(crate) fn rewrite(
    tx: &mut Tx<'_>,
    cx: &Cx,
    before: &Visit,
    client: &Client,
    new: &NewVisit,
) -> Result<Visit> {
    let first = store::workers(tx, &before.id)?.into_iter().next();
    let workers = crew(tx, cx, &client.region, first.as_ref(), &new.workers)?;
    let fresh = row(tx, cx, before.id.clone(), client, new, before.planned)?;
    let after = Visit {
        site: before.site.clone(),
        region: before.region.clone(),
        path: before.path.clone(),
        by_account: before.by_account.clone(),
        at: before.at,
        ..fresh
    };
    tx.update(&after)?;
    store::drop_workers(tx, &after.id)?;
    store::drop_needs(tx, &after.id)?;
    parts(tx, cx, &after, new, &workers)?;
    match (before.outcome == Outcome::Met, after.outcome == Outcome::Met) {
        (true, true) => drop(ledger::amend(tx, cx, service(&after, &workers))?),
        (true, false) => ledger::withdraw(tx, cx, SOURCE, after.id.as_str())?,
        (false, true) => drop(ledger::record(tx, cx, service(&after, &workers))?),
        (false, false) => {}
    }
    tx.record(
        &cx.stamp(),
        event("visit", after.id.as_str(), "amended", Some(before), Some(&after))?,
    )?;
    Ok(after)
}

/// Takes back a visit that was recorded by mistake; it stays readable with the reason.
///
/// # Errors
/// As [`amend`]; a refusal at `why` without a reason.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Cx, id: &VisitId, why: &str) -> Result<Visit> {
    cx.may("visits.write")?;
    let before = store::find(tx, id)?.ok_or(db::Error::Missing)?;
    care::find_to_write(tx, cx, &before.client)?;
    if before.withdrawn.is_some() {
        return Err(Refusal::new("visits.withdrawn").into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::at("why", "visits.why_missing").into());
    }
    let sealed = tx.seal(before.client.as_str(), "visit.withdrawn_why", id.as_str(), why.trim())?;
    let after = Visit { withdrawn: Some(cx.now), withdrawn_why: Some(sealed), ..before.clone() };
    tx.update(&after)?;
    if before.outcome == Outcome::Met {
        ledger::withdraw(tx, cx, SOURCE, id.as_str())?;
    }
    tx.record(&cx.stamp(), event("visit", id.as_str(), "withdrawn", Some(&before), Some(&after))?)?;
    Ok(after)
}

/// Notes what became of a need.
///
/// # Errors
/// Denied; missing; a refusal `visits.need_answered`.
pub fn answer(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId, how: Answered) -> Result<VisitNeed> {
    cx.may("visits.write")?;
    let before = store::need(tx, id)?.ok_or(db::Error::Missing)?;
    care::find_to_write(tx, cx, &before.client)?;
    if before.answered.is_some() {
        return Err(Refusal::new("visits.need_answered").into());
    }
    let after = VisitNeed { answered: Some(how), answered_on: Some(cx.today()), ..before.clone() };
    tx.update(&after)?;
    tx.record(
        &cx.stamp(),
        event("visit_need", id.as_str(), "answered", Some(&before), Some(&after))?,
    )?;
    Ok(after)
}

/// A visit as a draft again, for its correction.
///
/// # Errors
/// As [`plain`].
pub fn as_draft(tx: &mut Tx<'_>, v: &Visit) -> Result<Draft> {
    let said = plain(tx, v)?;
    let list =
        |t: &str| t.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let normal = said.state == "normal";
    let needs: Vec<VisitNeed> =
        store::needs(tx, &v.id)?.into_iter().filter(|n| n.answered.is_none()).collect();
    let need_words = match needs.first() {
        Some(n) => need_words(tx, n)?,
        None => String::new(),
    };
    Ok(Draft {
        client: v.client.0.clone(),
        day: v.day.to_string(),
        time: v.time.clone(),
        minutes: v.minutes.to_string(),
        way: v.way.to_string(),
        outcome: v.outcome.to_string(),
        normal,
        concerns: if normal { Vec::new() } else { list(&said.state) },
        helps: list(&said.help),
        note: said.note,
        needs: needs.iter().map(|n| n.kind.to_string()).collect(),
        need_words,
        next_on: v.next_on.map_or_else(String::new, |d| d.to_string()),
        workers: store::workers(tx, &v.id)?.into_iter().skip(1).map(|p| p.0).collect(),
    })
}
