//! One's calendar: its address is made, shown once, and ended here; phones and desktops fetch it.
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use web::{Error, Frame, Limits, PageError, Req, page};

use crate::{acts, ics, store};

/// How often one address may be fetched in a minute.
const MOST: u32 = 30;

#[derive(Template)]
#[template(path = "calendar.html")]
struct Shown {
    frame: Frame,
    /// Since when there is one; empty when there is none.
    since: String,
    /// The path of the address just made.
    made: String,
}

async fn shown(req: &Req, made: String) -> Result<Shown, Error> {
    let feed = req.ask(|tx, cx| store::feed_of(tx, cx.actor.account())).await?;
    let since = feed.map_or_else(String::new, |f| f.at.local());
    Ok(Shown { frame: Frame::new(req, "calendar.title"), since, made })
}

pub(super) async fn show(req: Req) -> Result<Response, PageError> {
    page(&shown(&req, String::new()).await?)
}

pub(super) async fn subscribe(req: Req) -> Result<Response, PageError> {
    let token = req.act(acts::subscribe).await?;
    page(&shown(&req, format!("/calendar/{token}.ics")).await?)
}

pub(super) async fn unsubscribe(req: Req) -> Result<Response, PageError> {
    req.act(acts::unsubscribe).await?;
    Ok(req.redirect("/me/calendar", "calendar.ended"))
}

/// The calendar itself: whoever has the address reads it.
pub(super) async fn feed(req: Req, Path(file): Path<String>) -> Result<Response, PageError> {
    let token = file.strip_suffix(".ics").ok_or(db::Error::Missing)?.to_owned();
    let limits = req.shell.parts.get::<Limits>();
    let who: String = token.chars().take(64).collect();
    limits.take(&who, "calendar", MOST, req.now)?;
    let system = access::Cx::system(req.now, req.shell.ids.clone());
    let shell = req.shell.clone();
    let entries = req
        .shell
        .db
        .ask(move |tx| acts::calendar(tx, &system, &shell, &token))
        .await?
        .ok_or(db::Error::Missing)?;
    let name = req.shell.settings.brand.clone();
    let mut response = ics::calendar(&name, &entries, req.now).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}
