//! Resident leaders (骨干培养): who they are, what they lead, what they learnt and did.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, RecordId, Refusal, Refusals, RegionId, numbers};

use super::{happened, must, place};
use crate::model::{Deed, DeedKind, Leader, LeaderRole};
use crate::store;

/// What is filled in.
#[derive(Clone, Debug)]
pub struct NewLeader {
    pub name: String,
    pub phone: String,
    pub role: LeaderRole,
    pub group_led: String,
    pub region: RegionId,
    pub since: Day,
    pub until: Option<Day>,
}

/// Notes a resident leader, or what changed of one.
///
/// # Errors
/// Denied, missing; refusals at the fields.
pub fn keep(tx: &mut Tx<'_>, cx: &Cx, id: Option<&RecordId>, new: &NewLeader) -> Result<Leader> {
    cx.may("deliberation.write")?;
    let before = match id {
        Some(id) => Some(store::leader(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?),
        None => None,
    };
    let (region, site) = place(tx, cx, &new.region, new.since)?;
    let phone = new.phone.trim();
    let mut no = Refusals::none();
    no.require(
        phone.is_empty() || numbers::mobile(phone).is_some(),
        "phone",
        "register.not_a_phone",
    );
    no.require(new.since <= cx.today(), "since", "ledger.future");
    no.require(new.until.is_none_or(|u| u > new.since), "until", "register.dates_order");
    no.done()?;
    let id: RecordId = before.as_ref().map_or_else(|| cx.id(), |b| b.id.clone());
    let group = new.group_led.trim();
    let sealed = match (&before, phone.is_empty()) {
        // A number that was not typed anew stays as it is: the form never shows it.
        (Some(b), true) => b.phone.clone(),
        _ => tx.seal_some(id.as_str(), "resident_leader.phone", id.as_str(), phone)?,
    };
    let after = Leader {
        name: must("name", &new.name, 40)?,
        phone: sealed,
        role: new.role,
        group_led: Some(group.chars().take(60).collect::<String>()).filter(|g| !g.is_empty()),
        site: site.id,
        path: region.path,
        region: region.id,
        since: new.since,
        until: new.until,
        at: before.as_ref().map_or(cx.now, |b| b.at),
        id,
    };
    let verb = if before.is_some() { "amended" } else { "added" };
    if before.is_some() {
        tx.update(&after)?;
    } else {
        tx.insert(&after)?;
    }
    let unit = after.site.as_str();
    happened(tx, cx, "resident_leader", after.id.as_str(), verb, unit, before.as_ref(), &after)?;
    Ok(after)
}

/// Notes a training or a project of a leader.
///
/// # Errors
/// Denied, missing; refusals at `what`, `day`, `hours`.
pub fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    leader: &RecordId,
    kind: DeedKind,
    what: &str,
    day: Day,
    hours: i64,
) -> Result<Deed> {
    cx.may("deliberation.write")?;
    let leader = store::leader(tx, cx, leader.as_str())?.ok_or(db::Error::Missing)?;
    let mut no = Refusals::none();
    no.require(day <= cx.today(), "day", "ledger.future");
    no.require((0..=1000).contains(&hours), "hours", "deliberation.count");
    no.done()?;
    let what = must("what", what, 80)?;
    let deed = Deed { id: cx.id(), leader: leader.id.clone(), kind, what, day, hours, at: cx.now };
    tx.insert(&deed)?;
    let unit = leader.site.as_str();
    happened(tx, cx, "leader_deed", deed.id.as_str(), "added", unit, None, &deed)?;
    Ok(deed)
}

/// The whole number of a leader's phone; the look is noted.
///
/// # Errors
/// Denied, missing; a refusal when none is kept.
pub fn phone(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<String> {
    cx.may("deliberation.write")?;
    let leader = store::leader(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?;
    let text =
        tx.open_some(id.as_str(), "resident_leader.phone", id.as_str(), leader.phone.as_ref())?;
    if text.is_empty() {
        return Err(Refusal::new("deliberation.no_phone").into());
    }
    let unit = leader.site.as_str();
    happened(tx, cx, "resident_leader", id.as_str(), "viewed", unit, None, &cx.actor.name())?;
    Ok(text)
}
