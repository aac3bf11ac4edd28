//! What needs somebody else: opening, closing, transfer, lowering a risk grade. Nobody agrees to what they asked for themselves.
use access::Cx;
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{CaseId, PersonId, RecordId, Refusal};
use registry::client::RiskGrade;

use super::{Seen, closing, find, risk, say, seal, stages, to_write};
use crate::model::{CaseRequest, Outcome, RequestKind, Stage};
use crate::store;

/// Asks for something; one request of a kind at a time.
pub(crate) fn ask(
    tx: &mut Tx<'_>,
    cx: &Cx,
    seen: &Seen,
    kind: RequestKind,
    to_person: Option<PersonId>,
    grade: Option<RiskGrade>,
    words: &str,
) -> Result<CaseRequest> {
    if store::waiting_of(tx, &seen.case.id, kind.as_str())?.is_some() {
        return Err(Refusal::new("casework.asked_already").into());
    }
    let id: RecordId = cx.id();
    let words = seal(tx, &seen.case, "case_request.words", id.as_str(), words)?;
    let row = CaseRequest {
        id,
        case_file: seen.case.id.clone(),
        kind,
        path: seen.case.path.clone(),
        asked_by: cx.actor.account().clone(),
        asked_name: cx.actor.name().to_owned(),
        at: cx.now,
        to_person,
        grade,
        words,
        decided_by: None,
        decided_name: None,
        decided_at: None,
        outcome: None,
        remark: None,
        accepted_at: None,
    };
    tx.insert(&row)?;
    say(tx, cx, "case_request", row.id.as_str(), "added", &seen.case, None, Some(&row))?;
    let message = Message {
        key: match kind {
            RequestKind::Opening => "casework.notice.opening",
            RequestKind::Closure => "casework.notice.closure",
            RequestKind::Transfer => "casework.notice.transfer",
            RequestKind::LowerRisk => "casework.notice.lower_risk",
        },
        args: vec![("case", seen.case.number())],
        href: "/cases/inbox".into(),
        urgent: false,
    };
    notice::tell_whoever_can(tx, cx, "cases.approve", &seen.case.path, &message)?;
    Ok(row)
}

/// Asks to close the case, with the evaluation and the closure report on file.
///
/// # Errors
/// Refusals `casework.gate.DOCUMENT`, `casework.no_way`, `casework.asked_already`; as [`super::find`].
pub fn ask_closing(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<CaseRequest> {
    let mut seen = to_write(tx, cx, id)?;
    stages::gate(tx, &seen.case, Stage::Closure)?;
    let reason = closing::reason_said(tx, &seen.case)?;
    let word = reason.map_or("", |r| r.as_str());
    seen.case = stages::shift(tx, cx, &seen.case, Stage::Closure, word, "")?;
    ask(tx, cx, &seen, RequestKind::Closure, None, None, "")
}

/// Agrees to a request or returns it, with a remark.
///
/// # Errors
/// Refusals `access.denied`, `casework.own_approval`, `casework.decided`, `casework.words_missing` for a return without a reason.
pub fn decide(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &RecordId,
    approved: bool,
    remark: &str,
) -> Result<CaseRequest> {
    let request = store::request(tx, id)?.ok_or(db::Error::Missing)?;
    let mut seen = find(tx, cx, &request.case_file)?;
    if !(request.kind == RequestKind::LowerRisk && cx.actor.can("cases.supervise")) {
        cx.may("cases.approve")?;
    }
    if request.asked_by == *cx.actor.account() && !cx.actor.can("cases.approve_own") {
        return Err(Refusal::new("casework.own_approval").into());
    }
    if request.outcome.is_some() {
        return Err(Refusal::new("casework.decided").into());
    }
    if !approved && remark.trim().is_empty() {
        return Err(Refusal::at("remark", "casework.words_missing").into());
    }
    let remark = seal(tx, &seen.case, "case_request.remark", id.as_str(), remark)?;
    let after = CaseRequest {
        decided_by: Some(cx.actor.account().clone()),
        decided_name: Some(cx.actor.name().to_owned()),
        decided_at: Some(cx.now),
        outcome: Some(if approved { Outcome::Approved } else { Outcome::Returned }),
        remark,
        ..request.clone()
    };
    tx.update(&after)?;
    let verb = if approved { "approved" } else { "returned" };
    say(tx, cx, "case_request", id.as_str(), verb, &seen.case, Some(&request), Some(&after))?;
    match (request.kind, approved) {
        (RequestKind::Opening, true) => {
            stages::gate(tx, &seen.case, Stage::Assessment)?;
            seen.case = stages::shift(tx, cx, &seen.case, Stage::Assessment, "accept", "")?;
        }
        (RequestKind::Closure, true) => {
            let reason = closing::reason_said(tx, &seen.case)?;
            let word = reason.map_or("", |r| r.as_str());
            let case = stages::shift(tx, cx, &seen.case, Stage::FollowUp, word, "")?;
            seen.case = closing::shut(tx, cx, &case, &seen.client, reason)?;
        }
        (RequestKind::Closure, false) => {
            seen.case = stages::shift(tx, cx, &seen.case, Stage::Evaluation, "", "")?;
        }
        (RequestKind::LowerRisk, true) => {
            risk::set(
                tx,
                cx,
                &seen.case,
                &seen.client,
                request.grade.unwrap_or(seen.client.grade),
            )?;
        }
        (RequestKind::Transfer, true) => {
            if let Some(to) = &request.to_person {
                let message = Message {
                    key: "casework.notice.offered",
                    args: vec![("case", seen.case.number())],
                    href: "/cases/inbox".into(),
                    urgent: false,
                };
                notice::tell(tx, cx, to, &message)?;
            }
        }
        (RequestKind::Opening | RequestKind::LowerRisk | RequestKind::Transfer, false) => {}
    }
    let message = Message {
        key: if approved { "casework.notice.approved" } else { "casework.notice.returned" },
        args: vec![("case", seen.case.number())],
        href: format!("/cases/{}", seen.case.id),
        urgent: false,
    };
    notice::tell_account(tx, cx, &request.asked_by, &message)?;
    Ok(after)
}

/// What waits for an answer: requests of cases in sight, and those that wait for the asker's own word.
///
/// # Errors
/// The engine's fault.
pub fn waiting(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<CaseRequest>> {
    store::waiting(tx, cx)
}

/// What a case in sight waits for, the oldest request first.
///
/// # Errors
/// As [`super::find`].
pub fn waiting_of(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Option<CaseRequest>> {
    find(tx, cx, id)?;
    Ok(store::requests_of(tx, id)?.into_iter().rfind(|r| r.outcome.is_none()))
}
