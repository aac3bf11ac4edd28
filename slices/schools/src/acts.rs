//! The verbs: place somebody at a school, end a placement, record a service, correct it, take it back.
use access::{Cx, care};
use db::{Event, Record, Result, Tx};
use kernel::{ClientId, Day, OrgId, PersonId, Refusal, Refusals};
use ledger::NewService;
use registry::org::Org;
use serde::Serialize;

use crate::model::{Mode, Placement, SchoolService, ServiceKind};
use crate::store;

/// An agreement as it is filled in.
#[derive(Clone, Debug)]
pub struct NewPlacement {
    pub school: OrgId,
    pub person: PersonId,
    pub mode: Mode,
    pub number: String,
    pub signed_on: Day,
    pub since: Day,
    /// The first day without.
    pub until: Option<Day>,
}

/// A service as it is filled in.
#[derive(Clone, Debug)]
pub struct NewSchoolService {
    pub day: Day,
    pub kind: ServiceKind,
    pub minutes: i64,
    /// Pupils reached, those on file among them.
    pub pupils: i64,
    pub notes: String,
    /// Residents on file whom it was for.
    pub clients: Vec<ClientId>,
}

fn tell<R: Record + Serialize>(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    school: &OrgId,
    before: Option<&R>,
    after: &R,
) -> Result<()> {
    let after = serde_json::to_value(after)?;
    let id = after.get("id").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    tx.record(
        &cx.stamp(),
        Event {
            subject: R::TABLE,
            id,
            verb,
            unit: Some(school.0.clone()),
            before: before.map(serde_json::to_value).transpose()?,
            after: Some(after),
        },
    )
}

/// Places somebody at a school. Who works with minors is checked (未成年人保护法 §62).
///
/// # Errors
/// Denied; missing school; refusals at the fields: `until`, `person` (`schools.unchecked`), `mode` (`schools.mode_one` when the person serves
/// another school in these days), `since` (`schools.overlap` when the same person is placed there already).
pub fn place(tx: &mut Tx<'_>, cx: &Cx, new: &NewPlacement) -> Result<Placement> {
    cx.may("schools.write")?;
    let school = store::school(tx, cx, new.school.as_str())?.ok_or(db::Error::Missing)?;
    let placement = Placement {
        id: cx.id(),
        school: school.id,
        person: new.person.clone(),
        mode: new.mode,
        number: Some(new.number.trim().to_owned()).filter(|n| !n.is_empty()),
        signed_on: new.signed_on,
        since: new.since,
        until: new.until,
    };
    let mut no = Refusals::none();
    no.require(new.until.is_none_or(|d| d > new.since), "until", "register.dates_order");
    no.require(new.signed_on <= cx.today(), "signed_on", "ledger.future");
    if registry::people::find(tx, &new.person)?.is_none() {
        no.push(Refusal::at("person", "schools.person_unknown"));
    } else if !store::checked(tx, &new.person, cx.today())? {
        no.push(Refusal::at("person", "schools.unchecked"));
    }
    for other in store::of_person(tx, &new.person)? {
        if !other.period().overlaps(&placement.period()) {
            continue;
        }
        if other.school == placement.school {
            no.push(Refusal::at("since", "schools.overlap"));
        } else if new.mode == Mode::OneSchool || other.mode == Mode::OneSchool {
            no.push(Refusal::at("mode", "schools.mode_one").under("2-7d"));
        }
    }
    no.done()?;
    tx.insert(&placement)?;
    tell(tx, cx, "placed", &placement.school, None, &placement)?;
    Ok(placement)
}

/// Ends an agreement, or moves its end; `until` is the first day without.
///
/// # Errors
/// Denied; missing; `until` before the first day; `schools.served_after` when a service stands on a later day.
pub fn end(tx: &mut Tx<'_>, cx: &Cx, id: &str, until: Option<Day>) -> Result<Placement> {
    cx.may("schools.write")?;
    let before = store::placement(tx, cx, id)?.ok_or(db::Error::Missing)?;
    if let Some(until) = until {
        if until <= before.since {
            return Err(Refusal::at("until", "register.dates_order").into());
        }
        let late = store::services(tx, &before.school)?;
        if late.iter().any(|s| s.placement == before.id && s.day >= until) {
            return Err(Refusal::at("until", "schools.served_after").into());
        }
    }
    let after = Placement { until, ..before.clone() };
    for other in store::of_person(tx, &before.person)? {
        let clash = other.id != before.id && other.period().overlaps(&after.period());
        if clash && (other.mode == Mode::OneSchool || after.mode == Mode::OneSchool) {
            return Err(Refusal::at("until", "schools.mode_one").under("2-7d").into());
        }
    }
    tx.update(&after)?;
    tell(tx, cx, "ended", &after.school, Some(&before), &after)?;
    Ok(after)
}

/// Who may write a service of a placement: whoever is placed, and the head and deputy of the street.
fn may_serve(cx: &Cx, placement: &Placement) -> Result<()> {
    cx.may("schools.serve")?;
    let own = cx.actor.person() == Some(&placement.person);
    if own || cx.actor.can("schools.write") { Ok(()) } else { Err(db::Error::Missing) }
}

