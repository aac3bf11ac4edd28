//! The verbs: open, rename and close a site, say that a register is empty, see a person's number in full, find by what people type.
//!
//! Records of registers are added, amended and removed by `web::register::acts`; evidence has its own file.
pub mod evidence;

use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Day, PersonId, Refusal, Refusals, RegionId, SiteId};
use registry::people::Person;
use registry::region::{self, Region, RegionKind};
use serde::Serialize;
use web::register::{Kind, Register, object};

use crate::model::{Host, NamingBasis, RegisterReport, Site, SiteKind, SiteName};
use crate::naming::{self, Checked, Place};
use crate::{registers, store};

/// What is filled in to open a site.
#[derive(Clone, Debug)]
pub struct NewSite {
    pub kind: SiteKind,
    /// A street for stations, a community or village for studios.
    pub region: RegionId,
    /// The bureau's key; made from the region's code when empty.
    pub code: String,
    /// As on the sign; the official name when empty.
    pub name: String,
    /// Keep a name that is not of the official form: it is what hangs on the wall. The policy judges it.
    pub keep_name: bool,
    /// A studio's label (王阿姨), a special station's field (未成年人保护); not needed when the name is given.
    pub label: String,
    pub parent: Option<SiteId>,
    pub basis: Option<NamingBasis>,
    pub address: Option<String>,
    pub host: Option<Host>,
    /// Square metres.
    pub area: Option<i64>,
    pub phone: Option<String>,
    pub since: Day,
}

impl NewSite {
    /// A site of a kind at a region since a day, everything else left open.
    pub fn at(kind: SiteKind, region: RegionId, since: Day) -> Self {
        Self {
            kind,
            region,
            code: String::new(),
            name: String::new(),
            keep_name: false,
            label: String::new(),
            parent: None,
            basis: None,
            address: None,
            host: None,
            area: None,
            phone: None,
            since,
        }
    }
}

/// A name checked for a place, with the label found in it and the official name in its stead.
#[derive(Clone, Debug)]
pub struct Named {
    pub checked: Checked,
    pub label: String,
    pub official: String,
}

/// The names a site's region gives it.
///
/// # Errors
/// The engine's fault.
pub fn place(tx: &mut Tx<'_>, at: &Region) -> Result<Place> {
    let mut name = |kind| {
        Ok::<_, db::Error>(region::ancestor(tx, at, kind)?.map_or_else(String::new, |r| r.name))
    };
    Ok(Place {
        city: name(RegionKind::City)?,
        district: name(RegionKind::District)?,
        street: name(RegionKind::Street)?,
        community: if at.is_neighbourhood() { at.name.clone() } else { String::new() },
    })
}

/// Checks a typed name for a kind of site at a region. An empty name is answered with the official one made from the label.
///
/// # Errors
/// [`db::Error::Missing`] when the region is out of sight.
pub fn name_for(
    tx: &mut Tx<'_>,
    cx: &Cx,
    kind: SiteKind,
    at: &RegionId,
    typed: &str,
    label: &str,
) -> Result<Named> {
    let at = store::region_called(tx, cx, at.as_str())?.ok_or(db::Error::Missing)?;
    let here = place(tx, &at)?;
    let streets: Vec<String> = match region::ancestor(tx, &at, RegionKind::District)? {
        Some(district) => region::children(tx, &district.id)?.into_iter().map(|r| r.name).collect(),
        None => Vec::new(),
    };
    let label = naming::normal(label);
    let make = |label: &str| match kind {
        SiteKind::Station => naming::station(&here),
        SiteKind::SpecialStation => naming::special(&here, label),
        SiteKind::Studio => naming::studio(&here, label),
    };
    let typed = if typed.trim().is_empty() { make(&label) } else { typed.to_owned() };
    let (checked, found) = match kind {
        SiteKind::Station => (naming::check_station(&typed, &here, &streets), String::new()),
        SiteKind::SpecialStation => (naming::check_special(&typed, &here, &streets), label.clone()),
        SiteKind::Studio => naming::check_studio(&typed, &here, &streets),
    };
    let found = if found.is_empty() { label } else { found };
    Ok(Named { checked, official: make(&found), label: found })
}

