//! A request comes in: which client, from where.
use access::care;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ClientId;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::choices;
use crate::acts::opening::{self, NewCase};
use crate::model::{CaseKind, CaseSource};

#[derive(Template)]
#[template(path = "case_new.html")]
struct New {
    frame: Frame,
    form: Form,
    /// The client it is about; nothing when none was chosen yet.
    who: String,
    client: String,
    kinds: Vec<Choice>,
    sources: Vec<Choice>,
}

async fn page_of(req: &Req, client: String, form: Form) -> Result<New, Error> {
    let id = ClientId::from(client.as_str());
    let who = if client.is_empty() {
        String::new()
    } else {
        req.ask(move |tx, cx| {
            let (client, sight) = care::find(tx, cx, &id)?;
            sight.writes()?;
            Ok(sight.label(&client))
        })
        .await?
    };
    Ok(New {
        frame: Frame::new(req, "casework.open"),
        form,
        who,
        client,
        kinds: choices(req, "casework.kind", CaseKind::WORDS),
        sources: choices(req, "casework.source", CaseSource::WORDS),
    })
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let from = req.query("from").unwrap_or_default();
    let source = match from.split(':').next() {
        Some("visit") => "visit",
        Some("referral") => "referral",
        Some("report") => "report",
        Some("school") => "school",
        _ => "",
    };
    let form = Form::blank()
        .with("day", req.now.day())
        .with("kind", "general")
        .with("source", source)
        .with("origin", from);
    let client = req.query("client").unwrap_or_default();
    page(&page_of(&req, client, form).await?)
}

pub(super) async fn open(req: Req, fields: Fields) -> Result<Response, PageError> {
    let mut no = kernel::Refusals::none();
    let kind = CaseKind::parse(fields.text("kind"));
    let source = CaseSource::parse(fields.text("source"));
    let day = fields.text("day").parse().ok();
    no.require(kind.is_some(), "kind", "casework.choose");
    no.require(source.is_some(), "source", "casework.choose");
    no.require(day.is_some(), "day", "casework.day");
    let done = match (kind, source, day) {
        (Some(kind), Some(source), Some(day)) => {
            let new = NewCase {
                client: fields.text("client").into(),
                kind,
                source,
                day,
                origin: Some(fields.text("origin").to_owned()),
            };
            req.act(move |tx, cx| opening::open(tx, cx, new)).await
        }
        _ => Err(no.into()),
    };
    match done {
        Ok(case) => {
            Ok(req.redirect(&format!("/cases/{}/forms/intake", case.id), "casework.opened"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            let built = page_of(&req, fields.text("client").to_owned(), form).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
