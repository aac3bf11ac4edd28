//! Who has room for what: said by the site's head for the site, by whoever asked them for a partner.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::{OrgId, Refusal, SiteId};
use serde_json::json;

use super::write::To;
use crate::model::{Capacity, Room, ServiceField};
use crate::store;

/// A receiver to choose from.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub to: To,
    pub name: String,
    /// Whether it answers with an account: sites do.
    pub account: bool,
    pub room: Option<Capacity>,
    pub rank: u8,
}

/// Says or confirms the room of a receiver for a kind of service.
///
/// # Errors
/// Denied, missing; a refusal at `note`.
pub fn say(
    tx: &mut Tx<'_>,
    cx: &Cx,
    to: &To,
    field: ServiceField,
    room: Room,
    note: &str,
) -> Result<Capacity> {
    cx.may("referrals.answer")?;
    let (site, org) = holder(tx, cx, to)?;
    let note = note.trim();
    if note.chars().count() > 120 {
        return Err(Refusal::at("note", "register.too_long").with("n", 120).into());
    }
    let before = store::capacity(tx, site.as_ref(), org.as_ref(), field.as_str())?;
    let after = Capacity {
        id: before.as_ref().map_or_else(|| cx.id(), |b| b.id.clone()),
        site,
        org,
        field,
        room,
        note: Some(note.to_owned()).filter(|n| !n.is_empty()),
        confirmed: cx.today(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
    };
    keep(tx, cx, before.as_ref(), &after)?;
    Ok(after)
}

/// Confirms a statement as it stands.
///
/// # Errors
/// Denied, missing.
pub fn confirm(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<Capacity> {
    let c = store::capacity_by_id(tx, id)?.ok_or(db::Error::Missing)?;
    let to = match (c.site, c.org) {
        (Some(site), _) => To::Site(site),
        (None, Some(org)) => To::Org(org),
        (None, None) => return Err(db::Error::Missing),
    };
    say(tx, cx, &to, c.field, c.room, c.note.as_deref().unwrap_or_default())
}

/// Whom a client could be referred to for a kind of service: those with room first.
///
/// # Errors
/// The engine's fault.
pub fn receivers(tx: &mut Tx<'_>, cx: &Cx, field: ServiceField) -> Result<Vec<Receiver>> {
    let today = cx.today();
    let said = store::capacities(tx, field.as_str())?;
    let mut out = Vec::new();
    let root = registry::region::root(tx)?.map_or_else(String::new, |r| r.path);
    for site in registry::site::under(tx, &root, today)? {
        let room = said.iter().find(|c| c.site.as_ref() == Some(&site.id)).cloned();
        let rank = Capacity::rank(room.as_ref(), today);
        out.push(Receiver { to: To::Site(site.id), name: site.name, account: true, room, rank });
    }
    for org in registry::org::all(tx, None)? {
        if !(kernel::Period { from: org.since, to: org.until }).holds_on(today) {
            continue;
        }
        let room = said.iter().find(|c| c.org.as_ref() == Some(&org.id)).cloned();
        let rank = Capacity::rank(room.as_ref(), today);
        out.push(Receiver { to: To::Org(org.id), name: org.name, account: false, room, rank });
    }
    // Whoever said nothing stands behind whoever did; the order of names is kept within.
    out.sort_by_key(|r| (r.rank, r.room.is_none()));
    Ok(out)
}

/// May this asker speak for it? A site's head for the site; partners are everybody's.
fn holder(tx: &mut Tx<'_>, cx: &Cx, to: &To) -> Result<(Option<SiteId>, Option<OrgId>)> {
    match to {
        To::Site(id) => {
            let site = registry::site::find(tx, id)?.ok_or(db::Error::Missing)?;
            let region = registry::region::find(tx, &site.region)?.ok_or(db::Error::Missing)?;
            if !cx.actor.scope().covers(&region.path, Some(id)) {
                return Err(db::Error::Missing);
            }
            Ok((Some(id.clone()), None))
        }
        To::Org(id) => {
            registry::org::find(tx, id)?.ok_or(db::Error::Missing)?;
            Ok((None, Some(id.clone())))
        }
    }
}

fn keep(tx: &mut Tx<'_>, cx: &Cx, before: Option<&Capacity>, after: &Capacity) -> Result<()> {
    if before.is_some() {
        tx.update(after)?;
    } else {
        tx.insert(after)?;
    }
    let event = Event {
        subject: "capacity",
        id: after.id.0.clone(),
        verb: "confirmed",
        unit: after.site.as_ref().map(|s| s.0.clone()),
        before: before.map(|b| json!(b)),
        after: Some(json!(after)),
    };
    tx.record(&cx.stamp(), event)
}
