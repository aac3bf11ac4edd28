//! Who looks after a client: the approved assignment on which a file opens (未成年人网络保护条例 §36), requests for one, 回避.
use access::Cx;
use access::care::{self, Lens};
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, RecordId, Refusal};
use registry::client::{Assignment, AssignmentKind, Avoidance, Client, RiskGrade};
use registry::people::QualificationKind;

use super::note;
use crate::model::{Request, RequestKind};
use crate::store;

/// Does this person have a check for work with minors that is not older than twelve months (未成年人保护法 §62)?
///
/// # Errors
/// The engine's fault.
pub fn checked(tx: &mut Tx<'_>, person: &PersonId, today: Day) -> Result<bool> {
    let fresh = today.plus_years(-1);
    Ok(registry::people::qualifications_of(tx, person)?.iter().any(|q| {
        q.kind == QualificationKind::BackgroundCheck
            && q.since <= today
            && q.since > fresh
            && q.until.is_none_or(|u| u > today)
    }))
}

fn message(key: &'static str, client: &Client) -> Message {
    Message {
        key,
        args: vec![("number", client.number.to_string())],
        href: format!("/clients/{}", client.id),
        urgent: false,
    }
}

/// Writes an assignment that the actor answers for. There is one responsible worker at a time: the former one's ends.
pub(crate) fn give(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    person: &PersonId,
    kind: AssignmentKind,
    since: Day,
) -> Result<Assignment> {
    if registry::people::find(tx, person)?.is_none() {
        return Err(Refusal::at("worker", "clients.worker_unknown").into());
    }
    if client.minor_on(cx.today()) && !checked(tx, person, cx.today())? {
        return Err(Refusal::at("worker", "clients.unchecked").into());
    }
    if store::avoided(tx, &client.id, person)? {
        return Err(Refusal::at("worker", "clients.avoided").into());
    }
    let live: Vec<Assignment> = store::live_assignments(tx, &client.id, cx.today())?;
    if live.iter().any(|a| a.person == *person && a.kind == kind) {
        return Err(Refusal::at("worker", "clients.already_assigned").into());
    }
    for old in live {
        let replaced =
            (kind == AssignmentKind::Worker && old.kind == kind) || old.person == *person;
        if replaced {
            let at = since.max(old.since);
            let ended = Assignment { until: Some(at), ..old.clone() };
            tx.update(&ended)?;
            note(
                tx,
                cx,
                client,
                ("assignment", old.id.as_str(), "ended"),
                Some(&old),
                Some(&ended),
            )?;
            if old.person != *person {
                notice::tell(tx, cx, &old.person, &message("clients.told.handed_on", client))?;
            }
        }
    }
    let new = Assignment {
        id: cx.id(),
        client: client.id.clone(),
        person: person.clone(),
        kind,
        since,
        until: None,
        approved_by: cx.actor.account().clone(),
    };
    tx.insert(&new)?;
    note(tx, cx, client, ("assignment", new.id.as_str(), "added"), None, Some(&new))?;
    if cx.actor.person() != Some(person) {
        notice::tell(tx, cx, person, &message("clients.told.assigned", client))?;
    }
    Ok(new)
}

/// Whom a client living at a region path can be assigned to: who holds a post in the actor's region, and who signs in for the client's
/// (a supervisor from outside), by name.
///
/// # Errors
/// The engine's fault.
pub fn candidates(tx: &mut Tx<'_>, cx: &Cx, path: &str) -> Result<Vec<(PersonId, String)>> {
    let mut out = registry::site::colleagues(tx, &cx.actor.scope().path, cx.today())?;
    for (role, person, name) in store::signing_in_over(tx, path, cx.today())? {
        let serves = access::Role::parse(&role)
            .is_some_and(|r| access::matrix::allows(r, "clients.assigned"));
        if serves && !out.iter().any(|(p, _)| *p == person) {
            out.push((person, name));
        }
    }
    Ok(out)
}

/// Assigns somebody to a client, or hands the client on: both are told.
///
/// # Errors
/// Refusals at `worker` and `since`; missing when the client is out of sight.
pub fn assign(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    person: &PersonId,
    kind: AssignmentKind,
    since: Day,
) -> Result<Assignment> {
    cx.may("clients.assign")?;
    let (client, _) = care::find(tx, cx, id)?;
    if since < client.since || since > cx.today().plus_days(31) {
        return Err(Refusal::at("since", "clients.assign_day").into());
    }
    if !candidates(tx, cx, &client.path)?.iter().any(|(p, _)| p == person) {
        return Err(Refusal::at("worker", "clients.worker_unknown").into());
    }
    give(tx, cx, &client, person, kind, since)
}

