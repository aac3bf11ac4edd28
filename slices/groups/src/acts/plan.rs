//! The plan of a group (小组计划书): written, submitted, approved or returned.
use access::Cx;
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{Day, GroupId, PersonId, Refusal, Refusals, SiteId};
use registry::site::Site;

use super::{filled, some, tell};
use crate::look;
use crate::model::{
    Group, GroupKind, Model, Openness, Phase, PhaseBegun, Review, ReviewStep, Worker, WorkerRole,
};
use crate::store;

/// A plan as it is filled in.
#[derive(Clone, Debug)]
pub struct Plan {
    pub name: String,
    pub kind: GroupKind,
    pub openness: Openness,
    pub model: Option<Model>,
    pub theory: String,
    pub target: String,
    pub goals: String,
    pub criteria: String,
    pub risks: String,
    pub evaluation: String,
    /// Members expected.
    pub size: i64,
    /// Sessions planned.
    pub planned: i64,
    pub starts: Option<Day>,
    pub place: String,
    /// A scale's form id.
    pub scale: String,
    pub site: SiteId,
    /// Who leads it.
    pub lead: PersonId,
    pub others: Vec<PersonId>,
}

impl Plan {
    /// A plan with what every plan needs; everything else left open.
    pub fn new(name: &str, kind: GroupKind, site: SiteId, lead: PersonId) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            openness: Openness::Closed,
            model: None,
            theory: String::new(),
            target: String::new(),
            goals: String::new(),
            criteria: String::new(),
            risks: String::new(),
            evaluation: String::new(),
            size: 8,
            planned: 6,
            starts: None,
            place: String::new(),
            scale: String::new(),
            site,
            lead,
            others: Vec::new(),
        }
    }
}

/// The largest group and the longest row of sessions that are no slip of the pen.
const MOST: i64 = 60;

fn check(tx: &mut Tx<'_>, cx: &Cx, plan: &Plan) -> Result<(Site, String)> {
    let mut no = Refusals::none();
    for (field, text) in [("name", &plan.name), ("target", &plan.target), ("goals", &plan.goals)] {
        filled(&mut no, field, text);
    }
    no.require(plan.name.chars().count() <= 60, "name", "groups.name_long");
    no.require((2..=MOST).contains(&plan.size), "size", "groups.size");
    no.require((1..=MOST).contains(&plan.planned), "planned", "groups.planned");
    no.done()?;
    let site = registry::site::find(tx, &plan.site)?.ok_or(db::Error::Missing)?;
    let region = registry::region::find(tx, &site.region)?.ok_or(db::Error::Missing)?;
    let scope = cx.actor.scope();
    if !scope.covers(&region.path, Some(&site.id)) {
        return Err(Refusal::at("site", "groups.unknown").into());
    }
    for (field, person) in
        std::iter::once(("lead", &plan.lead)).chain(plan.others.iter().map(|p| ("others", p)))
    {
        if registry::people::find(tx, person)?.is_none() {
            return Err(Refusal::at(field, "groups.unknown").into());
        }
    }
    Ok((site, region.path))
}

fn row(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: GroupId,
    plan: &Plan,
    site: Site,
    path: String,
) -> Result<Group> {
    let owner = id.as_str();
    Ok(Group {
        goals: tx.seal(owner, "group_work.goals", owner, plan.goals.trim())?,
        criteria: tx.seal_some(owner, "group_work.criteria", owner, plan.criteria.trim())?,
        risks: tx.seal_some(owner, "group_work.risks", owner, plan.risks.trim())?,
        name: plan.name.trim().to_owned(),
        kind: plan.kind,
        openness: plan.openness,
        model: plan.model,
        theory: some(&plan.theory),
        target: plan.target.trim().to_owned(),
        evaluation: some(&plan.evaluation),
        size: plan.size,
        planned: plan.planned,
        starts: plan.starts,
        place: some(&plan.place),
        scale: some(&plan.scale),
        site: site.id,
        region: site.region,
        path,
        by_account: cx.actor.account().clone(),
        at: cx.now,
        id,
    })
}

/// Puts a group on file, in preparation.
///
/// # Errors
/// Denied; refusals at the fields; `site` out of scope.
pub fn begin(tx: &mut Tx<'_>, cx: &Cx, plan: &Plan) -> Result<Group> {
    cx.may("groups.write")?;
    let (site, path) = check(tx, cx, plan)?;
    let group = row(tx, cx, cx.id(), plan, site, path)?;
    tx.insert(&group)?;
    tell(tx, cx, "begun", group.site.as_str(), None, &group)?;
    appoint(tx, cx, &group, plan)?;
    let phase = PhaseBegun {
        id: cx.id(),
        group_id: group.id.clone(),
        phase: Phase::Preparing,
        day: cx.today(),
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
    };
    tx.insert(&phase)?;
    tell(tx, cx, "begun", group.site.as_str(), None, &phase)?;
    Ok(group)
}

