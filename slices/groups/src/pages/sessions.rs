//! Sessions: the list, one session's plan and record, the form of a plan.
use access::{Cx, care};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{Day, GroupId, Refusal, Refusals};
use web::{Error, Fields, Form, Frame, Req, page, page_with};

use super::{Head, Page, frame, head, open, open_to_write, percent};
use crate::acts::sessions::{self as acts, SessionPlan};
use crate::look::{self, Look};
use crate::model::figures::Figures;
use crate::model::{Group, Record, Session, Step};
use crate::store;

struct Line {
    id: String,
    number: i64,
    day: String,
    times: String,
    theme: String,
    state: &'static str,
    present: String,
    others: i64,
    rate: String,
}

#[derive(Template)]
#[template(path = "sessions.html")]
struct Sessions {
    head: Head,
    frame: Frame,
    lines: Vec<Line>,
    planned: i64,
    figures: Figures,
    rate: String,
}

pub(super) async fn list(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, look) = open(tx, cx, &id)?;
            let records = store::records(tx, &g.id)?;
            let members = store::members(tx, &g.id)?;
            let figures = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
            let lines = store::sessions(tx, &g.id)?
                .iter()
                .map(|s| line(s, &records, &figures, cx.today()))
                .collect();
            Ok(Sessions {
                head: head(tx, &r, &g, look, "sessions")?,
                frame: frame(&r, &g),
                lines,
                planned: g.planned,
                rate: percent(figures.rate()),
                figures,
            })
        })
        .await?;
    page(&built)
}

fn line(s: &Session, records: &[Record], figures: &Figures, today: Day) -> Line {
    let record = records.iter().find(|r| r.session == s.id);
    let row = figures.session(&s.id);
    Line {
        id: s.id.0.clone(),
        number: s.number,
        day: record.map_or(s.day, |r| r.day).to_string(),
        times: record.map_or_else(
            || format!("{}–{}", s.begins, s.ends),
            |r| format!("{}–{}", r.begins, r.ends),
        ),
        theme: s.theme.clone(),
        state: match record {
            Some(_) => "recorded",
            None if s.day < today => "late",
            None if s.day == today => "today",
            None => "ahead",
        },
        present: row.map_or_else(|| "—".into(), |r| format!("{} / {}", r.present, r.expected)),
        others: row.map_or(0, |r| r.others),
        rate: percent(row.and_then(crate::model::figures::SessionRow::rate)),
    }
}

/// A member's line under a session.
pub(super) struct Came {
    pub(super) label: String,
    pub(super) number: i64,
    pub(super) mark: &'static str,
    pub(super) why: String,
    pub(super) note: String,
    pub(super) signed: String,
    /// Where a case for this member is opened from here.
    pub(super) case: String,
}

/// Who was at a session, as this viewer may read it. What is shown of one client's notes is written down, so this runs inside an act.
pub(super) fn came(
    tx: &mut Tx<'_>,
    cx: &Cx,
    g: &Group,
    look: Look,
    s: &Session,
) -> Result<Vec<Came>> {
    let members = store::members(tx, &g.id)?;
    let mut out = Vec::new();
    for p in store::presences_at(tx, &s.id)? {
        let Some(m) = members.iter().find(|m| m.id == p.member) else { continue };
        let seen = look::member(tx, cx, look, m)?;
        let (mut why, mut note) = (String::new(), String::new());
        if seen.notes {
            why = tx.open_some(m.owner(), "group_present.why", p.id.as_str(), p.why.as_ref())?;
            note = tx.open_some(m.owner(), "group_present.note", p.id.as_str(), p.note.as_ref())?;
            if let Some(client) = m.client.as_ref().filter(|_| !why.is_empty() || !note.is_empty())
            {
                care::viewed(tx, cx, client, "group")?;
            }
        }
        let case = seen
            .client
            .as_ref()
            .filter(|_| seen.notes && look.writes)
            .map_or_else(String::new, |c| {
                format!("/cases/new?client={}&from=group:{}", c.id, g.id)
            });
        out.push(Came {
            label: seen.label,
            number: m.number,
            mark: p.mark.as_str(),
            why,
            note,
            signed: p.signed_at.map_or_else(String::new, |at| at.local()),
            case,
        });
    }
    out.sort_by_key(|c| c.number);
    Ok(out)
}

