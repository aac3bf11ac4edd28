//! Reports of harm to a minor: one tap saves what there is; the receipt number and the running clock come back.
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::{ClientId, Day, Instant, RecordId};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::choices;
use crate::acts::reports::{self, NewReport};
use crate::model::report::{HarmReport, Situation};

struct Line {
    href: String,
    number: String,
    situation: String,
    at: String,
    minutes: i64,
    waits: bool,
    rung: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "reports.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "report_new.html")]
struct New {
    frame: Frame,
    form: Form,
    client: String,
    who: String,
    situations: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Shown {
    frame: Frame,
    form: Form,
    id: String,
    lines: Vec<(String, String)>,
    minutes: i64,
    waits: bool,
    rung: String,
    handles: bool,
    /// May the viewer ask who reported?
    asks: bool,
    reporter: String,
    client_href: String,
    case_href: String,
    situations: Vec<Choice>,
}

fn situation(req: &Req, row: &HarmReport) -> String {
    row.situation.map_or_else(
        || req.t("casework.situation.open"),
        |s| req.t(&format!("casework.situation.{s}")),
    )
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let lines = req
        .ask(move |tx, cx| {
            let mut out = Vec::new();
            for row in reports::list(tx, cx)? {
                let (_, sight) = reports::find(tx, cx, &row.id)?;
                out.push(Line {
                    href: format!("/reports/{}", row.id),
                    number: row.number(),
                    situation: situation(&r, &row),
                    at: row.at.local(),
                    minutes: row.minutes(cx.now),
                    waits: row.waits(),
                    rung: r.t(&format!("casework.rung.{}", row.rung(cx.now))),
                    mine: sight.mine,
                });
            }
            Ok(out)
        })
        .await?;
    page(&List { frame: Frame::new(&req, "casework.reports"), lines })
}

async fn new_page(req: &Req, client: String, form: Form) -> Result<New, Error> {
    let id = ClientId::from(client.as_str());
    let who = if client.is_empty() {
        String::new()
    } else {
        req.ask(move |tx, cx| {
            let (client, sight) = care::find(tx, cx, &id)?;
            Ok(sight.label(&client))
        })
        .await?
    };
    Ok(New {
        frame: Frame::new(req, "casework.report"),
        form,
        client,
        who,
        situations: choices(req, "casework.situation", Situation::WORDS),
    })
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let now = req.now.local();
    let form = Form::blank()
        .with("found_on", req.now.day())
        .with("found_time", now.get(11..16).unwrap_or_default());
    page(&new_page(&req, req.query("client").unwrap_or_default(), form).await?)
}

/// A day and a time of day as an instant; nothing when there is no day.
fn instant(fields: &Fields, day: &str, time: &str) -> Option<Instant> {
    let on: Day = fields.text(day).parse().ok()?;
    let minutes = crate::acts::notes::clock(fields.text(time)).unwrap_or(0);
    Some(on.start().plus_millis(minutes * 60_000))
}

/// What was typed. Nothing in it can be wrong: what cannot be read is left open.
fn read(fields: &Fields) -> NewReport {
    let text = |name: &str| fields.text(name).to_owned();
    NewReport {
        client: Some(fields.text("client")).filter(|c| !c.is_empty()).map(ClientId::from),
        situation: Situation::parse(fields.text("situation")),
        minor: text("minor"),
        facts: text("facts"),
        place: text("place"),
        steps: text("steps"),
        found_at: instant(fields, "found_on", "found_time"),
        police_at: instant(fields, "police_on", "police_time"),
        police: text("police"),
        police_receipt: text("police_receipt"),
        police_officer: text("police_officer"),
        reporter: text("reporter"),
    }
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let mut new = read(&fields);
    if fields.ticked("called") && new.police_at.is_none() {
        new.police_at = Some(req.now);
    }
    let row = req.act(move |tx, cx| reports::report(tx, cx, new)).await?;
    Ok(req.redirect(&format!("/reports/{}", row.id), "casework.reported"))
}

async fn shown(req: &Req, id: &str, form: Form, reporter: String) -> Result<Shown, Error> {
    let (r, id) = (req.clone(), RecordId::from(id));
    req.act(move |tx, cx| {
        let (row, sight) = reports::find(tx, cx, &id)?;
        let said = reports::look(tx, cx, &row)?;
        let mut lines = vec![
            (r.t("casework.situation"), situation(&r, &row)),
            (r.t("casework.report.minor"), said.minor),
            (r.t("casework.report.facts"), said.facts),
            (r.t("casework.report.place"), said.place),
            (r.t("casework.report.steps"), said.steps),
            (r.t("casework.report.found"), row.found_at.local()),
            (r.t("casework.report.at"), row.at.local()),
            (
                r.t("casework.report.police_at"),
                row.police_at.map_or_else(String::new, Instant::local),
            ),
            (r.t("casework.report.police"), row.police.clone().unwrap_or_default()),
            (r.t("casework.report.receipt"), row.police_receipt.clone().unwrap_or_default()),
            (r.t("casework.report.officer"), said.police_officer),
            (r.t("casework.report.outcome"), said.outcome),
        ];
        lines.retain(|(_, v)| !v.is_empty());
        let sees = match &row.client {
            Some(c) => care::find(tx, cx, c).is_ok(),
            None => false,
        };
        let title = r.fill("casework.report.n", &[("number", row.number())]);
        Ok(Shown {
            frame: Frame::titled(&r, title),
            form,
            id: row.id.0.clone(),
            lines,
            minutes: row.minutes(cx.now),
            waits: row.waits(),
            rung: r.t(&format!("casework.rung.{}", row.rung(cx.now))),
            handles: sight.handles && row.closed_at.is_none(),
            asks: sight.mine || cx.actor.can("reports.reporter"),
            reporter,
            client_href: row
                .client
                .as_ref()
                .filter(|_| sees)
                .map_or_else(String::new, |c| format!("/clients/{c}")),
            case_href: row
                .case_file
                .as_ref()
                .filter(|_| sees)
                .map_or_else(String::new, |c| format!("/cases/{c}")),
            situations: choices(&r, "casework.situation", Situation::WORDS),
        })
    })
    .await
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&shown(&req, &id, Form::blank(), String::new()).await?)
}

/// Who reported, once; the look is committed before the page is drawn.
pub(super) async fn reporter(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let of = RecordId::from(id.as_str());
    let who = req.act(move |tx, cx| reports::reporter(tx, cx, &of)).await?;
    page(&shown(&req, &id, Form::blank(), who).await?)
}

pub(super) async fn complete(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (of, more) = (RecordId::from(id.as_str()), read(&fields));
    let outcome = fields.text("outcome").to_owned();
    let done = req.act(move |tx, cx| reports::complete(tx, cx, &of, more, &outcome)).await;
    match done {
        Ok(_) => Ok(req.redirect(&format!("/reports/{id}"), "casework.report.completed")),
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            let form = Form::refused(&req, &fields, &no);
            let built = shown(&req, &id, form, String::new()).await?;
            page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
