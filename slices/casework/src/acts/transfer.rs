//! A case changes hands: offered, agreed to by the head, taken over by the new worker. From then on the old worker sees nothing of it.
use access::Cx;
use access::notice::{self, Message};
use db::{Event, Result, Tx};
use kernel::{CaseId, PersonId, RecordId, Refusal};
use registry::client::{Assignment, AssignmentKind};

use super::{find, requests, say, stages};
use crate::model::{Case, CaseRequest, Outcome, RequestKind};
use crate::store;

/// Offers a case to a colleague. A head's own offer needs no further consent than the colleague's.
///
/// # Errors
/// Refusals `casework.no_colleague`, `casework.own_already`, `casework.avoids`, `casework.unchecked`, `casework.words_missing`.
pub fn offer(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &CaseId,
    to: &PersonId,
    words: &str,
) -> Result<CaseRequest> {
    let seen = find(tx, cx, id)?;
    cx.may("cases.write")?;
    let head = cx.actor.can("cases.approve");
    if !head {
        seen.sight.writes()?;
    }
    if !seen.case.stage.open() {
        return Err(Refusal::new("casework.frozen").into());
    }
    stages::need_words(words)?;
    let street: String = street_of(&seen.case.path);
    let colleagues = registry::site::colleagues(tx, &street, cx.today())?;
    if !colleagues.iter().any(|(p, _)| p == to) {
        return Err(Refusal::at("to", "casework.no_colleague").into());
    }
    let live = store::people::live(tx, &seen.case.client, cx.today())?;
    if live.iter().any(|a| a.person == *to && a.kind == AssignmentKind::Worker) {
        return Err(Refusal::at("to", "casework.own_already").into());
    }
    if store::people::avoids(tx, &seen.case.client, to)? {
        return Err(Refusal::at("to", "casework.avoids").into());
    }
    if seen.client.minor_on(cx.today()) && !store::people::checked(tx, to, cx.today())? {
        return Err(Refusal::at("to", "casework.unchecked").into());
    }
    let asked = requests::ask(tx, cx, &seen, RequestKind::Transfer, Some(to.clone()), None, words)?;
    if !head {
        return Ok(asked);
    }
    let agreed = CaseRequest {
        decided_by: Some(cx.actor.account().clone()),
        decided_name: Some(cx.actor.name().to_owned()),
        decided_at: Some(cx.now),
        outcome: Some(Outcome::Approved),
        ..asked.clone()
    };
    tx.update(&agreed)?;
    let id = agreed.id.as_str();
    say(tx, cx, "case_request", id, "approved", &seen.case, Some(&asked), Some(&agreed))?;
    let message = Message {
        key: "casework.notice.offered",
        args: vec![("case", seen.case.number())],
        href: "/cases/inbox".into(),
        urgent: false,
    };
    notice::tell(tx, cx, to, &message)?;
    Ok(agreed)
}

/// The new worker takes the case over, or declines.
///
/// # Errors
/// [`db::Error::Missing`] for anybody the case was not offered to; refusals `casework.decided`, `casework.avoids`, `casework.unchecked`.
pub fn answer(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId, accept: bool) -> Result<Case> {
    cx.may("cases.write")?;
    let request = store::request(tx, id)?.ok_or(db::Error::Missing)?;
    let me = cx.actor.person().cloned().ok_or(db::Error::Missing)?;
    if request.to_person.as_ref() != Some(&me) || request.outcome != Some(Outcome::Approved) {
        return Err(db::Error::Missing);
    }
    if request.accepted_at.is_some() {
        return Err(Refusal::new("casework.decided").into());
    }
    let case = store::find_unguarded(tx, &request.case_file)?.ok_or(db::Error::Missing)?;
    if store::people::avoids(tx, &case.client, &me)? {
        return Err(Refusal::new("casework.avoids").into());
    }
    let after = if accept {
        CaseRequest { accepted_at: Some(cx.now), ..request.clone() }
    } else {
        CaseRequest { outcome: Some(Outcome::Declined), ..request.clone() }
    };
    tx.update(&after)?;
    let verb = if accept { "accepted" } else { "declined" };
    say(tx, cx, "case_request", id.as_str(), verb, &case, Some(&request), Some(&after))?;
    if accept {
        hand_over(tx, cx, &case, &me, &request)?;
    }
    let message = Message {
        key: if accept { "casework.notice.taken" } else { "casework.notice.not_taken" },
        args: vec![("case", case.number())],
        href: "/cases".into(),
        urgent: false,
    };
    notice::tell_account(tx, cx, &request.asked_by, &message)?;
    Ok(case)
}

fn hand_over(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    to: &PersonId,
    request: &CaseRequest,
) -> Result<()> {
    let today = cx.today();
    for old in store::people::live(tx, &case.client, today)? {
        let leaves = old.kind == AssignmentKind::Worker || old.person == *to;
        if leaves && old.kind != AssignmentKind::Supervisor {
            let ended = Assignment { until: Some(today), ..old.clone() };
            tx.update(&ended)?;
            assignment_said(tx, cx, case, "ended", Some(&old), &ended)?;
        }
    }
    let new = Assignment {
        id: cx.id(),
        client: case.client.clone(),
        person: to.clone(),
        kind: AssignmentKind::Worker,
        since: today,
        until: None,
        approved_by: request.decided_by.clone().unwrap_or_else(|| cx.actor.account().clone()),
    };
    tx.insert(&new)?;
    assignment_said(tx, cx, case, "added", None, &new)
}

fn assignment_said(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    verb: &'static str,
    before: Option<&Assignment>,
    after: &Assignment,
) -> Result<()> {
    tx.record(
        &cx.stamp(),
        Event {
            subject: "assignment",
            id: after.id.0.clone(),
            verb,
            unit: Some(case.site.0.clone()),
            before: before.map(serde_json::to_value).transpose()?,
            after: Some(serde_json::to_value(after)?),
        },
    )
}

/// The path of the street a case lies in: `/province/city/district/street/`.
pub(crate) fn street_of(path: &str) -> String {
    let mut out = String::from("/");
    for part in path.split('/').filter(|p| !p.is_empty()).take(4) {
        out.push_str(part);
        out.push('/');
    }
    out
}
