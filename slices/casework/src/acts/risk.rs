//! The risk flow: raising is immediate and asks for a crisis plan, lowering needs a supervisor.
use access::Cx;
use access::notice::{self, Message};
use db::{Event, Result, Stamp, Tx};
use kernel::RecordId;
use registry::client::{AssignmentKind, Client, RiskGrade};
use serde_json::json;

use super::{Seen, requests};
use crate::model::{Case, RequestKind, weight_of};
use crate::store;

/// What a worker found: raised at once, asked for when lower, nothing when the same.
pub(crate) fn found(tx: &mut Tx<'_>, cx: &Cx, seen: &Seen, grade: RiskGrade) -> Result<()> {
    let (now, then) = (weight_of(grade), weight_of(seen.client.grade));
    if now > then {
        return set(tx, cx, &seen.case, &seen.client, grade);
    }
    if now < then
        && store::waiting_of(tx, &seen.case.id, RequestKind::LowerRisk.as_str())?.is_none()
    {
        requests::ask(tx, cx, seen, RequestKind::LowerRisk, None, Some(grade), "")?;
    }
    Ok(())
}

/// Sets the client's grade with its event; the event's listeners do the rest.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    client: &Client,
    grade: RiskGrade,
) -> Result<()> {
    change(tx, cx, client, grade, &format!("case:{}", case.id), &case.number())
}

/// The same from outside a case. `why` leads to the record, `words` are what the client's history says of it.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    grade: RiskGrade,
    why: &str,
    words: &str,
) -> Result<()> {
    if client.grade == grade {
        return Ok(());
    }
    registry::client::set_grade(tx, &client.id, grade)?;
    let raised = weight_of(grade) > weight_of(client.grade);
    if raised && matches!(grade, RiskGrade::Critical | RiskGrade::High) {
        let message = Message {
            key: "casework.notice.risk",
            args: vec![("who", client.pseudonym())],
            href: format!("/clients/{}", client.id),
            urgent: grade == RiskGrade::Critical,
        };
        for a in store::people::live(tx, &client.id, cx.today())? {
            if a.kind == AssignmentKind::Supervisor {
                notice::tell(tx, cx, &a.person, &message)?;
            }
        }
        notice::tell_whoever_can(tx, cx, "cases.approve", &client.path, &message)?;
    }
    let id: RecordId = cx.id();
    tx.record(
        &cx.stamp(),
        Event {
            subject: "risk",
            id: client.id.0.clone(),
            verb: if raised { "raised" } else { "lowered" },
            unit: None,
            before: Some(json!({ "client": client.id, "grade": client.grade })),
            after: Some(json!({ "id": id, "client": client.id, "grade": grade, "why": why, "words": words })),
        },
    )
}

/// A grade of critical or high, whoever set it, makes open cases owe a crisis plan.
pub(crate) fn listen(tx: &mut Tx<'_>, stamp: &Stamp, e: &Event) -> Result<()> {
    if e.subject != "risk" {
        return Ok(());
    }
    let Some(after) = &e.after else { return Ok(()) };
    let said = |name: &str| after.get(name).and_then(serde_json::Value::as_str);
    let client = said("client").unwrap_or(e.id.as_str()).to_owned();
    let grade = said("grade").and_then(RiskGrade::parse);
    let before =
        e.before.as_ref().and_then(|b| b.get("grade")?.as_str().and_then(RiskGrade::parse));
    let urgent = matches!(grade, Some(RiskGrade::Critical | RiskGrade::High));
    if urgent && before.is_none_or(|b| grade.is_some_and(|g| weight_of(g) > weight_of(b))) {
        store::owe_crisis_plan(tx, &client, stamp.at)?;
    }
    Ok(())
}