/// The texts of a record, opened, each under its locale key.
pub(super) fn texts(tx: &mut Tx<'_>, g: &Group, r: &Record) -> Result<Vec<(&'static str, String)>> {
    let mut out = Vec::new();
    for (key, place, sealed) in [
        ("groups.happened", "group_record.happened", Some(&r.happened)),
        ("groups.dynamics", "group_record.dynamics", r.dynamics.as_ref()),
        ("groups.attainment", "group_record.attainment", r.attainment.as_ref()),
        ("groups.reflection", "group_record.reflection", r.reflection.as_ref()),
        ("groups.next_time", "group_record.next_time", r.next_time.as_ref()),
    ] {
        let text = tx.open_some(g.id.as_str(), place, r.id.as_str(), sealed)?;
        if !text.is_empty() {
            out.push((key, text));
        }
    }
    Ok(out)
}

/// The steps of a plan.
pub(super) fn steps(s: &Session) -> Vec<Step> {
    serde_json::from_value(s.steps.clone()).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "session.html")]
struct One {
    head: Head,
    frame: Frame,
    id: String,
    when: String,
    place: String,
    goals: String,
    steps: Vec<Step>,
    minutes: i64,
    recorded: bool,
    by: String,
    workers: String,
    others: i64,
    photos: bool,
    texts: Vec<(&'static str, String)>,
    came: Vec<Came>,
    present: String,
}

pub(super) async fn show(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let r = req.clone();
    let built = req
        .act(move |tx, cx| {
            let (g, look) = open(tx, cx, &id)?;
            let s = store::session(tx, &g.id, &session)?.ok_or(db::Error::Missing)?;
            let record = store::record_of(tx, &s.id)?;
            let came = came(tx, cx, &g, look, &s)?;
            let steps = steps(&s);
            let mut names = Vec::new();
            if let Some(service) = ledger::report::of_source(tx, "group_session", s.id.as_str())? {
                for person in store::workers_of_service(tx, &service.id)? {
                    names.push(super::person(tx, &person)?);
                }
            }
            let there = came.iter().filter(|c| c.mark != "absent").count();
            let when = match &record {
                Some(r) => format!("{} {}–{}", r.day, r.begins, r.ends),
                None => format!("{} {}–{}", s.day, s.begins, s.ends),
            };
            let title = r.fill("groups.nth", &[("n", s.number.to_string())]);
            Ok(One {
                head: head(tx, &r, &g, look, "sessions")?,
                frame: Frame::titled(&r, format!("{title} · {}", s.theme)).under(g.name.clone()),
                when,
                place: s.place.clone().or_else(|| g.place.clone()).unwrap_or_default(),
                goals: tx.open_some(
                    g.id.as_str(),
                    "group_session.goals",
                    s.id.as_str(),
                    s.goals.as_ref(),
                )?,
                minutes: steps.iter().map(|s| s.minutes).sum(),
                steps,
                recorded: record.is_some(),
                by: record
                    .as_ref()
                    .map_or_else(String::new, |r| format!("{} {}", r.by_name, r.at.local())),
                workers: names.join("、"),
                others: record.as_ref().map_or(0, |r| r.others),
                photos: record.as_ref().is_some_and(|r| r.photos),
                texts: match &record {
                    Some(r) => texts(tx, &g, r)?,
                    None => Vec::new(),
                },
                present: format!("{there} / {}", came.len()),
                came,
                id: s.id.0.clone(),
            })
        })
        .await?;
    page(&built)
}

#[derive(Template)]
#[template(path = "session_form.html")]
struct PlanForm {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    cancel: String,
    rows: Vec<usize>,
}

/// Steps a plan can have.
const ROOM: usize = 12;
/// Empty rows a form offers beyond those that are filled, and at least so many in all.
const SPARE: usize = 2;
const LEAST: usize = 5;

fn form_page(req: &Req, g: &Group, s: Option<&Session>, recorded: bool, form: Form) -> PlanForm {
    let base = format!("/groups/{}/sessions", g.id);
    let filled = (0..ROOM)
        .filter(|n| !form.value(&format!("step-{n}")).is_empty())
        .max()
        .map_or(0, |n| n + 1);
    let rows = (0..(filled + SPARE).clamp(LEAST, ROOM)).collect();
    let (frame, action, back) = match s {
        Some(s) => (
            Frame::new(req, "groups.session.edit").under(g.name.clone()),
            format!("{base}/{}/plan", s.id),
            format!("{base}/{}", s.id),
        ),
        None => (
            Frame::new(req, "groups.session.new").under(g.name.clone()),
            format!("{base}/new"),
            base.clone(),
        ),
    };
    let cancel = s
        .filter(|_| !recorded)
        .map_or_else(String::new, |s| format!("{base}/{}/cancellation", s.id));
    PlanForm { frame, form, action, back, cancel, rows }
}

fn read(fields: &Fields) -> std::result::Result<SessionPlan, Refusals> {
    let Ok(day) = fields.text("day").parse::<Day>() else {
        return Err(Refusal::at("day", "register.not_a_day").into());
    };
    let text = |name: &str| fields.text(name).to_owned();
    let steps = (0..ROOM)
        .map(|n| Step {
            minutes: text(&format!("minutes-{n}")).parse().unwrap_or_default(),
            name: text(&format!("step-{n}")),
            how: text(&format!("how-{n}")),
            material: text(&format!("material-{n}")),
            owner: text(&format!("owner-{n}")),
        })
        .filter(|s| !s.name.is_empty())
        .collect();
    Ok(SessionPlan {
        day,
        begins: text("begins"),
        ends: text("ends"),
        place: text("place"),
        theme: text("theme"),
        goals: text("goals"),
        steps,
    })
}

pub(super) async fn blank(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open_to_write(tx, cx, &id)?;
            let last = store::sessions(tx, &g.id)?.pop();
            // The next session is mostly a week later at the same hour.
            let mut form = Form::blank();
            match &last {
                Some(s) => {
                    form = form
                        .with("day", s.day.plus_days(7))
                        .with("begins", &s.begins)
                        .with("ends", &s.ends);
                }
                None => {
                    form = form
                        .with("day", g.starts.unwrap_or_else(|| cx.today()))
                        .with("begins", "14:00")
                        .with("ends", "15:30");
                }
            }
            Ok(form_page(&r, &g, None, false, form))
        })
        .await?;
    page(&built)
}

