//! One issue: how far it is, what was said, and the form of the next step.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Day, DeliberationId, RecordId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::steps::{Held, Said};
use crate::acts::{people, steps};
use crate::model::{
    DecisionRule, MeetingForm, NOTICE_DAYS, Outcome, PUBLIC_DAYS, ParticipantRole, State,
};
use crate::view::{self, Seen, Stage};

struct StepView {
    colour: &'static str,
    what: String,
    who: String,
    when: String,
    words: String,
    day: String,
}

struct Guest {
    id: String,
    name: String,
    role: String,
    present: bool,
}

struct MeetingView {
    form: String,
    day: String,
    place: String,
    noticed: String,
    notice_by: String,
    held: String,
    attended: i64,
    length: i64,
    rule: String,
    votes: String,
    outcome: String,
    agreed: bool,
    views: String,
    minutes: String,
}

struct ActionView {
    id: String,
    what: String,
    owner: String,
    due: String,
    done: String,
    note: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "issue.html")]
struct Show {
    frame: Frame,
    form: Form,
    id: String,
    state: String,
    colour: &'static str,
    next: String,
    by: String,
    late: bool,
    stages: Vec<Stage>,
    facts: Vec<(String, String)>,
    detail: String,
    steps: Vec<StepView>,
    guests: Vec<Guest>,
    meetings: Vec<MeetingView>,
    actions: Vec<ActionView>,
    resolution: String,
    public: String,
    rating: String,
    can: Can,
    papers: Vec<(String, String)>,
    roles: Vec<Choice>,
    forms: Vec<Choice>,
    rules: Vec<Choice>,
    outcomes: Vec<Choice>,
}

/// The forms that are shown now.
#[derive(Default)]
struct Can {
    screen: bool,
    reject: bool,
    escalate: bool,
    invite: bool,
    schedule: bool,
    reschedule: bool,
    notice: bool,
    meet: bool,
    resolve: bool,
    add_action: bool,
    execute: bool,
    finish: bool,
    feed_back: bool,
    evaluate: bool,
    archive: bool,
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&build(&req, &id.into(), Form::blank()).await?)
}

async fn build(req: &Req, id: &DeliberationId, form: Form) -> Result<Show, Error> {
    let of = id.clone();
    let seen = req.ask(move |tx, cx| view::see(tx, cx, &of)).await?;
    Ok(drawn(req, &seen, form))
}

fn can(req: &Req, seen: &Seen) -> Can {
    if !req.can("deliberation.write") {
        return Can::default();
    }
    let state = seen.issue.state;
    let may = |to: State| state.to(to).is_ok();
    let noticed = seen.last().is_some_and(|m| m.m.noticed_on.is_some());
    let agreed = seen.last().is_some_and(|m| m.m.outcome != Some(Outcome::NotAgreed));
    let open = seen.actions.iter().any(|a| a.done_on.is_none());
    Can {
        screen: may(State::Screened),
        reject: may(State::Rejected),
        escalate: may(State::Escalated),
        invite: matches!(state, State::Screened | State::Scheduled),
        schedule: may(State::Scheduled) && state != State::Scheduled,
        reschedule: state == State::Scheduled,
        notice: state == State::Scheduled && !noticed,
        meet: may(State::Deliberated) && noticed,
        resolve: may(State::Resolved) && agreed,
        add_action: matches!(state, State::Resolved | State::Executing),
        execute: may(State::Executing) && !seen.actions.is_empty(),
        finish: state == State::Executing && open,
        feed_back: may(State::FedBack) && (!open || state == State::Escalated),
        evaluate: may(State::Evaluated),
        archive: may(State::Archived),
    }
}