fn event<R: Serialize>(
    subject: &'static str,
    id: &str,
    verb: &'static str,
    unit: &str,
    before: Option<&R>,
    after: Option<&R>,
) -> Result<Event> {
    Ok(Event {
        subject,
        id: id.to_owned(),
        verb,
        unit: Some(unit.to_owned()),
        before: before.map(serde_json::to_value).transpose()?,
        after: after.map(serde_json::to_value).transpose()?,
    })
}

/// Opens a site. An empty name becomes the official one (4A.2-10, 4A.2-18).
///
/// # Errors
/// Refusals at the fields; `sites.name_unofficial` with what differs, unless the name is to be kept as it is.
pub fn open(tx: &mut Tx<'_>, cx: &Cx, new: NewSite) -> Result<Site> {
    cx.may("sites.open")?;
    let at = store::region_called(tx, cx, new.region.as_str())?.ok_or(db::Error::Missing)?;
    let mut no = Refusals::none();
    let named = name_for(tx, cx, new.kind, &at.id, &new.name, &new.label)?;
    if new.kind != SiteKind::Station && new.name.trim().is_empty() {
        no.require(!named.label.is_empty(), "label", "naming.label");
    }
    if !new.keep_name && no.0.is_empty() {
        named.checked.faults.iter().for_each(|f| no.push(f.clone()));
    }
    let code = match new.code.trim() {
        "" => format!("{}-{:02}", at.code, store::sites_at(tx, &at.id)? + 1),
        code => code.to_owned(),
    };
    let site = Site {
        id: cx.id(),
        code,
        kind: new.kind,
        name: named.checked.name,
        named: None,
        region: at.id,
        parent: new.parent,
        basis: new.basis,
        label: Some(named.label).filter(|l| !l.is_empty()),
        address: new.address,
        host: new.host,
        area: new.area,
        phone: new.phone,
        since: new.since,
        until: None,
    };
    if let Some(register) = registers::register("sites") {
        let more = (register.check)(tx, cx, &object(&site)?, None)?;
        more.0.into_iter().for_each(|r| no.push(r));
    }
    no.done()?;
    tx.insert(&site)?;
    let id = site.id.as_str();
    tx.record(&cx.stamp(), event("site", id, "opened", id, None, Some(&site))?)?;
    Ok(site)
}

