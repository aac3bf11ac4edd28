//! Verbs: check the right, load, decide, keep with the event. What a case is loaded by is the client's file (`access::care`).
pub mod attachments;
pub mod climb;
pub mod closing;
pub mod documents;
pub mod goals;
pub mod notes;
pub mod opening;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod risk;
pub mod stages;
pub mod transfer;

use access::Cx;
use access::care::{self, Sight};
use db::{Event, Result, Tx};
use kernel::{CaseId, Refusal};
use registry::client::Client;
use serde::Serialize;

use crate::model::Case;
use crate::store;

/// A case in sight, with its client and how much of both is seen.
#[derive(Clone, Debug)]
pub struct Seen {
    pub case: Case,
    pub client: Client,
    pub sight: Sight,
    /// Read only because a request of this case waits for the viewer's word, and only until it is decided.
    pub awaited: bool,
}

/// A case by id: its header, and its content when `sight.file`.
///
/// # Errors
/// [`db::Error::Missing`] when there is none, or none for this viewer.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Seen> {
    cx.may("cases.read")?;
    let case = store::find_unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    let found = care::find(tx, cx, &case.client);
    if found.as_ref().is_ok_and(|(_, sight)| sight.file) || !cx.actor.can("cases.approve") {
        let (client, sight) = found?;
        return Ok(Seen { case, client, sight, awaited: false });
    }
    // Whoever has to agree sees what they agree to.
    for q in store::requests_of(tx, id)?.iter().filter(|q| q.outcome.is_none()) {
        let item =
            care::Awaiting { capability: "cases.approve", asked_by: &q.asked_by, open: true };
        if let Ok((client, sight)) = care::find_awaiting(tx, cx, &case.client, item) {
            return Ok(Seen { case, client, sight, awaited: true });
        }
    }
    let (client, sight) = found?;
    Ok(Seen { case, client, sight, awaited: false })
}

/// A case whose content is seen; the look is noted before its bytes leave.
///
/// # Errors
/// As [`find`]; [`db::Error::Missing`] when only the header is seen.
pub fn look(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Seen> {
    let seen = find(tx, cx, id)?;
    seen.sight.file()?;
    care::viewed(tx, cx, &seen.case.client, if seen.awaited { "approval" } else { "case" })?;
    Ok(seen)
}

/// A case that may be written in.
///
/// # Errors
/// As [`find`]; refusals `access.denied` and, for a closed file, `casework.frozen`.
pub(crate) fn to_write(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Seen> {
    let seen = hold(tx, cx, id)?;
    if seen.case.stage.open() { Ok(seen) } else { Err(Refusal::new("casework.frozen").into()) }
}

/// A case whose worker acts, closed or not.
pub(crate) fn hold(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Seen> {
    let seen = find(tx, cx, id)?;
    cx.may("cases.write")?;
    seen.sight.writes()?;
    Ok(seen)
}

/// Keeps a changed case with its event.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    before: &Case,
    after: &Case,
) -> Result<()> {
    tx.update(after)?;
    say(tx, cx, "case_file", after.id.as_str(), verb, after, Some(before), Some(after))
}

/// Writes an event about a part of a case.
#[expect(clippy::too_many_arguments, reason = "an event is made of exactly these")]
pub(crate) fn say<R: Serialize>(
    tx: &mut Tx<'_>,
    cx: &Cx,
    subject: &'static str,
    id: &str,
    verb: &'static str,
    case: &Case,
    before: Option<&R>,
    after: Option<&R>,
) -> Result<()> {
    tx.record(
        &cx.stamp(),
        Event {
            subject,
            id: id.to_owned(),
            verb,
            unit: Some(case.site.0.clone()),
            before: before.map(serde_json::to_value).transpose()?,
            after: after.map(serde_json::to_value).transpose()?,
        },
    )
}

/// Seals a text about a case's client.
pub(crate) fn seal(
    tx: &mut Tx<'_>,
    case: &Case,
    place: &str,
    id: &str,
    text: &str,
) -> Result<Option<db::Sealed>> {
    tx.seal_some(case.client.as_str(), place, id, text.trim())
}
