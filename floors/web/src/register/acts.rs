//! Add, amend, remove: each checks the right, reads, decides, keeps, and writes the event that is the record's history.
use access::Cx;
use db::{Event, Result, Tx};
use serde_json::{Value as Json, json};

use super::read::{Resolve, read};
use super::{Input, Object, Parent, Register, text};

/// What an act did with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: String,
    /// The sequence number of the last event of the record: its version.
    pub version: i64,
    pub outcome: Outcome,
}

/// Whether anything changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Added,
    Amended,
    Unchanged,
}

/// Adds a record to a parent.
///
/// # Errors
/// Refusals at the fields; denied; [`db::Error::Missing`] when the parent is out of sight.
pub fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    parent: &str,
    input: &Input,
    resolve: Resolve,
) -> Result<Kept> {
    cx.may(register.write)?;
    let unit = (register.admit)(tx, cx, parent)?;
    let mut record = read(tx, cx, register, input, None, resolve)??;
    let id: String = cx.id();
    record.insert("id".into(), json!(id));
    if let Some(intake) = &register.intake {
        return (intake.take)(tx, cx, &record);
    }
    if register.parent != Parent::None {
        record.insert(register.parent.column().into(), json!(parent));
    }
    (register.check)(tx, cx, &record, None)?.done()?;
    (register.insert)(tx, &record)?;
    // A master record is its own unit, and only now has an id.
    let unit = unit.or_else(|| (register.parent == Parent::None).then(|| id.clone()));
    let event = Event {
        subject: register.subject,
        id: id.clone(),
        verb: "added",
        unit,
        before: None,
        after: Some(Json::Object((register.logged)(&record))),
    };
    tx.record(&cx.stamp(), event)?;
    Ok(Kept { version: version(tx, register, &id)?, id, outcome: Outcome::Added })
}

/// Amends a record: only the fields in the input change. `seen` is the version the asker saw; an older one is [`db::Error::Stale`].
///
/// # Errors
/// Refusals at the fields; denied; missing; stale.
pub fn amend(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    id: &str,
    input: &Input,
    seen: Option<i64>,
    resolve: Resolve,
) -> Result<Kept> {
    cx.may(register.write)?;
    if register.intake.is_some() {
        return Err(kernel::Refusal::new("register.only_new").into());
    }
    let before = (register.find)(tx, id)?.ok_or(db::Error::Missing)?;
    let unit = (register.admit)(tx, cx, parent_of(register, &before))?;
    fresh(tx, register, id, seen)?;
    let after = read(tx, cx, register, input, Some(&before), resolve)??;
    if after == before {
        return Ok(Kept {
            id: id.to_owned(),
            version: version(tx, register, id)?,
            outcome: Outcome::Unchanged,
        });
    }
    (register.check)(tx, cx, &after, Some(&before))?.done()?;
    (register.update)(tx, &after)?;
    log(tx, cx, register, id, "amended", unit, Some(&before), Some(&after))?;
    Ok(Kept { id: id.to_owned(), version: version(tx, register, id)?, outcome: Outcome::Amended })
}

/// Removes a record that should never have been written. What ended is amended with its end instead.
///
/// # Errors
/// Denied; missing; stale; the engine's fault when other records lean on it.
pub fn remove(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    id: &str,
    seen: Option<i64>,
) -> Result<()> {
    cx.may(register.write)?;
    let before = (register.find)(tx, id)?.ok_or(db::Error::Missing)?;
    let unit = (register.admit)(tx, cx, parent_of(register, &before))?;
    fresh(tx, register, id, seen)?;
    (register.delete)(tx, id)?;
    log(tx, cx, register, id, "removed", unit, Some(&before), None)
}

/// Puts a record back to an earlier state (`None`: it was not there). Undoing an import goes through here.
///
/// # Errors
/// Denied; the engine's fault when other records lean on it.
pub fn restore(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    id: &str,
    to: Option<&Object>,
) -> Result<()> {
    cx.may(register.write)?;
    if let Some(intake) = &register.intake {
        return (intake.undo)(tx, cx, id);
    }
    let before = (register.find)(tx, id)?;
    let Some(known) = before.as_ref().or(to) else { return Ok(()) };
    let unit = (register.admit)(tx, cx, parent_of(register, known))?;
    match (&before, to) {
        (Some(_), Some(to)) => (register.update)(tx, to)?,
        (None, Some(to)) => (register.insert)(tx, to)?,
        (Some(_), None) => {
            (register.delete)(tx, id)?;
        }
        (None, None) => {}
    }
    log(tx, cx, register, id, "restored", unit, before.as_ref(), to)
}

/// The version of a record: the sequence number of its last event; 0 when it has none.
///
/// # Errors
/// The engine's fault.
pub fn version(tx: &mut Tx<'_>, register: &Register, id: &str) -> Result<i64> {
    db::event::version(tx, register.subject, id)
}

fn fresh(tx: &mut Tx<'_>, register: &Register, id: &str, seen: Option<i64>) -> Result<()> {
    match seen {
        Some(seen) if seen != version(tx, register, id)? => Err(db::Error::Stale),
        _ => Ok(()),
    }
}

/// The parent's id in a record; a master record is its own.
pub fn parent_of<'a>(register: &Register, o: &'a Object) -> &'a str {
    match register.parent {
        Parent::None => text(o, "id"),
        p => text(o, p.column()),
    }
}

#[expect(clippy::too_many_arguments, reason = "an event is made of exactly these")]
fn log(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    id: &str,
    verb: &'static str,
    unit: Option<String>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<()> {
    let json = |o: Option<&Object>| o.map(|o| Json::Object((register.logged)(o)));
    let event = Event {
        subject: register.subject,
        id: id.to_owned(),
        verb,
        unit,
        before: json(before),
        after: json(after),
    };
    tx.record(&cx.stamp(), event)
}
