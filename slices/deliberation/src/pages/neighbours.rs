//! Two-neighbours activities: a light register.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Refusals;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::neighbours::{self, NewNeighbours};
use crate::model::NeighbourKind;
use crate::{store, view};

const MOST: i64 = 100;

struct Row {
    id: String,
    day: String,
    title: String,
    kind: String,
    place: String,
    persons: i64,
    note: String,
    withdrawn: bool,
}

#[derive(Template)]
#[template(path = "neighbours.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    count: usize,
    persons: i64,
    writes: bool,
}

#[derive(Template)]
#[template(path = "neighbours_new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    kinds: Vec<Choice>,
    regions: Vec<Choice>,
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    let all = req.ask(|tx, cx| store::neighbours(tx, cx, MOST)).await?;
    let live = || all.iter().filter(|a| a.withdrawn.is_none());
    let (count, persons) = (live().count(), live().map(|a| a.persons).sum());
    page(&List {
        frame: Frame::new(&req, "deliberation.tab.neighbours"),
        rows: all
            .into_iter()
            .map(|a| Row {
                id: a.id.0,
                day: a.day.to_string(),
                title: a.title,
                kind: req.t(&format!("deliberation.neighbour.{}", a.kind)),
                place: a.place,
                persons: a.persons,
                note: a.note.unwrap_or_default(),
                withdrawn: a.withdrawn.is_some(),
            })
            .collect(),
        count,
        persons,
        writes: req.can("deliberation.write"),
    })
}

async fn form_page(req: &Req, form: Form) -> Result<NewPage, Error> {
    let regions = req.ask(view::regions).await?;
    Ok(NewPage {
        frame: Frame::new(req, "deliberation.neighbours.new"),
        form,
        kinds: view::choices(req, "neighbour", NeighbourKind::WORDS),
        regions,
    })
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let form = Form::blank().with("day", req.now.day()).with("minutes", 90);
    page(&form_page(&req, form).await?)
}

fn read(fields: &Fields) -> Result<NewNeighbours, Refusals> {
    let mut no = Refusals::none();
    let kind = NeighbourKind::parse(fields.text("kind"));
    let day = fields.text("day").parse().ok();
    let number = |name: &str| fields.text(name).parse::<i64>().ok();
    let (minutes, persons) = (number("minutes"), number("persons"));
    no.require(!fields.text("title").is_empty(), "title", "register.missing");
    no.require(kind.is_some(), "kind", "register.missing");
    no.require(!fields.text("region").is_empty(), "region", "register.missing");
    no.require(day.is_some(), "day", "register.not_a_day");
    no.require(minutes.is_some(), "minutes", "ledger.minutes");
    no.require(persons.is_some(), "persons", "deliberation.count");
    no.done()?;
    Ok(NewNeighbours {
        title: fields.text("title").to_owned(),
        kind: kind.unwrap_or(NeighbourKind::Other),
        region: fields.text("region").into(),
        day: day.unwrap_or_default(),
        place: fields.text("place").to_owned(),
        minutes: minutes.unwrap_or_default(),
        persons: persons.unwrap_or_default(),
        note: fields.text("note").to_owned(),
    })
}

pub(super) async fn add(req: Req, fields: Fields) -> Result<Response, PageError> {
    let done = match read(&fields) {
        Ok(new) => req.act(move |tx, cx| neighbours::add(tx, cx, &new)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect("/neighbours", "deliberation.neighbours.added")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn withdraw(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    req.act(move |tx, cx| neighbours::withdraw(tx, cx, &id.into())).await?;
    Ok(req.redirect("/neighbours", "deliberation.neighbours.withdrawn"))
}
