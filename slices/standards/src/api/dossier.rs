//! The inspection dossier for machines: its index, and the bundle itself.
use ::policy::Verdict;
use axum::response::Response;
use utoipa::OpenApi;
use web::api::Body;
use web::{ApiError, Gate, Req, api};

use crate::live::Question;
use crate::pages::dossier::{hand_over, made};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/dossier", "dossier.run", show).post("/api/v1/dossiers", "dossier.run", take)
}

#[derive(OpenApi)]
#[openapi(paths(show, take))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// One clause asked of one unit, in the document's order.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ItemOut {
    /// Such as `0007`.
    no: String,
    clause: String,
    rule: String,
    unit: String,
    unit_name: String,
    verdict: &'static str,
    value: String,
    bound: String,
    /// What is missing; empty when nothing is.
    gap: String,
    /// Records behind it, by mark, table and number.
    records: Vec<RecordOut>,
}

/// A record behind a verdict.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct RecordOut {
    /// Such as `0007-02`.
    mark: String,
    counted: bool,
    table: String,
    number: String,
    /// Its page; empty when there is none for the caller.
    href: String,
    /// Files in the bundle.
    files: Vec<String>,
}

/// A dossier's index.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct DossierOut {
    place: String,
    as_of: String,
    met: usize,
    gaps: usize,
    asked: usize,
    items: Vec<ItemOut>,
}

/// The index of a place's dossier on a day; without `unit` of the widest place in the caller's scope.
#[utoipa::path(get, path = "/api/v1/dossier", tag = "standards",
    params(("unit" = Option<String>, Query), ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query)),
    responses((status = 200, body = DossierOut), (status = 404), (status = 422)))]
async fn show(req: Req) -> Result<Response, ApiError> {
    let (d, _, _) = made(&req, req.query("unit"), Question::strict(&req)?).await?;
    let (met, gaps, asked) = d.sums();
    let items = d
        .items
        .iter()
        .filter(|i| i.verdict != Verdict::Absent)
        .map(|i| ItemOut {
            no: i.mark(),
            clause: i.clause.clone(),
            rule: i.rule.clone(),
            unit: i.unit.clone(),
            unit_name: i.unit_name.clone(),
            verdict: i.verdict.name(),
            value: i.value.clone(),
            bound: i.bound.clone(),
            gap: i.gap.clone(),
            records: i
                .records
                .iter()
                .map(|r| RecordOut {
                    mark: r.mark.clone(),
                    counted: r.reason.is_empty(),
                    table: r.table.clone(),
                    number: r.number.clone(),
                    href: r.href.clone(),
                    files: d.names(&r.files).lines().map(str::to_owned).collect(),
                })
                .collect(),
        })
        .collect();
    let (place, as_of) = (d.place.clone(), d.as_of.to_string());
    api::ok(&DossierOut { place, as_of, met, gaps, asked, items })
}

/// Of which place and day.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DossierIn {
    /// A site, a street or the district; the widest place in scope when missing.
    unit: Option<String>,
    /// Such as `2026-11-23`; today when missing.
    as_of: Option<String>,
}

/// Makes a dossier and hands it over as a zip; who took it is kept.
#[utoipa::path(post, path = "/api/v1/dossiers", tag = "standards", request_body = DossierIn,
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 404), (status = 422)))]
async fn take(req: Req, Body(new): Body<DossierIn>) -> Result<Response, ApiError> {
    let as_of =
        match new.as_of {
            None => None,
            Some(d) => Some(d.parse().map_err(|_| {
                web::Error::from(kernel::Refusal::at("as_of", "register.not_a_day"))
            })?),
        };
    Ok(hand_over(&req, new.unit, Question { as_of, ..Question::default() }).await?)
}
