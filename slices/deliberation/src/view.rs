//! What both faces show of an issue.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, DeliberationId};
use web::{Choice, Req};

use crate::acts;
use crate::model::{Action, Issue, Meeting, Participant, State, Step};
use crate::store;

/// A meeting with its words opened.
#[derive(Clone, Debug)]
pub(crate) struct MeetingSeen {
    pub(crate) m: Meeting,
    pub(crate) views: String,
    pub(crate) minutes: String,
}

/// An issue with everything that belongs to it, opened.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) issue: Issue,
    pub(crate) site: String,
    pub(crate) region: String,
    pub(crate) worker: String,
    pub(crate) raised_by: String,
    pub(crate) detail: String,
    pub(crate) steps: Vec<(Step, String)>,
    pub(crate) meetings: Vec<MeetingSeen>,
    pub(crate) participants: Vec<(Participant, String)>,
    pub(crate) actions: Vec<Action>,
}

impl Seen {
    /// The meeting that was set or held last.
    pub(crate) fn last(&self) -> Option<&MeetingSeen> {
        self.meetings.last()
    }
}

/// Loads an issue of the viewer's scope.
///
/// # Errors
/// [`db::Error::Missing`] when there is none.
pub(crate) fn see(tx: &mut Tx<'_>, cx: &Cx, id: &DeliberationId) -> Result<Seen> {
    let issue = acts::find(tx, cx, id)?;
    let owner = id.as_str();
    let mut steps = Vec::new();
    for step in store::steps(tx, id)? {
        let words =
            tx.open_some(owner, "issue_step.words", step.id.as_str(), step.words.as_ref())?;
        steps.push((step, words));
    }
    let mut meetings = Vec::new();
    for m in store::meetings(tx, id)? {
        let at = m.id.as_str();
        let views = tx.open_some(owner, "issue_meeting.views", at, m.views.as_ref())?;
        let minutes = tx.open_some(owner, "issue_meeting.minutes", at, m.minutes.as_ref())?;
        meetings.push(MeetingSeen { m, views, minutes });
    }
    let mut participants = Vec::new();
    for p in store::participants(tx, id)? {
        let name = tx.open(owner, "issue_participant.name", p.id.as_str(), &p.name)?;
        participants.push((p, name));
    }
    Ok(Seen {
        site: registry::site::find(tx, &issue.site)?.map_or_else(String::new, |s| s.short()),
        region: registry::region::name_of(tx, &issue.region)?,
        worker: registry::people::find(tx, &issue.worker)?.map_or_else(String::new, |p| p.name),
        raised_by: tx.open_some(owner, "issue.raised_by", owner, issue.raised_by.as_ref())?,
        detail: tx.open_some(owner, "issue.detail", owner, issue.detail.as_ref())?,
        steps,
        meetings,
        participants,
        actions: store::actions(tx, id)?,
        issue,
    })
}

/// A stage of the line at the head: `done`, `now` or empty.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) n: usize,
    pub(crate) label: String,
    pub(crate) class: &'static str,
    pub(crate) note: String,
}

/// The road, and how far the issue is on it.
pub(crate) fn stages(req: &Req, seen: &Seen) -> Vec<Stage> {
    let state = seen.issue.state;
    let reached = |s: State| seen.steps.iter().rev().find(|(step, _)| step.state == s);
    let mut road: Vec<State> = State::ROAD.to_vec();
    if matches!(state, State::Rejected) {
        road.retain(|s| reached(*s).is_some());
        road.push(State::Rejected);
    } else if reached(State::Escalated).is_some() {
        road.retain(|s| {
            reached(*s).is_some()
                || matches!(s, State::FedBack | State::Evaluated | State::Archived)
        });
        let at = road.iter().position(|s| *s == State::FedBack).unwrap_or(road.len());
        road.insert(at, State::Escalated);
    }
    road.into_iter()
        .enumerate()
        .map(|(n, s)| Stage {
            n: n + 1,
            label: req.t(&format!("deliberation.state.{s}")),
            class: match reached(s) {
                _ if s == state => "now",
                Some(_) => "done",
                None => "",
            },
            note: reached(s).map_or_else(String::new, |(step, _)| step.at.day().to_string()),
        })
        .collect()
}

/// Options of a closed set of words.
pub(crate) fn choices(req: &Req, field: &str, words: &[&'static str]) -> Vec<Choice> {
    words
        .iter()
        .map(|w| Choice {
            value: (*w).to_owned(),
            label: req.t(&format!("deliberation.{field}.{w}")),
        })
        .collect()
}

/// The regions of the viewer's scope that a site serves: neighbourhoods first.
///
/// # Errors
/// The engine's fault.
pub(crate) fn regions(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Choice>> {
    let mut all = registry::region::under(tx, &cx.actor.scope().path)?;
    all.retain(|r| r.is_neighbourhood() || r.kind == registry::region::RegionKind::Street);
    all.sort_by_key(|r| !r.is_neighbourhood());
    Ok(all.into_iter().map(|r| Choice { value: r.id.0, label: r.name }).collect())
}

/// The next thing to do about an issue and until when, if anything.
pub(crate) fn next(
    issue: &Issue,
    last: Option<&Meeting>,
    actions: &[Action],
) -> (&'static str, Option<Day>) {
    match issue.state {
        State::Collected => ("deliberation.next.screen", Some(issue.collected.plus_days(7))),
        State::Screened => ("deliberation.next.schedule", Some(issue.collected.plus_days(21))),
        State::Scheduled => match last {
            Some(m) if m.noticed_on.is_none() => ("deliberation.next.notice", Some(m.notice_by())),
            Some(m) => ("deliberation.next.meet", Some(m.day)),
            None => ("deliberation.next.meet", None),
        },
        State::Deliberated => {
            ("deliberation.next.resolve", last.and_then(|m| m.held_on).map(|d| d.plus_days(7)))
        }
        State::Resolved => ("deliberation.next.execute", issue.public_to),
        State::Executing => {
            let open = actions.iter().filter(|a| a.done_on.is_none()).map(|a| a.due).min();
            match open {
                Some(due) => ("deliberation.next.act", Some(due)),
                None => ("deliberation.next.feed_back", None),
            }
        }
        State::Escalated => ("deliberation.next.feed_back", None),
        State::FedBack => ("deliberation.next.evaluate", None),
        State::Evaluated => ("deliberation.next.archive", None),
        State::Archived | State::Rejected => ("", None),
    }
}
