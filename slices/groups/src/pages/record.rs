//! The record of a session, made to be filled in on a phone right after it: taps for attendance, one box of text that must be.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{Day, GroupId, PersonId, RecordId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, Req, page, page_with};

use super::{Page, leaders, open_to_write, words};
use crate::acts::sessions::{self as acts, Attendance, SessionRecord};
use crate::look;
use crate::model::Mark;
use crate::model::figures::proposed;
use crate::store;

/// A member's row of the form.
struct Row {
    id: String,
    number: i64,
    label: String,
    signed: bool,
    /// What is kept about this member alone may be written here.
    notes: bool,
}

#[derive(Template)]
#[template(path = "session_record.html")]
struct RecordForm {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    rows: Vec<Row>,
    marks: Vec<Choice>,
    workers: Vec<Choice>,
}

fn build(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    (id, session): (&str, &str),
    typed: Option<Form>,
) -> Result<RecordForm> {
    let (g, look) = open_to_write(tx, cx, id)?;
    let s = store::session(tx, &g.id, session)?.ok_or(db::Error::Missing)?;
    let record = store::record_of(tx, &s.id)?;
    let kept = store::presences_at(tx, &s.id)?;
    let day = record.as_ref().map_or_else(|| s.day.min(cx.today()), |r| r.day);
    let anybody = kept.iter().any(|p| p.signed_at.is_some());
    let fresh = typed.is_none();
    let mut form = typed.unwrap_or_default();
    let mut rows = Vec::new();
    for m in store::members(tx, &g.id)? {
        let had = kept.iter().find(|p| p.member == m.id);
        if !m.enrolled(day) && had.is_none() {
            continue;
        }
        let seen = look::member(tx, cx, look, &m)?;
        if fresh {
            form = form.with(&format!("mark-{}", m.id), proposed(had, anybody));
            if let (Some(p), true) = (had, seen.notes) {
                let at = p.id.as_str();
                let why = tx.open_some(m.owner(), "group_present.why", at, p.why.as_ref())?;
                let note = tx.open_some(m.owner(), "group_present.note", at, p.note.as_ref())?;
                form =
                    form.with(&format!("why-{}", m.id), why).with(&format!("note-{}", m.id), note);
            }
        }
        rows.push(Row {
            id: m.id.0.clone(),
            number: m.number,
            label: seen.label,
            signed: had.is_some_and(|p| p.signed_at.is_some()),
            notes: seen.notes,
        });
    }
    let team = leaders(tx, &g)?;
    if fresh {
        let workers: Vec<&str> = team.iter().map(|w| w.0.as_str()).collect();
        form = form.with("day", day).with("workers", workers.join(","));
        form = match &record {
            None => form.with("begins", &s.begins).with("ends", &s.ends).with("others", 0),
            Some(r) => {
                let mut form = form
                    .with("begins", &r.begins)
                    .with("ends", &r.ends)
                    .with("others", r.others)
                    .with("photos", if r.photos { "1" } else { "" });
                for (key, text) in super::sessions::texts(tx, &g, r)? {
                    form = form.with(key.trim_start_matches("groups."), text);
                }
                form
            }
        };
    }
    let title = req.fill("groups.nth", &[("n", s.number.to_string())]);
    let back = format!("/groups/{}/sessions/{}", g.id, s.id);
    Ok(RecordForm {
        frame: Frame::titled(req, format!("{} · {title}", req.t("groups.record"))).under(g.name),
        form,
        action: format!("{back}/record"),
        back,
        rows,
        marks: words(req, "mark", Mark::WORDS),
        workers: team.into_iter().map(|(id, label, _)| Choice { value: id.0, label }).collect(),
    })
}

pub(super) async fn form(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let r = req.clone();
    let built = req.ask(move |tx, cx| build(tx, cx, &r, (&id, &session), None)).await?;
    page(&built)
}

fn read(fields: &Fields) -> std::result::Result<SessionRecord, Refusals> {
    let Ok(day) = fields.text("day").parse::<Day>() else {
        return Err(Refusal::at("day", "register.not_a_day").into());
    };
    let all = fields.joined();
    let text = |name: &str| fields.text(name).to_owned();
    let others = match fields.text("others") {
        "" => 0,
        n => n.parse().map_err(|_| Refusal::at("others", "groups.others_range"))?,
    };
    let attendance = all
        .iter()
        .filter_map(|(name, mark)| Some((name.strip_prefix("mark-")?, Mark::parse(mark)?)))
        .map(|(member, mark)| Attendance {
            member: RecordId::from(member),
            mark,
            why: text(&format!("why-{member}")),
            note: text(&format!("note-{member}")),
        })
        .collect();
    let workers = all.get("workers").map_or("", String::as_str);
    Ok(SessionRecord {
        day,
        begins: text("begins"),
        ends: text("ends"),
        attendance,
        workers: workers.split(',').filter(|p| !p.is_empty()).map(PersonId::from).collect(),
        others,
        photos: fields.ticked("photos"),
        happened: text("happened"),
        dynamics: text("dynamics"),
        attainment: text("attainment"),
        reflection: text("reflection"),
        next_time: text("next_time"),
    })
}

pub(super) async fn keep(
    req: Req,
    Path((id, session)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let (group, s) = (GroupId::from(id.as_str()), session.clone());
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| acts::record(tx, cx, &group, &s, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => {
            Ok(req.redirect(&format!("/groups/{id}/sessions/{session}"), "groups.record.done"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built =
                req.ask(move |tx, cx| build(tx, cx, &r, (&id, &session), Some(form))).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
