//! The second factor: enrolling an authenticator, its recovery codes, and giving a code again before what asks for it.
use access::factor::{self, Enrolment};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Refusal, SessionId};
use web::qr::Svg;
use web::{Error, Fields, Form, Frame, Gate, PageError, Req, page, page_with};

use crate::model;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/me/factor", "home", show)
        .post("/me/factor", "home", begin)
        .post("/me/factor/confirmation", "home", confirm)
        .post("/me/factor/end", "home", end)
        .get("/me/step-up", "home", ask)
        .post("/me/step-up", "home", step_up)
}

#[derive(Template)]
#[template(path = "factor.html")]
struct FactorPage {
    frame: Frame,
    form: Form,
    enrolled: bool,
    /// The secret being enrolled, in groups of four; empty when none is.
    secret: String,
    qr: Svg,
    /// Shown once, after the first code was right.
    recovery: Vec<String>,
}

#[derive(Template)]
#[template(path = "step_up.html")]
struct StepUp {
    frame: Frame,
    form: Form,
    enrolled: bool,
    next: String,
}

fn browser(req: &Req) -> Result<SessionId, Error> {
    req.session().map(|s| s.id.clone()).ok_or_else(|| Refusal::new("access.denied").into())
}

async fn enrolled(req: &Req) -> Result<bool, Error> {
    req.ask(|tx, cx| factor::enrolled(tx, cx.actor.account())).await
}

async fn show(req: Req) -> Result<Response, PageError> {
    let enrolled = enrolled(&req).await?;
    page(&FactorPage {
        frame: Frame::new(&req, "accounts.factor"),
        form: Form::blank(),
        enrolled,
        secret: String::new(),
        qr: Svg::default(),
        recovery: Vec::new(),
    })
}

async fn begin(req: Req) -> Result<Response, PageError> {
    browser(&req)?;
    let brand = req.shell.settings.brand.clone();
    let made = req.act(move |tx, cx| factor::begin(tx, cx, &brand)).await?;
    enrolling(&req, StatusCode::OK, Form::blank(), &made)
}

fn enrolling(
    req: &Req,
    status: StatusCode,
    form: Form,
    made: &Enrolment,
) -> Result<Response, PageError> {
    let signs: Vec<char> = made.secret.chars().collect();
    let groups: Vec<String> = signs.chunks(4).map(|c| c.iter().collect()).collect();
    page_with(
        status,
        &FactorPage {
            frame: Frame::new(req, "accounts.factor"),
            form,
            enrolled: false,
            secret: groups.join(" "),
            qr: web::qr::svg(&made.url),
            recovery: Vec::new(),
        },
    )
}

async fn confirm(req: Req, fields: Fields) -> Result<Response, PageError> {
    let (session, code) = (browser(&req)?, fields.text("code").to_owned());
    match req.act(move |tx, cx| factor::confirm(tx, cx, &session, &code)).await? {
        Ok(recovery) => page(&FactorPage {
            frame: Frame::new(&req, "accounts.factor"),
            form: Form::blank(),
            enrolled: true,
            secret: String::new(),
            qr: Svg::default(),
            recovery,
        }),
        Err(no) => {
            // The secret is shown again, so that a mistyped code does not mean to scan anew.
            let brand = req.shell.settings.brand.clone();
            let made = req.ask(move |tx, cx| factor::pending(tx, cx, &brand)).await?;
            let form = Form::refused(&req, &fields, &no.into());
            match made {
                Some(made) => enrolling(&req, StatusCode::UNPROCESSABLE_ENTITY, form, &made),
                None => Ok(req.redirect("/me/factor", "")),
            }
        }
    }
}

async fn end(req: Req) -> Result<Response, PageError> {
    match req.act(factor::remove).await {
        Ok(()) => Ok(req.redirect("/me/factor", "accounts.factor.ended")),
        Err(Error::Act(db::Error::Refused(_))) => {
            Ok(req.redirect("/me/step-up?next=/me/factor", ""))
        }
        Err(e) => Err(e.into()),
    }
}

async fn ask(req: Req) -> Result<Response, PageError> {
    let next = model::local(&req.query("next").unwrap_or_default()).to_owned();
    let enrolled = enrolled(&req).await?;
    let frame = Frame::new(&req, "accounts.step_up");
    page(&StepUp { frame, form: Form::blank(), enrolled, next })
}

async fn step_up(req: Req, fields: Fields) -> Result<Response, PageError> {
    let next = model::local(fields.text("next")).to_owned();
    let (session, code) = (browser(&req)?, fields.text("code").to_owned());
    match req.act(move |tx, cx| factor::step_up(tx, cx, &session, &code)).await? {
        Ok(()) => Ok(req.redirect(&next, "")),
        Err(no) => {
            let form = Form::refused(&req, &fields, &no.into());
            let frame = Frame::new(&req, "accounts.step_up");
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &StepUp { frame, form, enrolled: true, next },
            )
        }
    }
}
