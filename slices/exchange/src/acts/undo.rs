//! Undoing an import within a day, unless later work leans on it.
use std::collections::{HashMap, HashSet};

use access::Cx;
use db::{Error, Result, Tx};
use kernel::{BatchId, Refusal};
use serde_json::Value as Json;
use web::register::acts::restore;
use web::register::{Kind, Object, Parent, Register, text};

use super::commit::event;
use crate::house::{House, href, label, subject_of};
use crate::model::{ImportBatch, ImportRow, Lean};
use crate::store;

/// Puts every record back as it was before the import, last first; or says what leans on it.
///
/// # Errors
/// Refused once the day is over or when it is undone already; denied; missing; the engine's fault.
pub fn undo(
    tx: &mut Tx<'_>,
    cx: &Cx,
    house: &House,
    id: &BatchId,
) -> Result<std::result::Result<ImportBatch, Vec<Lean>>> {
    cx.may("import.run")?;
    let batch = store::batch(tx, cx, id)?;
    if batch.undone_at.is_some() {
        return Err(Refusal::new("exchange.undo.done").into());
    }
    if !batch.undoable(cx.now) {
        return Err(Refusal::new("exchange.undo.late").into());
    }
    let rows = store::rows_of(tx, id)?;
    let leans = leaning(tx, house, &rows)?;
    if !leans.is_empty() {
        return Ok(Err(leans));
    }
    for row in rows.iter().rev() {
        let register = house.register(&row.register).ok_or(Error::Missing)?;
        let to = row.before.as_ref().and_then(Json::as_object);
        restore(tx, cx, register, &row.record, to).map_err(|e| match e {
            // A table that is no register points here; the engine knows it by its key alone.
            Error::Broken(cause) => {
                tracing::warn!(cause, "an undo broke");
                Refusal::new("exchange.undo.leaned_on").into()
            }
            other => other,
        })?;
    }
    let undone = ImportBatch {
        undone_at: Some(cx.now),
        undone_by: Some(cx.actor.name().to_owned()),
        ..batch
    };
    tx.update(&undone)?;
    tx.record(&cx.stamp(), event(&undone, "undone"))?;
    Ok(Ok(undone))
}

/// What changed after the import, and what outside it points to what it added.
fn leaning(tx: &mut Tx<'_>, house: &House, rows: &[ImportRow]) -> Result<Vec<Lean>> {
    let mut out = Vec::new();
    for row in rows {
        let Some(register) = house.register(&row.register) else { continue };
        if db::event::version(tx, register.subject, &row.record)? != row.seq {
            let found = register.find(tx, &row.record)?.unwrap_or_default();
            out.push(lean(register, &row.record, &found, "changed_later"));
        }
    }
    let mut added: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in rows.iter().filter(|r| r.before.is_none()) {
        added.entry(&row.subject).or_default().insert(&row.record);
    }
    let mine: HashSet<(&str, &str)> =
        rows.iter().map(|r| (r.subject.as_str(), r.record.as_str())).collect();
    for register in house.registers.iter() {
        let columns = pointing(register, &added);
        if columns.is_empty() {
            continue;
        }
        for o in register.every(tx)? {
            let id = text(&o, "id");
            let points = columns.iter().any(|(column, ids)| ids.contains(text(&o, column)));
            if points && !mine.contains(&(register.subject, id)) {
                out.push(lean(register, id, &o, "points_here"));
            }
        }
    }
    Ok(out)
}

/// The columns of a register that may point to something that was added.
fn pointing<'a>(
    register: &Register,
    added: &'a HashMap<&str, HashSet<&'a str>>,
) -> Vec<(&'static str, &'a HashSet<&'a str>)> {
    let parent = match register.parent {
        Parent::Site => Some((Parent::Site.column(), Kind::Site)),
        Parent::Person => Some((Parent::Person.column(), Kind::Person)),
        Parent::None => None,
    };
    let fields = register.fields.iter().map(|f| (f.name, f.kind));
    parent
        .into_iter()
        .chain(fields)
        .filter_map(|(column, kind)| Some((column, added.get(subject_of(kind)?)?)))
        .collect()
}

fn lean(register: &Register, id: &str, o: &Object, why: &'static str) -> Lean {
    Lean {
        register: register.name.to_owned(),
        id: id.to_owned(),
        label: label(register, o),
        href: href(register, o),
        why,
    }
}
