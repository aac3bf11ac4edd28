//! The supervisor's queue: what waits at the left, what it says at the right, the judgement below. Clients bear pseudonyms.
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{AnswerId, CaseId, Instant};
use web::{AnswerView, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::document::nameless;
use super::grade_colour;
use crate::acts::{self, notes, reviews};
use crate::model::ReviewVerdict;
use crate::store;

struct Item {
    href: String,
    title: String,
    who: String,
    day: String,
    active: bool,
}

/// What is read at the right.
struct Open {
    case: String,
    about: String,
    about_id: String,
    title: String,
    who: String,
    grade: String,
    colour: &'static str,
    /// (label, text)
    lines: Vec<(String, String)>,
    view: Option<AnswerView>,
    case_href: String,
}

#[derive(Template)]
#[template(path = "supervision.html")]
struct Queue {
    frame: Frame,
    form: Form,
    items: Vec<Item>,
    open: Option<Open>,
    total: usize,
}

const MOST: i64 = 50;

async fn page_of(req: &Req, form: Form, wanted: String) -> Result<Queue, Error> {
    let r = req.clone();
    let (items, open, frame) = req
        .act(move |tx, cx| {
            let frame = Frame::new(&r, "casework.queue");
            let rows = store::to_review(tx, cx, MOST)?;
            let mut items = Vec::new();
            let mut chosen = None;
            for (n, row) in rows.iter().enumerate() {
                let (about, about_id): (String, String) = (row.get("about")?, row.get("about_id")?);
                let (form_name, at): (String, Instant) = (row.get("form")?, row.get("at")?);
                let case: String = row.get("case_file")?;
                let seen = acts::find(tx, cx, &CaseId::from(case.as_str()))?;
                let title = if about == "contact_note" {
                    r.t("casework.note.kind")
                } else {
                    forms::library::latest(tx, &form_name)?.title.say(r.lang).to_owned()
                };
                let active = if wanted.is_empty() { n == 0 } else { about_id == wanted };
                let who = format!("{} · {}", seen.sight.label(&seen.client), seen.case.number());
                if active {
                    chosen = Some((seen, about, about_id.clone(), title.clone(), who.clone()));
                }
                items.push(Item {
                    href: format!("/cases/supervision?of={about_id}"),
                    title,
                    who,
                    day: at.day().to_string(),
                    active,
                });
            }
            let open = match chosen {
                None => None,
                Some((seen, about, about_id, title, who)) => {
                    let seen = acts::look(tx, cx, &seen.case.id)?;
                    let (mut lines, mut view) = (Vec::new(), None);
                    if about == "contact_note" {
                        let note = store::notes_of(tx, &seen.case.id)?
                            .into_iter()
                            .find(|n| n.id.as_str() == about_id)
                            .ok_or(db::Error::Missing)?;
                        let said = notes::words(tx, &seen.case, &note)?;
                        let how = r.t(&format!("casework.mode.{}", note.mode));
                        let minutes = note.minutes.to_string();
                        lines.push((
                            r.t("casework.note.day"),
                            format!(
                                "{} · {how} · {}",
                                note.day,
                                r.fill("casework.minutes.n", &[("n", minutes)])
                            ),
                        ));
                        lines.push((r.t("casework.note.facts"), said.facts));
                        lines.push((r.t("casework.note.analysis"), said.analysis));
                        lines.push((r.t("casework.note.actions"), said.actions));
                        lines.push((r.t("casework.note.next_step"), said.next_step));
                        lines.retain(|(_, t)| !t.is_empty());
                    } else {
                        let id = AnswerId::from(about_id.as_str());
                        let (_, form, said) = forms::answer::load(tx, &id)?;
                        let said = if seen.sight.name { said } else { nameless(said) };
                        view = Some(AnswerView::new(&frame, &form, &said));
                    }
                    Some(Open {
                        case: seen.case.id.0.clone(),
                        about,
                        about_id,
                        title,
                        who,
                        grade: r.t(&format!("casework.grade.{}", seen.client.grade)),
                        colour: grade_colour(seen.client.grade),
                        lines,
                        view,
                        case_href: format!("/cases/{}", seen.case.id),
                    })
                }
            };
            Ok((items, open, frame))
        })
        .await?;
    Ok(Queue { frame, form, total: items.len(), items, open })
}

pub(super) async fn queue(req: Req) -> Result<Response, PageError> {
    let wanted = req.query("of").unwrap_or_default();
    page(&page_of(&req, Form::blank(), wanted).await?)
}

pub(super) async fn review(req: Req, fields: Fields) -> Result<Response, PageError> {
    let case = CaseId::from(fields.text("case"));
    let verdict = ReviewVerdict::parse(fields.text("verdict")).unwrap_or(ReviewVerdict::Advice);
    // A word of advice with the approving key is advice.
    let words = fields.text("words").to_owned();
    let verdict = match verdict {
        ReviewVerdict::Seen if !words.is_empty() => ReviewVerdict::Advice,
        other => other,
    };
    let (about, about_id) = (fields.text("about").to_owned(), fields.text("about_id").to_owned());
    let of = about_id.clone();
    let done = req
        .act(move |tx, cx| reviews::review(tx, cx, &case, &about, &about_id, verdict, &words))
        .await;
    match done {
        Ok(_) => Ok(req.redirect("/cases/supervision", "casework.review.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&req, form, of).await?)
        }
        Err(e) => Err(e.into()),
    }
}
