//! Files beside a case, for machines.
use axum::extract::Path;
use axum::response::Response;
use kernel::{CaseId, RecordId};
use utoipa::OpenApi;
use web::attach::{self, AttachmentIn, AttachmentRow};
use web::{ApiError, Gate, Req, api};

use crate::acts::attachments as acts;

type Answer = std::result::Result<Response, ApiError>;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/cases/{id}/attachments", "cases.read", list)
        .post("/api/v1/cases/{id}/attachments", "cases.write", add)
        .get("/api/v1/cases/{id}/attachments/{attachment}", "cases.read", show)
        .delete("/api/v1/cases/{id}/attachments/{attachment}", "cases.write", remove)
}

#[derive(OpenApi)]
#[openapi(paths(list, add, show, remove), components(schemas(AttachmentRow, AttachmentIn)))]
struct Described;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// What is attached to a case, oldest first.
#[utoipa::path(get, path = "/api/v1/cases/{id}/attachments", tag = "cases", params(("id" = String, Path)),
    responses((status = 200, body = Vec<AttachmentRow>), (status = 404)))]
async fn list(req: Req, Path(id): Path<String>) -> Answer {
    let id = CaseId::from(id);
    let rows = req
        .act(move |tx, cx| {
            let beside = acts::to_read(tx, cx, &id)?;
            attach::rows(tx, beside.subject, &beside.id, true)
        })
        .await?;
    api::ok(&rows)
}

/// Attaches a file.
#[utoipa::path(post, path = "/api/v1/cases/{id}/attachments", tag = "cases", params(("id" = String, Path)), request_body = AttachmentIn,
    responses((status = 201), (status = 404), (status = 422)))]
async fn add(req: Req, Path(id): Path<String>, api::Body(wire): api::Body<AttachmentIn>) -> Answer {
    let of = CaseId::from(id.as_str());
    let (upload, new) = wire.read()?;
    let right = move |tx: &mut db::Tx<'_>, cx: &access::Cx| acts::to_add(tx, cx, &of);
    let kept = attach::receive(&req, Some(&upload), Ok(new), right).await?;
    let at = format!("/api/v1/cases/{id}/attachments/{}", kept.id);
    api::created(
        &serde_json::json!({ "id": kept.id, "kind": kept.kind, "day": kept.day }),
        &at,
        None,
    )
}

/// The bytes.
#[utoipa::path(get, path = "/api/v1/cases/{id}/attachments/{attachment}", tag = "cases", params(("id" = String, Path), ("attachment" = String, Path)),
    responses((status = 200), (status = 404)))]
async fn show(req: Req, Path((id, attachment)): Path<(String, String)>) -> Answer {
    let of = CaseId::from(id);
    Ok(attach::show(&req, &attachment, move |tx, cx| acts::to_read(tx, cx, &of)).await?)
}

/// Takes one away while the case is open.
#[utoipa::path(delete, path = "/api/v1/cases/{id}/attachments/{attachment}", tag = "cases", params(("id" = String, Path), ("attachment" = String, Path)),
    responses((status = 200), (status = 404), (status = 422)))]
async fn remove(req: Req, Path((id, attachment)): Path<(String, String)>) -> Answer {
    let of = CaseId::from(id);
    req.act(move |tx, cx| acts::remove(tx, cx, &of, &RecordId::from(attachment))).await?;
    api::ok(&serde_json::json!({ "removed": true }))
}