/// May this viewer read the notes of a service: whoever delivered it, and the professional lead of the street.
pub fn reads_notes(cx: &Cx, service: &SchoolService) -> bool {
    cx.actor.person() == Some(&service.person) || cx.actor.can("clients.lead")
}

/// Records a service under a placement, with its row in the ledger of the street's station.
///
/// # Errors
/// Denied; missing; refusals at `day` (`schools.not_placed`), `pupils`, `minutes`, `school` (`schools.no_site`).
pub fn serve(
    tx: &mut Tx<'_>,
    cx: &Cx,
    placement: &str,
    new: &NewSchoolService,
) -> Result<SchoolService> {
    let placement = store::placement(tx, cx, placement)?.ok_or(db::Error::Missing)?;
    may_serve(cx, &placement)?;
    let id: kernel::RecordId = cx.id();
    let service = SchoolService {
        notes: tx.seal_some(id.as_str(), "school_service.notes", id.as_str(), new.notes.trim())?,
        placement: placement.id.clone(),
        school: placement.school.clone(),
        person: placement.person.clone(),
        day: new.day,
        kind: new.kind,
        minutes: new.minutes,
        pupils: new.pupils,
        at: cx.now,
        withdrawn: None,
        id,
    };
    let entry = entry(tx, cx, &placement, &service, new)?;
    tx.insert(&service)?;
    tell(tx, cx, "served", &service.school, None, &service)?;
    ledger::record(tx, cx, entry)?;
    Ok(service)
}

/// Corrects a service.
///
/// # Errors
/// As [`serve`].
pub fn correct(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &str,
    new: &NewSchoolService,
) -> Result<SchoolService> {
    let before = store::service(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let placement =
        store::placement(tx, cx, before.placement.as_str())?.ok_or(db::Error::Missing)?;
    may_serve(cx, &placement)?;
    // Who corrects without reading the notes leaves them as they are.
    let notes = if reads_notes(cx, &before) {
        tx.seal_some(id, "school_service.notes", id, new.notes.trim())?
    } else {
        before.notes.clone()
    };
    let after = SchoolService {
        day: new.day,
        kind: new.kind,
        minutes: new.minutes,
        pupils: new.pupils,
        notes,
        ..before.clone()
    };
    // Clients whom the corrector does not see stay what they were.
    let mut told = new.clone();
    for client in store::clients_of(tx, id)? {
        match care::find(tx, cx, &client) {
            Err(db::Error::Missing) => told.clients.push(client),
            seen => drop(seen?),
        }
    }
    let entry = entry(tx, cx, &placement, &after, &told)?;
    tx.update(&after)?;
    tell(tx, cx, "corrected", &after.school, Some(&before), &after)?;
    ledger::amend(tx, cx, entry)?;
    Ok(after)
}

/// Takes a service back that was recorded by mistake: it counts nowhere any more.
///
/// # Errors
/// Denied; missing.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<SchoolService> {
    let before = store::service(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let placement =
        store::placement(tx, cx, before.placement.as_str())?.ok_or(db::Error::Missing)?;
    may_serve(cx, &placement)?;
    let after = SchoolService { withdrawn: Some(cx.now), ..before.clone() };
    tx.update(&after)?;
    tell(tx, cx, "withdrawn", &after.school, Some(&before), &after)?;
    ledger::withdraw(tx, cx, "school_service", id)?;
    Ok(after)
}

/// The row of the ledger; refuses what cannot be.
fn entry(
    tx: &mut Tx<'_>,
    cx: &Cx,
    placement: &Placement,
    service: &SchoolService,
    new: &NewSchoolService,
) -> Result<NewService> {
    let mut clients = new.clients.clone();
    clients.sort();
    clients.dedup();
    let named = i64::try_from(clients.len()).unwrap_or(i64::MAX);
    let mut no = Refusals::none();
    no.require(placement.period().holds_on(service.day), "day", "schools.not_placed");
    no.require(service.day <= cx.today(), "day", "ledger.future");
    no.require((1..=24 * 60).contains(&service.minutes), "minutes", "ledger.minutes");
    no.require((0..=5000).contains(&service.pupils), "pupils", "schools.pupils_range");
    no.require(service.pupils >= named, "pupils", "schools.pupils_few");
    no.done()?;
    let school = registry::org::find(tx, &placement.school)?.ok_or(db::Error::Missing)?;
    let Org { region, .. } = school;
    let site = registry::site::serving(tx, &region, service.day)?
        .ok_or_else(|| Refusal::at("school", "schools.no_site"))?;
    let region = registry::region::find(tx, &site.region)?.ok_or(db::Error::Missing)?;
    Ok(NewService {
        kind: ledger::ServiceKind::SchoolService,
        source: "school_service",
        source_id: service.id.0.clone(),
        site: site.id,
        region: region.id,
        path: region.path,
        day: service.day,
        minutes: service.minutes,
        workers: vec![(service.person.clone(), service.minutes)],
        unnamed: service.pupils - named,
        clients,
        project: None,
        need: None,
        field: None,
    })
}
