//! The units a caller may ask about.
use axum::response::Response;
use policy::UnitKind;
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use super::{ClocksOut, asked};
use crate::live::sees;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/units", "board.read", list)
}

#[derive(OpenApi)]
#[openapi(paths(list))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A unit the policy speaks of: district, street, community, station, studio.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct UnitOut {
    id: String,
    kind: &'static str,
    name: String,
    parent: Option<String>,
    /// How many findings stand at each verdict.
    verdicts: std::collections::BTreeMap<&'static str, usize>,
}

/// Units with the clocks they were judged under.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct UnitsOut {
    clocks: ClocksOut,
    units: Vec<UnitOut>,
}

/// Units in the caller's scope, by kind and name; `kind` keeps one kind.
#[utoipa::path(get, path = "/api/v1/units", tag = "standards",
    params(("kind" = Option<String>, Query), ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query)),
    responses((status = 200, body = UnitsOut), (status = 422)))]
async fn list(req: Req) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    let cx = req.cx()?;
    let kind = req.query("kind").unwrap_or_default();
    let mut by: std::collections::HashMap<&str, std::collections::BTreeMap<&'static str, usize>> =
        std::collections::HashMap::new();
    for f in &snap.findings {
        *by.entry(&f.unit).or_default().entry(f.verdict.name()).or_default() += 1;
    }
    let mut units: Vec<UnitOut> = snap
        .units
        .values()
        .filter(|u| sees(cx, u) && (kind.is_empty() || u.kind.name() == kind))
        .map(|u| UnitOut {
            id: u.id.clone(),
            kind: u.kind.name(),
            name: u.name.clone(),
            parent: u.parent.clone(),
            verdicts: by.remove(u.id.as_str()).unwrap_or_default(),
        })
        // A person nobody asks anything of is no unit of the board.
        .filter(|u| u.kind != UnitKind::Person.name() || !u.verdicts.is_empty())
        .collect();
    units.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    api::ok(&UnitsOut { clocks: ClocksOut::of(&snap), units })
}
