//! The code at the door: a public page that shows an activity's title and takes a name and a phone; it tells nothing about anybody.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use web::{Error, Fields, Form, Frame, Limits, PageError, Req, page_with};

use crate::acts::signup::{self, Person};

/// Tries per code and minute.
const MOST: u32 = 60;

#[derive(Template)]
#[template(path = "checkin.html")]
struct Door {
    frame: Frame,
    form: Form,
    token: String,
}

async fn show(
    req: &Req,
    status: StatusCode,
    token: &str,
    form: Form,
) -> Result<Response, PageError> {
    req.shell.parts.get::<Limits>().take(token, "checkin", MOST, req.now)?;
    let (asked, today) = (token.to_owned(), req.now.day());
    let a = req
        .shell
        .db
        .ask(move |tx| signup::at_the_door(tx, &asked, today))
        .await
        .map_err(Error::from)?;
    let mut frame = Frame::titled(req, a.title);
    frame.nav.clear();
    // A browser that nobody signed in to gets a token of its own for the form, as at the sign-in page.
    let minted = frame.csrf.is_empty().then(|| URL_SAFE_NO_PAD.encode(req.shell.ids.secret()));
    if let Some(token) = &minted {
        frame.csrf.clone_from(token);
    }
    let mut response = page_with(status, &Door { frame, form, token: token.to_owned() })?;
    if let Some(token) = minted {
        req.set_cookie(&mut response, "visitor", &token, None);
    }
    Ok(response)
}

pub(crate) async fn door(req: Req, Path(token): Path<String>) -> Result<Response, PageError> {
    show(&req, StatusCode::OK, &token, Form::blank()).await
}

pub(crate) async fn arrive(
    req: Req,
    Path(token): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    req.shell.parts.get::<Limits>().take(&token, "checkin", MOST, req.now)?;
    let cx = Cx { request: req.request_id.clone(), ..Cx::system(req.now, req.shell.ids.clone()) };
    let who = Person {
        client: String::new(),
        name: fields.text("name").to_owned(),
        phone: fields.text("phone").to_owned(),
        photo: fields.ticked("photo"),
    };
    let asked = token.clone();
    match req.shell.db.act(move |tx| signup::arrive(tx, &cx, &asked, &who)).await {
        Ok(()) => Ok(req.redirect(&format!("/checkin/{token}"), "checkin.done")),
        Err(db::Error::Refused(no)) => {
            let form = Form::refused(&req, &fields, &no);
            show(&req, StatusCode::UNPROCESSABLE_ENTITY, &token, form).await
        }
        Err(e) => Err(Error::from(e).into()),
    }
}