fn load(tx: &mut Tx<'_>, cx: &Cx, id: &SiteId, seen: Option<i64>) -> Result<Site> {
    let site = store::site(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?;
    if seen.is_some_and(|v| v > 0) && seen != Some(db::event::version(tx, "site", id.as_str())?) {
        return Err(db::Error::Stale);
    }
    Ok(site)
}

/// Gives a site another name from a day on; the earlier name stays on record for the days it was borne.
///
/// # Errors
/// As [`open`]; a refusal at `since` when the day is not after the present name's first; stale.
pub fn rename(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &SiteId,
    name: &str,
    since: Day,
    keep_name: bool,
    seen: Option<i64>,
) -> Result<Site> {
    cx.may("sites.open")?;
    let before = load(tx, cx, id, seen)?;
    let named = name_for(
        tx,
        cx,
        before.kind,
        &before.region,
        name,
        before.label.as_deref().unwrap_or_default(),
    )?;
    let mut no = Refusals::none();
    no.require(since > before.named_since(), "since", "sites.renamed_too_early");
    no.require(named.checked.name != before.name, "name", "sites.same_name");
    if !keep_name {
        named.checked.faults.iter().for_each(|f| no.push(f.clone()));
    }
    no.done()?;
    let former = SiteName {
        id: cx.id(),
        site: id.clone(),
        name: before.name.clone(),
        since: before.named_since(),
        until: since,
    };
    tx.insert(&former)?;
    tx.record(
        &cx.stamp(),
        event("site_name", former.id.as_str(), "added", id.as_str(), None, Some(&former))?,
    )?;
    let label = Some(named.label).filter(|l| !l.is_empty());
    let after = Site { name: named.checked.name, named: Some(since), label, ..before.clone() };
    tx.update(&after)?;
    tx.record(
        &cx.stamp(),
        event("site", id.as_str(), "renamed", id.as_str(), Some(&before), Some(&after))?,
    )?;
    Ok(after)
}

/// Closes a site: `until` is the first day without it. Its records keep their own days.
///
/// # Errors
/// A refusal at `until` when the day is not after the first; stale.
pub fn close(tx: &mut Tx<'_>, cx: &Cx, id: &SiteId, until: Day, seen: Option<i64>) -> Result<Site> {
    cx.may("sites.open")?;
    let before = load(tx, cx, id, seen)?;
    if until <= before.since {
        return Err(Refusal::at("until", "register.dates_order").into());
    }
    let after = Site { until: Some(until), ..before.clone() };
    tx.update(&after)?;
    tx.record(
        &cx.stamp(),
        event("site", id.as_str(), "closed", id.as_str(), Some(&before), Some(&after))?,
    )?;
    Ok(after)
}

/// Says that a register of a site is complete though it holds nothing: only then does nothing count as zero.
///
/// # Errors
/// A refusal `sites.not_empty` when it holds records; missing when there is no such register or site.
pub fn report_empty(tx: &mut Tx<'_>, cx: &Cx, id: &SiteId, register: &str) -> Result<()> {
    let register = registers::register(register)
        .filter(|r| r.parent == web::register::Parent::Site)
        .ok_or(db::Error::Missing)?;
    cx.may(register.write)?;
    let site = load(tx, cx, id, None)?;
    if !register.of_parent(tx, site.id.as_str())?.is_empty() {
        return Err(Refusal::new("sites.not_empty").into());
    }
    if store::reported(tx, id, register.name)?.is_some() {
        return Ok(());
    }
    let report = RegisterReport {
        id: cx.id(),
        site: id.clone(),
        register: register.name.to_owned(),
        since: cx.today(),
    };
    tx.insert(&report)?;
    let event =
        event("register_report", report.id.as_str(), "added", id.as_str(), None, Some(&report))?;
    tx.record(&cx.stamp(), event)
}

/// A person with ID number and phone in full, once: the look is in the log before the number leaves.
///
/// # Errors
/// Denied; missing.
pub fn unmask(tx: &mut Tx<'_>, cx: &Cx, id: &PersonId) -> Result<Person> {
    cx.may("people.unmask")?;
    let person = store::person(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?;
    // The look is an entry of its own kind, so that it is never taken for a state of the person.
    let look = event::<Person>("person_look", id.as_str(), "seen", id.as_str(), None, None)?;
    tx.record(&cx.stamp(), look)?;
    Ok(person)
}

/// Finds a person, body, site or region by what people type, within the asker's scope.
///
/// # Errors
/// The engine's fault.
pub fn resolve(tx: &mut Tx<'_>, cx: &Cx, kind: Kind, typed: &str) -> Result<Option<String>> {
    Ok(match kind {
        Kind::Person => store::person_called(tx, cx, typed)?.map(|p| p.id.0),
        Kind::Org => store::org_called(tx, typed)?.map(|o| o.id.0),
        Kind::Site => store::site_called(tx, cx, typed)?.map(|s| s.id.0),
        Kind::Region => store::region_called(tx, cx, typed)?.map(|r| r.id.0),
        _ => None,
    })
}

/// Removes a record written by mistake. One that others lean on stays.
///
/// # Errors
/// A refusal `record.in_use`; otherwise as `web::register::acts::remove`.
pub fn remove(
    tx: &mut Tx<'_>,
    cx: &Cx,
    register: &Register,
    id: &str,
    seen: Option<i64>,
) -> Result<()> {
    if store::leant_on(tx, register.subject, id)? {
        return Err(Refusal::new("record.in_use").into());
    }
    web::register::acts::remove(tx, cx, register, id, seen)
}
