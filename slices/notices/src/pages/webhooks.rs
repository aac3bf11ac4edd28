//! Webhooks of the district, for the system administrator, and what came of each message.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::RecordId;
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::model::{Delivery, Webhook};
use crate::{acts, store};

/// How many deliveries a webhook's page shows.
const MOST: i64 = 100;

struct Line {
    id: String,
    url: String,
    note: String,
    urgent_only: bool,
    paused: bool,
    taken: i64,
    waiting: i64,
    lost: i64,
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct Shown {
    frame: Frame,
    form: Form,
    lines: Vec<Line>,
    hosts: String,
    /// The secret of the webhook just added.
    secret: String,
}

/// A delivery as its log shows it.
struct Sent {
    id: String,
    at: String,
    what: String,
    tries: i64,
    answer: String,
    next: String,
    taken: bool,
    lost: bool,
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct One {
    frame: Frame,
    hook: Line,
    sent: Vec<Sent>,
}

fn line(tx: &mut db::Tx<'_>, hook: Webhook) -> db::Result<Line> {
    let (taken, waiting, lost) = store::counts(tx, &hook.id)?;
    let paused = hook.paused_at.is_some();
    Ok(Line {
        id: hook.id.0,
        url: hook.url,
        note: hook.note,
        urgent_only: hook.urgent_only,
        paused,
        taken,
        waiting,
        lost,
    })
}

async fn shown(req: &Req, form: Form, secret: String) -> Result<Shown, Error> {
    let lines =
        req.ask(|tx, _| store::webhooks(tx)?.into_iter().map(|w| line(tx, w)).collect()).await?;
    let hosts = req.shell.settings.webhook_hosts.join(", ");
    Ok(Shown { frame: Frame::new(req, "webhooks.title"), form, lines, hosts, secret })
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    page(&shown(&req, Form::blank(), String::new()).await?)
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let (url, note) = (fields.text("url").to_owned(), fields.text("note").to_owned());
    let (urgent, hosts) = (fields.ticked("urgent_only"), req.shell.settings.webhook_hosts.clone());
    match req.act(move |tx, cx| acts::add(tx, cx, &hosts, &url, &note, urgent)).await {
        Ok((_, secret)) => page(&shown(&req, Form::blank(), secret).await?),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&req, form, String::new()).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let (hook, sent) = req
        .ask(move |tx, _| {
            let hook: Webhook = tx.find(&db::Cell::to_value(&id))?.ok_or(db::Error::Missing)?;
            let sent = store::deliveries(tx, &hook.id, MOST)?;
            Ok((line(tx, hook)?, sent))
        })
        .await?;
    let sent = sent.into_iter().map(|d| told(&req, d)).collect();
    page(&One {
        frame: Frame::titled(&req, hook.note.clone()).under(req.t("webhooks.title")),
        hook,
        sent,
    })
}

fn told(req: &Req, d: Delivery) -> Sent {
    Sent {
        at: d.at.local(),
        what: if d.said.is_empty() { req.t("webhooks.ping") } else { d.said },
        tries: d.tries,
        answer: match d.answer {
            Some(key) if key.starts_with("webhooks.") => req.t(&key),
            answer => answer.unwrap_or_default(),
        },
        next: d.next_at.map_or_else(String::new, kernel::Instant::local),
        taken: d.done_at.is_some(),
        lost: d.done_at.is_none() && d.next_at.is_none(),
        id: d.id.0,
    }
}

pub(super) async fn pause(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let paused = fields.text("paused") == "1";
    let to = format!("/webhooks/{id}");
    req.act(move |tx, cx| acts::pause(tx, cx, &RecordId::from(id), paused)).await?;
    Ok(req.redirect(&to, if paused { "webhooks.paused" } else { "webhooks.resumed" }))
}

pub(super) async fn ping(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let to = format!("/webhooks/{id}");
    req.act(move |tx, cx| acts::ping(tx, cx, &RecordId::from(id))).await?;
    Ok(req.redirect(&to, "webhooks.pinged"))
}

pub(super) async fn again(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let webhook = req.act(move |tx, cx| acts::again(tx, cx, &RecordId::from(id))).await?;
    Ok(req.redirect(&format!("/webhooks/{webhook}"), "webhooks.pinged"))
}

pub(super) async fn remove(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    req.act(move |tx, cx| acts::remove(tx, cx, &RecordId::from(id))).await?;
    Ok(req.redirect("/webhooks", "webhooks.removed"))
}
