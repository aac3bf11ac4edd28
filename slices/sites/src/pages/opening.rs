//! Opening, renaming and closing a site, with its name checked as it is typed and again when it is sent.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Refusal, Refusals, RegionId};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::{self, NewSite};
use crate::model::{Host, NamingBasis, SiteKind};
use crate::{store, view};

#[derive(Template)]
#[template(path = "opening.html")]
struct Opening {
    frame: Frame,
    form: Form,
    kinds: Vec<Choice>,
    regions: Vec<Choice>,
    parents: Vec<Choice>,
    bases: Vec<Choice>,
    hosts: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "renaming.html")]
struct Renaming {
    frame: Frame,
    form: Form,
    id: String,
    kind: String,
    region: String,
    version: i64,
}

/// What is said of a typed name: the answer to each key stroke, and to a form without script.
#[derive(Template)]
#[template(path = "name.html")]
struct Name {
    frame: Frame,
    official: String,
    faults: Vec<String>,
    asked: bool,
}

async fn form_page(req: &Req, form: Form) -> Result<Opening, Error> {
    let r = req.clone();
    let words = |field: &str, all: &[&'static str]| -> Vec<Choice> {
        all.iter()
            .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("sites.{field}.{w}")) })
            .collect()
    };
    let (regions, parents) = req
        .ask(move |tx, cx| {
            let parents = store::sites(tx, cx)?
                .into_iter()
                .filter(|s| s.kind == SiteKind::Station)
                .map(|s| Choice { value: s.id.0, label: s.name })
                .collect();
            Ok((view::regions(tx, cx)?, parents))
        })
        .await?;
    Ok(Opening {
        frame: Frame::new(&r, "sites.open"),
        form,
        kinds: words("kind", SiteKind::WORDS),
        regions,
        parents,
        bases: words("basis", NamingBasis::WORDS),
        hosts: words("host", Host::WORDS),
    })
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let form = Form::blank().with("kind", SiteKind::Studio).with("since", req.now.day());
    page(&form_page(&req, form).await?)
}

fn read(fields: &Fields) -> Result<NewSite, Refusals> {
    let mut no = Refusals::none();
    let kind = SiteKind::parse(fields.text("kind"));
    let since = fields.text("since").parse().ok();
    let area = fields.text("area");
    no.require(kind.is_some(), "kind", "register.missing");
    no.require(!fields.text("region").is_empty(), "region", "register.missing");
    no.require(since.is_some(), "since", "register.not_a_day");
    no.require(area.is_empty() || area.parse::<i64>().is_ok_and(|n| n > 0), "area", "record.whole");
    no.done()?;
    let (Some(kind), Some(since)) = (kind, since) else {
        return Err(Refusal::at("kind", "register.missing").into());
    };
    let some = |name: &str| Some(fields.text(name).to_owned()).filter(|t| !t.is_empty());
    Ok(NewSite {
        code: fields.text("code").to_owned(),
        name: fields.text("name").to_owned(),
        keep_name: fields.ticked("keep_name"),
        label: fields.text("label").to_owned(),
        parent: some("parent").map(Into::into),
        basis: NamingBasis::parse(fields.text("basis")),
        address: some("address"),
        host: Host::parse(fields.text("host")),
        area: area.parse().ok(),
        phone: some("phone"),
        ..NewSite::at(kind, RegionId::from(fields.text("region")), since)
    })
}

pub(super) async fn open(req: Req, fields: Fields) -> Result<Response, PageError> {
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| acts::open(tx, cx, new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(site) => Ok(req.redirect(&format!("/sites/{}", site.id), "sites.open.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn name(req: Req) -> Result<Response, PageError> {
    let get = |name: &str| req.query(name).unwrap_or_default();
    let (kind, region, typed, label) =
        (SiteKind::parse(&get("kind")), get("region"), get("name"), get("label"));
    let frame = Frame::new(&req, "sites.open");
    let Some(kind) = kind.filter(|_| !region.is_empty()) else {
        return page(&Name { frame, official: String::new(), faults: Vec::new(), asked: false });
    };
    let asked = !typed.trim().is_empty();
    let named = req
        .ask(move |tx, cx| acts::name_for(tx, cx, kind, &RegionId::from(region), &typed, &label))
        .await?;
    let faults = named.checked.faults.iter().map(|f| req.refusal(f)).collect();
    page(&Name { frame, official: named.official, faults, asked })
}

async fn rename_page(req: &Req, id: String, form: Form) -> Result<Renaming, Error> {
    let r = req.clone();
    req.ask(move |tx, cx| {
        let site = store::site(tx, cx, &id)?.ok_or(db::Error::Missing)?;
        Ok(Renaming {
            frame: Frame::new(&r, "sites.rename").under(site.name),
            form,
            kind: site.kind.to_string(),
            region: site.region.0,
            version: db::event::version(tx, "site", &id)?,
            id,
        })
    })
    .await
}

pub(super) async fn renaming(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let form = Form::blank().with("since", req.now.day());
    page(&rename_page(&req, id, form).await?)
}

pub(super) async fn rename(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let done = match fields.text("since").parse() {
        Ok(since) => {
            let (site, f) = (id.clone(), fields.clone());
            req.act(move |tx, cx| {
                let seen = f.text("_version").parse().ok();
                let keep = f.ticked("keep_name");
                acts::rename(tx, cx, &site.as_str().into(), f.text("name"), since, keep, seen)
            })
            .await
        }
        Err(_) => Err(Refusal::at("since", "register.not_a_day").into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/sites/{id}"), "sites.rename.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &rename_page(&req, id, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn close(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let until =
        fields.text("until").parse().map_err(|_| Refusal::at("until", "register.not_a_day"))?;
    let site = id.clone();
    req.act(move |tx, cx| acts::close(tx, cx, &site.as_str().into(), until, None)).await?;
    Ok(req.redirect(&format!("/sites/{id}"), "sites.close.done"))
}
