//! The verbs: visits and their needs ([`visit`]), how often and when one goes ([`plan`]), how many of those due were met ([`rate`]), visits
//! without a network ([`offline`], [`conflict`], [`parcel`]); consultations ([`consultation`]); activities ([`activity`], [`signup`], [`opinion`]); photos of visits and activities ([`photos`]).
pub mod activity;
pub mod conflict;
pub mod consultation;
pub mod offline;
pub mod opinion;
pub mod parcel;
pub mod photos;
pub mod plan;
pub mod rate;
pub mod signup;
pub mod visit;

use db::{Event, Result, Tx};
use kernel::{PersonId, Refusal, RegionId};
use registry::region::RegionKind;
use serde::Serialize;

/// A change as the log keeps it. Visits touch no fact of the policy, so no unit is named.
fn event<R: Serialize>(
    subject: &'static str,
    id: &str,
    verb: &'static str,
    before: Option<&R>,
    after: Option<&R>,
) -> Result<Event> {
    Ok(Event {
        subject,
        id: id.to_owned(),
        verb,
        unit: None,
        before: before.map(serde_json::to_value).transpose()?,
        after: after.map(serde_json::to_value).transpose()?,
    })
}

/// People whom work at a region can be given to: everybody with a paid post in its street.
pub(crate) fn colleagues(
    tx: &mut Tx<'_>,
    cx: &access::Cx,
    region: &RegionId,
) -> Result<Vec<(PersonId, String)>> {
    let Some(at) = registry::region::find(tx, region)? else { return Ok(Vec::new()) };
    let street = registry::region::ancestor(tx, &at, RegionKind::Street)?.unwrap_or(at);
    registry::site::colleagues(tx, &street.path, cx.today())
}

/// The people named, each once, all of them colleagues at the region.
pub(crate) fn crew(
    tx: &mut Tx<'_>,
    cx: &access::Cx,
    region: &RegionId,
    first: Option<&PersonId>,
    named: &[PersonId],
) -> Result<Vec<PersonId>> {
    let mut out: Vec<PersonId> = first.into_iter().cloned().collect();
    let known = if named.is_empty() { Vec::new() } else { colleagues(tx, cx, region)? };
    for person in named {
        if out.contains(person) {
            continue;
        }
        if !known.iter().any(|(id, _)| id == person) {
            return Err(Refusal::at("workers", "register.person_unknown").into());
        }
        out.push(person.clone());
    }
    Ok(out)
}

/// The site that serves a region on a day.
pub(crate) fn site_of(
    tx: &mut Tx<'_>,
    region: &RegionId,
    day: kernel::Day,
) -> Result<kernel::SiteId> {
    registry::site::serving(tx, region, day)?
        .map(|s| s.id)
        .ok_or_else(|| Refusal::new("visits.no_site").into())
}
