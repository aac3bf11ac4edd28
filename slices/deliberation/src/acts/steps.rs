//! The steps of an issue. Each is one thing said; which may follow which is the model's business.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, DeliberationId, RecordId, Refusal, Refusals};
use ledger::{NewService, ServiceKind};

use super::{MOST_TEXT, happened, limit, must, note, person, to_write};
use crate::model::{
    DecisionRule, Issue, Meeting, MeetingForm, NOTICE_DAYS, Outcome, State, carried,
};
use crate::store;

/// What is said at a step.
#[derive(Clone, Debug)]
pub enum Said {
    /// 筛选: why it is put to deliberation.
    Screen { reason: String },
    /// 不予协商
    Reject { reason: String },
    /// 上报街道
    Escalate { to: String, reason: String },
    /// 确定时间、地点、形式
    Schedule { form: MeetingForm, day: Day, place: String },
    /// 张贴公示: no state of its own, the meeting's.
    Notice { on: Day },
    /// 协商会议
    Meet(Held),
    /// 决议及公示
    Resolve { text: String, from: Day, days: i32 },
    /// 落实: with the actions noted before.
    Execute,
    /// 反馈
    FeedBack { text: String },
    /// 居民评价: how many gave one, two … five points.
    Evaluate { points: [i64; 5], words: String },
    /// 归档
    Archive,
}

/// What the minutes of a meeting say.
#[derive(Clone, Debug)]
pub struct Held {
    pub on: Day,
    /// Minutes from beginning to end.
    pub length: i64,
    /// Participants who came.
    pub present: Vec<RecordId>,
    /// People present besides them.
    pub others: i64,
    pub views: String,
    pub minutes: String,
    pub rule: DecisionRule,
    pub yes: i64,
    pub no: i64,
    pub abstain: i64,
    pub outcome: Outcome,
}

impl Said {
    /// The state it leads to; `None` for the posting of a notice.
    pub const fn leads(&self) -> Option<State> {
        Some(match self {
            Self::Screen { .. } => State::Screened,
            Self::Reject { .. } => State::Rejected,
            Self::Escalate { .. } => State::Escalated,
            Self::Schedule { .. } => State::Scheduled,
            Self::Notice { .. } => return None,
            Self::Meet(_) => State::Deliberated,
            Self::Resolve { .. } => State::Resolved,
            Self::Execute => State::Executing,
            Self::FeedBack { .. } => State::FedBack,
            Self::Evaluate { .. } => State::Evaluated,
            Self::Archive => State::Archived,
        })
    }
}

/// Makes a step.
///
/// # Errors
/// Denied, missing; a refusal that names the step that is missing, or what is wrong at a field.
pub fn step(tx: &mut Tx<'_>, cx: &Cx, id: &DeliberationId, said: &Said) -> Result<Issue> {
    let before = to_write(tx, cx, id)?;
    let mut after = before.clone();
    if let Some(next) = said.leads() {
        before.state.to(next)?;
        after.state = next;
    }
    let (words, day) = match said {
        Said::Screen { reason } | Said::Reject { reason } => {
            (must("reason", reason, MOST_TEXT)?, None)
        }
        Said::Escalate { to, reason } => {
            after.escalated = Some(must("escalate_to", to, 60)?);
            (must("reason", reason, MOST_TEXT)?, None)
        }
        Said::Schedule { form, day, place } => {
            schedule(tx, cx, &before, *form, *day, place)?;
            (String::new(), Some(*day))
        }
        Said::Notice { on } => return notice(tx, cx, &before, *on),
        Said::Meet(held) => {
            meet(tx, cx, &before, held)?;
            (String::new(), Some(held.on))
        }
        Said::Resolve { text, from, days } => {
            resolve(tx, &before, *from, *days, &mut after)?;
            after.resolution = Some(must("resolution", text, MOST_TEXT)?);
            (String::new(), Some(*from))
        }
        Said::Execute => {
            execute(tx, cx, &before)?;
            (String::new(), None)
        }
        Said::FeedBack { text } => {
            let open =
                store::actions(tx, &before.id)?.iter().filter(|a| a.done_on.is_none()).count();
            if before.state == State::Executing && open > 0 {
                return Err(Refusal::new("deliberation.actions_open").with("n", open).into());
            }
            (must("text", text, MOST_TEXT)?, None)
        }
        Said::Evaluate { points, words } => {
            evaluate(points, &mut after)?;
            (words.clone(), None)
        }
        Said::Archive => (String::new(), None),
    };
    tx.update(&after)?;
    note(tx, cx, &after, &words, day)?;
    let unit = after.site.0.clone();
    happened(tx, cx, "issue", id.as_str(), after.state.as_str(), &unit, Some(&before), &after)?;
    Ok(after)
}

fn schedule(
    tx: &mut Tx<'_>,
    cx: &Cx,
    issue: &Issue,
    form: MeetingForm,
    day: Day,
    place: &str,
) -> Result<()> {
    let mut no = Refusals::none();
    // What happened on paper may be noted later; the notice must have stood its days all the same.
    no.require(day >= issue.collected, "day", "register.dates_order");
    let invited = store::participants(tx, &issue.id)?.len();
    no.require(invited > 0, "participants", "deliberation.nobody_invited");
    no.done()?;
    let meeting = Meeting {
        id: cx.id(),
        issue: issue.id.clone(),
        form,
        day,
        place: must("place", place, 60)?,
        noticed_on: None,
        held_on: None,
        length: 0,
        attended: 0,
        rule: None,
        yes: 0,
        no: 0,
        abstain: 0,
        outcome: None,
        views: None,
        minutes: None,
        at: cx.now,
    };
    tx.insert(&meeting)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_meeting", meeting.id.as_str(), "scheduled", unit, None, &meeting)
}

