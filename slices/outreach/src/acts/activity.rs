//! An activity from plan to summary. It is a service from the moment it is recorded as held.
use access::Cx;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use db::{Result, Tx};
use kernel::{ActivityId, Money, PersonId, RecordId, Refusal, Refusals};
use ledger::{NewService, ServiceKind};
use sha2::{Digest, Sha256};

use super::{crew, event, site_of};
use crate::model::activity::{
    Activity, ActivityWorker, Planning, Spend, Standing, Volunteer, seats,
};
use crate::store::activity as store;

/// The table that activities are written by.
const SOURCE: &str = "activity";

/// What the database looks a code up by.
pub(crate) fn index(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// Plans an activity at a site's region.
///
/// # Errors
/// Denied; refusals at the fields.
pub fn plan(tx: &mut Tx<'_>, cx: &Cx, new: &Planning) -> Result<Activity> {
    cx.may("activities.write")?;
    let read = new.check()?;
    let scope = cx.actor.scope().clone();
    let id: ActivityId = cx.id();
    let token = URL_SAFE_NO_PAD.encode(cx.ids.secret());
    let named: Vec<PersonId> = new.workers.iter().map(|w| PersonId::from(w.as_str())).collect();
    let workers = crew(tx, cx, &scope.region, cx.actor.person(), &named)?;
    let some = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
    let a = Activity {
        token: tx.seal(id.as_str(), "activity.token", id.as_str(), &token)?,
        token_index: index(&token),
        site: match scope.site {
            Some(site) => site,
            None => site_of(tx, &scope.region, read.day)?,
        },
        region: scope.region,
        path: scope.path,
        title: new.title.trim().to_owned(),
        kind: read.kind,
        field: read.field,
        need: some(&new.need),
        goals: new.goals.trim().to_owned(),
        target: some(&new.target),
        place: new.place.trim().to_owned(),
        day: read.day,
        time: new.time.clone(),
        minutes: read.minutes,
        capacity: read.capacity,
        budget: read.budget,
        safety: new.safety.trim().to_owned(),
        publicity: some(&new.publicity),
        cancelled: None,
        cancelled_why: None,
        held: None,
        unnamed: 0,
        materials: None,
        closed: None,
        summary: None,
        lessons: None,
        score_5: 0,
        score_4: 0,
        score_3: 0,
        score_2: 0,
        score_1: 0,
        by_account: cx.actor.account().0.clone(),
        at: cx.now,
        id,
    };
    tx.insert(&a)?;
    staff(tx, cx, &a.id, workers)?;
    tx.record(&cx.stamp(), event("activity", a.id.as_str(), "planned", None, Some(&a))?)?;
    Ok(a)
}

fn staff(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, workers: Vec<PersonId>) -> Result<()> {
    store::drop_workers(tx, id)?;
    for person in workers {
        tx.insert(&ActivityWorker { id: cx.id(), activity: id.clone(), person })?;
    }
    Ok(())
}

/// An activity of the asker's scope.
///
/// # Errors
/// Denied; missing.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<Activity> {
    cx.may("activities.read")?;
    store::find(tx, cx, id)?.ok_or(db::Error::Missing)
}

/// An activity that the asker may change and that is not cancelled.
pub(crate) fn to_write(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId) -> Result<Activity> {
    cx.may("activities.write")?;
    let a = store::find(tx, cx, id)?.ok_or(db::Error::Missing)?;
    if a.standing() == Standing::Cancelled {
        return Err(Refusal::new("activities.cancelled").into());
    }
    Ok(a)
}

fn change(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    before: &Activity,
    after: &Activity,
) -> Result<()> {
    tx.update(after)?;
    tx.record(&cx.stamp(), event("activity", after.id.as_str(), verb, Some(before), Some(after))?)
}

