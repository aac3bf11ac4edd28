//! Sessions: planned, held, recorded. The record is the service: it goes to the ledger in the same act.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, GroupId, PersonId, RecordId, Refusal, Refusals};
use ledger::{NewService, ServiceKind};

use super::{filled, phases, some, tell};
use crate::look::{self, Look};
use crate::model::{Group, Mark, Member, Phase, Presence, Record, Session, Step, minutes};
use crate::store;

/// A session as it is planned.
#[derive(Clone, Debug, Default)]
pub struct SessionPlan {
    pub day: Day,
    /// `14:00`
    pub begins: String,
    pub ends: String,
    pub place: String,
    pub theme: String,
    pub goals: String,
    pub steps: Vec<Step>,
}

/// A member at a session.
#[derive(Clone, Debug)]
pub struct Attendance {
    pub member: RecordId,
    pub mark: Mark,
    /// Why absent.
    pub why: String,
    /// What is to be kept about this member alone.
    pub note: String,
}

/// A session as it was.
#[derive(Clone, Debug, Default)]
pub struct SessionRecord {
    pub day: Day,
    pub begins: String,
    pub ends: String,
    pub attendance: Vec<Attendance>,
    /// Who led it.
    pub workers: Vec<PersonId>,
    /// Present who are no members.
    pub others: i64,
    pub photos: bool,
    /// What happened, against the plan.
    pub happened: String,
    pub dynamics: String,
    pub attainment: String,
    pub reflection: String,
    pub next_time: String,
}

fn session_row(
    tx: &mut Tx<'_>,
    group: &Group,
    id: RecordId,
    number: i64,
    plan: &SessionPlan,
) -> Result<Session> {
    let mut no = Refusals::none();
    filled(&mut no, "theme", &plan.theme);
    no.require(minutes(&plan.begins, &plan.ends).is_some(), "ends", "groups.times");
    let steps: Vec<&Step> = plan.steps.iter().filter(|s| !s.name.trim().is_empty()).collect();
    no.require(
        steps.iter().all(|s| (0..=600).contains(&s.minutes)),
        "steps",
        "groups.step_minutes",
    );
    no.done()?;
    let goals =
        tx.seal_some(group.id.as_str(), "group_session.goals", id.as_str(), plan.goals.trim())?;
    Ok(Session {
        id,
        group_id: group.id.clone(),
        number,
        day: plan.day,
        begins: plan.begins.trim().to_owned(),
        ends: plan.ends.trim().to_owned(),
        place: some(&plan.place),
        theme: plan.theme.trim().to_owned(),
        goals,
        steps: serde_json::to_value(steps)?,
    })
}

/// Plans a session.
///
/// # Errors
/// Denied; refusals at the fields.
pub fn plan(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, new: &SessionPlan) -> Result<Session> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let number = store::sessions(tx, id)?.last().map_or(1, |s| s.number + 1);
    let session = session_row(tx, &group, cx.id(), number, new)?;
    tx.insert(&session)?;
    tell(tx, cx, "planned", group.site.as_str(), None, &session)?;
    Ok(session)
}

fn load(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, session: &str) -> Result<(Group, Look, Session)> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let session = store::session(tx, id, session)?.ok_or(db::Error::Missing)?;
    Ok((group, look, session))
}

/// Changes a session's plan.
///
/// # Errors
/// As [`plan`].
pub fn replan(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    session: &str,
    new: &SessionPlan,
) -> Result<Session> {
    let (group, _, before) = load(tx, cx, id, session)?;
    let after = session_row(tx, &group, before.id.clone(), before.number, new)?;
    tx.update(&after)?;
    tell(tx, cx, "replanned", group.site.as_str(), Some(&before), &after)?;
    Ok(after)
}

