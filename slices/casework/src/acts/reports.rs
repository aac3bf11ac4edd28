//! The mandatory report: one act, no approval before it, no field that could hold it up. It is completed later and never removed.
use access::Cx;
use access::care;
use access::notice::{self, Message};
use db::{Event, Result, Stamp, Tx};
use kernel::{AccountId, CaseId, ClientId, Instant, RecordId, Refusal};
use registry::client::RiskGrade;
use serde_json::json;

use super::risk;
use crate::model::report::{HarmReport, Rung, Situation};
use crate::store;

/// What the reporter says; everything may be open.
#[derive(Clone, Debug, Default)]
pub struct NewReport {
    pub client: Option<ClientId>,
    pub situation: Option<Situation>,
    pub minor: String,
    pub facts: String,
    pub place: String,
    pub steps: String,
    /// When it was found; now when nothing was said.
    pub found_at: Option<Instant>,
    /// When the police were told, and what they answered.
    pub police_at: Option<Instant>,
    pub police: String,
    pub police_receipt: String,
    pub police_officer: String,
    /// Who reports, when it is not the person at the keyboard.
    pub reporter: String,
}

/// By which the reporter's own reports are found. On a database that has sealed nothing yet the answer is empty, which matches no row.
fn index_of(tx: &mut Tx<'_>, account: &AccountId) -> Result<String> {
    tx.blind("harm_report.reporter", account.as_str())
}

fn seal(
    tx: &mut Tx<'_>,
    owner: &str,
    name: &str,
    id: &RecordId,
    text: &str,
) -> Result<Option<db::Sealed>> {
    tx.seal_some(owner, &format!("harm_report.{name}"), id.as_str(), text.trim())
}

/// Reports. The client, when one is named and in sight, becomes critical, and whoever has to act is told at once.
///
/// # Errors
/// A refusal `access.denied`; [`db::Error::Missing`] for a client out of sight. Nothing typed or left open refuses.
pub fn report(tx: &mut Tx<'_>, cx: &Cx, new: NewReport) -> Result<HarmReport> {
    cx.may("reports.write")?;
    let client = match &new.client {
        Some(id) => Some(care::find(tx, cx, id)?.0),
        None => None,
    };
    let id: RecordId = cx.id();
    let year = i64::from(cx.today().year());
    let owner = client.as_ref().map_or(id.as_str(), |c| c.id.as_str()).to_owned();
    let case_file = match &client {
        Some(c) => store::open_of(tx, &c.id)?.map(|c| c.id),
        None => None,
    };
    let found_at = new.found_at.filter(|t| *t <= cx.now).unwrap_or(cx.now);
    let who = json!({ "account": cx.actor.account(), "name": cx.actor.name(), "words": new.reporter.trim() });
    let row = HarmReport {
        year,
        serial: store::reports::next_serial(tx, year)?,
        client: client.as_ref().map(|c| c.id.clone()),
        case_file,
        site: client.as_ref().and_then(|c| c.site.clone()),
        path: client.as_ref().map_or_else(|| cx.actor.scope().path.clone(), |c| c.path.clone()),
        situation: new.situation,
        minor: seal(tx, &owner, "minor", &id, &new.minor)?,
        facts: seal(tx, &owner, "facts", &id, &new.facts)?,
        place: seal(tx, &owner, "place", &id, &new.place)?,
        steps: seal(tx, &owner, "steps", &id, &new.steps)?,
        found_at,
        at: cx.now,
        police_at: new.police_at.filter(|t| *t <= cx.now),
        police: Some(new.police.trim().to_owned()).filter(|t| !t.is_empty()),
        police_receipt: Some(new.police_receipt.trim().to_owned()).filter(|t| !t.is_empty()),
        police_officer: seal(tx, &owner, "police_officer", &id, &new.police_officer)?,
        reporter: tx.seal(id.as_str(), "harm_report.reporter", id.as_str(), &who.to_string())?,
        reporter_index: index_of(tx, cx.actor.account())?,
        closed_at: None,
        closed_by: None,
        outcome: None,
        id,
    };
    tx.insert(&row)?;
    // From here on nothing names the reporter: not the log, not what follows from the report.
    let cx = &cx.shielded();
    said(tx, &cx.stamp(), "added", None, &row)?;
    if let Some(client) = &client {
        risk::change(tx, cx, client, RiskGrade::Critical, "report", "")?;
    }
    if let Some(client) = &client {
        let message = message(&row, Rung::Station);
        for a in store::people::live(tx, &client.id, cx.today())? {
            notice::tell(tx, cx, &a.person, &message)?;
        }
    }
    super::climb::tell(tx, cx, &row, Rung::Station)?;
    Ok(row)
}

