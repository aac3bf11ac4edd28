//! How services get into the ledger, in the transaction of the record that they are.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Refusal, ServiceId};
use serde_json::json;

use crate::service::{NewService, Service, ServiceClient, ServiceWorker};
use crate::store;

/// The longest day of service: 24 hours.
const MOST_MINUTES: i64 = 24 * 60;

/// Writes a service.
///
/// # Errors
/// Refusals `ledger.minutes`, `ledger.future` and `ledger.nobody` at the fields `minutes`, `day` and `workers`.
pub fn record(tx: &mut Tx<'_>, cx: &Cx, new: NewService) -> Result<ServiceId> {
    check(cx, &new)?;
    let service = row(cx, &new, cx.id());
    tx.insert(&service)?;
    parts(tx, cx, &service, &new)?;
    store::roll(tx, &service, 1)?;
    tx.record(
        &cx.stamp(),
        Event {
            subject: "service",
            id: service.id.0.clone(),
            verb: "recorded",
            unit: Some(service.site.0.clone()),
            before: None,
            after: Some(json!(service)),
        },
    )?;
    Ok(service.id)
}

/// Writes the service of a record again after the record was corrected.
///
/// # Errors
/// As [`record`]; [`db::Error::Missing`] when the record has none.
pub fn amend(tx: &mut Tx<'_>, cx: &Cx, new: NewService) -> Result<ServiceId> {
    check(cx, &new)?;
    let old = store::of_source(tx, new.source, &new.source_id)?.ok_or(db::Error::Missing)?;
    store::roll(tx, &old, -1)?;
    store::drop_parts(tx, &old.id)?;
    let service = row(cx, &new, old.id.clone());
    tx.update(&service)?;
    parts(tx, cx, &service, &new)?;
    store::roll(tx, &service, 1)?;
    tx.record(
        &cx.stamp(),
        Event {
            subject: "service",
            id: service.id.0.clone(),
            verb: "amended",
            unit: Some(service.site.0.clone()),
            before: Some(json!(old)),
            after: Some(json!(service)),
        },
    )?;
    Ok(service.id)
}

/// Takes the service of a record out of every count; the row stays, marked.
///
/// # Errors
/// [`db::Error::Missing`] when the record has none.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Cx, source: &str, source_id: &str) -> Result<()> {
    let old = store::of_source(tx, source, source_id)?.ok_or(db::Error::Missing)?;
    store::roll(tx, &old, -1)?;
    let gone = Service { withdrawn: Some(cx.now), ..old.clone() };
    tx.update(&gone)?;
    tx.record(
        &cx.stamp(),
        Event {
            subject: "service",
            id: old.id.0.clone(),
            verb: "withdrawn",
            unit: Some(old.site.0.clone()),
            before: Some(json!(old)),
            after: Some(json!(gone)),
        },
    )
}

/// Each client once, in one order: what is counted and what is kept come from the same list.
fn clients(new: &NewService) -> Vec<kernel::ClientId> {
    let mut all = new.clients.clone();
    all.sort();
    all.dedup();
    all
}

fn check(cx: &Cx, new: &NewService) -> Result<()> {
    if !(0..=MOST_MINUTES).contains(&new.minutes) {
        return Err(Refusal::at("minutes", "ledger.minutes").into());
    }
    if new.day > cx.today() {
        return Err(Refusal::at("day", "ledger.future").into());
    }
    if new.workers.is_empty() {
        return Err(Refusal::at("workers", "ledger.nobody").into());
    }
    Ok(())
}

fn row(cx: &Cx, new: &NewService, id: ServiceId) -> Service {
    let named = i64::try_from(clients(new).len()).unwrap_or(i64::MAX);
    Service {
        id,
        kind: new.kind,
        source: new.source.to_owned(),
        source_id: new.source_id.clone(),
        site: new.site.clone(),
        region: new.region.clone(),
        path: new.path.clone(),
        day: new.day,
        month: new.day.to_string().chars().take(7).collect(),
        minutes: new.minutes,
        person_times: named.saturating_add(new.unnamed.max(0)),
        unnamed: new.unnamed.max(0),
        project: new.project.clone(),
        need: new.need.clone(),
        field: new.field.clone(),
        at: cx.now,
        withdrawn: None,
    }
}

fn parts(tx: &mut Tx<'_>, cx: &Cx, service: &Service, new: &NewService) -> Result<()> {
    for (person, minutes) in &new.workers {
        tx.insert(&ServiceWorker {
            id: cx.id(),
            service: service.id.clone(),
            person: person.clone(),
            day: service.day,
            minutes: *minutes,
        })?;
    }
    for client in clients(new) {
        tx.insert(&ServiceClient {
            id: cx.id(),
            service: service.id.clone(),
            client,
            day: service.day,
        })?;
    }
    Ok(())
}
