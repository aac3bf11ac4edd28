//! The form of a service at a school: new, corrected, taken back.
use access::{Cx, care};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{ClientId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, Req, page, page_with};

use super::Page;
use crate::acts::{self, NewSchoolService};
use crate::model::{Placement, SchoolService, ServiceKind};
use crate::store;

/// Residents whom the field of clients proposes.
const PROPOSED: i64 = 200;

#[derive(Template)]
#[template(path = "service.html")]
struct Serving {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    /// Where a recorded service is taken back.
    withdrawal: String,
    kinds: Vec<Choice>,
    clients: Vec<String>,
    notes: bool,
}

fn build(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    p: &Placement,
    service: Option<&SchoolService>,
    form: Form,
) -> Result<Serving> {
    let school = store::school(tx, cx, p.school.as_str())?.ok_or(db::Error::Missing)?;
    let own = cx.actor.person() == Some(&p.person);
    if !own && !cx.actor.can("schools.write") {
        return Err(db::Error::Missing);
    }
    let clients = store::my_clients(tx, cx, "", PROPOSED)?
        .into_iter()
        .map(|c| format!("{} {}", c.number, c.name))
        .collect();
    let key = if service.is_some() { "schools.correct" } else { "schools.serve" };
    Ok(Serving {
        frame: Frame::new(req, key).under(school.name),
        form,
        action: match service {
            Some(s) => format!("/schools/services/{}", s.id),
            None => format!("/schools/placements/{}/services/new", p.id),
        },
        withdrawal: service
            .map_or_else(String::new, |s| format!("/schools/services/{}/withdrawal", s.id)),
        back: format!("/schools/{}", p.school),
        kinds: ServiceKind::ALL
            .iter()
            .map(|k| Choice { value: k.to_string(), label: req.t(&format!("schools.kind.{k}")) })
            .collect(),
        clients,
        notes: service.is_none_or(|s| acts::reads_notes(cx, s)),
    })
}

pub(super) async fn blank(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let form = Form::blank().with("day", req.now.day()).with("minutes", 40);
    let built = req
        .ask(move |tx, cx| {
            let p = store::placement(tx, cx, &id)?.ok_or(db::Error::Missing)?;
            build(tx, cx, &r, &p, None, form)
        })
        .await?;
    page(&built)
}

/// Reads the form; residents are numbers or whole names, one a line or parted by commas.
fn read(tx: &mut Tx<'_>, cx: &Cx, fields: &Fields) -> Result<NewSchoolService> {
    let number = |name: &str| fields.text(name).parse::<i64>().ok();
    let (day, kind) = (fields.text("day").parse().ok(), ServiceKind::parse(fields.text("kind")));
    let mut no = Refusals::none();
    no.require(day.is_some(), "day", "register.not_a_day");
    no.require(kind.is_some(), "kind", "register.missing");
    no.require(number("minutes").is_some(), "minutes", "ledger.minutes");
    no.require(number("pupils").is_some(), "pupils", "schools.pupils_range");
    no.done()?;
    let mut clients: Vec<ClientId> = Vec::new();
    for typed in fields.text("clients").split([',', '，', '、', '\n']) {
        let typed = typed.trim();
        if typed.is_empty() {
            continue;
        }
        let word = typed.split_whitespace().next().unwrap_or_default();
        let key = if word.parse::<i64>().is_ok() { word } else { typed };
        match store::my_clients(tx, cx, key, 2)?.as_slice() {
            [one] => clients.push(one.id.clone()),
            _ => {
                return Err(Refusal::at("clients", "schools.client_unknown")
                    .with("name", typed)
                    .into());
            }
        }
    }
    let (Some(day), Some(kind)) = (day, kind) else {
        return Err(Refusal::at("kind", "register.missing").into());
    };
    Ok(NewSchoolService {
        day,
        kind,
        minutes: number("minutes").unwrap_or_default(),
        pupils: number("pupils").unwrap_or_default(),
        notes: fields.text("notes").to_owned(),
        clients,
    })
}

pub(super) async fn serve(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let (placement, f) = (id.clone(), fields.clone());
    let done = req
        .act(move |tx, cx| {
            let new = read(tx, cx, &f)?;
            acts::serve(tx, cx, &placement, &new)
        })
        .await;
    match done {
        Ok(s) => Ok(req.redirect(&format!("/schools/{}", s.school), "schools.served")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req
                .ask(move |tx, cx| {
                    let p = store::placement(tx, cx, &id)?.ok_or(db::Error::Missing)?;
                    build(tx, cx, &r, &p, None, form)
                })
                .await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

fn loaded(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<(SchoolService, Placement)> {
    let s = store::service(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let p = store::placement(tx, cx, s.placement.as_str())?.ok_or(db::Error::Missing)?;
    Ok((s, p))
}

pub(super) async fn edit(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .act(move |tx, cx| {
            let (s, p) = loaded(tx, cx, &id)?;
            let mut form = Form::blank()
                .with("day", s.day)
                .with("kind", s.kind)
                .with("minutes", s.minutes)
                .with("pupils", s.pupils);
            let mut names = Vec::new();
            for client in store::clients_of(tx, &id)? {
                match care::find(tx, cx, &client) {
                    Ok((c, sight)) if sight.name => names.push(format!("{} {}", c.number, c.name)),
                    Ok(_) | Err(db::Error::Missing) => {}
                    Err(e) => return Err(e),
                }
            }
            form = form.with("clients", names.join("，"));
            if acts::reads_notes(cx, &s) {
                let notes = tx.open_some(&id, "school_service.notes", &id, s.notes.as_ref())?;
                form = form.with("notes", notes);
            }
            build(tx, cx, &r, &p, Some(&s), form)
        })
        .await?;
    page(&built)
}

pub(super) async fn correct(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let (service, f) = (id.clone(), fields.clone());
    let done = req
        .act(move |tx, cx| {
            let new = read(tx, cx, &f)?;
            acts::correct(tx, cx, &service, &new)
        })
        .await;
    match done {
        Ok(s) => Ok(req.redirect(&format!("/schools/{}", s.school), "schools.corrected")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req
                .ask(move |tx, cx| {
                    let (s, p) = loaded(tx, cx, &id)?;
                    build(tx, cx, &r, &p, Some(&s), form)
                })
                .await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn withdraw(req: Req, Path(id): Path<String>) -> Page {
    let s = req.act(move |tx, cx| acts::withdraw(tx, cx, &id)).await?;
    Ok(req.redirect(&format!("/schools/{}", s.school), "schools.withdrawn"))
}
