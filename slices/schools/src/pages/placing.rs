//! The form of an agreement, and its end.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{Day, OrgId, PersonId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, Req, page, page_with};

use super::Page;
use super::show::person;
use crate::acts::{self, NewPlacement};
use crate::model::Mode;
use crate::store;

#[derive(Template)]
#[template(path = "placement.html")]
struct Placing {
    frame: Frame,
    form: Form,
    id: String,
    people: Vec<Choice>,
    modes: Vec<Choice>,
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Placing> {
    let school = store::school(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let people = registry::site::colleagues(tx, &cx.actor.scope().path, cx.today())?
        .into_iter()
        .map(|(id, label)| Choice { value: id.0, label })
        .collect();
    let modes = Mode::ALL
        .iter()
        .map(|m| Choice { value: m.to_string(), label: req.t(&format!("schools.mode.{m}")) })
        .collect();
    Ok(Placing {
        frame: Frame::new(req, "schools.place").under(school.name),
        form,
        id: school.id.0,
        people,
        modes,
    })
}

pub(super) async fn blank(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let today = req.now.day();
    let form =
        Form::blank().with("mode", Mode::OneSchool).with("signed_on", today).with("since", today);
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, form)).await?)
}

/// A day that may be missing.
fn maybe(fields: &Fields, name: &str) -> std::result::Result<Option<Day>, Refusals> {
    match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::at(name, "register.not_a_day").into()),
    }
}

fn read(school: &str, fields: &Fields) -> std::result::Result<NewPlacement, Refusals> {
    let mode = Mode::parse(fields.text("mode"));
    let (signed, since) =
        (fields.text("signed_on").parse().ok(), fields.text("since").parse().ok());
    let mut no = Refusals::none();
    no.require(mode.is_some(), "mode", "register.missing");
    no.require(signed.is_some(), "signed_on", "register.not_a_day");
    no.require(since.is_some(), "since", "register.not_a_day");
    no.require(!fields.text("person").is_empty(), "person", "register.missing");
    no.done()?;
    let (Some(mode), Some(signed_on), Some(since)) = (mode, signed, since) else {
        return Err(Refusal::at("mode", "register.missing").into());
    };
    Ok(NewPlacement {
        school: OrgId::from(school),
        person: PersonId::from(fields.text("person")),
        mode,
        number: fields.text("number").to_owned(),
        signed_on,
        since,
        until: maybe(fields, "until")?,
    })
}

pub(super) async fn place(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let done = match read(&id, &fields) {
        Ok(new) => req.act(move |tx, cx| acts::place(tx, cx, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/schools/{id}"), "schools.placed")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req.ask(move |tx, cx| build(tx, cx, &r, &id, form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Template)]
#[template(path = "ending.html")]
struct Ending {
    frame: Frame,
    form: Form,
    id: String,
    school: String,
    worker: String,
}

fn ending_page(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Ending> {
    let p = store::placement(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let school = store::school(tx, cx, p.school.as_str())?.ok_or(db::Error::Missing)?;
    Ok(Ending {
        frame: Frame::new(req, "schools.end").under(school.name),
        form: form.or("until", p.until.map_or_else(String::new, |d| d.to_string())),
        id: p.id.0,
        school: p.school.0,
        worker: person(tx, &p.person)?,
    })
}

pub(super) async fn ending(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    page(&req.ask(move |tx, cx| ending_page(tx, cx, &r, &id, Form::blank())).await?)
}

pub(super) async fn end(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let placement = id.clone();
    let done = match maybe(&fields, "until") {
        Ok(until) => req.act(move |tx, cx| acts::end(tx, cx, &placement, until)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(p) => Ok(req.redirect(&format!("/schools/{}", p.school), "schools.ended")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req.ask(move |tx, cx| ending_page(tx, cx, &r, &id, form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