/// Changes the plan of an activity that was not held yet.
///
/// # Errors
/// As [`plan`]; a refusal `activities.held`.
pub fn amend(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, new: &Planning) -> Result<Activity> {
    let before = to_write(tx, cx, id)?;
    if before.held.is_some() {
        return Err(Refusal::new("activities.held").into());
    }
    let read = new.check()?;
    let some = |t: &str| Some(t.trim().to_owned()).filter(|t| !t.is_empty());
    let after = Activity {
        title: new.title.trim().to_owned(),
        kind: read.kind,
        field: read.field,
        need: some(&new.need),
        goals: new.goals.trim().to_owned(),
        target: some(&new.target),
        place: new.place.trim().to_owned(),
        day: read.day,
        time: new.time.clone(),
        minutes: read.minutes,
        capacity: read.capacity,
        budget: read.budget,
        safety: new.safety.trim().to_owned(),
        publicity: some(&new.publicity),
        ..before.clone()
    };
    change(tx, cx, "amended", &before, &after)?;
    Ok(after)
}

/// Calls an activity off.
///
/// # Errors
/// Denied; missing; refusals `activities.held` and at `why`.
pub fn cancel(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, why: &str) -> Result<Activity> {
    let before = to_write(tx, cx, id)?;
    if before.held.is_some() {
        return Err(Refusal::new("activities.held").into());
    }
    if why.trim().is_empty() {
        return Err(Refusal::at("why", "visits.why_missing").into());
    }
    let after = Activity {
        cancelled: Some(cx.now),
        cancelled_why: Some(why.trim().to_owned()),
        ..before.clone()
    };
    change(tx, cx, "cancelled", &before, &after)?;
    Ok(after)
}

/// What is filled in once it has taken place.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Held {
    /// People who came and whom nobody noted by name.
    pub unnamed: i64,
    pub minutes: i64,
    pub materials: String,
    /// (name, minutes) of volunteers.
    pub volunteers: Vec<(String, i64)>,
    /// (what, yuan, receipt) of what was spent.
    pub spends: Vec<(String, String, String)>,
}

/// Records that an activity took place: who came (by the list, and others by number), who helped, what it cost. Recording again corrects.
///
/// # Errors
/// Denied; missing; refusals at the fields; `activities.not_yet` before its day.
pub fn hold(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, said: &Held) -> Result<Activity> {
    let before = to_write(tx, cx, id)?;
    if before.day > cx.today() {
        return Err(Refusal::new("activities.not_yet").into());
    }
    let mut no = Refusals::none();
    no.require((0..=100_000).contains(&said.unnamed), "unnamed", "activities.capacity_wrong");
    no.require((1..=1440).contains(&said.minutes), "minutes", "activities.minutes_wrong");
    let wrong = said.volunteers.iter().any(|(n, m)| n.trim().is_empty() || !(1..=1440).contains(m));
    no.require(!wrong, "volunteers", "activities.volunteers_wrong");
    let amounts: Vec<Option<Money>> =
        said.spends.iter().map(|(_, yuan, _)| yuan.parse().ok()).collect();
    let whole = amounts.iter().all(|a| a.is_some_and(|m| m.0 > 0));
    no.require(
        whole && said.spends.iter().all(|s| !s.0.trim().is_empty()),
        "spends",
        "activities.spends_wrong",
    );
    no.done()?;
    for old in store::volunteers(tx, id)? {
        tx.delete::<Volunteer>(&db::Cell::to_value(&old.id))?;
    }
    for old in store::spends(tx, id)? {
        tx.delete::<Spend>(&db::Cell::to_value(&old.id))?;
    }
    for (name, minutes) in &said.volunteers {
        let v = Volunteer {
            id: cx.id(),
            activity: id.clone(),
            name: name.trim().to_owned(),
            minutes: *minutes,
        };
        tx.insert(&v)?;
    }
    for ((what, _, receipt), amount) in said.spends.iter().zip(amounts) {
        let receipt = Some(receipt.trim().to_owned()).filter(|r| !r.is_empty());
        let line: RecordId = cx.id();
        let amount = amount.unwrap_or_default();
        tx.insert(&Spend {
            id: line,
            activity: id.clone(),
            what: what.trim().to_owned(),
            amount,
            receipt,
        })?;
    }
    let after = Activity {
        held: before.held.or(Some(cx.now)),
        unnamed: said.unnamed,
        minutes: said.minutes,
        materials: Some(said.materials.trim().to_owned()).filter(|m| !m.is_empty()),
        ..before.clone()
    };
    change(tx, cx, "held", &before, &after)?;
    count(tx, cx, &after, before.held.is_some())?;
    Ok(after)
}

