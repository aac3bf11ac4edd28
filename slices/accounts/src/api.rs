//! What a machine sees, by subject; and the description of the whole API, every slice's part merged.
mod accounts;
mod audit;
mod drafts;
mod me;

use axum::response::Response;
use utoipa::OpenApi;
use web::{ApiError, Found, Gate, Req, api};

use crate::pages;

pub(crate) fn gate() -> Gate {
    let gate = Gate::api().get("/api/v1/openapi.json", "home", description).get(
        "/api/v1/search",
        "home",
        search,
    );
    drafts::gate(audit::gate(accounts::gate(me::gate(gate))))
}

#[derive(OpenApi)]
#[openapi(paths(description, search), components(schemas(FoundOut)))]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = Doc::openapi();
    for part in [me::openapi(), accounts::openapi(), audit::openapi(), drafts::openapi()] {
        all.merge(part);
    }
    all
}

/// The description of the whole API.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "api", responses((status = 200, body = Object)))]
async fn description(req: Req) -> Result<Response, ApiError> {
    let mut all = utoipa::openapi::OpenApi::default();
    all.info.title = "Wushe".into();
    all.info.version = env!("CARGO_PKG_VERSION").into();
    for slice in req.shell.slices.iter() {
        all.merge((slice.openapi)());
    }
    api::ok(&all)
}

/// A hit of the search.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FoundOut {
    kind: &'static str,
    label: String,
    detail: String,
    /// The page about it.
    href: String,
}

/// Searches everything in the caller's scope; at most 60 times a minute.
#[utoipa::path(get, path = "/api/v1/search", tag = "api", params(("q" = String, Query, description = "words")), responses((status = 200, body = [FoundOut]), (status = 429)))]
async fn search(req: Req) -> Result<Response, ApiError> {
    let (_, found) = pages::search::gather(&req).await?;
    let wire = |f: Found| FoundOut { kind: f.kind, label: f.label, detail: f.detail, href: f.href };
    api::ok(&found.into_iter().map(wire).collect::<Vec<_>>())
}