fn drawn(req: &Req, seen: &Seen, form: Form) -> Show {
    let issue = &seen.issue;
    let today = req.now.day();
    let word = |field: &str, w: &str| req.t(&format!("deliberation.{field}.{w}"));
    let (next, by) = view::next(issue, seen.last().map(|m| &m.m), &seen.actions);
    let id = issue.id.0.clone();
    let mut papers = Vec::new();
    for (kind, there) in [
        ("notice", seen.last().is_some()),
        ("signin", seen.last().is_some()),
        ("resolution", issue.resolution.is_some()),
    ] {
        if there {
            papers.push((format!("/deliberations/{id}/paper/{kind}"), word("paper", kind)));
        }
    }
    let form = form
        .or("on", today)
        .or("done_on", today)
        .or("held_on", seen.last().map_or(today, |m| m.m.day))
        .or("public_from", today)
        .or("public_days", PUBLIC_DAYS)
        .or("length", 60)
        .or("day", today.plus_days(NOTICE_DAYS + 4));
    Show {
        frame: Frame::titled(req, issue.title.clone())
            .under(req.fill("deliberation.number", &[("n", issue.number.to_string())])),
        form,
        state: word("state", issue.state.as_str()),
        colour: issue.state.colour(),
        next: if next.is_empty() { String::new() } else { req.t(next) },
        by: by.map_or_else(String::new, |d| d.to_string()),
        late: by.is_some_and(|d| d < today),
        stages: view::stages(req, seen),
        facts: facts(req, seen),
        detail: seen.detail.clone(),
        steps: seen.steps.iter().map(|(s, words)| step_view(req, s, words)).collect(),
        guests: seen
            .participants
            .iter()
            .map(|(p, name)| Guest {
                id: p.id.0.clone(),
                name: name.clone(),
                role: word("role", p.role.as_str()),
                present: p.present,
            })
            .collect(),
        meetings: seen.meetings.iter().map(|m| meeting_view(req, m)).collect(),
        actions: seen
            .actions
            .iter()
            .map(|a| ActionView {
                id: a.id.0.clone(),
                what: a.what.clone(),
                owner: a.owner.clone(),
                due: a.due.to_string(),
                done: a.done_on.map_or_else(String::new, |d| d.to_string()),
                note: a.note.clone().unwrap_or_default(),
                late: a.done_on.is_none() && a.due < today,
            })
            .collect(),
        resolution: issue.resolution.clone().unwrap_or_default(),
        public: match (issue.public_from, issue.public_to) {
            (Some(from), Some(to)) => format!("{from} – {}", to.plus_days(-1)),
            _ => String::new(),
        },
        rating: issue.rating().map_or_else(String::new, |r| {
            let mean = format!("{}.{:02}", r / 100, r % 100);
            req.fill("deliberation.rating", &[("mean", mean), ("n", issue.raters.to_string())])
        }),
        can: can(req, seen),
        papers,
        roles: view::choices(req, "role", ParticipantRole::WORDS),
        forms: view::choices(req, "form", MeetingForm::WORDS),
        rules: view::choices(req, "rule", DecisionRule::WORDS),
        outcomes: view::choices(req, "outcome", Outcome::WORDS),
        id,
    }
}

fn facts(req: &Req, seen: &Seen) -> Vec<(String, String)> {
    let issue = &seen.issue;
    let mut out = Vec::new();
    let mut put = |key: &str, value: String| {
        if !value.is_empty() {
            out.push((req.t(&format!("deliberation.fact.{key}")), value));
        }
    };
    put("source", req.t(&format!("deliberation.source.{}", issue.source)));
    put("category", req.t(&format!("deliberation.category.{}", issue.category)));
    put("region", seen.region.clone());
    put("site", seen.site.clone());
    put("worker", seen.worker.clone());
    put("collected", issue.collected.to_string());
    put("raised_by", seen.raised_by.clone());
    put("escalated", issue.escalated.clone().unwrap_or_default());
    out
}

fn step_view(req: &Req, s: &crate::model::Step, words: &str) -> StepView {
    StepView {
        colour: s.state.colour(),
        what: req.t(&format!("deliberation.state.{}", s.state)),
        who: s.who.clone(),
        when: s.at.local(),
        words: words.to_owned(),
        day: s.day.map_or_else(String::new, |d| d.to_string()),
    }
}

fn meeting_view(req: &Req, seen: &view::MeetingSeen) -> MeetingView {
    let m = &seen.m;
    let word = |field: &str, w: &str| req.t(&format!("deliberation.{field}.{w}"));
    let votes = [("yes", m.yes), ("no", m.no), ("abstain", m.abstain)];
    MeetingView {
        form: word("form", m.form.as_str()),
        day: m.day.to_string(),
        place: m.place.clone(),
        noticed: m.noticed_on.map_or_else(String::new, |d| d.to_string()),
        notice_by: m.notice_by().to_string(),
        held: m.held_on.map_or_else(String::new, |d| d.to_string()),
        attended: m.attended,
        length: m.length,
        rule: m.rule.map_or_else(String::new, |r| word("rule", r.as_str())),
        votes: req.fill("deliberation.votes", &votes.map(|(n, v)| (n, v.to_string()))),
        outcome: m.outcome.map_or_else(String::new, |o| word("outcome", o.as_str())),
        agreed: m.outcome != Some(Outcome::NotAgreed),
        views: seen.views.clone(),
        minutes: seen.minutes.clone(),
    }
}

