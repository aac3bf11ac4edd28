//! The whole router: every slice's endpoints behind the gate, the assets, and the outermost layers.
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::error::Mark;
use crate::req::{Ask, Req};
use crate::{Error, Frame, Gate, PageError, Shell, assets, fields};

/// Nothing but our own origin, and nothing inline.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
     font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     object-src 'none'";

/// Builds the router of these slices.
pub fn router(shell: Shell) -> Router {
    let gates: Vec<Gate> = shell.slices.iter().flat_map(|s| [(s.pages)(), (s.api)()]).collect();
    let routes =
        gates.into_iter().fold(Router::new(), |all, gate| all.merge(gate.into_router(&shell)));
    routes
        .route("/assets/{name}", get(assets::serve))
        .route("/sw.js", get(assets::worker))
        .fallback(async || PageError::from(Error::Act(db::Error::Missing)))
        .layer(DefaultBodyLimit::max(fields::MOST_BYTES))
        .layer(CatchPanicLayer::custom(|cause: Box<dyn std::any::Any + Send>| {
            let cause = cause.downcast_ref::<&str>().map_or_else(
                || cause.downcast_ref::<String>().cloned().unwrap_or_else(|| "panic".into()),
                |s| (*s).to_owned(),
            );
            PageError::from(Error::Broken(cause)).into_response()
        }))
        .layer(from_fn_with_state(shell.clone(), outermost))
        .layer(CompressionLayer::new())
        .with_state(shell)
}

/// Draws errors in the viewer's language, drops shown messages, sets the headers every answer has.
async fn outermost(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let machine = path.starts_with("/api/");
    let asset = path.starts_with("/assets/");
    let (parts, body) = request.into_parts();
    let ask = Ask::of(&parts, machine);
    let had_flash = ask.has_flash();
    let tls = shell.settings.tls;
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(mark) = response.extensions_mut().remove::<Mark>() {
        response = match Req::recognise(shell, ask).await {
            Ok(req) => mark.on(machine).draw(Frame::new(&req, "web.error.title"), &req.request_id),
            Err(_) => mark.status().into_response(),
        };
    }
    let html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.starts_with("text/html"));
    let headers = response.headers_mut();
    if had_flash && html {
        headers.append(
            header::SET_COOKIE,
            HeaderValue::from_static("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
        );
    }
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if !asset {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}
