//! What service plans, contracts and assessments list as services of a year; administrative work among them breaks 4B.1-7.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use web::register::{Input, acts as keep, text};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::{asked, tabs};
use crate::model::ItemSource;
use crate::registers;

/// An item as the list shows it.
pub(crate) struct Line {
    pub id: String,
    pub year: i64,
    pub title: String,
    pub source: String,
    pub site: String,
    pub admin: bool,
}

#[derive(Template)]
#[template(path = "items.html")]
struct Shown {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    form: Form,
    sites: Vec<Choice>,
    sources: Vec<Choice>,
    lines: Vec<Line>,
    admin: usize,
    writes: bool,
}

async fn shown(req: &Req, form: Form) -> Result<Shown, Error> {
    let year = i64::from(asked(req).month.year());
    let r = req.clone();
    let (lines, sites) = req
        .ask(move |tx, cx| {
            let path = cx.actor.scope().path.clone();
            let sites = registry::site::under(tx, &path, cx.today())?;
            let mut lines = Vec::new();
            for o in registers::items()?.under(tx, cx)? {
                let whole = |name: &str| o.get(name).and_then(serde_json::Value::as_i64);
                let site = registry::site::find(tx, &text(&o, "site").into())?;
                lines.push(Line {
                    id: text(&o, "id").to_owned(),
                    year: whole("year").unwrap_or_default(),
                    title: text(&o, "title").to_owned(),
                    source: r.t(&format!("service_items.source.{}", text(&o, "source"))),
                    site: site.map_or_else(String::new, |s| s.short()),
                    admin: o.get("admin").and_then(serde_json::Value::as_bool) == Some(true),
                });
            }
            Ok((lines, sites))
        })
        .await?;
    let first = sites.first().map(|s| s.id.0.clone()).unwrap_or_default();
    Ok(Shown {
        frame: Frame::new(req, "worklog.title"),
        tabs: tabs(req, "/items"),
        form: form.or("year", year).or("site", first),
        sites: sites.into_iter().map(|s| Choice { value: s.id.0, label: s.name }).collect(),
        sources: ItemSource::ALL
            .iter()
            .map(|s| Choice {
                value: s.as_str().into(),
                label: req.t(&format!("service_items.source.{s}")),
            })
            .collect(),
        admin: lines.iter().filter(|l| l.admin).count(),
        lines,
        writes: req.can("sites.write"),
    })
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    page(&shown(&req, Form::blank()).await?)
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let input: Input = fields.joined();
    let site = fields.text("site").to_owned();
    let resolve = req.shell.resolve();
    let done = req
        .act(move |tx, cx| {
            let mut input = input;
            input.remove("site");
            keep::add(tx, cx, registers::items()?, &site, &input, resolve)
        })
        .await;
    match done {
        Ok(_) => Ok(req.redirect("/ledger/items", "worklog.item.added")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// Marks an item as administrative work, or as none.
pub(super) async fn mark(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let input: Input = [("admin".to_owned(), fields.text("admin").to_owned())].into();
    let resolve = req.shell.resolve();
    req.act(move |tx, cx| keep::amend(tx, cx, registers::items()?, &id, &input, None, resolve))
        .await?;
    Ok(req.redirect("/ledger/items", "worklog.item.marked"))
}

pub(super) async fn remove(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    req.act(move |tx, cx| keep::remove(tx, cx, registers::items()?, &id, None)).await?;
    Ok(req.redirect("/ledger/items", "worklog.removed"))
}
