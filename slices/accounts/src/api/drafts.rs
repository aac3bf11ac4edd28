//! One's own drafts: what was typed in a form and not sent yet.
use axum::extract::Path;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};
use web::{ApiError, Error, Gate, Req, api};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/drafts/{form}", "home", show)
        .put("/api/v1/drafts/{form}", "home", keep)
        .delete("/api/v1/drafts/{form}", "home", forget)
}

#[derive(OpenApi)]
#[openapi(paths(show, keep, forget), components(schemas(DraftTyped, DraftShown)))]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// What was typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftTyped {
    /// Fields in their order, each as name and value.
    values: Vec<(String, String)>,
    /// A word by which the browser knows itself again.
    device: String,
    /// The version this browser saw last.
    #[serde(default)]
    seen: Option<i64>,
    /// What the page is called.
    #[serde(default)]
    title: String,
}

/// A kept draft.
#[derive(Serialize, ToSchema)]
struct DraftShown {
    values: Vec<(String, String)>,
    device: String,
    version: i64,
    /// Milliseconds since 1970.
    at: i64,
}

/// One's draft of a form, by the form's address; `null` when there is none.
#[utoipa::path(get, path = "/api/v1/drafts/{form}", tag = "me", params(("form" = String, Path)), responses((status = 200, body = Option<DraftShown>)))]
async fn show(req: Req, Path(form): Path<String>) -> Result<Response, ApiError> {
    let found = req.ask(move |tx, cx| access::draft::find(tx, cx, &form)).await?;
    let shown = match found {
        Some((draft, text)) => Some(DraftShown {
            values: serde_json::from_str(&text).map_err(|e| Error::Broken(e.to_string()))?,
            device: draft.device,
            version: draft.version,
            at: draft.at.0,
        }),
        None => None,
    };
    api::ok(&shown)
}

/// Keeps a draft; 412 when another device kept one that this one has not seen.
#[utoipa::path(put, path = "/api/v1/drafts/{form}", tag = "me", params(("form" = String, Path)), request_body = DraftTyped, responses((status = 200), (status = 412)))]
async fn keep(
    req: Req,
    Path(form): Path<String>,
    api::Body(typed): api::Body<DraftTyped>,
) -> Result<Response, ApiError> {
    let text = serde_json::to_string(&typed.values).map_err(|e| Error::Broken(e.to_string()))?;
    let DraftTyped { device, seen, title, .. } = typed;
    let typed = access::draft::Typed { text, title, device, seen };
    let kept = req.act(move |tx, cx| access::draft::keep(tx, cx, &form, &typed)).await?;
    api::versioned(&json!({ "version": kept.version, "at": kept.at }), kept.version)
}

/// Forgets a draft.
#[utoipa::path(delete, path = "/api/v1/drafts/{form}", tag = "me", params(("form" = String, Path)), responses((status = 204)))]
async fn forget(req: Req, Path(form): Path<String>) -> Result<Response, ApiError> {
    req.act(move |tx, cx| access::draft::forget(tx, cx, &form)).await?;
    Ok(api::done())
}
