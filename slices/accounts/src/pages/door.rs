//! The door: signing in and out, another hat, another language, the first page.
use access::acts::SignedIn;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::GrantId;
use web::{Error, Fields, Form, Frame, Gate, PageError, Req, page_with};

use crate::{acts, model};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/", "home", first)
        .get("/healthz", "public", health)
        .get("/session/new", "public", fresh)
        .post("/session/new", "public", sign_in)
        .post("/session/end", "public", sign_out)
        .post("/session/hat", "home", hat)
        .post("/session/language", "public", language)
}

/// How long a language choice is kept, in seconds.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;

/// One account of the demonstration.
struct Introduced {
    role: String,
    name: String,
    href: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    frame: Frame,
    form: Form,
    next: String,
    /// Prefilled in a demonstration when an account was chosen from the list.
    password: String,
    introduced: Vec<Introduced>,
}

async fn first(req: Req) -> Result<Response, PageError> {
    Ok(Redirect::to(model::first_page(req.cx()?.actor.role())).into_response())
}

async fn health(req: Req) -> Result<Response, PageError> {
    req.shell.db.ask(crate::store::answers).await?;
    Ok("ok\n".into_response())
}

async fn fresh(req: Req) -> Result<Response, PageError> {
    let next = req.query("next").unwrap_or_default();
    let next = model::local(&next).to_owned();
    if req.cx().is_ok() {
        return Ok(Redirect::to(&next).into_response());
    }
    let form = Form::blank().with("login", req.query("login").unwrap_or_default());
    show(&req, StatusCode::OK, form, next)
}

fn show(req: &Req, status: StatusCode, form: Form, next: String) -> Result<Response, PageError> {
    let mut frame = Frame::new(req, "accounts.sign_in");
    // Before sign-in the form's token is the browser's own.
    let minted = frame.csrf.is_empty().then(|| access::session::token_text(req.shell.ids.secret()));
    if let Some(token) = &minted {
        frame.csrf.clone_from(token);
    }
    let login = form.value("login");
    let mut password = String::new();
    let mut introduced = Vec::new();
    for (name, role, person) in req.shell.settings.door.iter().flat_map(|d| &d.accounts) {
        let chosen = *name == login;
        if chosen {
            password =
                req.shell.settings.door.as_ref().map_or_else(String::new, |d| d.password.clone());
        }
        introduced.push(Introduced {
            role: req.t(&format!("role.{role}")),
            name: person.clone(),
            href: format!("/session/new?login={}&next={}", web::encode(name), web::encode(&next)),
            chosen,
        });
    }
    let mut response = page_with(status, &SignIn { frame, form, next, password, introduced })?;
    if let Some(token) = minted {
        req.set_cookie(&mut response, "visitor", &token, None);
    }
    Ok(response)
}

async fn sign_in(req: Req, fields: Fields) -> Result<Response, PageError> {
    let next = model::local(fields.text("next")).to_owned();
    match acts::sign_in(&req, fields.text("login"), fields.raw("password"), fields.text("code"))
        .await?
    {
        Ok(signed) => {
            let to = if signed.must_change { "/me/password" } else { next.as_str() };
            let mut response = welcome(&req, &signed, to, "");
            req.set_cookie(&mut response, "visitor", "", Some(0));
            Ok(response)
        }
        Err(no) => {
            show(&req, StatusCode::UNPROCESSABLE_ENTITY, Form::refused(&req, &fields, &no), next)
        }
    }
}

/// To a page, with the cookie of a fresh session.
pub(super) fn welcome(req: &Req, signed: &SignedIn, to: &str, flash: &str) -> Response {
    let mut response = req.redirect(to, flash);
    req.set_cookie(&mut response, req.session_cookie(), &signed.token, None);
    response
}

async fn sign_out(req: Req) -> Result<Response, PageError> {
    if let Some(id) = req.session().map(|s| s.id.clone()) {
        req.act(move |tx, cx| access::acts::sign_out(tx, cx, &id)).await?;
    }
    Ok(goodbye(&req, "accounts.signed_out"))
}

/// To the door, without a session.
pub(super) fn goodbye(req: &Req, flash: &str) -> Response {
    let mut response = req.redirect("/session/new", flash);
    req.set_cookie(&mut response, req.session_cookie(), "", Some(0));
    response
}

async fn hat(req: Req, fields: Fields) -> Result<Response, PageError> {
    let session = req.session().cloned().ok_or(Error::NotSignedIn)?;
    let grant = GrantId::from(fields.text("hat"));
    let signed = req.act(move |tx, cx| access::acts::wear(tx, cx, &session, &grant)).await?;
    Ok(welcome(&req, &signed, "/", "accounts.hat_changed"))
}

async fn language(req: Req, fields: Fields) -> Result<Response, PageError> {
    let lang = locale::Lang::from_tag(fields.text("lang")).tag();
    let mut response = Redirect::to(model::local(fields.text("back"))).into_response();
    req.set_cookie(&mut response, "lang", lang, Some(LANGUAGE_SECONDS));
    Ok(response)
}