/// Records a session, or corrects its record, with its attendance and its service. The first record begins the forming phase.
///
/// # Errors
/// Denied; `groups.not_approved`; refusals at `day`, `ends`, `happened`, `others`, `workers` and at `mark-MEMBER` for members without a mark.
pub fn record(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    session: &str,
    new: &SessionRecord,
) -> Result<Record> {
    let (group, look, session) = load(tx, cx, id, session)?;
    phases::approved(tx, id)?;
    let long = minutes(&new.begins, &new.ends);
    let members = store::members(tx, id)?;
    let mut no = Refusals::none();
    filled(&mut no, "happened", &new.happened);
    no.require(long.is_some(), "ends", "groups.times");
    no.require(new.day <= cx.today(), "day", "ledger.future");
    no.require((0..=200).contains(&new.others), "others", "groups.others_range");
    no.require(!new.workers.is_empty(), "workers", "ledger.nobody");
    let mark_of = |m: &Member| new.attendance.iter().find(|a| a.member == m.id);
    let expected: Vec<&Member> =
        members.iter().filter(|m| m.enrolled(new.day) || mark_of(m).is_some()).collect();
    no.require(!expected.is_empty(), "", "groups.no_members");
    for m in &expected {
        no.require(mark_of(m).is_some(), &format!("mark-{}", m.id), "groups.mark_missing");
    }
    no.done()?;

    let before = store::record_of(tx, &session.id)?;
    let kept = row(tx, cx, &group, &session, new, before.as_ref())?;
    match &before {
        Some(_) => drop(tx.update(&kept)?),
        None => tx.insert(&kept)?,
    }
    let verb = if before.is_some() { "corrected" } else { "recorded" };
    tell(tx, cx, verb, group.site.as_str(), before.as_ref(), &kept)?;
    mark(tx, cx, &group, &session, &expected, new)?;

    let present: Vec<&&Member> =
        expected.iter().filter(|m| mark_of(m).is_some_and(|a| a.mark.attended())).collect();
    let on_file: Vec<_> = present.iter().filter_map(|m| m.client.clone()).collect();
    let unnamed = i64::try_from(present.len() - on_file.len()).unwrap_or_default() + new.others;
    let whole = long.unwrap_or_default();
    let service = NewService {
        kind: ServiceKind::GroupSession,
        source: "group_session",
        source_id: session.id.0.clone(),
        site: group.site.clone(),
        region: group.region.clone(),
        path: group.path.clone(),
        day: new.day,
        minutes: whole,
        workers: new.workers.iter().map(|p| (p.clone(), whole)).collect(),
        clients: on_file,
        unnamed,
        project: None,
        need: None,
        field: None,
    };
    if before.is_some() {
        ledger::amend(tx, cx, service)?;
    } else {
        ledger::record(tx, cx, service)?;
    }
    if look.phase == Phase::Preparing {
        phases::begin(tx, cx, &group, Phase::Forming, new.day)?;
    }
    Ok(kept)
}

fn row(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    session: &Session,
    new: &SessionRecord,
    before: Option<&Record>,
) -> Result<Record> {
    let id = before.map_or_else(|| cx.id(), |b| b.id.clone());
    let (owner, at) = (group.id.as_str(), id.as_str());
    Ok(Record {
        happened: tx.seal(owner, "group_record.happened", at, new.happened.trim())?,
        dynamics: tx.seal_some(owner, "group_record.dynamics", at, new.dynamics.trim())?,
        attainment: tx.seal_some(owner, "group_record.attainment", at, new.attainment.trim())?,
        reflection: tx.seal_some(owner, "group_record.reflection", at, new.reflection.trim())?,
        next_time: tx.seal_some(owner, "group_record.next_time", at, new.next_time.trim())?,
        session: session.id.clone(),
        group_id: group.id.clone(),
        day: new.day,
        begins: new.begins.trim().to_owned(),
        ends: new.ends.trim().to_owned(),
        others: new.others,
        photos: new.photos,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
        id,
    })
}

/// Keeps who was there.
fn mark(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    session: &Session,
    expected: &[&Member],
    new: &SessionRecord,
) -> Result<()> {
    let kept = store::presences_at(tx, &session.id)?;
    for m in expected {
        let Some(said) = new.attendance.iter().find(|a| a.member == m.id) else { continue };
        let before = kept.iter().find(|p| p.member == m.id);
        let row: RecordId = before.map_or_else(|| cx.id(), |b| b.id.clone());
        let why = if said.mark == Mark::Absent { said.why.trim() } else { "" };
        let after = Presence {
            why: tx.seal_some(m.owner(), "group_present.why", row.as_str(), why)?,
            note: tx.seal_some(m.owner(), "group_present.note", row.as_str(), said.note.trim())?,
            session: session.id.clone(),
            member: m.id.clone(),
            mark: said.mark,
            signed_at: before.and_then(|b| b.signed_at),
            id: row,
        };
        match before {
            Some(b) if *b == after => continue,
            Some(_) => drop(tx.update(&after)?),
            None => tx.insert(&after)?,
        }
        tell(tx, cx, "marked", group.site.as_str(), before, &after)?;
    }
    // Somebody whose day was moved to one on which they were no member, and who is not marked any more.
    for gone in kept.iter().filter(|p| !expected.iter().any(|m| m.id == p.member)) {
        tx.delete::<Presence>(&db::Cell::to_value(&gone.id.0))?;
    }
    Ok(())
}

/// Takes a session out that was never held.
///
/// # Errors
/// Denied; `groups.recorded` when it has a record.
pub fn cancel(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, session: &str) -> Result<()> {
    let (group, _, session) = load(tx, cx, id, session)?;
    if store::record_of(tx, &session.id)?.is_some() {
        return Err(Refusal::new("groups.recorded").into());
    }
    store::forget(tx, &session.id)?;
    tx.delete::<Session>(&db::Cell::to_value(&session.id.0))?;
    tell(tx, cx, "cancelled", group.site.as_str(), Some(&session), &session)
}