pub(super) async fn edit(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open_to_write(tx, cx, &id)?;
            let s = store::session(tx, &g.id, &session)?.ok_or(db::Error::Missing)?;
            let goals = tx.open_some(
                g.id.as_str(),
                "group_session.goals",
                s.id.as_str(),
                s.goals.as_ref(),
            )?;
            let mut form = Form::blank()
                .with("day", s.day)
                .with("begins", &s.begins)
                .with("ends", &s.ends)
                .with("place", s.place.clone().unwrap_or_default())
                .with("theme", &s.theme)
                .with("goals", goals);
            for (n, step) in steps(&s).iter().enumerate() {
                form = form
                    .with(&format!("minutes-{n}"), step.minutes)
                    .with(&format!("step-{n}"), &step.name)
                    .with(&format!("how-{n}"), &step.how)
                    .with(&format!("material-{n}"), &step.material)
                    .with(&format!("owner-{n}"), &step.owner);
            }
            let recorded = store::record_of(tx, &s.id)?.is_some();
            Ok(form_page(&r, &g, Some(&s), recorded, form))
        })
        .await?;
    page(&built)
}

async fn again(
    req: &Req,
    id: String,
    session: Option<String>,
    fields: &Fields,
    no: &Refusals,
) -> Page {
    let (r, form) = (req.clone(), Form::refused(req, fields, no));
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open_to_write(tx, cx, &id)?;
            let s = match &session {
                Some(s) => Some(store::session(tx, &g.id, s)?.ok_or(db::Error::Missing)?),
                None => None,
            };
            Ok(form_page(&r, &g, s.as_ref(), true, form))
        })
        .await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
}

pub(super) async fn plan(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| acts::plan(tx, cx, &group, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}/sessions"), "groups.session.planned")),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, None, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn replan(
    req: Req,
    Path((id, session)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let (group, s) = (GroupId::from(id.as_str()), session.clone());
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| acts::replan(tx, cx, &group, &s, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => {
            Ok(req.redirect(&format!("/groups/{id}/sessions/{session}"), "groups.session.planned"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            again(&req, id, Some(session), &fields, &no).await
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn cancel(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let group = GroupId::from(id.as_str());
    req.act(move |tx, cx| acts::cancel(tx, cx, &group, &session)).await?;
    Ok(req.redirect(&format!("/groups/{id}/sessions"), "groups.session.cancelled"))
}
