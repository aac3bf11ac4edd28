//! Contact notes: facts and analysis apart, counted in the ledger in the same act.
use std::collections::BTreeMap;

use access::Cx;
use db::{Result, Tx};
use kernel::{CaseId, Day, Instant, RecordId, Refusal, Refusals};
use ledger::{NewService, ServiceKind};
use registry::client::RiskGrade;

use super::{Seen, risk, say, seal, to_write};
use crate::model::{Case, ContactMode, ContactNote, Lateness, Progress};
use crate::store;

/// What is typed.
#[derive(Clone, Debug)]
pub struct NewNote {
    pub day: Day,
    /// `HH:MM`, or empty.
    pub start: String,
    pub minutes: i64,
    pub mode: ContactMode,
    pub place: String,
    pub facts: String,
    pub analysis: String,
    pub actions: String,
    pub goals: BTreeMap<String, Progress>,
    /// The grade as the worker sees it now; `None`: unchanged.
    pub grade: Option<RiskGrade>,
    pub next_on: Option<Day>,
    pub next_step: String,
}

impl NewNote {
    /// A note with nothing but its facts.
    pub fn of(day: Day, mode: ContactMode, minutes: i64, facts: &str) -> Self {
        Self {
            day,
            start: String::new(),
            minutes,
            mode,
            place: String::new(),
            facts: facts.to_owned(),
            analysis: String::new(),
            actions: String::new(),
            goals: BTreeMap::new(),
            grade: None,
            next_on: None,
            next_step: String::new(),
        }
    }
}

/// Minutes since midnight of `HH:MM`.
pub(crate) fn clock(text: &str) -> Option<i64> {
    let (h, m) = text.trim().split_once([':', '：'])?;
    let (h, m): (i64, i64) = (h.parse().ok()?, m.parse().ok()?);
    ((0..24).contains(&h) && (0..60).contains(&m)).then_some(h * 60 + m)
}

/// When a contact ended; without a time of day at the end of the working day.
fn ended(new: &NewNote) -> Instant {
    let minutes = clock(&new.start).map_or(18 * 60, |start| start + new.minutes);
    new.day.start().plus_millis(minutes * 60_000)
}

fn check(cx: &Cx, case: &Case, new: &NewNote) -> Result<()> {
    let mut no = Refusals::none();
    no.require(!new.facts.trim().is_empty(), "facts", "casework.facts_missing");
    no.require(new.day <= cx.today(), "day", "casework.future");
    no.require(new.day >= case.opened_on.plus_days(-30), "day", "casework.before_opening");
    no.require((1..=24 * 60).contains(&new.minutes), "minutes", "casework.minutes");
    no.require(
        new.start.trim().is_empty() || clock(&new.start).is_some(),
        "start",
        "casework.time",
    );
    no.require(new.next_on.is_none_or(|d| d >= new.day), "next_on", "casework.next_before");
    Ok(no.done()?)
}

/// Writes a contact note and its service.
///
/// # Errors
/// Refusals at the fields; `casework.no_person` for an account without a person; as [`super::find`].
pub fn add(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, new: NewNote) -> Result<ContactNote> {
    let seen = to_write(tx, cx, id)?;
    check(cx, &seen.case, &new)?;
    let person = cx.actor.person().cloned().ok_or_else(|| Refusal::new("casework.no_person"))?;
    let note_id: RecordId = cx.id();
    let serial = store::sums(tx, id)?.0 + 1;
    let note = ContactNote {
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        by_person: person.clone(),
        late: Lateness::of(ended(&new), cx.now),
        at: cx.now,
        amended_at: None,
        ..row(tx, &seen.case, note_id, serial, &person, &new)?
    };
    tx.insert(&note)?;
    say(tx, cx, "contact_note", note.id.as_str(), "added", &seen.case, None, Some(&note))?;
    ledger::record(tx, cx, service(&seen.case, &note))?;
    after(tx, cx, &seen, &new)?;
    Ok(note)
}

