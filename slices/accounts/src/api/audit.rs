//! The event log for machines.
use axum::extract::Path;
use axum::response::Response;
use db::event::{self, Entry};
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use crate::pages::audit::{filter, hex};
use crate::store;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/audit", "audit.read", list)
        .get("/api/v1/audit/verification", "audit.read", verification)
        .get("/api/v1/audit/{seq}", "audit.read", one)
}

#[derive(OpenApi)]
#[openapi(paths(list, verification, one))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

const PAGE: i64 = 100;

/// Entries that match, latest first, 100 to a page.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct LogOut {
    total: i64,
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Entry>,
}

/// What a walk over the chain found.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct VerdictOut {
    whole: bool,
    /// How many entries were found whole before the walk ended.
    checked: i64,
    /// Number and hash of the last whole entry, to be noted outside.
    head_seq: i64,
    head_hash: String,
    /// The first broken entry.
    broken_at: Option<i64>,
    /// `gap`, `prev`, `hash` or `head`.
    fault: Option<String>,
}

/// The log by days (inclusive), account, subject, verb and unit.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit",
    params(("from" = Option<String>, Query), ("to" = Option<String>, Query), ("account" = Option<String>, Query),
           ("subject" = Option<String>, Query), ("verb" = Option<String>, Query), ("unit" = Option<String>, Query), ("page" = Option<i64>, Query)),
    responses((status = 200, body = LogOut)))]
async fn list(req: Req) -> Result<Response, ApiError> {
    let f = filter(&req);
    let page =
        req.query("page").and_then(|p| p.parse::<i64>().ok()).unwrap_or(1).clamp(1, 1_000_000);
    let (total, entries) =
        req.ask(move |tx, _| store::entries(tx, &f, PAGE, (page - 1) * PAGE)).await?;
    api::ok(&LogOut { total, entries })
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/audit/{seq}", tag = "audit", params(("seq" = i64, Path)), responses((status = 200, body = Object), (status = 404)))]
async fn one(req: Req, Path(seq): Path<i64>) -> Result<Response, ApiError> {
    let entry = req.ask(move |tx, _| store::entry(tx, seq)?.ok_or(db::Error::Missing)).await?;
    api::ok(&entry)
}

/// Walks the hash chain.
#[utoipa::path(get, path = "/api/v1/audit/verification", tag = "audit", responses((status = 200, body = VerdictOut)))]
async fn verification(req: Req) -> Result<Response, ApiError> {
    let v = req.ask(|tx, _| event::verify(tx, 1)).await?;
    api::ok(&VerdictOut {
        whole: v.broken.is_none(),
        checked: v.checked,
        head_seq: v.head.seq,
        head_hash: hex(&v.head.hash),
        broken_at: v.broken.as_ref().map(|b| b.seq),
        fault: v.broken.as_ref().map(|b| format!("{:?}", b.fault).to_lowercase()),
    })
}
