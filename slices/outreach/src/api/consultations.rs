//! Consultations for machines.
use axum::extract::Path;
use kernel::ConsultationId;
use serde_json::json;
use utoipa::OpenApi;
use web::{Gate, Req, api};

use super::Answer;
use crate::acts::consultation::{self, Said};
use crate::model::consultation::{Asked, Consultation};
use crate::store;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/consultations", "visits.read", list)
        .post("/api/v1/consultations", "visits.write", record)
        .get("/api/v1/consultations/{id}", "visits.read", show)
        .post("/api/v1/consultations/{id}/follow-up", "visits.write", follow)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, record, show, follow),
    components(schemas(ConsultationOut, Asked, Said, Words))
)]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A consultation; what was said only when one is asked for.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ConsultationOut {
    id: String,
    client: Option<String>,
    site: String,
    channel: String,
    field: String,
    day: String,
    minutes: i64,
    guide: Option<String>,
    resolved: bool,
    follow_on: Option<String>,
    said: Option<Said>,
}

fn out(n: Consultation, said: Option<Said>) -> ConsultationOut {
    ConsultationOut {
        id: n.id.0,
        client: n.client.map(|c| c.0),
        site: n.site.0,
        channel: n.channel.to_string(),
        field: n.field.to_string(),
        day: n.day.to_string(),
        minutes: n.minutes,
        guide: n.guide,
        resolved: n.resolved,
        follow_on: n.follow_on.map(|d| d.to_string()),
        said,
    }
}

/// The latest 200 in sight, without what was said.
#[utoipa::path(get, path = "/api/v1/consultations", tag = "consultations", responses((status = 200, body = [ConsultationOut])))]
async fn list(req: Req) -> Answer {
    let all = req.ask(|tx, cx| store::consultation::latest(tx, cx, 200)).await?;
    api::ok(&all.into_iter().map(|n| out(n, None)).collect::<Vec<_>>())
}

/// Records a consultation.
#[utoipa::path(post, path = "/api/v1/consultations", tag = "consultations", request_body = Asked, responses((status = 201)))]
async fn record(req: Req, api::Body(asked): api::Body<Asked>) -> Answer {
    let wire = asked.clone();
    let kept = api::once(&req, &wire, move |tx, cx| {
        Ok(json!({ "id": consultation::record(tx, cx, &asked)?.id }))
    })
    .await?;
    let id = kept.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/consultations/{id}"), None)
}

/// A consultation with what was said; a look into a client's file is noted.
#[utoipa::path(get, path = "/api/v1/consultations/{id}", tag = "consultations", params(("id" = String, Path)), responses((status = 200, body = ConsultationOut)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let out = req
        .act(move |tx, cx| {
            let (n, _) = consultation::find(tx, cx, &ConsultationId::from(id))?;
            let said = consultation::said(tx, &n)?;
            Ok(out(n, Some(said)))
        })
        .await?;
    api::ok(&out)
}

/// How it was followed up.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    words: String,
}

/// Notes how a consultation was followed up.
#[utoipa::path(post, path = "/api/v1/consultations/{id}/follow-up", tag = "consultations", params(("id" = String, Path)), request_body = Words, responses((status = 204)))]
async fn follow(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Words>) -> Answer {
    req.act(move |tx, cx| consultation::follow(tx, cx, &ConsultationId::from(id), &said.words))
        .await?;
    Ok(api::done())
}
