//! One's own account: password, browsers, tokens.
use access::{AccessToken, Session};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Day, RecordId, Refusal, SessionId};
use web::{Choice, Error, Fields, Form, Frame, Gate, PageError, Req, page, page_with};

use super::door::{goodbye, welcome};
use crate::acts;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/me", "home", me)
        .get("/me/password", "home", password)
        .post("/me/password", "home", change_password)
        .post("/me/sessions/end", "home", everywhere)
        .post("/me/sessions/{id}/end", "home", end_session)
        .post("/me/tokens", "home", mint)
        .post("/me/tokens/{id}/end", "home", end_token)
}

/// A new token ends after so many days unless another day is chosen.
const USUAL_TOKEN_DAYS: i32 = 90;

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    frame: Frame,
    login: String,
    /// Each with what its browser is called.
    sessions: Vec<(Session, String)>,
    here: Option<SessionId>,
    tokens: Vec<AccessToken>,
    form: Form,
    scopes: Vec<Choice>,
    /// The token just made.
    minted: String,
}

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    frame: Frame,
    form: Form,
    login: String,
}

async fn me(req: Req) -> Result<Response, PageError> {
    let until = req.now.day().plus_days(USUAL_TOKEN_DAYS);
    show(
        &req,
        StatusCode::OK,
        Form::blank().with("until", until).with("scope", "read"),
        String::new(),
    )
    .await
}

async fn show(
    req: &Req,
    status: StatusCode,
    form: Form,
    minted: String,
) -> Result<Response, PageError> {
    let (sessions, tokens) = req
        .ask(|tx, cx| {
            let live = access::sessions_of(tx, cx.actor.account())?
                .into_iter()
                .filter(|s| s.lives_at(cx.now));
            Ok((live.collect::<Vec<Session>>(), access::tokens_of(tx, cx.actor.account())?))
        })
        .await?;
    let choice = |value: &str, key: &str| Choice { value: value.into(), label: req.t(key) };
    page_with(
        status,
        &Me {
            frame: Frame::new(req, "accounts.me"),
            login: req.cx()?.actor.login().to_owned(),
            sessions: sessions
                .into_iter()
                .map(|s| {
                    let browser = browser(&s.agent);
                    (s, browser)
                })
                .collect(),
            here: req.session().map(|s| s.id.clone()),
            tokens,
            form,
            scopes: vec![
                choice("read", "accounts.token.read"),
                choice("write", "accounts.token.write"),
            ],
            minted,
        },
    )
}

/// What people call the browser of a user-agent line: `Chrome 128 · Windows 10`; the line itself when it says nothing known.
fn browser(agent: &str) -> String {
    match woothee::parser::Parser::new().parse(agent) {
        Some(found) if found.name != woothee::woothee::VALUE_UNKNOWN => {
            let major = found.version.split('.').next().unwrap_or_default();
            format!("{} {major} · {}", found.name, found.os)
        }
        _ => agent.to_owned(),
    }
}

async fn password(req: Req) -> Result<Response, PageError> {
    let login = req.cx()?.actor.login().to_owned();
    page(&Password {
        frame: Frame::new(&req, "accounts.change_password"),
        form: Form::blank(),
        login,
    })
}

async fn change_password(req: Req, fields: Fields) -> Result<Response, PageError> {
    let (current, fresh) = (fields.raw("current_password"), fields.raw("password"));
    match acts::change_password(&req, current, fresh, fields.raw("password_again")).await {
        Ok(signed) => Ok(welcome(&req, &signed, "/me", "accounts.password_changed")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let login = req.cx()?.actor.login().to_owned();
            let form = Form::refused(&req, &fields, &no);
            let frame = Frame::new(&req, "accounts.change_password");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &Password { frame, form, login })
        }
        Err(e) => Err(e.into()),
    }
}

async fn end_session(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let id = SessionId::from(id);
    let mine = req.session().is_some_and(|s| s.id == id);
    req.act(move |tx, cx| access::acts::sign_out(tx, cx, &id)).await?;
    Ok(if mine {
        goodbye(&req, "accounts.signed_out")
    } else {
        req.redirect("/me", "accounts.browser.ended")
    })
}

async fn everywhere(req: Req) -> Result<Response, PageError> {
    req.act(access::acts::sign_out_everywhere).await?;
    Ok(goodbye(&req, "accounts.signed_out"))
}

async fn mint(req: Req, fields: Fields) -> Result<Response, PageError> {
    let (name, writes) = (fields.text("name").to_owned(), fields.text("scope") == "write");
    let until = fields.text("until").parse::<Day>();
    let done = match until {
        Ok(until) => {
            req.act(move |tx, cx| access::acts::mint_token(tx, cx, &name, writes, until)).await
        }
        Err(_) => Err(Refusal::at("until", "accounts.not_a_day").into()),
    };
    match done {
        Ok((_, text)) => show(&req, StatusCode::OK, Form::blank(), text).await,
        Err(Error::Act(db::Error::Refused(no))) => {
            show(
                &req,
                StatusCode::UNPROCESSABLE_ENTITY,
                Form::refused(&req, &fields, &no),
                String::new(),
            )
            .await
        }
        Err(e) => Err(e.into()),
    }
}

async fn end_token(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let id = RecordId::from(id);
    req.act(move |tx, cx| access::acts::end_token(tx, cx, &id)).await?;
    Ok(req.redirect("/me", "accounts.token.ended"))
}
