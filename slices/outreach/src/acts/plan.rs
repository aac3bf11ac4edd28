//! How often a client is visited, and who goes on which day.
use access::{Cx, care};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, RecordId, Refusal};

use super::{crew, event};
use crate::model::due::{self, Standing, Turn, TurnWorker, VisitPlan};
use crate::store::due as store;

/// Nobody is visited less often than once in so many days.
const MOST_DAYS: i64 = 366;
/// So many visits can be planned at once.
pub const MOST_AT_ONCE: usize = 60;

/// Sets how often a client is visited, from today on. `None` goes back to what the risk grade asks for.
///
/// # Errors
/// Denied; missing; refusals at `every_days` and `why`.
pub fn set(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    every_days: Option<i64>,
    why: &str,
) -> Result<Option<VisitPlan>> {
    cx.may("visits.write")?;
    let client = care::find_to_write(tx, cx, client)?;
    if every_days.is_some_and(|n| !(1..=MOST_DAYS).contains(&n)) {
        return Err(Refusal::at("every_days", "visits.every_wrong").into());
    }
    if every_days.is_some() && why.trim().is_empty() {
        return Err(Refusal::at("why", "visits.why_missing").into());
    }
    if let Some(old) = store::plan(tx, &client.id)? {
        // A plan of this very day never held: it is replaced, and the log remembers it.
        let ended = VisitPlan { until: Some(cx.today()), ..old.clone() };
        tx.update(&ended)?;
        tx.record(
            &cx.stamp(),
            event("visit_plan", old.id.as_str(), "ended", Some(&old), Some(&ended))?,
        )?;
    }
    let Some(every_days) = every_days else { return Ok(None) };
    let id: RecordId = cx.id();
    let plan = VisitPlan {
        why: tx.seal_some(client.id.as_str(), "visit_plan.why", id.as_str(), why.trim())?,
        client: client.id,
        every_days,
        set_by: cx.actor.account().0.clone(),
        since: cx.today(),
        until: None,
        id,
    };
    tx.insert(&plan)?;
    tx.record(&cx.stamp(), event("visit_plan", plan.id.as_str(), "set", None, Some(&plan))?)?;
    Ok(Some(plan))
}

/// Why a client has a frequency of its own.
///
/// # Errors
/// The vault's fault.
pub fn why(tx: &mut Tx<'_>, plan: &VisitPlan) -> Result<String> {
    tx.open_some(plan.client.as_str(), "visit_plan.why", plan.id.as_str(), plan.why.as_ref())
}

/// Plans a visit of each of these clients for a day. A client's earlier open turn moves to the day.
///
/// # Errors
/// Denied; missing when a client is out of sight; refusals at `day`, `clients` and `workers`.
pub fn batch(
    tx: &mut Tx<'_>,
    cx: &Cx,
    clients: &[ClientId],
    day: Day,
    workers: &[PersonId],
) -> Result<usize> {
    cx.may("visits.write")?;
    if day < cx.today() {
        return Err(Refusal::at("day", "visits.plan_past").into());
    }
    if clients.is_empty() || clients.len() > MOST_AT_ONCE {
        return Err(Refusal::at("clients", "visits.plan_count").with("n", MOST_AT_ONCE).into());
    }
    for client in clients {
        let (client, _) = care::find(tx, cx, client)?;
        let workers = if workers.is_empty() {
            registry::client::keepers(tx, &client.id, cx.today())?
        } else {
            crew(tx, cx, &client.region, None, workers)?
        };
        if let Some(old) = store::open_turn(tx, &client.id)? {
            let gone = Turn { dropped: Some(cx.now), ..old.clone() };
            tx.update(&gone)?;
            tx.record(
                &cx.stamp(),
                event("visit_turn", old.id.as_str(), "moved", Some(&old), Some(&gone))?,
            )?;
        }
        let turn = Turn {
            id: cx.id(),
            client: client.id,
            day,
            set_by: cx.actor.account().0.clone(),
            at: cx.now,
            visit: None,
            dropped: None,
        };
        tx.insert(&turn)?;
        for person in workers {
            tx.insert(&TurnWorker { id: cx.id(), turn: turn.id.clone(), person })?;
        }
        tx.record(
            &cx.stamp(),
            event("visit_turn", turn.id.as_str(), "planned", None, Some(&turn))?,
        )?;
    }
    Ok(clients.len())
}

/// Takes a planned visit off.
///
/// # Errors
/// Denied; missing when there is none open.
pub fn drop_turn(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId) -> Result<()> {
    cx.may("visits.write")?;
    let (client, _) = care::find(tx, cx, client)?;
    let old = store::open_turn(tx, &client.id)?.ok_or(db::Error::Missing)?;
    let gone = Turn { dropped: Some(cx.now), ..old.clone() };
    tx.update(&gone)?;
    tx.record(
        &cx.stamp(),
        event("visit_turn", old.id.as_str(), "dropped", Some(&old), Some(&gone))?,
    )
}

/// Whose visits are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Mine,
    Everybody,
    Of(PersonId),
}

/// How the clients in sight stand, in walking order.
///
/// # Errors
/// Denied.
pub fn standings(tx: &mut Tx<'_>, cx: &Cx, whose: &Whose) -> Result<Vec<Standing>> {
    cx.may("visits.read")?;
    let mut all = store::standings(tx, cx)?;
    match whose {
        Whose::Everybody => {}
        Whose::Mine => all.retain(|s| s.mine),
        Whose::Of(person) => all.retain(|s| s.keeper.as_ref() == Some(person)),
    }
    due::route(&mut all);
    Ok(all)
}