/// Ends an assignment from a day on. The responsible worker of a restricted person is replaced, never just taken away: nobody would see the file.
///
/// # Errors
/// A refusal `clients.last_keeper`; missing.
pub fn end(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, id: &str, until: Day) -> Result<()> {
    cx.may("clients.assign")?;
    let (client, _) = care::find(tx, cx, client)?;
    let old: Assignment = tx
        .find(&db::Value::Text(id.to_owned()))?
        .filter(|a: &Assignment| a.client == client.id && a.until.is_none())
        .ok_or(db::Error::Missing)?;
    let others = store::live_assignments(tx, &client.id, cx.today())?;
    let kept = others.iter().any(|a| a.id != old.id && a.kind != AssignmentKind::Supervisor);
    if client.restricted && !kept {
        return Err(Refusal::new("clients.last_keeper").into());
    }
    let ended = Assignment { until: Some(until.max(old.since)), ..old.clone() };
    tx.update(&ended)?;
    note(tx, cx, &client, ("assignment", id, "ended"), Some(&old), Some(&ended))?;
    notice::tell(tx, cx, &old.person, &message("clients.told.handed_on", &client))
}

/// Files a request and tells whoever may decide it.
pub(crate) fn ask(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &Client,
    kind: RequestKind,
    whom: Option<(PersonId, AssignmentKind)>,
    grade: Option<RiskGrade>,
    reason: &str,
) -> Result<Request> {
    let id: RecordId = cx.id();
    let reason = tx.seal_some(client.id.as_str(), "client_request.reason", id.as_str(), reason)?;
    let (person, role) = whom.unzip();
    let new = Request {
        id,
        client: client.id.clone(),
        kind,
        person,
        role,
        grade,
        reason,
        asked_by: cx.actor.account().clone(),
        asked_at: cx.now,
        decided_by: None,
        decided_at: None,
        granted: None,
    };
    tx.insert(&new)?;
    note(tx, cx, client, ("client_request", new.id.as_str(), "asked"), None, Some(&new))?;
    let (capability, key) = match kind {
        RequestKind::Assignment => ("clients.assign", "clients.told.asks_assignment"),
        RequestKind::Lowering => ("cases.approve", "clients.told.asks_lowering"),
    };
    let told = Message { href: "/clients/requests".into(), ..message(key, client) };
    notice::tell_whoever_can(tx, cx, capability, &client.path, &told)?;
    Ok(new)
}

/// Asks for an assignment: a colleague's help, or to be relieved by one.
///
/// # Errors
/// Missing when the file is closed to the asker; a refusal when the same is asked already.
pub fn ask_for(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    person: &PersonId,
    kind: AssignmentKind,
    reason: &str,
) -> Result<Request> {
    cx.may("clients.write")?;
    let client = care::find_to_write(tx, cx, id)?;
    let same = |r: &Request| r.kind == RequestKind::Assignment && r.person.as_ref() == Some(person);
    if store::open_requests_of(tx, &client.id)?.iter().any(same) {
        return Err(Refusal::at("worker", "clients.asked_already").into());
    }
    ask(tx, cx, &client, RequestKind::Assignment, Some((person.clone(), kind)), None, reason)
}