/// Changes the plan. What was approved stays approved; the log keeps what it said before.
///
/// # Errors
/// As [`begin`]; stale; `groups.closed`.
pub fn amend(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    plan: &Plan,
    seen: Option<i64>,
) -> Result<Group> {
    let (before, look) = look::find(tx, cx, id)?;
    look.writes()?;
    if seen
        .is_some_and(|v| v > 0 && db::event::version(tx, "group_work", id.as_str()).ok() != Some(v))
    {
        return Err(db::Error::Stale);
    }
    let (site, path) = check(tx, cx, plan)?;
    let after = Group {
        by_account: before.by_account.clone(),
        at: before.at,
        ..row(tx, cx, id.clone(), plan, site, path)?
    };
    tx.update(&after)?;
    tell(tx, cx, "amended", after.site.as_str(), Some(&before), &after)?;
    appoint(tx, cx, &after, plan)?;
    Ok(after)
}

/// Brings the workers of a group to what the plan says: who is new begins today, who is named no more ends today.
fn appoint(tx: &mut Tx<'_>, cx: &Cx, group: &Group, plan: &Plan) -> Result<()> {
    let mut wanted = vec![(plan.lead.clone(), WorkerRole::Lead)];
    for person in &plan.others {
        if !wanted.iter().any(|(p, _)| p == person) {
            wanted.push((person.clone(), WorkerRole::Co));
        }
    }
    let today = cx.today();
    for old in store::workers(tx, &group.id)? {
        if old.until.is_some_and(|d| d <= today) {
            continue;
        }
        match wanted.iter().position(|w| *w == (old.person.clone(), old.role)) {
            Some(at) => drop(wanted.remove(at)),
            None => {
                let ended = Worker { until: Some(today), ..old.clone() };
                tx.update(&ended)?;
                tell(tx, cx, "ended", group.site.as_str(), Some(&old), &ended)?;
            }
        }
    }
    let minors = store::members(tx, &group.id)?
        .iter()
        .any(|m| m.enrolled(today) && m.adult_on.is_some_and(|d| d > today));
    for (person, role) in wanted {
        if minors && !store::checked(tx, &person, today)? {
            return Err(Refusal::at("others", "groups.unchecked").into());
        }
        let worker = Worker {
            id: cx.id(),
            group_id: group.id.clone(),
            person,
            role,
            since: today,
            until: None,
        };
        tx.insert(&worker)?;
        tell(tx, cx, "appointed", group.site.as_str(), None, &worker)?;
    }
    Ok(())
}

/// Where a plan stands.
pub fn standing(reviews: &[Review]) -> Option<ReviewStep> {
    reviews.last().map(|r| r.step)
}

fn step(
    tx: &mut Tx<'_>,
    cx: &Cx,
    group: &Group,
    step: ReviewStep,
    reason: Option<String>,
) -> Result<Review> {
    let review = Review {
        id: cx.id(),
        group_id: group.id.clone(),
        step,
        reason,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        at: cx.now,
    };
    tx.insert(&review)?;
    tell(tx, cx, step.as_str(), group.site.as_str(), None, &review)?;
    Ok(review)
}

/// Hands the plan in for approval.
///
/// # Errors
/// Denied; `groups.submitted` when it lies there already or is approved.
pub fn submit(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId) -> Result<Review> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let before = standing(&store::reviews(tx, id)?);
    if matches!(before, Some(ReviewStep::Submitted | ReviewStep::Approved)) {
        return Err(Refusal::new("groups.submitted").into());
    }
    let review = step(tx, cx, &group, ReviewStep::Submitted, None)?;
    let message = Message {
        key: "groups.notice.submitted",
        args: vec![("name", group.name.clone())],
        href: format!("/groups/{id}"),
        urgent: false,
    };
    notice::tell_whoever_can(tx, cx, "groups.approve", &group.path, &message)?;
    Ok(review)
}

/// Approves the plan or returns it with a reason. Nobody approves a plan of their own.
///
/// # Errors
/// Denied; `groups.not_submitted`; `groups.own_plan`; at `reason` when it is returned without one.
pub fn review(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &GroupId,
    approve: bool,
    reason: &str,
) -> Result<Review> {
    cx.may("groups.approve")?;
    let (group, _) = look::find(tx, cx, id)?;
    if standing(&store::reviews(tx, id)?) != Some(ReviewStep::Submitted) {
        return Err(Refusal::new("groups.not_submitted").into());
    }
    let workers = store::workers(tx, id)?;
    let own = workers.iter().any(|w| {
        w.role == WorkerRole::Lead && w.until.is_none() && cx.actor.person() == Some(&w.person)
    });
    if own {
        return Err(Refusal::new("groups.own_plan").into());
    }
    if !approve && reason.trim().is_empty() {
        return Err(Refusal::at("reason", "groups.reason_missing").into());
    }
    let to = if approve { ReviewStep::Approved } else { ReviewStep::Returned };
    let review = step(tx, cx, &group, to, some(reason))?;
    let message = Message {
        key: if approve { "groups.notice.approved" } else { "groups.notice.returned" },
        args: vec![("name", group.name.clone())],
        href: format!("/groups/{id}"),
        urgent: false,
    };
    for w in workers.iter().filter(|w| w.until.is_none()) {
        notice::tell(tx, cx, &w.person, &message)?;
    }
    Ok(review)
}
