//! One error for every slice, two faces: a page and a JSON problem (RFC 9457). Causes are logged under an id and never shown.
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Refusal, Refusals};
use serde_json::json;

use crate::Frame;

/// Why a request did not succeed.
#[derive(Debug)]
pub enum Error {
    /// Nobody is signed in, or the session ended.
    NotSignedIn,
    /// A one-time password must be changed before anything else.
    MustChangePassword,
    /// Unsafe request from another site, or without the session's token.
    Forged,
    Act(db::Error),
    /// Too many are waiting for something slow; later it will do.
    Busy,
    /// One account asked too often within a minute.
    TooMany,
    /// A body, header or address that cannot be read; the key says what.
    Malformed(&'static str),
    /// A template or another part of the program failed; the cause is logged.
    Broken(String),
}

impl From<db::Error> for Error {
    fn from(e: db::Error) -> Self {
        Self::Act(e)
    }
}
impl From<askama::Error> for Error {
    fn from(e: askama::Error) -> Self {
        Self::Broken(e.to_string())
    }
}
impl From<Refusal> for Error {
    fn from(r: Refusal) -> Self {
        Self::Act(r.into())
    }
}
impl From<Refusals> for Error {
    fn from(r: Refusals) -> Self {
        Self::Act(r.into())
    }
}

impl Error {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::Forged | Self::MustChangePassword => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Act(db::Error::Refused(r)) if r.0.iter().any(|r| r.key == "access.denied") => {
                StatusCode::FORBIDDEN
            }
            Self::Act(db::Error::Refused(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Act(db::Error::Missing) => StatusCode::NOT_FOUND,
            Self::Act(db::Error::Stale) => StatusCode::PRECONDITION_FAILED,
            Self::Act(db::Error::Unknown(_)) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Act(db::Error::Broken(_)) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
    /// Locale key of the headline.
    pub(crate) fn key(&self) -> &'static str {
        match self {
            Self::NotSignedIn => "web.error.not_signed_in",
            Self::MustChangePassword => "web.error.change_password_first",
            Self::Forged => "web.error.forged",
            Self::Malformed(key) => key,
            Self::Busy => "web.error.busy",
            Self::TooMany => "web.error.too_many",
            Self::Act(db::Error::Refused(r)) => match r.0.as_slice() {
                [one] if one.field.is_none() => one.key,
                _ => "web.error.refused",
            },
            Self::Act(db::Error::Missing) => "web.error.missing",
            Self::Act(db::Error::Stale) => "web.error.stale",
            Self::Act(db::Error::Unknown(_)) => "web.error.unknown_outcome",
            Self::Act(db::Error::Broken(_)) | Self::Broken(_) => "web.error.broken",
        }
    }
    fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Act(db::Error::Refused(r)) => &r.0,
            _ => &[],
        }
    }
    fn cause(&self) -> Option<&str> {
        match self {
            Self::Broken(c) | Self::Act(db::Error::Broken(c) | db::Error::Unknown(c)) => Some(c),
            _ => None,
        }
    }
}

/// The page face of [`Error`].
pub struct PageError(Error);
/// The JSON face of [`Error`].
pub struct ApiError(Error);
impl<E: Into<Error>> From<E> for PageError {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}
impl<E: Into<Error>> From<E> for ApiError {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}

/// Left in a response for the outermost layer, which knows the viewer's language and draws the face.
#[derive(Clone)]
pub(crate) struct Mark {
    error: Arc<Error>,
    machine: bool,
}

fn marked(error: Error, machine: bool) -> Response {
    let mut response = error.status().into_response();
    response.extensions_mut().insert(Mark { error: Arc::new(error), machine });
    response
}
impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        marked(self.0, false)
    }
}
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        marked(self.0, true)
    }
}

#[derive(askama::Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    headline: String,
    lines: Vec<String>,
    /// The id under which the cause is logged; empty when there is no hidden cause.
    id: String,
}

impl Mark {
    pub(crate) fn status(&self) -> StatusCode {
        self.error.status()
    }
    /// Under an address for machines every error is a problem document, whoever raised it.
    pub(crate) fn on(mut self, machine: bool) -> Self {
        self.machine |= machine;
        self
    }
    /// Draws the face: a problem document, a redirect to the sign-in page, or a page that says what to do next.
    pub(crate) fn draw(&self, frame: Frame, request: &str) -> Response {
        let error = &self.error;
        if let Some(cause) = error.cause() {
            tracing::error!(request, cause, "request failed");
        }
        let sentence = |r: &Refusal| frame.refusal(r);
        let status = error.status();
        let headline = match error.refusals() {
            [one] if one.field.is_none() => sentence(one),
            _ => frame.t(error.key()),
        };
        if self.machine {
            let errors: Vec<_> = error
                .refusals()
                .iter()
                .map(|r| json!({ "field": r.field, "key": r.key, "clause": r.clause, "detail": sentence(r) }))
                .collect();
            let body = json!({
                "type": format!("about:blank#{}", error.key()), "title": headline, "status": status.as_u16(),
                "instance": format!("urn:request:{request}"), "errors": errors,
            });
            let mut response = (status, body.to_string()).into_response();
            response.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/problem+json; charset=utf-8"),
            );
            if matches!(**error, Error::NotSignedIn) {
                // A device that took clients along forgets them when it hears this.
                response.headers_mut().insert("wushe-session", HeaderValue::from_static("ended"));
            }
            return response;
        }
        if matches!(**error, Error::NotSignedIn) {
            return Redirect::to(&format!(
                "/session/new?next={}",
                crate::fields::encode(&frame.path)
            ))
            .into_response();
        }
        if matches!(**error, Error::MustChangePassword) {
            return Redirect::to("/me/password").into_response();
        }
        let lines = match error.refusals() {
            [] => vec![frame.t(&format!("{}.next", error.key()))],
            some => some.iter().map(sentence).filter(|l| *l != headline).collect(),
        };
        let id = error.cause().map_or_else(String::new, |_| request.to_owned());
        match crate::page_with(status, &ErrorPage { frame, headline, lines, id }) {
            Ok(response) => response,
            Err(_) => status.into_response(),
        }
    }
}
