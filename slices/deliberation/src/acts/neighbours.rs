//! Two-neighbours activities: noted once, counted in the ledger.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, RecordId, Refusal, Refusals, RegionId};
use ledger::{NewService, ServiceKind};

use super::{happened, limit, must, person, place};
use crate::model::{NeighbourActivity, NeighbourKind};
use crate::store;

/// What is filled in.
#[derive(Clone, Debug)]
pub struct NewNeighbours {
    pub title: String,
    pub kind: NeighbourKind,
    pub region: RegionId,
    pub day: Day,
    pub place: String,
    pub minutes: i64,
    pub persons: i64,
    pub note: String,
}

/// Notes an activity.
///
/// # Errors
/// Denied, missing; refusals at the fields.
pub fn add(tx: &mut Tx<'_>, cx: &Cx, new: &NewNeighbours) -> Result<NeighbourActivity> {
    cx.may("deliberation.write")?;
    let (region, site) = place(tx, cx, &new.region, new.day)?;
    let mut no = Refusals::none();
    no.require(new.persons > 0 && new.persons <= 100_000, "persons", "deliberation.count");
    no.require(new.minutes > 0, "minutes", "ledger.minutes");
    limit(&mut no, "note", &new.note, 500);
    no.done()?;
    let row = NeighbourActivity {
        id: cx.id(),
        title: must("title", &new.title, 60)?,
        kind: new.kind,
        site: site.id,
        path: region.path,
        region: region.id,
        worker: person(cx)?,
        day: new.day,
        place: must("place", &new.place, 60)?,
        minutes: new.minutes,
        persons: new.persons,
        note: Some(new.note.trim().to_owned()).filter(|n| !n.is_empty()),
        withdrawn: None,
        at: cx.now,
    };
    tx.insert(&row)?;
    happened(
        tx,
        cx,
        "neighbour_activity",
        row.id.as_str(),
        "added",
        row.site.as_str(),
        None,
        &row,
    )?;
    ledger::record(
        tx,
        cx,
        NewService {
            kind: ServiceKind::Activity,
            source: "neighbour_activity",
            source_id: row.id.0.clone(),
            site: row.site.clone(),
            region: row.region.clone(),
            path: row.path.clone(),
            day: row.day,
            minutes: row.minutes,
            workers: vec![(row.worker.clone(), row.minutes)],
            clients: Vec::new(),
            unnamed: row.persons,
            project: None,
            need: None,
            field: Some("inclusion".to_owned()),
        },
    )?;
    Ok(row)
}

/// Takes an activity that was noted by mistake out of every count.
///
/// # Errors
/// Denied, missing; a refusal when it was taken out already.
pub fn withdraw(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<()> {
    cx.may("deliberation.write")?;
    let before = store::neighbour(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?;
    if before.withdrawn.is_some() {
        return Err(Refusal::new("deliberation.done_already").into());
    }
    let after = NeighbourActivity { withdrawn: Some(cx.now), ..before.clone() };
    tx.update(&after)?;
    let unit = after.site.as_str();
    happened(tx, cx, "neighbour_activity", id.as_str(), "withdrawn", unit, Some(&before), &after)?;
    ledger::withdraw(tx, cx, "neighbour_activity", id.as_str())
}
