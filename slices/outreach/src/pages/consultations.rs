//! Consultations: the list, the form, one of them with its follow-up.
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{ClientId, ConsultationId, Day};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::consultation::{self, Said};
use crate::model::consultation::{Asked, Channel, Field};
use crate::store;
use crate::view::{self, Names};

struct Line {
    href: String,
    day: Day,
    channel: &'static str,
    field: &'static str,
    who: String,
    worker: String,
    resolved: bool,
    follow_on: Option<Day>,
}

#[derive(Template)]
#[template(path = "consultations.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
    writes: bool,
}

#[derive(Template)]
#[template(path = "consultation_form.html")]
struct Blank {
    frame: Frame,
    form: Form,
    client: String,
    label: String,
    channels: Vec<Choice>,
    fields: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "consultation.html")]
struct Show {
    frame: Frame,
    form: Form,
    id: String,
    client: String,
    label: String,
    day: Day,
    minutes: i64,
    channel: &'static str,
    field: &'static str,
    worker: String,
    said: Said,
    guide: String,
    guide_href: String,
    resolved: bool,
    follow_on: Option<Day>,
    followed_on: Option<Day>,
    follows: bool,
}

const MOST: i64 = 100;

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let mut names = Names::default();
            let mut lines = Vec::new();
            for n in store::consultation::latest(tx, cx, MOST)? {
                let who = match &n.client {
                    Some(client) => {
                        let (client, sight) = care::find(tx, cx, client)?;
                        sight.label(&client)
                    }
                    None => r.t("consultations.nameless"),
                };
                lines.push(Line {
                    href: format!("/consultations/{}", n.id),
                    day: n.day,
                    channel: n.channel.as_str(),
                    field: n.field.as_str(),
                    who,
                    worker: names.person(tx, &n.person)?,
                    resolved: n.resolved,
                    follow_on: n.follow_on.filter(|_| n.followed_on.is_none()),
                });
            }
            Ok(List {
                frame: Frame::new(&r, "consultations.title"),
                lines,
                writes: cx.actor.can("visits.write"),
            })
        })
        .await?;
    page(&built)
}

async fn form_page(req: &Req, form: Form) -> Result<Blank, Error> {
    let (r, client) = (req.clone(), req.query("client").unwrap_or_default());
    req.ask(move |tx, cx| {
        let label = if client.is_empty() {
            String::new()
        } else {
            let (client, sight) = care::find_file(tx, cx, &ClientId::from(client.as_str()))?;
            sight.label(&client)
        };
        Ok(Blank {
            frame: Frame::new(&r, "consultations.record"),
            form: form.or("day", cx.today()).or("minutes", 15).or("channel", Channel::WalkIn),
            client,
            label,
            channels: view::words(&r, "consultations.channel", Channel::WORDS),
            fields: view::words(&r, "consultations.field", Field::WORDS),
        })
    })
    .await
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    page(&form_page(&req, Form::blank()).await?)
}

pub(super) async fn record(req: Req, fields: Fields) -> Result<Response, PageError> {
    let text = |name: &str| fields.text(name).to_owned();
    let asked = Asked {
        client: req.query("client").unwrap_or_default(),
        channel: text("channel"),
        field: text("field"),
        day: text("day"),
        minutes: text("minutes"),
        question: text("question"),
        answer: text("answer"),
        guide: text("guide"),
        resolved: fields.ticked("resolved"),
        follow_on: text("follow_on"),
    };
    match req.act(move |tx, cx| consultation::record(tx, cx, &asked)).await {
        Ok(n) => Ok(req.redirect(&format!("/consultations/{}", n.id), "consultations.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

async fn show_page(req: &Req, id: &str, form: Form) -> Result<Show, Error> {
    let (r, id) = (req.clone(), ConsultationId::from(id));
    req.act(move |tx, cx| {
        let (n, label) = consultation::find(tx, cx, &id)?;
        let said = consultation::said(tx, &n)?;
        let label = if label.is_empty() { r.t("consultations.nameless") } else { label };
        let guide = n.guide.unwrap_or_default();
        Ok(Show {
            frame: Frame::new(&r, "consultations.one").under(label.clone()),
            form,
            client: n.client.map_or_else(String::new, |c| c.0),
            label,
            day: n.day,
            minutes: n.minutes,
            channel: n.channel.as_str(),
            field: n.field.as_str(),
            worker: Names::default().person(tx, &n.person)?,
            said,
            // Only an address of the web or of ours is made a link.
            guide_href: if guide.starts_with("https://") || guide.starts_with('/') {
                guide.clone()
            } else {
                String::new()
            },
            guide,
            resolved: n.resolved,
            follow_on: n.follow_on,
            followed_on: n.followed_on,
            follows: n.follow_on.is_some()
                && n.followed_on.is_none()
                && cx.actor.can("visits.write"),
            id: n.id.0,
        })
    })
    .await
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&show_page(&req, &id, Form::blank()).await?)
}

pub(super) async fn follow(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (of, f) = (ConsultationId::from(id.as_str()), fields.clone());
    match req.act(move |tx, cx| consultation::follow(tx, cx, &of, f.text("words"))).await {
        Ok(_) => Ok(req.redirect(&format!("/consultations/{id}"), "consultations.follow.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &show_page(&req, &id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}