/// A request that the actor may decide: in scope, of the actor's capability, not avoided. The client may be one the actor does not see.
///
/// # Errors
/// Missing; denied.
pub fn request(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<(Request, Client)> {
    let request: Request = tx.find(&db::Value::Text(id.to_owned()))?.ok_or(db::Error::Missing)?;
    cx.may(match request.kind {
        RequestKind::Assignment => "clients.assign",
        RequestKind::Lowering => "cases.approve",
    })?;
    let client =
        registry::client::find_unguarded(tx, &request.client)?.ok_or(db::Error::Missing)?;
    let avoids = match cx.actor.person() {
        Some(p) => store::avoided(tx, &client.id, p)?,
        None => false,
    };
    if avoids || !client.path.starts_with(&cx.actor.scope().path) {
        return Err(db::Error::Missing);
    }
    Ok((request, client))
}

/// Why something is asked, for whoever decides it; the look is in the log before the words leave, and there is none after the decision.
///
/// # Errors
/// Missing when it is decided, or waits for somebody else.
pub fn reason(tx: &mut Tx<'_>, cx: &Cx, q: &Request) -> Result<String> {
    let capability = match q.kind {
        RequestKind::Assignment => "clients.assign",
        RequestKind::Lowering => "cases.approve",
    };
    let item = care::Awaiting { capability, asked_by: &q.asked_by, open: q.decided_at.is_none() };
    care::find_awaiting(tx, cx, &q.client, item)?;
    care::viewed(tx, cx, &q.client, "approval")?;
    tx.open_some(q.client.as_str(), "client_request.reason", q.id.as_str(), q.reason.as_ref())
}

/// Grants or declines a request. Nobody decides their own.
///
/// # Errors
/// Refusals `clients.decided`, `clients.own_request`; those of the assignment.
pub fn decide(tx: &mut Tx<'_>, cx: &Cx, id: &str, granted: bool) -> Result<Request> {
    let (before, client) = request(tx, cx, id)?;
    if before.decided_at.is_some() {
        return Err(Refusal::new("clients.decided").into());
    }
    if before.asked_by == *cx.actor.account() {
        return Err(Refusal::new("clients.own_request").into());
    }
    let after = Request {
        decided_by: Some(cx.actor.account().clone()),
        decided_at: Some(cx.now),
        granted: Some(granted),
        ..before.clone()
    };
    tx.update(&after)?;
    let verb = if granted { "granted" } else { "declined" };
    note(tx, cx, &client, ("client_request", id, verb), Some(&before), Some(&after))?;
    if granted {
        match (before.kind, &before.person, before.role) {
            (RequestKind::Assignment, Some(person), Some(role)) => {
                give(tx, cx, &client, person, role, cx.today().max(client.since))?;
            }
            (RequestKind::Lowering, ..) => super::risk::lower(tx, cx, &client, &before)?,
            _ => {}
        }
    }
    let key = if granted { "clients.told.granted" } else { "clients.told.declined" };
    notice::tell_account(tx, cx, &before.asked_by, &message(key, &client))?;
    Ok(after)
}

/// Puts somebody on a client's 回避 list: whatever else holds, they see nothing. A live assignment ends.
///
/// # Errors
/// Refusals at `reason` and `worker`; missing.
pub fn avoid(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    person: &PersonId,
    reason: &str,
) -> Result<()> {
    cx.may("clients.assign")?;
    let (client, _) = care::find(tx, cx, id)?;
    if reason.trim().is_empty() {
        return Err(Refusal::at("reason", "clients.reason_missing").into());
    }
    if registry::people::find(tx, person)?.is_none() {
        return Err(Refusal::at("worker", "clients.worker_unknown").into());
    }
    if store::avoided(tx, &client.id, person)? {
        return Err(Refusal::at("worker", "clients.avoided").into());
    }
    for old in store::live_assignments(tx, &client.id, cx.today())? {
        if old.person == *person {
            let ended = Assignment { until: Some(cx.today().max(old.since)), ..old.clone() };
            tx.update(&ended)?;
            note(
                tx,
                cx,
                &client,
                ("assignment", old.id.as_str(), "ended"),
                Some(&old),
                Some(&ended),
            )?;
        }
    }
    let row = Avoidance {
        id: cx.id(),
        client: client.id.clone(),
        person: person.clone(),
        reason: reason.trim().to_owned(),
        since: cx.today(),
    };
    tx.insert(&row)?;
    note(tx, cx, &client, ("avoidance", row.id.as_str(), "added"), None, Some(&row))
}

/// Takes somebody off a client's 回避 list.
///
/// # Errors
/// Missing.
pub fn unavoid(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId, id: &str) -> Result<()> {
    cx.may("clients.assign")?;
    let (client, _) = care::find(tx, cx, client)?;
    let row: Avoidance = tx
        .find(&db::Value::Text(id.to_owned()))?
        .filter(|a: &Avoidance| a.client == client.id)
        .ok_or(db::Error::Missing)?;
    tx.delete::<Avoidance>(&db::Value::Text(id.to_owned()))?;
    note(tx, cx, &client, ("avoidance", id, "removed"), Some(&row), None)
}

/// The requests that await the actor's word, oldest first, with the name or the pseudonym the actor may read.
///
/// # Errors
/// The engine's fault.
pub fn waiting(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<(Request, Client, String)>> {
    let lens = Lens::of(tx, cx)?;
    let mut out = Vec::new();
    for r in store::open_requests(tx, &cx.actor.scope().path)? {
        if let Ok((r, client)) = request(tx, cx, r.id.as_str()) {
            let label = match lens.sight(tx, &client)? {
                Some(s) => s.label(&client),
                None => client.pseudonym(),
            };
            out.push((r, client, label));
        }
    }
    Ok(out)
}