fn notice(tx: &mut Tx<'_>, cx: &Cx, issue: &Issue, on: Day) -> Result<Issue> {
    if issue.state != State::Scheduled {
        issue.state.to(State::Scheduled)?;
        return Err(Refusal::new("deliberation.needs.scheduled").into());
    }
    let before = store::latest_meeting(tx, &issue.id)?.ok_or(db::Error::Missing)?;
    if before.noticed_on.is_some() {
        return Err(Refusal::new("deliberation.done_already").into());
    }
    if on > cx.today() {
        return Err(Refusal::at("noticed_on", "ledger.future").into());
    }
    if on > before.notice_by() {
        let no = Refusal::at("noticed_on", "deliberation.notice_late");
        return Err(no.with("n", NOTICE_DAYS).with("day", before.notice_by()).into());
    }
    let after = Meeting { noticed_on: Some(on), ..before.clone() };
    tx.update(&after)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_meeting", after.id.as_str(), "noticed", unit, Some(&before), &after)?;
    Ok(issue.clone())
}

fn meet(tx: &mut Tx<'_>, cx: &Cx, issue: &Issue, held: &Held) -> Result<()> {
    let before = store::latest_meeting(tx, &issue.id)?.ok_or(db::Error::Missing)?;
    let Some(noticed) = before.noticed_on else {
        return Err(Refusal::new("deliberation.needs.notice").under("4B.1-9").into());
    };
    let mut no = Refusals::none();
    no.require(held.on <= cx.today(), "held_on", "ledger.future");
    if held.on < noticed.plus_days(NOTICE_DAYS) {
        no.push(Refusal::at("held_on", "deliberation.notice_short").with("n", NOTICE_DAYS));
    }
    no.require(held.others >= 0, "others", "deliberation.count");
    no.require(held.length > 0, "length", "ledger.minutes");
    no.require(!held.minutes.trim().is_empty(), "minutes", "register.missing");
    no.require(!held.views.trim().is_empty(), "views", "register.missing");
    limit(&mut no, "minutes", &held.minutes, MOST_TEXT);
    limit(&mut no, "views", &held.views, MOST_TEXT);
    no.done()?;
    let mut named = 0;
    for mut p in store::participants(tx, &issue.id)? {
        p.present = held.present.contains(&p.id);
        named += i64::from(p.present);
        tx.update(&p)?;
    }
    let attended = named.saturating_add(held.others);
    if attended < 2 {
        return Err(Refusal::at("others", "deliberation.too_few").into());
    }
    carried(held.rule, held.outcome, [held.yes, held.no, held.abstain], attended)?;
    let (owner, id) = (issue.id.as_str(), before.id.as_str());
    let after = Meeting {
        held_on: Some(held.on),
        length: held.length,
        attended,
        rule: Some(held.rule),
        yes: held.yes,
        no: held.no,
        abstain: held.abstain,
        outcome: Some(held.outcome),
        views: tx.seal_some(owner, "issue_meeting.views", id, held.views.trim())?,
        minutes: tx.seal_some(owner, "issue_meeting.minutes", id, held.minutes.trim())?,
        ..before.clone()
    };
    tx.update(&after)?;
    let unit = issue.site.as_str();
    happened(tx, cx, "issue_meeting", id, "held", unit, Some(&before), &after)?;
    ledger::record(
        tx,
        cx,
        NewService {
            kind: ServiceKind::Deliberation,
            source: "issue_meeting",
            source_id: after.id.0.clone(),
            site: issue.site.clone(),
            region: issue.region.clone(),
            path: issue.path.clone(),
            day: held.on,
            minutes: held.length,
            workers: vec![(person(cx)?, held.length)],
            clients: Vec::new(),
            unnamed: attended,
            project: None,
            need: None,
            field: Some("participation".to_owned()),
        },
    )
    .map(drop)
}

fn resolve(tx: &mut Tx<'_>, issue: &Issue, from: Day, days: i32, after: &mut Issue) -> Result<()> {
    let met = store::latest_meeting(tx, &issue.id)?.ok_or(db::Error::Missing)?;
    if met.outcome == Some(Outcome::NotAgreed) {
        return Err(Refusal::new("deliberation.not_agreed").into());
    }
    let mut no = Refusals::none();
    no.require(
        met.held_on.is_some_and(|on| on <= from),
        "public_from",
        "deliberation.public_before",
    );
    if !(1..=60).contains(&days) {
        no.push(
            Refusal::at("public_days", "register.not_a_number").with("least", 1).with("most", 60),
        );
    }
    no.done()?;
    after.public_from = Some(from);
    after.public_to = Some(from.plus_days(days));
    Ok(())
}

fn execute(tx: &mut Tx<'_>, cx: &Cx, issue: &Issue) -> Result<()> {
    if let Some(to) = issue.public_to.filter(|to| *to > cx.today()) {
        return Err(Refusal::new("deliberation.public_running").with("day", to).into());
    }
    if store::actions(tx, &issue.id)?.is_empty() {
        return Err(Refusal::new("deliberation.needs.actions").into());
    }
    Ok(())
}

fn evaluate(points: &[i64; 5], after: &mut Issue) -> Result<()> {
    let raters: i64 = points.iter().sum();
    if points.iter().any(|n| *n < 0) || raters == 0 || raters > 100_000 {
        return Err(Refusal::at("points", "deliberation.nobody_rated").into());
    }
    after.raters = raters;
    after.points = points.iter().zip(1..).map(|(n, p): (&i64, i64)| n * p).sum();
    Ok(())
}
