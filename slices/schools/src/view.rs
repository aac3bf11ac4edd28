//! What both faces and the search show of schools: each with its placements and counts.
use std::collections::BTreeMap;

use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use registry::org::Org;
use web::Found;

use crate::model::{Placement, SchoolService, ServiceKind};
use crate::store;

/// A school with all that is counted of it.
pub(crate) struct School {
    pub(crate) org: Org,
    pub(crate) street: String,
    /// Latest first.
    pub(crate) placements: Vec<Placement>,
    pub(crate) services: Vec<SchoolService>,
}

impl School {
    /// Is an agreement in force?
    pub(crate) fn covered(&self, day: Day) -> bool {
        self.placements.iter().any(|p| p.period().holds_on(day))
    }
    /// Has social work landed (M03)?
    pub(crate) fn landed(&self, day: Day) -> bool {
        self.placements.iter().any(|p| p.landed(&self.services, day))
    }
    /// The placements in force.
    pub(crate) fn live(&self, day: Day) -> Vec<&Placement> {
        self.placements.iter().filter(|p| p.period().holds_on(day)).collect()
    }
    /// Services and pupils reached since a day, by kind.
    pub(crate) fn counts(&self, since: Day) -> BTreeMap<ServiceKind, (i64, i64)> {
        let mut out = BTreeMap::new();
        for s in self.services.iter().filter(|s| s.day >= since) {
            let row: &mut (i64, i64) = out.entry(s.kind).or_default();
            row.0 += 1;
            row.1 += s.pupils;
        }
        out
    }
}

/// A school of the asker's scope.
pub(crate) fn school(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<School> {
    let org = store::school(tx, cx, id)?.ok_or(db::Error::Missing)?;
    fill(tx, org)
}
/// Every school of the asker's scope.
pub(crate) fn schools(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<School>> {
    let all = store::schools(tx, cx, cx.today())?;
    all.into_iter().map(|org| fill(tx, org)).collect()
}
fn fill(tx: &mut Tx<'_>, org: Org) -> Result<School> {
    Ok(School {
        street: registry::region::name_of(tx, &org.region)?,
        placements: store::placements(tx, &org.id)?,
        services: store::services(tx, &org.id)?,
        org,
    })
}

/// At most so many hits.
const MOST: i64 = 8;

/// Schools whose name holds the words.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    let words = words.trim();
    if words.is_empty() || !cx.actor.can("schools.read") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for o in store::search(tx, cx, words, MOST)? {
        out.push(Found {
            kind: "schools.found",
            href: format!("/schools/{}", o.id),
            detail: registry::region::name_of(tx, &o.region)?,
            label: o.name,
            icon: "school",
        });
    }
    Ok(out)
}
