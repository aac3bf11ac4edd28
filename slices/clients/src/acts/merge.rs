//! Two files of one person become one. Nothing is thrown away: the record says what was moved, and undoing moves it back.
//! What is sealed for the file that went stays sealed for it and is read through the one that lives on.
use access::Cx;
use access::care;
use db::{Result, Tx, Value};
use kernel::{ClientId, Refusal};
use registry::client::{Assignment, Avoidance, Client, ClientState};

use super::{categories, note};
use crate::model::{Belonging, MergeRecord, Moved, Relation};
use crate::store;

/// Merges `gone` into `kept`.
///
/// # Errors
/// Refusals `clients.merge_self`, `clients.merge_numbers`; missing.
pub fn merge(tx: &mut Tx<'_>, cx: &Cx, kept: &ClientId, gone: &ClientId) -> Result<MergeRecord> {
    cx.may("clients.merge")?;
    let (kept, _) = care::find(tx, cx, kept)?;
    let (gone, _) = care::find(tx, cx, gone)?;
    if kept.id == gone.id {
        return Err(Refusal::new("clients.merge_self").into());
    }
    // Two different ID numbers are two people, whatever else agrees.
    if kept.id_index.is_some() && gone.id_index.is_some() && kept.id_index != gone.id_index {
        return Err(Refusal::new("clients.merge_numbers").into());
    }
    let mut moved = Moved {
        state: gone.state.as_str().to_owned(),
        restricted: kept.restricted,
        ..Moved::default()
    };
    let live = store::live_assignments(tx, &kept.id, cx.today())?;
    for a in registry::client::assignments_of(tx, &gone.id)? {
        // Somebody who looks after both needs no second assignment.
        if live.iter().any(|l| l.person == a.person && l.kind == a.kind) {
            continue;
        }
        moved.assignments.push(a.id.clone());
        tx.update(&Assignment { client: kept.id.clone(), ..a })?;
    }
    for b in store::belongings(tx, &gone.id)? {
        moved.categories.push(b.id.clone());
        carry(tx, b, &gone.id, &kept.id)?;
    }
    for v in store::avoidances(tx, &gone.id)? {
        moved.avoidances.push(v.id.clone());
        tx.update(&Avoidance { client: kept.id.clone(), ..v })?;
    }
    for r in store::pointing(tx, &gone.id)? {
        moved.pointed.push(r.id.clone());
        tx.update(&Relation { other: Some(kept.id.clone()), ..r })?;
    }
    // Files that went into this one before go on to the one that lives.
    for id in store::merged_into(tx, &gone.id)? {
        moved.chained.push(id.clone());
        redirect(tx, cx, &id, &gone.id, &kept.id)?;
    }
    let after =
        Client { state: ClientState::Merged, merged_into: Some(kept.id.clone()), ..gone.clone() };
    tx.update(&after)?;
    note(tx, cx, &kept, ("client", gone.id.as_str(), "merged"), Some(&gone), Some(&after))?;
    let record = MergeRecord {
        id: cx.id(),
        kept: kept.id.clone(),
        gone: gone.id.clone(),
        moved: serde_json::to_value(&moved)?,
        at: cx.now,
        by_account: cx.actor.account().clone(),
        undone_at: None,
        undone_by: None,
    };
    tx.insert(&record)?;
    note(tx, cx, &kept, ("client_merge", record.id.as_str(), "merged"), None, Some(&record))?;
    // Hidden before means hidden after.
    if gone.restricted && !kept.restricted {
        let hidden = Client { restricted: true, ..kept.clone() };
        tx.update(&hidden)?;
        note(
            tx,
            cx,
            &kept,
            ("client", kept.id.as_str(), "restricted"),
            Some(&kept),
            Some(&hidden),
        )?;
    }
    Ok(record)
}

/// A belonging changes hands; its sealed detail is sealed anew for the new owner.
fn carry(tx: &mut Tx<'_>, b: Belonging, from: &ClientId, to: &ClientId) -> Result<()> {
    const PLACE: &str = "client_category.detail";
    let detail = tx.open_some(from.as_str(), PLACE, b.id.as_str(), b.detail.as_ref())?;
    let detail = tx.seal_some(to.as_str(), PLACE, b.id.as_str(), &detail)?;
    tx.update(&Belonging { client: to.clone(), detail, ..b }).map(drop)
}

/// A file that was merged before leads on to another.
fn redirect(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, from: &ClientId, to: &ClientId) -> Result<()> {
    let Some(before) = registry::client::find_unguarded(tx, id)? else { return Ok(()) };
    if before.merged_into.as_ref() != Some(from) {
        return Ok(());
    }
    let after = Client { merged_into: Some(to.clone()), ..before.clone() };
    tx.update(&after)?;
    note(tx, cx, &after, ("client", id.as_str(), "redirected"), Some(&before), Some(&after))
}

/// Undoes a merge: what it moved goes back, the file that went is in use again.
///
/// # Errors
/// A refusal `clients.merge_undone`; missing.
pub fn undo(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<MergeRecord> {
    cx.may("clients.merge")?;
    let key = Value::Text(id.to_owned());
    let record: MergeRecord = tx.find(&key)?.ok_or(db::Error::Missing)?;
    let (kept, _) = care::find(tx, cx, &record.kept)?;
    if record.undone_at.is_some() || kept.id != record.kept {
        return Err(Refusal::new("clients.merge_undone").into());
    }
    let gone = registry::client::find_unguarded(tx, &record.gone)?.ok_or(db::Error::Missing)?;
    let moved: Moved = serde_json::from_value(record.moved.clone())?;
    for id in &moved.assignments {
        if let Some(a) = tx.find::<Assignment>(&Value::Text(id.0.clone()))? {
            tx.update(&Assignment { client: gone.id.clone(), ..a })?;
        }
    }
    for id in &moved.categories {
        if let Some(b) = tx.find::<Belonging>(&Value::Text(id.0.clone()))? {
            carry(tx, b, &kept.id, &gone.id)?;
        }
    }
    for id in &moved.avoidances {
        if let Some(v) = tx.find::<Avoidance>(&Value::Text(id.0.clone()))? {
            tx.update(&Avoidance { client: gone.id.clone(), ..v })?;
        }
    }
    for id in &moved.pointed {
        if let Some(r) = tx.find::<Relation>(&Value::Text(id.0.clone()))? {
            tx.update(&Relation { other: Some(gone.id.clone()), ..r })?;
        }
    }
    for id in &moved.chained {
        redirect(tx, cx, id, &kept.id, &gone.id)?;
    }
    let state = ClientState::parse(&moved.state).unwrap_or(ClientState::Active);
    let back = Client { state, merged_into: None, ..gone.clone() };
    tx.update(&back)?;
    note(tx, cx, &kept, ("client", gone.id.as_str(), "parted"), Some(&gone), Some(&back))?;
    let undone = MergeRecord {
        undone_at: Some(cx.now),
        undone_by: Some(cx.actor.account().clone()),
        ..record.clone()
    };
    tx.update(&undone)?;
    note(tx, cx, &kept, ("client_merge", id, "undone"), Some(&record), Some(&undone))?;
    categories::restrict(tx, cx, kept)?;
    Ok(undone)
}