/// Corrects a note of one's own while the case is open. What stood there before stays in the log.
///
/// # Errors
/// As [`add`]; a refusal `casework.not_yours`.
pub fn amend(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &CaseId,
    note: &RecordId,
    new: NewNote,
) -> Result<ContactNote> {
    let seen = to_write(tx, cx, id)?;
    let before =
        store::notes_of(tx, id)?.into_iter().find(|n| n.id == *note).ok_or(db::Error::Missing)?;
    if before.by_account != *cx.actor.account() {
        return Err(Refusal::new("casework.not_yours").into());
    }
    check(cx, &seen.case, &new)?;
    let after_row = ContactNote {
        by_account: before.by_account.clone(),
        by_name: before.by_name.clone(),
        late: before.late,
        at: before.at,
        amended_at: Some(cx.now),
        ..row(tx, &seen.case, before.id.clone(), before.serial, &before.by_person, &new)?
    };
    tx.update(&after_row)?;
    let id = note.as_str();
    say(tx, cx, "contact_note", id, "amended", &seen.case, Some(&before), Some(&after_row))?;
    ledger::amend(tx, cx, service(&seen.case, &after_row))?;
    after(tx, cx, &seen, &new)?;
    Ok(after_row)
}

fn after(tx: &mut Tx<'_>, cx: &Cx, seen: &Seen, new: &NewNote) -> Result<()> {
    match new.grade {
        Some(grade) => risk::found(tx, cx, seen, grade),
        None => Ok(()),
    }
}

fn row(
    tx: &mut Tx<'_>,
    case: &Case,
    id: RecordId,
    serial: i64,
    person: &kernel::PersonId,
    new: &NewNote,
) -> Result<ContactNote> {
    let mut part =
        |name: &str, text: &str| seal(tx, case, &format!("contact_note.{name}"), id.as_str(), text);
    let facts = part("facts", &new.facts)?;
    Ok(ContactNote {
        place: part("place", &new.place)?,
        facts: facts.ok_or_else(|| Refusal::at("facts", "casework.facts_missing"))?,
        analysis: part("analysis", &new.analysis)?,
        actions: part("actions", &new.actions)?,
        next_step: part("next_step", &new.next_step)?,
        goals: serde_json::to_value(&new.goals)?,
        id,
        case_file: case.id.clone(),
        serial,
        day: new.day,
        start: Some(new.start.trim().replace('：', ":")).filter(|s| !s.is_empty()),
        minutes: new.minutes,
        mode: new.mode,
        grade: new.grade,
        next_on: new.next_on,
        late: Lateness::InTime,
        at: Instant(0),
        by_account: kernel::AccountId::from(""),
        by_person: person.clone(),
        by_name: String::new(),
        amended_at: None,
    })
}

fn service(case: &Case, note: &ContactNote) -> NewService {
    NewService {
        kind: ServiceKind::CaseContact,
        source: "contact_note",
        source_id: note.id.0.clone(),
        site: case.site.clone(),
        region: case.region.clone(),
        path: case.path.clone(),
        day: note.day,
        minutes: note.minutes,
        workers: vec![(note.by_person.clone(), note.minutes)],
        clients: vec![case.client.clone()],
        unnamed: 0,
        project: None,
        need: None,
        field: None,
    }
}

/// A note's texts, opened.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Words {
    pub place: String,
    pub facts: String,
    pub analysis: String,
    pub actions: String,
    pub next_step: String,
}

/// Opens a note; the caller sees the file.
///
/// # Errors
/// The engine's fault.
pub fn words(tx: &mut Tx<'_>, case: &Case, note: &ContactNote) -> Result<Words> {
    let (owner, id) = (case.client.as_str(), note.id.as_str());
    let mut open = |name: &str, sealed: Option<&db::Sealed>| {
        tx.open_some(owner, &format!("contact_note.{name}"), id, sealed)
    };
    Ok(Words {
        place: open("place", note.place.as_ref())?,
        facts: open("facts", Some(&note.facts))?,
        analysis: open("analysis", note.analysis.as_ref())?,
        actions: open("actions", note.actions.as_ref())?,
        next_step: open("next_step", note.next_step.as_ref())?,
    })
}
