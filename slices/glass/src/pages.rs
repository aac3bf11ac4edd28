//! What a person sees: the register of looks, and the form that opens one.
use access::care::{Glass, GlassReason};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use web::{Choice, Error, Fields, Form, Frame, Gate, PageError, Req, page_with};

use crate::model::{self, Ask};
use crate::{acts, store};

/// Looks shown at most.
const MOST: i64 = 200;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/glass", "clients.glass", list)
        .get("/glass/new", "clients.glass", fresh)
        .post("/glass", "clients.glass", open)
        .post("/glass/{id}/review", "clients.glass_review", review)
}

struct Line {
    glass: Glass,
    number: i64,
    who: String,
    open: bool,
    overdue: bool,
    may_review: bool,
}

#[derive(Template)]
#[template(path = "looks.html")]
struct Looks {
    frame: Frame,
    form: Form,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "open_look.html")]
struct OpenLook {
    frame: Frame,
    form: Form,
    reasons: Vec<Choice>,
    /// A fresh second factor is at hand.
    stepped: bool,
    minutes: i64,
}

async fn list(req: Req) -> Result<Response, PageError> {
    show(&req, StatusCode::OK, Form::blank()).await
}

async fn show(req: &Req, status: StatusCode, form: Form) -> Result<Response, PageError> {
    let (looks, cx) = (req.ask(|tx, cx| store::looks(tx, cx, MOST)).await?, req.cx()?.clone());
    let lines = looks.into_iter().map(|(glass, number, who)| Line {
        open: glass.until > cx.now && glass.account == *cx.actor.account(),
        overdue: model::overdue(&glass, cx.now),
        may_review: glass.reviewed_at.is_none()
            && cx.actor.can("clients.glass_review")
            && glass.account != *cx.actor.account(),
        glass,
        number,
        who,
    });
    let lines = lines.collect();
    page_with(status, &Looks { frame: Frame::new(req, "glass.title"), form, lines })
}

async fn fresh(req: Req) -> Result<Response, PageError> {
    let whom = req.query("client").unwrap_or_default();
    form(&req, StatusCode::OK, Form::blank().with("whom", whom))
}

fn form(req: &Req, status: StatusCode, form: Form) -> Result<Response, PageError> {
    let reasons = GlassReason::WORDS
        .iter()
        .map(|w| Choice { value: (*w).into(), label: req.t(&format!("glass_reason.{w}")) })
        .collect();
    let stepped = access::factor::fresh(req.cx()?).is_ok();
    let frame = Frame::new(req, "glass.open");
    page_with(status, &OpenLook { frame, form, reasons, stepped, minutes: model::MINUTES })
}

async fn open(req: Req, fields: Fields) -> Result<Response, PageError> {
    let ask = Ask {
        whom: fields.text("whom").into(),
        reason: fields.text("reason").into(),
        words: fields.text("words").into(),
    };
    match req.act(move |tx, cx| acts::open(tx, cx, &ask)).await {
        Ok(glass) => Ok(req.redirect(&format!("/clients/{}", glass.client), "glass.opened")),
        Err(Error::Act(db::Error::Refused(no))) => {
            form(&req, StatusCode::UNPROCESSABLE_ENTITY, Form::refused(&req, &fields, &no))
        }
        Err(e) => Err(e.into()),
    }
}

async fn review(req: Req, Path(id): Path<String>, fields: Fields) -> Result<Response, PageError> {
    let (right, words) = (fields.text("verdict") == "right", fields.text("review").to_owned());
    match req.act(move |tx, cx| acts::review(tx, cx, &id, right, &words)).await {
        Ok(_) => Ok(req.redirect("/glass", "glass.review_kept")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            show(&req, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(e) => Err(e.into()),
    }
}
