//! Verbs: noting time that was no service, and taking a wrong note back.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Day, RecordId, Refusal, Refusals};
use ledger::{OtherKind, OtherTime};
use serde_json::json;

use crate::model::MOST_MINUTES;

/// Time of one's own that was no service.
#[derive(Clone, Debug)]
pub struct NewTime {
    pub kind: Option<OtherKind>,
    pub day: Option<Day>,
    pub minutes: i64,
    pub what: String,
    pub asked_by: String,
    /// It stands among the services of a plan, contract or assessment (4B.1-7).
    pub listed: bool,
}

/// Notes time of one's own that was no service: it shows in the hours and is never counted as one (4B.1-7, M31).
///
/// # Errors
/// Denied; refusals at the fields; `worklog.no_person` and `worklog.no_site` for accounts that stand for nobody at a site.
pub fn log(tx: &mut Tx<'_>, cx: &Cx, new: NewTime) -> Result<RecordId> {
    cx.may("worklog.write")?;
    let person = cx.actor.person().cloned().ok_or_else(|| Refusal::new("worklog.no_person"))?;
    let today = cx.today();
    let mut no = Refusals::none();
    let what = new.what.trim();
    let asked_by = new.asked_by.trim();
    no.require(new.kind.is_some(), "kind", "register.missing");
    match new.day {
        None => no.require(false, "day", "register.missing"),
        Some(day) => no.require(day <= today, "day", "worklog.future"),
    }
    no.require((1..=MOST_MINUTES).contains(&new.minutes), "minutes", "worklog.minutes_wrong");
    no.require(!what.is_empty(), "what", "register.missing");
    no.require(what.chars().count() <= 200, "what", "worklog.too_long");
    let admin = new.kind == Some(OtherKind::Administrative);
    no.require(!admin || !asked_by.is_empty(), "asked_by", "worklog.asked_by_missing");
    no.require(asked_by.chars().count() <= 60, "asked_by", "worklog.too_long_name");
    no.done()?;
    let (Some(kind), Some(day)) = (new.kind, new.day) else { return Err(db::Error::Missing) };
    // The site in sight where the person works that day; a hat for one site decides between several.
    let scope = cx.actor.scope().clone();
    let site = registry::site::of_person(tx, &person, day)?
        .into_iter()
        .filter(|s| scope.site.as_ref().is_none_or(|mine| *mine == s.id))
        .map(|s| Ok((registry::region::find(tx, &s.region)?, s)))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .find_map(|(region, s)| Some((region.filter(|r| r.path.starts_with(&scope.path))?, s)));
    let (region, site) = site.ok_or_else(|| Refusal::at("day", "worklog.no_site"))?;
    let entry = OtherTime {
        id: cx.id(),
        person,
        site: site.id,
        path: region.path,
        kind,
        day,
        minutes: new.minutes,
        what: what.to_owned(),
        asked_by: Some(asked_by.to_owned()).filter(|a| admin && !a.is_empty()),
        listed: admin && new.listed,
        at: cx.now,
    };
    tx.insert(&entry)?;
    note(tx, cx, "logged", None, Some(&entry))?;
    Ok(entry.id)
}

/// Takes back a note of one's own.
///
/// # Errors
/// Denied; [`db::Error::Missing`] when there is none of one's own.
pub fn remove(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<()> {
    cx.may("worklog.write")?;
    let entry: OtherTime = tx
        .find(&db::Cell::to_value(id))?
        .filter(|e: &OtherTime| Some(&e.person) == cx.actor.person())
        .ok_or(db::Error::Missing)?;
    tx.delete::<OtherTime>(&db::Cell::to_value(id))?;
    note(tx, cx, "removed", Some(&entry), None)
}

fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    before: Option<&OtherTime>,
    after: Option<&OtherTime>,
) -> Result<()> {
    let Some(entry) = after.or(before) else { return Ok(()) };
    let event = Event {
        subject: "other_time",
        id: entry.id.0.clone(),
        verb,
        unit: Some(entry.site.0.clone()),
        before: before.map(|e| json!(e)),
        after: after.map(|e| json!(e)),
    };
    tx.record(&cx.stamp(), event)
}
