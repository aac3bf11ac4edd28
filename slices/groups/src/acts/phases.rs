//! Phases begin one after the other; the gate before the end names everything that is missing.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, GroupId, Refusal};

use super::plan::standing;
use super::tell;
use crate::look;
use crate::model::{Closing, Group, Phase, PhaseBegun, ReviewStep};
use crate::store;

/// Writes that a phase began.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    phase: Phase,
    day: Day,
) -> Result<PhaseBegun> {
    let begun = PhaseBegun {
        id: cx.id(),
        group_id: group.id.clone(),
        phase,
        day,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
    };
    tx.insert(&begun)?;
    tell(tx, cx, "begun", group.site.as_str(), None, &begun)?;
    Ok(begun)
}

/// Goes on to a later phase. A phase may be passed over; none begins twice.
///
/// # Errors
/// Denied; `groups.phase_order`; `groups.not_approved` while the plan is not approved; `groups.close_first` for the end of the file, which has
/// its own gate.
pub fn advance(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, to: Phase) -> Result<PhaseBegun> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    if to == Phase::Closed {
        return Err(Refusal::new("groups.close_first").into());
    }
    if to <= look.phase {
        return Err(Refusal::new("groups.phase_order").into());
    }
    approved(tx, id)?;
    begin(tx, cx, &group, to, cx.today())
}

/// Goes on only when the plan is approved.
pub(super) fn approved(tx: &mut Tx<'_>, id: &GroupId) -> Result<()> {
    if standing(&store::reviews(tx, id)?) == Some(ReviewStep::Approved) {
        Ok(())
    } else {
        Err(Refusal::new("groups.not_approved").into())
    }
}

/// What stands against closing a group today.
///
/// # Errors
/// The engine's fault.
pub fn gate(tx: &mut Tx<'_>, id: &GroupId, today: Day) -> Result<Closing> {
    let records = store::records(tx, id)?;
    let sessions = store::sessions(tx, id)?;
    let members = store::members(tx, id)?;
    let enrolled = members.iter().filter(|m| m.enrolled_on.is_some());
    let unrecorded = sessions
        .iter()
        .filter(|s| s.day <= today && !records.iter().any(|r| r.session == s.id))
        .count();
    Ok(Closing {
        held: records.len(),
        unrecorded,
        unsigned: enrolled.clone().filter(|m| m.contract_on.is_none()).count(),
        members: enrolled.count(),
        reported: store::reported(tx, id)?,
    })
}

/// Closes the file of a group.
///
/// # Errors
/// Denied; everything that is missing ([`Closing::refusals`]).
pub fn close(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId) -> Result<PhaseBegun> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    gate(tx, id, cx.today())?.refusals().done()?;
    if look.phase != Phase::Ending {
        return Err(Refusal::new("groups.not_ending").into());
    }
    begin(tx, cx, &group, Phase::Closed, cx.today())
}