/// What a form says at a step; the verb is the last part of the address.
pub(crate) fn read(verb: &str, fields: &Fields) -> Result<Said, Error> {
    let text = |name: &str| fields.text(name).to_owned();
    let mut no = Refusals::none();
    let mut day = |name: &str| {
        let day = fields.text(name).parse::<Day>().ok();
        no.require(day.is_some(), name, "register.not_a_day");
        day.unwrap_or_default()
    };
    let said = match verb {
        "screening" => Said::Screen { reason: text("reason") },
        "rejection" => Said::Reject { reason: text("reason") },
        "escalation" => Said::Escalate { to: text("escalate_to"), reason: text("reason") },
        "schedule" => {
            let on = day("day");
            let form = MeetingForm::parse(fields.text("form"));
            no.require(form.is_some(), "form", "register.missing");
            Said::Schedule {
                form: form.unwrap_or(MeetingForm::Council),
                day: on,
                place: text("place"),
            }
        }
        "notice" => Said::Notice { on: day("on") },
        "meeting" => {
            let on = day("held_on");
            Said::Meet(held(fields, on, &mut no))
        }
        "resolution" => {
            let from = day("public_from");
            let days = fields.text("public_days").parse().unwrap_or_default();
            Said::Resolve { text: text("resolution"), from, days }
        }
        "execution" => Said::Execute,
        "feedback" => Said::FeedBack { text: text("text") },
        "evaluation" => {
            let mut points = [0; 5];
            for (n, slot) in points.iter_mut().enumerate() {
                *slot = whole(fields, &format!("points_{}", n + 1), &mut no);
            }
            Said::Evaluate { points, words: text("words") }
        }
        "archive" => Said::Archive,
        _ => return Err(db::Error::Missing.into()),
    };
    no.done()?;
    Ok(said)
}

/// A number that may be left out: nothing is none.
fn whole(fields: &Fields, name: &str, no: &mut Refusals) -> i64 {
    let typed = fields.text(name);
    let n = if typed.is_empty() { Some(0) } else { typed.parse().ok().filter(|n| *n >= 0) };
    no.require(n.is_some(), name, "deliberation.count");
    n.unwrap_or_default()
}

fn held(fields: &Fields, on: Day, no: &mut Refusals) -> Held {
    let rule = DecisionRule::parse(fields.text("rule"));
    let outcome = Outcome::parse(fields.text("outcome"));
    no.require(rule.is_some(), "rule", "register.missing");
    no.require(outcome.is_some(), "outcome", "register.missing");
    let present = fields.joined().get("present").cloned().unwrap_or_default();
    Held {
        on,
        length: whole(fields, "length", no),
        present: present.split(',').filter(|p| !p.is_empty()).map(RecordId::from).collect(),
        others: whole(fields, "others", no),
        views: fields.text("views").to_owned(),
        minutes: fields.text("minutes").to_owned(),
        rule: rule.unwrap_or(DecisionRule::Consensus),
        yes: whole(fields, "yes", no),
        no: whole(fields, "no", no),
        abstain: whole(fields, "abstain", no),
        outcome: outcome.unwrap_or(Outcome::NotAgreed),
    }
}

/// After a verb: back to the page, or the page again with what was wrong.
async fn after<T>(
    req: &Req,
    id: &DeliberationId,
    fields: &Fields,
    done: Result<T, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(_) => Ok(req.redirect(&format!("/deliberations/{id}"), "deliberation.done.step")),
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            let form = Form::refused(req, fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(req, id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn step(
    req: Req,
    Path((id, verb)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: DeliberationId = id.into();
    let of = id.clone();
    let done = match read(&verb, &fields) {
        Ok(said) => req.act(move |tx, cx| steps::step(tx, cx, &of, &said)).await,
        Err(e) => Err(e),
    };
    after(&req, &id, &fields, done).await
}

pub(super) async fn invite(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: DeliberationId = id.into();
    let (of, name) = (id.clone(), fields.text("name").to_owned());
    let done = match ParticipantRole::parse(fields.text("role")) {
        Some(role) => req.act(move |tx, cx| people::invite(tx, cx, &of, &name, role)).await,
        None => Err(Refusal::at("role", "register.missing").into()),
    };
    after(&req, &id, &fields, done).await
}

pub(super) async fn disinvite(
    req: Req,
    Path((id, who)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: DeliberationId = id.into();
    let of = id.clone();
    let done = req.act(move |tx, cx| people::disinvite(tx, cx, &of, &who.into())).await;
    after(&req, &id, &fields, done).await
}

pub(super) async fn add_action(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: DeliberationId = id.into();
    let (of, f) = (id.clone(), fields.clone());
    let done = match fields.text("due").parse() {
        Ok(due) => {
            req.act(move |tx, cx| {
                people::add_action(tx, cx, &of, f.text("what"), f.text("owner"), due)
            })
            .await
        }
        Err(_) => Err(Refusal::at("due", "register.not_a_day").into()),
    };
    after(&req, &id, &fields, done).await
}

pub(super) async fn finish(
    req: Req,
    Path((id, action)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: DeliberationId = id.into();
    let (of, note) = (id.clone(), fields.text("note").to_owned());
    let done = match fields.text("done_on").parse() {
        Ok(on) => {
            req.act(move |tx, cx| people::finish_action(tx, cx, &of, &action.into(), on, &note))
                .await
        }
        Err(_) => Err(Refusal::at("done_on", "register.not_a_day").into()),
    };
    after(&req, &id, &fields, done).await
}