/// What the people of a rung are told: the number alone.
pub(super) fn message(row: &HarmReport, rung: Rung) -> Message {
    Message {
        key: rung.notice(),
        args: vec![("number", row.number())],
        href: format!("/reports/{}", row.id),
        urgent: true,
    }
}

fn said(
    tx: &mut Tx<'_>,
    stamp: &Stamp,
    verb: &'static str,
    before: Option<&HarmReport>,
    after: &HarmReport,
) -> Result<()> {
    tx.record(
        stamp,
        Event {
            subject: "harm_report",
            id: after.id.0.clone(),
            verb,
            unit: None,
            before: before.map(serde_json::to_value).transpose()?,
            after: Some(serde_json::to_value(after)?),
        },
    )
}

/// How much of a report somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportSight {
    /// Is it the viewer's own?
    pub mine: bool,
    /// May they complete it and say what came of it?
    pub handles: bool,
}

/// A report in sight: of the reporter, of whoever handles reports in the place, of whoever reads the client's file.
///
/// # Errors
/// [`db::Error::Missing`].
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<(HarmReport, ReportSight)> {
    cx.may("reports.write")?;
    let row = store::reports::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    let index = index_of(tx, cx.actor.account())?;
    let mine = !index.is_empty() && row.reporter_index == index;
    let handles = cx.actor.can("reports.handle") && cx.actor.scope().covers(&row.path, None);
    let reads = match &row.client {
        Some(client) => match care::find(tx, cx, client) {
            Ok((_, sight)) => sight.file,
            Err(db::Error::Missing) => false,
            Err(e) => return Err(e),
        },
        None => false,
    };
    if !(mine || handles || reads) {
        return Err(db::Error::Missing);
    }
    Ok((row, ReportSight { mine, handles: handles || mine || reads }))
}

/// Reports in sight, latest first.
///
/// # Errors
/// The engine's fault.
pub fn list(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<HarmReport>> {
    cx.may("reports.write")?;
    let mine = index_of(tx, cx.actor.account())?;
    store::reports::list(tx, cx, &mine)
}

/// The texts of a report, opened.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct ReportWords {
    pub minor: String,
    pub facts: String,
    pub place: String,
    pub steps: String,
    pub police_officer: String,
    pub outcome: String,
}

/// Opens a report in sight; the look is noted. The reporter stays shut.
///
/// # Errors
/// As [`find`].
pub fn look(tx: &mut Tx<'_>, cx: &Cx, row: &HarmReport) -> Result<ReportWords> {
    let (owner, id) = (row.owner().to_owned(), row.id.as_str());
    let mut open = |name: &str, sealed: Option<&db::Sealed>| {
        tx.open_some(&owner, &format!("harm_report.{name}"), id, sealed)
    };
    let words = ReportWords {
        minor: open("minor", row.minor.as_ref())?,
        facts: open("facts", row.facts.as_ref())?,
        place: open("place", row.place.as_ref())?,
        steps: open("steps", row.steps.as_ref())?,
        police_officer: open("police_officer", row.police_officer.as_ref())?,
        outcome: open("outcome", row.outcome.as_ref())?,
    };
    viewed(tx, cx, row, "viewed")?;
    Ok(words)
}

