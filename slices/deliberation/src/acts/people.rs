//! Who is invited, and who does what by when.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, DeliberationId, RecordId, Refusal};

use super::{happened, must, to_write};
use crate::model::{Action, Issue, Participant, ParticipantRole, State};
use crate::store;

/// Invites somebody; possible until the meeting was held.
///
/// # Errors
/// Denied, missing; a refusal at `name`, or when it is too late.
pub fn invite(
    tx: &mut Tx<'_>,
    cx: &Cx,
    issue: &DeliberationId,
    name: &str,
    role: ParticipantRole,
) -> Result<Participant> {
    let issue = before_meeting(tx, cx, issue)?;
    let name = must("name", name, 40)?;
    let id: RecordId = cx.id();
    let name = tx.seal(issue.id.as_str(), "issue_participant.name", id.as_str(), &name)?;
    let p = Participant { id, issue: issue.id.clone(), name, role, present: false, at: cx.now };
    tx.insert(&p)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_participant", p.id.as_str(), "invited", unit, None, &p)?;
    Ok(p)
}

/// Takes somebody from the list of the invited.
///
/// # Errors
/// Denied, missing; a refusal when it is too late.
pub fn disinvite(tx: &mut Tx<'_>, cx: &Cx, issue: &DeliberationId, id: &RecordId) -> Result<()> {
    let issue = before_meeting(tx, cx, issue)?;
    let all = store::participants(tx, &issue.id)?;
    let p = all.into_iter().find(|p| p.id == *id).ok_or(db::Error::Missing)?;
    tx.delete::<Participant>(&db::Cell::to_value(id))?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_participant", id.as_str(), "removed", unit, Some(&p), &p)
}

fn before_meeting(tx: &mut Tx<'_>, cx: &Cx, issue: &DeliberationId) -> Result<Issue> {
    let issue = to_write(tx, cx, issue)?;
    let open = [State::Collected, State::Screened, State::Scheduled, State::Deliberated];
    if open.contains(&issue.state) {
        Ok(issue)
    } else {
        Err(Refusal::new("deliberation.met").into())
    }
}

/// Notes what is to be done; possible once the resolution stands, until it is fed back.
///
/// # Errors
/// Denied, missing; refusals at `what`, `owner`, `due`, or at the wrong time.
pub fn add_action(
    tx: &mut Tx<'_>,
    cx: &Cx,
    issue: &DeliberationId,
    what: &str,
    owner: &str,
    due: Day,
) -> Result<Action> {
    let issue = to_write(tx, cx, issue)?;
    if !matches!(issue.state, State::Resolved | State::Executing) {
        return Err(Refusal::new("deliberation.needs.resolved").into());
    }
    let (what, owner) = (must("what", what, 120)?, must("owner", owner, 40)?);
    if due < issue.collected {
        return Err(Refusal::at("due", "register.dates_order").into());
    }
    let action = Action {
        id: cx.id(),
        issue: issue.id.clone(),
        what,
        owner,
        due,
        done_on: None,
        note: None,
        at: cx.now,
    };
    tx.insert(&action)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_action", action.id.as_str(), "added", unit, None, &action)?;
    Ok(action)
}

/// Notes that an action is done.
///
/// # Errors
/// Denied, missing; a refusal at `done_on`, or when it was done already.
pub fn finish_action(
    tx: &mut Tx<'_>,
    cx: &Cx,
    issue: &DeliberationId,
    id: &RecordId,
    on: Day,
    note: &str,
) -> Result<Action> {
    let issue = to_write(tx, cx, issue)?;
    if issue.state != State::Executing {
        return Err(Refusal::new("deliberation.needs.executing_now").into());
    }
    let all = store::actions(tx, &issue.id)?;
    let before = all.into_iter().find(|a| a.id == *id).ok_or(db::Error::Missing)?;
    if before.done_on.is_some() {
        return Err(Refusal::new("deliberation.done_already").into());
    }
    if on > cx.today() {
        return Err(Refusal::at("done_on", "ledger.future").into());
    }
    let note = Some(note.trim().chars().take(200).collect::<String>()).filter(|n| !n.is_empty());
    let after = Action { done_on: Some(on), note, ..before.clone() };
    tx.update(&after)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_action", id.as_str(), "done", unit, Some(&before), &after)?;
    Ok(after)
}
