//! Taking somebody in: first a look whether the person is known, then the form.
use access::Cx;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{Day, Refusal, Refusals, RegionId};
use registry::people::Sex;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::take_in::{self, Probe};
use crate::model::{self, Category, NewClient, Source};

#[derive(Template)]
#[template(path = "taking.html")]
struct Taking {
    frame: Frame,
    form: Form,
    /// Only name and numbers are asked so far.
    look: bool,
    /// Nobody alike was found.
    nobody: bool,
    /// (why, href, who); an empty href for a file out of sight.
    hints: Vec<(String, String, String)>,
    sexes: Vec<Choice>,
    regions: Vec<Choice>,
    categories: Vec<Choice>,
    sources: Vec<Choice>,
    /// Whom to assign; empty for those who take the client on themselves.
    workers: Vec<Choice>,
}

fn words(req: &Req, prefix: &str, all: &[&str]) -> Vec<Choice> {
    all.iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("{prefix}.{w}")) })
        .collect()
}

fn draw(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    form: Form,
    look: bool,
    asked: bool,
) -> Result<Taking> {
    let scope = cx.actor.scope().path.clone();
    let regions: Vec<Choice> = registry::region::under(tx, &scope)?
        .into_iter()
        .filter(registry::region::Region::is_neighbourhood)
        .map(|r| Choice { value: r.id.0, label: r.name })
        .collect();
    let workers = if req.can("clients.assign") {
        crate::acts::assign::candidates(tx, cx, &scope)?
            .into_iter()
            .map(|(p, n)| Choice { value: p.0, label: n })
            .collect()
    } else {
        Vec::new()
    };
    let hints = if asked { hints(tx, cx, req, &form)? } else { Vec::new() };
    let form = match regions.as_slice() {
        [only] => form.or("region", &only.value),
        _ => form,
    };
    Ok(Taking {
        frame: Frame::new(req, "clients.new").under(req.t("clients.title")),
        form,
        look,
        nobody: asked && hints.is_empty(),
        hints,
        sexes: words(req, "clients.sex", Sex::WORDS),
        regions,
        categories: words(req, "clients.category", Category::WORDS),
        sources: words(req, "clients.source", Source::WORDS),
        workers,
    })
}

fn hints(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    form: &Form,
) -> Result<Vec<(String, String, String)>> {
    let card = kernel::numbers::id_card(&form.value("id_number"), cx.today()).ok();
    let (building, door) = (form.value("building"), form.value("door"));
    let place = if door.is_empty() {
        String::new()
    } else {
        model::place_key(&RegionId::from(form.value("region")), &building, &door)
    };
    let probe = Probe {
        name: model::name(&form.value("name")).unwrap_or_default(),
        birth: card.as_ref().map(|c| c.birth).or_else(|| form.value("birth").parse().ok()),
        id_number: card.map(|c| c.number).unwrap_or_default(),
        phone: model::phone(&form.value("phone")).unwrap_or_default(),
        place,
        but: None,
    };
    let mut out = Vec::new();
    for hint in take_in::hints(tx, cx, &probe)? {
        let why = req.t(hint.why.key());
        out.push(match hint.client {
            Some(c) => {
                let place = registry::region::name_of(tx, &c.region)?;
                let who = super::view::who(req, &c, cx.today());
                (
                    why,
                    format!("/clients/{}", c.id),
                    format!("{} · {who} · {place} · No. {}", c.name, c.number),
                )
            }
            None => (why, String::new(), req.t("clients.number_elsewhere")),
        });
    }
    Ok(out)
}

pub(super) async fn blank(req: Req) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    let form = Form::blank().with("name", req.query("name").unwrap_or_default());
    page(&req.ask(move |tx, cx| draw(tx, cx, &r, form, true, false)).await?)
}

fn day(fields: &Fields, name: &str, no: &mut Refusals) -> Option<Day> {
    let typed = fields.text(name);
    let read = typed.parse().ok();
    no.require(typed.is_empty() || read.is_some(), name, "register.not_a_day");
    read
}

fn read(fields: &Fields, today: Day) -> std::result::Result<NewClient, Refusals> {
    let mut no = Refusals::none();
    let text = |name: &str| fields.text(name).to_owned();
    let birth = day(fields, "birth", &mut no);
    let since = day(fields, "since", &mut no).unwrap_or(today);
    no.done()?;
    let chosen = fields.joined().remove("categories").unwrap_or_default();
    Ok(NewClient {
        sex: Sex::parse(fields.text("sex")),
        birth,
        id_number: text("id_number"),
        phone: text("phone"),
        building: text("building"),
        door: text("door"),
        external_id: text("external_id"),
        categories: chosen.split(',').filter_map(Category::parse).collect(),
        source: Source::parse(fields.text("source")).unwrap_or(Source::SelfReported),
        worker: Some(text("worker")).filter(|w| !w.is_empty()).map(Into::into),
        anyway: fields.ticked("anyway"),
        ..NewClient::called(fields.text("name"), RegionId::from(fields.text("region")), since)
    })
}

pub(super) async fn take_in(req: Req, fields: Fields) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    if fields.ticked("_look") {
        let mut form = Form::of(fields.joined()).or("since", req.now.day());
        if let Err(no) = model::name(fields.text("name")) {
            form = Form::refused(&req, &fields, &Refusals::from(no));
            let page = req.ask(move |tx, cx| draw(tx, cx, &r, form, true, false)).await?;
            return page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        return page(&req.ask(move |tx, cx| draw(tx, cx, &r, form, false, true)).await?);
    }
    let done = match read(&fields, req.now.day()) {
        Ok(new) => req.act(move |tx, cx| take_in::take_in(tx, cx, new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(taken) if taken.waiting => Ok(req.redirect("/clients", "clients.new.waiting")),
        Ok(taken) => {
            let open = req
                .ask(move |tx, cx| Ok(access::care::find(tx, cx, &taken.client.id).map(|f| f.0.id)))
                .await?;
            let to = open.map_or_else(|_| "/clients".into(), |id| format!("/clients/{id}"));
            Ok(req.redirect(&to, "clients.new.done"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let alike = no.0.iter().any(|r: &Refusal| r.key == "clients.look_alike");
            let form = Form::refused(&req, &fields, &no);
            let page = req.ask(move |tx, cx| draw(tx, cx, &r, form, false, alike)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}