/// Writes the service of an activity that was held, or writes it again.
pub(crate) fn count(tx: &mut Tx<'_>, cx: &Cx, a: &Activity, again: bool) -> Result<()> {
    let list = store::signups(tx, &a.id)?;
    let came: Vec<_> = list.iter().filter(|s| s.came.is_some() && s.cancelled.is_none()).collect();
    let clients: Vec<_> = came.iter().filter_map(|s| s.client.clone()).collect();
    // Residents who are no clients are counted by number, as are those whom nobody noted.
    let others = i64::try_from(came.len() - clients.len()).unwrap_or_default();
    let workers = store::workers(tx, &a.id)?;
    let service = NewService {
        kind: ServiceKind::Activity,
        source: SOURCE,
        source_id: a.id.0.clone(),
        site: a.site.clone(),
        region: a.region.clone(),
        path: a.path.clone(),
        day: a.day,
        minutes: a.minutes,
        workers: workers.into_iter().map(|w| (w, a.minutes)).collect(),
        clients,
        unnamed: a.unnamed + others,
        project: None,
        need: None,
        field: Some(a.field.to_string()),
    };
    if again { ledger::amend(tx, cx, service) } else { ledger::record(tx, cx, service) }.map(drop)
}

/// What is filled in to close it.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Closing {
    pub summary: String,
    pub lessons: String,
    /// How many were very pleased, pleased, so-so, not pleased, not at all.
    pub scores: [i64; 5],
}

/// Closes an activity with its summary and what people thought of it.
///
/// # Errors
/// Denied; missing; refusals `activities.not_held`, at `summary` and `scores`.
pub fn close(tx: &mut Tx<'_>, cx: &Cx, id: &ActivityId, said: &Closing) -> Result<Activity> {
    let before = to_write(tx, cx, id)?;
    if before.held.is_none() {
        return Err(Refusal::new("activities.not_held").into());
    }
    let mut no = Refusals::none();
    no.require(!said.summary.trim().is_empty(), "summary", "register.missing");
    no.require(
        said.scores.iter().all(|n| (0..=100_000).contains(n)),
        "scores",
        "activities.scores_wrong",
    );
    no.done()?;
    let [score_5, score_4, score_3, score_2, score_1] = said.scores;
    let after = Activity {
        closed: before.closed.or(Some(cx.now)),
        summary: Some(said.summary.trim().to_owned()),
        lessons: Some(said.lessons.trim().to_owned()).filter(|l| !l.is_empty()),
        score_5,
        score_4,
        score_3,
        score_2,
        score_1,
        ..before.clone()
    };
    change(tx, cx, "closed", &before, &after)?;
    Ok(after)
}

/// People and person-times, hours of volunteers, what was spent: the figures of an activity.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Figures {
    /// On the list with a place.
    pub signed: i64,
    pub waiting: i64,
    /// Noted by name as having come.
    pub came: i64,
    /// Everybody who came.
    pub present: i64,
    pub volunteers: i64,
    pub volunteer_minutes: i64,
    /// Fen.
    pub spent: i64,
}

/// Adds up an activity.
///
/// # Errors
/// The engine's fault.
pub fn figures(tx: &mut Tx<'_>, a: &Activity) -> Result<Figures> {
    let list = store::signups(tx, &a.id)?;
    let (have, wait) = seats(&list, a.capacity);
    let came = have.iter().filter(|s| s.came.is_some()).count();
    let volunteers = store::volunteers(tx, &a.id)?;
    let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(Figures {
        signed: n(have.len()),
        waiting: n(wait.len()),
        came: n(came),
        present: n(came) + a.unnamed,
        volunteers: n(volunteers.len()),
        volunteer_minutes: volunteers.iter().map(|v| v.minutes).sum(),
        spent: store::spent(tx, &a.id)?.0,
    })
}
