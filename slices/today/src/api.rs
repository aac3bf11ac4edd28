//! What a machine sees of a person's day.
use axum::response::Response;
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use crate::acts;

pub(crate) fn gate() -> Gate {
    Gate::api().get("/api/v1/today", "sites.read", today)
}

#[derive(OpenApi)]
#[openapi(paths(today), components(schemas(DueOut)))]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Something to do.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct DueOut {
    /// The sentence, in the language asked for.
    text: String,
    /// The site's name; empty when it concerns none.
    place: String,
    /// The last day, `2026-11-23`; null when no day is set.
    by: Option<String>,
    /// The clause it serves, such as `4A.3-5`; empty when none.
    clause: String,
    /// The page where it is done.
    href: String,
}

/// What is due in the caller's scope within 60 days, the most pressing first.
#[utoipa::path(get, path = "/api/v1/today", tag = "today", responses((status = 200, body = [DueOut])))]
async fn today(req: Req) -> Result<Response, ApiError> {
    let shell = req.shell.clone();
    let dues = req.ask(move |tx, cx| acts::gather(tx, cx, &shell)).await?;
    let out: Vec<DueOut> = dues
        .into_iter()
        .map(|d| {
            let text = d.sentence(&req);
            DueOut {
                text,
                place: d.site_name,
                by: d.by.map(|b| b.to_string()),
                clause: d.clause,
                href: d.href,
            }
        })
        .collect();
    api::ok(&out)
}
