//! Resident leaders: the register, and one leader with what they learnt and did.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{RecordId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::leaders::{self, NewLeader};
use crate::model::{DeedKind, LeaderRole};
use crate::{store, view};

const MOST: i64 = 300;

struct Row {
    href: String,
    name: String,
    role: String,
    group: String,
    region: String,
    since: String,
    until: String,
    trainings: usize,
    projects: usize,
}

#[derive(Template)]
#[template(path = "leaders.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    writes: bool,
}

struct DeedView {
    kind: String,
    training: bool,
    what: String,
    day: String,
    hours: i64,
}

/// One leader; without an id, the form for a new one.
#[derive(Template)]
#[template(path = "leader.html")]
struct LeaderPage {
    frame: Frame,
    form: Form,
    id: String,
    facts: Vec<(String, String)>,
    phone: String,
    full: bool,
    deeds: Vec<DeedView>,
    roles: Vec<Choice>,
    regions: Vec<Choice>,
    kinds: Vec<Choice>,
    writes: bool,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let r = req.clone();
    let rows = req
        .ask(move |tx, cx| {
            let mut rows = Vec::new();
            for l in store::leaders(tx, cx, MOST)? {
                let deeds = store::deeds(tx, &l.id)?;
                let of = |kind| deeds.iter().filter(|d| d.kind == kind).count();
                rows.push(Row {
                    href: format!("/leaders/{}", l.id),
                    name: l.name.clone(),
                    role: r.t(&format!("deliberation.leader.{}", l.role)),
                    group: l.group_led.clone().unwrap_or_default(),
                    region: registry::region::name_of(tx, &l.region)?,
                    since: l.since.to_string(),
                    until: l.until.map_or_else(String::new, |d| d.to_string()),
                    trainings: of(DeedKind::Training),
                    projects: of(DeedKind::Project),
                });
            }
            Ok(rows)
        })
        .await?;
    page(&List {
        frame: Frame::new(&req, "deliberation.tab.leaders"),
        rows,
        writes: req.can("deliberation.write"),
    })
}

async fn form_page(
    req: &Req,
    id: Option<&RecordId>,
    form: Option<Form>,
    phone: String,
) -> Result<LeaderPage, Error> {
    let (r, of) = (req.clone(), id.cloned());
    let writes = req.can("deliberation.write");
    req.ask(move |tx, cx| {
        let regions = view::regions(tx, cx)?;
        let mut built = LeaderPage {
            frame: Frame::new(&r, "deliberation.leader.new"),
            form: form.clone().unwrap_or_default().or("since", cx.today()),
            id: String::new(),
            facts: Vec::new(),
            full: !phone.is_empty(),
            phone,
            deeds: Vec::new(),
            roles: view::choices(&r, "leader", LeaderRole::WORDS),
            regions,
            kinds: view::choices(&r, "deed", DeedKind::WORDS),
            writes,
        };
        let Some(id) = of else { return Ok(built) };
        let l = store::leader(tx, cx, id.as_str())?.ok_or(db::Error::Missing)?;
        if !built.full && l.phone.is_some() {
            let whole =
                tx.open_some(id.as_str(), "resident_leader.phone", id.as_str(), l.phone.as_ref())?;
            built.phone = kernel::numbers::mask_phone(&whole);
        }
        let until = l.until.map_or_else(String::new, |d| d.to_string());
        built.facts = vec![
            (r.t("deliberation.leader.role"), r.t(&format!("deliberation.leader.{}", l.role))),
            (r.t("deliberation.leader.group"), l.group_led.clone().unwrap_or_default()),
            (r.t("deliberation.fact.region"), registry::region::name_of(tx, &l.region)?),
            (r.t("deliberation.leader.since"), l.since.to_string()),
            (r.t("deliberation.leader.until"), until.clone()),
        ];
        built.facts.retain(|(_, v)| !v.is_empty());
        built.deeds = store::deeds(tx, &id)?
            .into_iter()
            .map(|d| DeedView {
                kind: r.t(&format!("deliberation.deed.{}", d.kind)),
                training: d.kind == DeedKind::Training,
                what: d.what,
                day: d.day.to_string(),
                hours: d.hours,
            })
            .collect();
        // The phone is not sent back: an empty field keeps what is there.
        built.form = form
            .unwrap_or_default()
            .or("name", &l.name)
            .or("role", l.role)
            .or("group_led", l.group_led.clone().unwrap_or_default())
            .or("region", &l.region)
            .or("since", l.since)
            .or("until", until)
            .or("day", cx.today());
        built.frame = Frame::titled(&r, l.name).under(r.t("deliberation.tab.leaders"));
        built.id = id.0;
        Ok(built)
    })
    .await
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    page(&form_page(&req, None, None, String::new()).await?)
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&form_page(&req, Some(&id.into()), None, String::new()).await?)
}

fn read(fields: &Fields) -> Result<NewLeader, Refusals> {
    let mut no = Refusals::none();
    let role = LeaderRole::parse(fields.text("role"));
    let since = fields.text("since").parse().ok();
    let until = fields.text("until");
    no.require(!fields.text("name").is_empty(), "name", "register.missing");
    no.require(role.is_some(), "role", "register.missing");
    no.require(!fields.text("region").is_empty(), "region", "register.missing");
    no.require(since.is_some(), "since", "register.not_a_day");
    no.require(
        until.is_empty() || until.parse::<kernel::Day>().is_ok(),
        "until",
        "register.not_a_day",
    );
    no.done()?;
    Ok(NewLeader {
        name: fields.text("name").to_owned(),
        phone: fields.text("phone").to_owned(),
        role: role.unwrap_or(LeaderRole::Other),
        group_led: fields.text("group_led").to_owned(),
        region: fields.text("region").into(),
        since: since.unwrap_or_default(),
        until: until.parse().ok(),
    })
}

async fn keep(req: Req, id: Option<RecordId>, fields: Fields) -> Result<Response, PageError> {
    let of = id.clone();
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| leaders::keep(tx, cx, of.as_ref(), &new)).await,
        Err(no) => Err(no.into()),
    };
    after(&req, id.as_ref(), &fields, done.map(|l| l.id)).await
}

async fn after(
    req: &Req,
    id: Option<&RecordId>,
    fields: &Fields,
    done: Result<RecordId, Error>,
) -> Result<Response, PageError> {
    match done {
        Ok(id) => Ok(req.redirect(&format!("/leaders/{id}"), "deliberation.leader.kept")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(req, fields, &no);
            let built = form_page(req, id, Some(form), String::new()).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    keep(req, None, fields).await
}

pub(super) async fn amend(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    keep(req, Some(id.into()), fields).await
}

pub(super) async fn note(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let id: RecordId = id.into();
    let (of, what) = (id.clone(), fields.text("what").to_owned());
    let hours = fields.text("hours").parse().unwrap_or(0);
    let done = match (DeedKind::parse(fields.text("kind")), fields.text("day").parse()) {
        (Some(kind), Ok(day)) => {
            req.act(move |tx, cx| leaders::note(tx, cx, &of, kind, &what, day, hours)).await
        }
        (None, _) => Err(Refusal::at("kind", "register.missing").into()),
        (_, Err(_)) => Err(Refusal::at("day", "register.not_a_day").into()),
    };
    after(&req, Some(&id), &fields, done.map(|_| id.clone())).await
}

pub(super) async fn phone(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let id: RecordId = id.into();
    let of = id.clone();
    let whole = req.act(move |tx, cx| leaders::phone(tx, cx, &of)).await?;
    page(&form_page(&req, Some(&id), None, whole).await?)
}
