//! A contact note on one screen: what was yesterday's habit is today's default.
use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{CaseId, RecordId, Refusals};
use registry::client::RiskGrade;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::choices;
use crate::acts::notes::{self, NewNote};
use crate::acts::{self, goals};
use crate::model::{ContactMode, Progress};
use crate::store;

#[derive(Template)]
#[template(path = "note.html")]
struct NotePage {
    frame: Frame,
    form: Form,
    id: String,
    action: String,
    modes: Vec<Choice>,
    grades: Vec<Choice>,
    progress: Vec<Choice>,
    /// (field name, the goal in words)
    goals: Vec<(String, String)>,
    grade_now: String,
}

async fn page_of(
    req: &Req,
    id: &str,
    note: Option<String>,
    kept: Option<Form>,
) -> Result<NotePage, Error> {
    let (r, case_id) = (req.clone(), CaseId::from(id));
    let action = note
        .as_ref()
        .map_or_else(|| format!("/cases/{id}/notes/new"), |n| format!("/cases/{id}/notes/{n}"));
    let (frame, form, goals, grade_now) = req
        .act(move |tx, cx| {
            let seen = acts::look(tx, cx, &case_id)?;
            seen.sight.writes()?;
            if !seen.case.stage.open() {
                return Err(kernel::Refusal::new("casework.frozen").into());
            }
            let all = store::notes_of(tx, &case_id)?;
            let mut form = Form::blank();
            match note {
                None => {
                    let last = all.first();
                    form = form
                        .with("day", cx.today())
                        .with("mode", last.map_or("home", |n| n.mode.as_str()))
                        .with("minutes", last.map_or(30, |n| n.minutes));
                    if let Some(place) = last.and_then(|n| n.place.as_ref().map(|p| (n, p))) {
                        let text = tx.open(
                            seen.case.client.as_str(),
                            "contact_note.place",
                            place.0.id.as_str(),
                            place.1,
                        )?;
                        form = form.with("place", text);
                    }
                }
                Some(note) => {
                    let row =
                        all.iter().find(|n| n.id.as_str() == note).ok_or(db::Error::Missing)?;
                    let said = notes::words(tx, &seen.case, row)?;
                    form = form
                        .with("day", row.day)
                        .with("start", row.start.clone().unwrap_or_default())
                        .with("minutes", row.minutes)
                        .with("mode", row.mode)
                        .with("place", said.place)
                        .with("facts", said.facts)
                        .with("analysis", said.analysis)
                        .with("actions", said.actions)
                        .with("next_on", row.next_on.map_or_else(String::new, |d| d.to_string()))
                        .with("next_step", said.next_step);
                    if let Some(map) = row.goals.as_object() {
                        for (goal, progress) in map {
                            form = form.with(
                                &format!("goal.{goal}"),
                                progress.as_str().unwrap_or_default(),
                            );
                        }
                    }
                }
            }
            let mut shown = Vec::new();
            for g in store::goals_of(tx, &case_id)?.into_iter().filter(|g| g.until.is_none()) {
                let words = goals::statement(tx, &seen.case, &g)?;
                shown.push((format!("goal.{}", g.id), words));
            }
            let frame = Frame::new(&r, "casework.note").under(format!(
                "{} · {}",
                seen.sight.label(&seen.client),
                seen.case.number()
            ));
            let grade = r.t(&format!("casework.grade.{}", seen.client.grade));
            Ok((frame, form, shown, grade))
        })
        .await?;
    Ok(NotePage {
        frame,
        form: kept.unwrap_or(form),
        id: id.to_owned(),
        action,
        modes: choices(req, "casework.mode", ContactMode::WORDS),
        grades: choices(req, "casework.grade", RiskGrade::WORDS),
        progress: choices(req, "casework.progress", Progress::WORDS),
        goals,
        grade_now,
    })
}

/// Reads the form; what cannot be read stands at its field.
fn read(fields: &Fields) -> Result<NewNote, Refusals> {
    let mut no = Refusals::none();
    let (day, mode) = (fields.text("day").parse().ok(), ContactMode::parse(fields.text("mode")));
    let minutes = fields.text("minutes").parse().ok();
    let next = fields.text("next_on");
    no.require(day.is_some(), "day", "casework.day");
    no.require(mode.is_some(), "mode", "casework.choose");
    no.require(minutes.is_some(), "minutes", "casework.minutes");
    no.require(next.is_empty() || next.parse::<kernel::Day>().is_ok(), "next_on", "casework.day");
    let goals: BTreeMap<String, Progress> = fields
        .joined()
        .iter()
        .filter_map(|(k, v)| Some((k.strip_prefix("goal.")?.to_owned(), Progress::parse(v)?)))
        .collect();
    match (day, mode, minutes) {
        (Some(day), Some(mode), Some(minutes)) => {
            no.done()?;
            let text = |name: &str| fields.text(name).to_owned();
            Ok(NewNote {
                day,
                start: text("start"),
                minutes,
                mode,
                place: text("place"),
                facts: text("facts"),
                analysis: text("analysis"),
                actions: text("actions"),
                goals,
                grade: RiskGrade::parse(fields.text("grade")),
                next_on: next.parse().ok(),
                next_step: text("next_step"),
            })
        }
        _ => Err(no),
    }
}

async fn answer(
    req: &Req,
    id: &str,
    note: Option<String>,
    fields: &Fields,
    done: Result<(), Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(req.redirect(&format!("/cases/{id}/process"), "casework.noted")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(req, fields, &no);
            let built = page_of(req, id, note, Some(form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn blank(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&page_of(&req, &id, None, None).await?)
}

pub(super) async fn add(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let case = CaseId::from(id.as_str());
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| notes::add(tx, cx, &case, new).map(drop)).await,
        Err(no) => Err(no.into()),
    };
    answer(&req, &id, None, &fields, done).await
}

pub(super) async fn edit(
    req: Req,
    Path((id, note)): Path<(String, String)>,
) -> Result<Response, PageError> {
    page(&page_of(&req, &id, Some(note), None).await?)
}

pub(super) async fn amend(
    req: Req,
    Path((id, note)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (case, which) = (CaseId::from(id.as_str()), RecordId::from(note.as_str()));
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| notes::amend(tx, cx, &case, &which, new).map(drop)).await,
        Err(no) => Err(no.into()),
    };
    answer(&req, &id, Some(note), &fields, done).await
}
