//! Risk grades (DOMAIN §2.4): raising is immediate and the worker's; lowering awaits whoever may approve it.
use access::Cx;
use access::care;
use access::notice::{self, Message};
use db::{Event, Result, Stamp, Tx};
use kernel::{ClientId, RecordId, Refusal, Refusals};
use registry::client::{Client, RiskGrade};

use super::{assign, note};
use crate::model::{Factor, Request, RequestKind, Risk, gravity};
use crate::store;

/// What came of a new grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Graded {
    /// It holds.
    Set,
    /// It awaits approval.
    Waiting,
}

/// Grades a client's risk. A higher or equal grade holds at once; a lower one is asked for.
///
/// # Errors
/// Refusals at `factors` and `reason`; a refusal `clients.asked_already`; missing.
pub fn grade(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    grade: RiskGrade,
    factors: &[Factor],
    reason: &str,
) -> Result<Graded> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    let mut no = Refusals::none();
    let lower = gravity(grade) < gravity(client.grade);
    no.require(
        grade == RiskGrade::Low || lower || !factors.is_empty(),
        "factors",
        "clients.factors_missing",
    );
    no.require(!lower || !reason.trim().is_empty(), "reason", "clients.reason_missing");
    no.done()?;
    if lower && !cx.actor.can("cases.approve") {
        let open = store::open_requests_of(tx, &client.id)?;
        if open.iter().any(|r| r.kind == RequestKind::Lowering) {
            return Err(Refusal::new("clients.asked_already").into());
        }
        assign::ask(tx, cx, &client, RequestKind::Lowering, None, Some(grade), reason.trim())?;
        return Ok(Graded::Waiting);
    }
    let approved_by = lower.then(|| cx.actor.account().clone());
    let raised = gravity(grade) > gravity(client.grade);
    set(tx, cx, &client, grade, factors, reason.trim(), approved_by)?;
    if raised && gravity(grade) >= gravity(RiskGrade::High) {
        alarm(tx, cx, &client)?;
    }
    Ok(Graded::Set)
}

/// Lowers the grade as a granted request says.
pub(crate) fn lower(tx: &mut Tx<'_>, cx: &Cx, client: &Client, asked: &Request) -> Result<()> {
    let Some(grade) = asked.grade else { return Ok(()) };
    let reason = tx.open_some(
        asked.client.as_str(),
        "client_request.reason",
        asked.id.as_str(),
        asked.reason.as_ref(),
    )?;
    set(tx, cx, client, grade, &[], &reason, Some(cx.actor.account().clone()))
}

/// A grade that somebody set in the course of other work (a case, a report of harm) enters the client's history.
pub(crate) fn listen(tx: &mut Tx<'_>, stamp: &Stamp, e: &Event) -> Result<()> {
    let Some(after) = e.after.as_ref().filter(|a| e.subject == "risk" && a.get("why").is_some())
    else {
        return Ok(());
    };
    let said = |name: &str| after.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let (id, client) = (said("id"), ClientId::from(said("client")));
    let Some(grade) = RiskGrade::parse(said("grade")).filter(|_| !id.is_empty()) else {
        return Ok(());
    };
    let reason = tx.seal_some(client.as_str(), "risk.reason", id, said("words"))?;
    tx.insert(&Risk {
        factors: None,
        reason,
        id: id.into(),
        client,
        grade,
        day: stamp.at.day(),
        at: stamp.at,
        by_account: stamp.account.as_str().into(),
        approved_by: None,
    })
}

/// Writes the grade.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    grade: RiskGrade,
    factors: &[Factor],
    reason: &str,
    approved_by: Option<kernel::AccountId>,
) -> Result<()> {
    let id: RecordId = cx.id();
    let words: Vec<&str> = factors.iter().map(|f| f.as_str()).collect();
    let owner = client.id.as_str();
    let row = Risk {
        factors: tx.seal_some(owner, "risk.factors", id.as_str(), &words.join(","))?,
        reason: tx.seal_some(owner, "risk.reason", id.as_str(), reason)?,
        id,
        client: client.id.clone(),
        grade,
        day: cx.today(),
        at: cx.now,
        by_account: cx.actor.account().clone(),
        approved_by,
    };
    tx.insert(&row)?;
    let verb = match gravity(grade).cmp(&gravity(client.grade)) {
        std::cmp::Ordering::Greater => "raised",
        std::cmp::Ordering::Less => "lowered",
        std::cmp::Ordering::Equal => "confirmed",
    };
    registry::client::set_grade(tx, &client.id, grade)?;
    note(tx, cx, client, ("risk", row.id.as_str(), verb), None, Some(&row))
}

/// Tells the head, whoever approves, and everybody assigned, at once.
pub(crate) fn alarm(tx: &mut Tx<'_>, cx: &Cx, client: &Client) -> Result<()> {
    let message = Message {
        key: "clients.told.raised",
        args: vec![("number", client.number.to_string())],
        href: format!("/clients/{}", client.id),
        urgent: true,
    };
    notice::tell_whoever_can(tx, cx, "cases.approve", &client.path, &message)?;
    for a in store::live_assignments(tx, &client.id, cx.today())? {
        if cx.actor.person() != Some(&a.person) {
            notice::tell(tx, cx, &a.person, &message)?;
        }
    }
    Ok(())
}

/// A grade with its words opened.
#[derive(Clone, Debug)]
pub struct Grading {
    pub risk: Risk,
    pub factors: Vec<Factor>,
    pub reason: String,
}

/// Every grade a client was given, latest first, opened: for whoever may read the file.
///
/// # Errors
/// The engine's fault.
pub fn history(tx: &mut Tx<'_>, id: &ClientId) -> Result<Vec<Grading>> {
    let mut out = Vec::new();
    for risk in store::risks(tx, id)? {
        let mut open = |place: &str, sealed: Option<&db::Sealed>| {
            tx.open_some(risk.client.as_str(), place, risk.id.as_str(), sealed)
        };
        let factors = open("risk.factors", risk.factors.as_ref())?;
        let reason = open("risk.reason", risk.reason.as_ref())?;
        let factors = factors.split(',').filter_map(Factor::parse).collect();
        out.push(Grading { risk, factors, reason });
    }
    Ok(out)
}
