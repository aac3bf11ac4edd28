//! Who has room for what.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Refusal;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::write::{parse_to, to_value};
use crate::acts::room;
use crate::acts::write::To;
use crate::model::{Room, ServiceField};
use crate::store;

struct Row {
    id: String,
    field: String,
    name: String,
    site: bool,
    room: String,
    colour: &'static str,
    note: String,
    confirmed: String,
    by: String,
    stale: bool,
    mine: bool,
}

#[derive(Template)]
#[template(path = "capacity.html")]
struct List {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    filters: Vec<(String, String, bool)>,
    holders: Vec<Choice>,
    fields: Vec<Choice>,
    rooms: Vec<Choice>,
    says: bool,
}

/// The colour of room.
pub(super) const fn colour(room: Room) -> &'static str {
    match room {
        Room::Open => "green",
        Room::Limited => "yellow",
        Room::Full => "red",
        Room::Closed => "secondary",
    }
}

async fn build(req: &Req, form: Form) -> Result<List, Error> {
    let chosen = req.query("field").unwrap_or_default();
    let (r, only) = (req.clone(), chosen.clone());
    let says = req.can("referrals.answer");
    let (rows, holders) = req
        .ask(move |tx, cx| {
            let mut rows = Vec::new();
            let scope = cx.actor.scope().clone();
            let mine = registry::site::under(tx, &scope.path, cx.today())?;
            for c in store::capacities(tx, &only)? {
                let name = match (&c.site, &c.org) {
                    (Some(id), _) => registry::site::find(tx, id)?.map(|s| s.name),
                    (None, Some(id)) => registry::org::find(tx, id)?.map(|o| o.name),
                    (None, None) => None,
                };
                let own = c.site.as_ref().is_none_or(|s| mine.iter().any(|m| m.id == *s));
                rows.push(Row {
                    id: c.id.0.clone(),
                    field: r.t(&format!("referrals.field.{}", c.field)),
                    name: name.unwrap_or_default(),
                    site: c.site.is_some(),
                    room: r.t(&format!("referrals.room.{}", c.room)),
                    colour: colour(c.room),
                    stale: c.stale_on(cx.today()),
                    confirmed: c.confirmed.to_string(),
                    by: c.by_name.clone(),
                    note: c.note.unwrap_or_default(),
                    mine: own && says,
                });
            }
            let mut holders = Vec::new();
            if says {
                for site in mine {
                    let to = To::Site(site.id.clone());
                    holders.push(Choice { value: to_value(&to), label: site.name });
                }
                for org in registry::org::all(tx, None)? {
                    let to = To::Org(org.id.clone());
                    holders.push(Choice { value: to_value(&to), label: org.name });
                }
            }
            Ok((rows, holders))
        })
        .await?;
    let choices = |field: &str, words: &[&'static str]| -> Vec<Choice> {
        words
            .iter()
            .map(|w| Choice {
                value: (*w).to_owned(),
                label: req.t(&format!("referrals.{field}.{w}")),
            })
            .collect()
    };
    let mut filters =
        vec![("/referrals/capacity".to_owned(), req.t("referrals.field.all"), chosen.is_empty())];
    filters.extend(ServiceField::ALL.iter().map(|f| {
        let href = format!("/referrals/capacity?field={f}");
        (href, req.t(&format!("referrals.field.{f}")), chosen == f.as_str())
    }));
    Ok(List {
        frame: Frame::new(req, "referrals.capacity"),
        form: form.or("field", chosen),
        rows,
        filters,
        holders,
        fields: choices("field", ServiceField::WORDS),
        rooms: choices("room", Room::WORDS),
        says,
    })
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    page(&build(&req, Form::blank()).await?)
}

pub(super) async fn say(req: Req, fields: Fields) -> Result<Response, PageError> {
    let parsed = (
        parse_to(fields.text("to")),
        ServiceField::parse(fields.text("field")),
        Room::parse(fields.text("room")),
    );
    let note = fields.text("note").to_owned();
    let done = match parsed {
        (Some(to), Some(field), Some(word)) => {
            req.act(move |tx, cx| room::say(tx, cx, &to, field, word, &note)).await
        }
        (to, field, _) => {
            let at = if to.is_none() {
                "to"
            } else if field.is_none() {
                "field"
            } else {
                "room"
            };
            Err(Refusal::at(at, "register.missing").into())
        }
    };
    match done {
        Ok(_) => Ok(req.redirect("/referrals/capacity", "referrals.capacity.said")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn confirm(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    req.act(move |tx, cx| room::confirm(tx, cx, &id)).await?;
    Ok(req.redirect("/referrals/capacity", "referrals.capacity.said"))
}