fn viewed(tx: &mut Tx<'_>, cx: &Cx, row: &HarmReport, verb: &'static str) -> Result<()> {
    // The reporter's own look would give them away.
    let mine = row.reporter_index == index_of(tx, cx.actor.account())?;
    let stamp = if mine { cx.shielded().stamp() } else { cx.stamp() };
    tx.record(
        &stamp,
        Event {
            subject: "harm_report",
            id: row.id.0.clone(),
            verb,
            unit: None,
            before: None,
            after: Some(serde_json::to_value(row)?),
        },
    )
}

/// Who reported: for the reporter, and for the district's handler, whose look is noted.
///
/// # Errors
/// [`db::Error::Missing`] for anybody else.
pub fn reporter(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<String> {
    let (row, sight) = find(tx, cx, id)?;
    if !sight.mine {
        cx.may("reports.reporter").map_err(|_| db::Error::Missing)?;
    }
    let text = tx.open(id.as_str(), "harm_report.reporter", id.as_str(), &row.reporter)?;
    let who: serde_json::Value = serde_json::from_str(&text)?;
    let said = |name: &str| who.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let (name, words) = (said("name").to_owned(), said("words").to_owned());
    viewed(tx, cx, &row, "reporter_viewed")?;
    Ok(if words.is_empty() { name } else { format!("{words}（{name}）") })
}

/// What is known later: the police's receipt, missing fields, what came of it. Fields left empty stay as they are.
///
/// # Errors
/// A refusal `casework.report_police_first` for an outcome before the police were told; as [`find`].
pub fn complete(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &RecordId,
    more: NewReport,
    outcome: &str,
) -> Result<HarmReport> {
    let (before, sight) = find(tx, cx, id)?;
    if !sight.handles {
        return Err(Refusal::new("access.denied").into());
    }
    let owner = before.owner().to_owned();
    let text = |new: &str, old: &Option<String>| {
        if new.trim().is_empty() { old.clone() } else { Some(new.trim().to_owned()) }
    };
    let police_at = before.police_at.or(more.police_at.filter(|t| *t <= cx.now));
    if !outcome.trim().is_empty() && police_at.is_none() {
        return Err(Refusal::at("outcome", "casework.report_police_first").into());
    }
    let ended = !outcome.trim().is_empty();
    let after = HarmReport {
        situation: more.situation.or(before.situation),
        minor: seal(tx, &owner, "minor", id, &more.minor)?.or_else(|| before.minor.clone()),
        facts: seal(tx, &owner, "facts", id, &more.facts)?.or_else(|| before.facts.clone()),
        place: seal(tx, &owner, "place", id, &more.place)?.or_else(|| before.place.clone()),
        steps: seal(tx, &owner, "steps", id, &more.steps)?.or_else(|| before.steps.clone()),
        police_at,
        police: text(&more.police, &before.police),
        police_receipt: text(&more.police_receipt, &before.police_receipt),
        police_officer: seal(tx, &owner, "police_officer", id, &more.police_officer)?
            .or_else(|| before.police_officer.clone()),
        outcome: seal(tx, &owner, "outcome", id, outcome)?.or_else(|| before.outcome.clone()),
        closed_at: before.closed_at.or(ended.then_some(cx.now)),
        closed_by: before
            .closed_by
            .clone()
            .or_else(|| (ended && !sight.mine).then(|| cx.actor.account().clone())),
        ..before.clone()
    };
    tx.update(&after)?;
    let stamp = if sight.mine { cx.shielded().stamp() } else { cx.stamp() };
    said(tx, &stamp, "completed", Some(&before), &after)?;
    Ok(after)
}

/// The case a report was made about, for its page.
pub fn case_of(row: &HarmReport) -> Option<&CaseId> {
    row.case_file.as_ref()
}
