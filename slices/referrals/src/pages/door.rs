//! The page behind a link: a code, then the packet and the answer. Nobody is signed in here; large and plain, for whoever sits at the desk of a
//! hospital, a school or a village.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use web::{Error, Fields, Form, Frame, Limits, PageError, Req, page_with};

use crate::acts::link::{self, Door};
use crate::model::State;
use crate::view::{self, FileLine, StepView};

/// Knocks a minute at one link, and at links that do not exist.
const MOST_KNOCKS: u32 = 30;
const MOST_STRAY: u32 = 300;

#[derive(Template)]
#[template(path = "code.html")]
struct Code {
    frame: Frame,
    form: Form,
    action: String,
}

/// The link is dead: said alike to everybody but the browser that used it.
#[derive(Template)]
#[template(path = "dead.html")]
struct Dead {
    frame: Frame,
    why: String,
}

#[derive(Template)]
#[template(path = "door.html")]
struct Open {
    frame: Frame,
    form: Form,
    action: String,
    state: String,
    waits: bool,
    start: bool,
    feed_back: bool,
    from: String,
    worker: String,
    phone: String,
    answer_by: String,
    field: String,
    urgency: String,
    lines: Vec<(String, String)>,
    files: Vec<FileLine>,
    ground: String,
    steps: Vec<StepView>,
}

/// The program itself acts for whoever holds the link; the steps say who that is.
pub(super) fn cx(req: &Req) -> Cx {
    let mut cx = Cx::system(req.now, req.shell.ids.clone());
    cx.request.clone_from(&req.request_id);
    cx
}

pub(super) fn cookie(heads: &HeaderMap, name: &str) -> String {
    heads
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
        .unwrap_or_default()
}

/// A token is 64 hexadecimal signs; anything else is not even looked up.
pub(super) fn proper(token: &str) -> bool {
    token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit())
}

pub(super) fn limit(req: &Req, token: &str) -> Result<(), Error> {
    let limits = req.shell.parts.get::<Limits>();
    if proper(token) {
        limits.take(&link::cookie(token), "link", MOST_KNOCKS, req.now)?;
    }
    limits.take("anybody", "links", MOST_STRAY, req.now)
}

fn frame(req: &Req) -> (Frame, Option<String>) {
    let mut frame = Frame::new(req, "referrals.door.title");
    // Whoever comes has no session: the form's token is the browser's own, as at the sign-in page.
    let minted = frame.csrf.is_empty().then(|| access::session::token_text(req.shell.ids.secret()));
    if let Some(token) = &minted {
        frame.csrf.clone_from(token);
    }
    (frame, minted)
}

fn with_visitor(req: &Req, mut response: Response, minted: Option<String>) -> Response {
    if let Some(token) = minted {
        req.set_cookie(&mut response, "visitor", &token, None);
    }
    response
}

fn dead(req: &Req, why: &str) -> Result<Response, PageError> {
    let (frame, _) = frame(req);
    page_with(StatusCode::NOT_FOUND, &Dead { frame, why: req.t(why) })
}

pub(super) async fn knock(
    req: Req,
    Path(token): Path<String>,
    heads: HeaderMap,
) -> Result<Response, PageError> {
    show(&req, &token, &heads, StatusCode::OK, Form::blank()).await
}

async fn show(
    req: &Req,
    token: &str,
    heads: &HeaderMap,
    status: StatusCode,
    form: Form,
) -> Result<Response, PageError> {
    limit(req, token)?;
    if !proper(token) {
        return dead(req, "referrals.door.nothing");
    }
    let (by, of, agent) = (cx(req), token.to_owned(), req.agent.clone());
    let secret = cookie(heads, &link::cookie(token));
    let door = req
        .shell
        .db
        .act(move |tx| link::knock(tx, &by, &of, &secret, &agent))
        .await
        .map_err(Error::from)?;
    let (frame, minted) = frame(req);
    match door {
        Door::Nothing => dead(req, "referrals.door.nothing"),
        Door::Withdrawn => dead(req, "referrals.door.withdrawn"),
        Door::Dead(end) => dead(req, &format!("referrals.door.{end}")),
        Door::Code => {
            let page =
                page_with(status, &Code { frame, form, action: format!("/r/{token}/code") })?;
            Ok(with_visitor(req, page, minted))
        }
        Door::Open(r, packet, steps) => {
            let open = Open {
                frame,
                form: form.or("on", req.now.day()),
                action: format!("/r/{token}/answer"),
                state: req.t(&format!("referrals.state.{}", r.state)),
                waits: r.state.waits(),
                start: r.state.to(State::InService).is_ok(),
                feed_back: r.state.to(State::FedBack).is_ok(),
                from: packet.from.clone(),
                worker: packet.worker.clone(),
                phone: packet.from_phone.clone().unwrap_or_default(),
                answer_by: packet.answer_by.clone(),
                field: req.t(&format!("referrals.field.{}", packet.field)),
                urgency: req.t(&format!("referrals.urgency.{}", packet.urgency)),
                files: view::files(req, &packet, &format!("/r/{token}")),
                lines: view::lines(req, &packet),
                ground: view::ground(req, &packet),
                steps: view::steps(req, &steps),
            };
            Ok(with_visitor(req, page_with(status, &open)?, minted))
        }
    }
}

pub(super) async fn unlock(
    req: Req,
    Path(token): Path<String>,
    heads: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    limit(&req, &token)?;
    let (by, of, agent) = (cx(&req), token.clone(), req.agent.clone());
    let code = fields.text("code").to_owned();
    let done = req.shell.db.act(move |tx| link::unlock(tx, &by, &of, &code, &agent)).await;
    match done {
        Ok(Some(secret)) => {
            let mut response = Redirect::to(&format!("/r/{token}")).into_response();
            let days = crate::model::MOST_LINK_DAYS * 86_400;
            req.set_cookie(&mut response, &link::cookie(&token), &secret, Some(days));
            Ok(response)
        }
        Ok(None) => {
            let no = kernel::Refusal::at("code", "referrals.door.wrong").into();
            let form = Form::refused(&req, &Fields::default(), &no);
            show(&req, &token, &heads, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(db::Error::Missing) => dead(&req, "referrals.door.nothing"),
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn answer(
    req: Req,
    Path(token): Path<String>,
    heads: HeaderMap,
    fields: Fields,
) -> Result<Response, PageError> {
    limit(&req, &token)?;
    let said = super::show::read(&fields);
    let (by, of, agent) = (cx(&req), token.clone(), req.agent.clone());
    let (secret, who) = (cookie(&heads, &link::cookie(&token)), fields.text("who").to_owned());
    let done = match said {
        Ok(said) => {
            req.shell
                .db
                .act(move |tx| link::answer(tx, &by, &of, &secret, &who, &said, &agent))
                .await
        }
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/r/{token}"), "referrals.door.answered")),
        Err(db::Error::Refused(no)) => {
            let form = Form::refused(&req, &fields, &no);
            show(&req, &token, &heads, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
        Err(db::Error::Missing) => dead(&req, "referrals.door.nothing"),
        Err(e) => Err(e.into()),
    }
}
