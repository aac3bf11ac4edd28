//! What a machine sees: schools with counts, agreements, services.
use axum::extract::Path;
use axum::response::Response;
use kernel::{ClientId, Day};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;
use web::api::{self, Body};
use web::{ApiError, Gate, Req};

use crate::acts::{self, NewPlacement, NewSchoolService};
use crate::model::{Mode, ServiceKind};
use crate::view::{self, School};

type Answer = std::result::Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/schools", "schools.read", list)
        .get("/api/v1/schools/{id}", "schools.read", show)
        .post("/api/v1/schools/{id}/placements", "schools.write", place)
        .post("/api/v1/school-placements/{id}/ending", "schools.write", end)
        .post("/api/v1/school-placements/{id}/services", "schools.serve", serve)
        .put("/api/v1/school-services/{id}", "schools.serve", correct)
        .delete("/api/v1/school-services/{id}", "schools.serve", withdraw)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show, place, end, serve, correct, withdraw),
    components(schemas(SchoolOut, PlacementOut, KindOut, PlacementIn, EndingIn, ServiceIn))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// An agreement; `until` is the first day without.
#[derive(Serialize, utoipa::ToSchema)]
struct PlacementOut {
    id: String,
    person: String,
    mode: String,
    number: Option<String>,
    signed_on: String,
    since: String,
    until: Option<String>,
    landed: bool,
}

/// Services of a kind.
#[derive(Serialize, utoipa::ToSchema)]
struct KindOut {
    kind: String,
    services: i64,
    /// Attendances of pupils.
    pupils: i64,
}

/// A school: counts, no notes and no names of pupils.
#[derive(Serialize, utoipa::ToSchema)]
struct SchoolOut {
    id: String,
    name: String,
    region: String,
    /// An agreement is in force today.
    covered: bool,
    /// … and a service was delivered under it (M03).
    landed: bool,
    placements: Vec<PlacementOut>,
    services: Vec<KindOut>,
}

fn out(s: &School, today: Day) -> SchoolOut {
    SchoolOut {
        id: s.org.id.0.clone(),
        name: s.org.name.clone(),
        region: s.org.region.0.clone(),
        covered: s.covered(today),
        landed: s.landed(today),
        placements: s
            .placements
            .iter()
            .map(|p| PlacementOut {
                id: p.id.0.clone(),
                person: p.person.0.clone(),
                mode: p.mode.to_string(),
                number: p.number.clone(),
                signed_on: p.signed_on.to_string(),
                since: p.since.to_string(),
                until: p.until.map(|d| d.to_string()),
                landed: p.landed(&s.services, today),
            })
            .collect(),
        services: s
            .counts(Day::MIN)
            .into_iter()
            .map(|(kind, (services, pupils))| KindOut { kind: kind.to_string(), services, pupils })
            .collect(),
    }
}

#[utoipa::path(get, path = "/api/v1/schools", tag = "schools", responses((status = 200, body = [SchoolOut])))]
async fn list(req: Req) -> Answer {
    let all: Vec<SchoolOut> = req
        .ask(|tx, cx| {
            let schools = view::schools(tx, cx)?;
            Ok(schools.iter().map(|s| out(s, cx.today())).collect())
        })
        .await?;
    api::ok(&all)
}

#[utoipa::path(get, path = "/api/v1/schools/{id}", tag = "schools", params(("id" = String, Path)), responses((status = 200, body = SchoolOut)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let one = req.ask(move |tx, cx| Ok(out(&view::school(tx, cx, &id)?, cx.today()))).await?;
    api::ok(&one)
}

/// An agreement; `mode` is `one_school_one_sw` or `multi_school_one_sw`.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacementIn {
    person: String,
    #[schema(value_type = String)]
    mode: Mode,
    #[serde(default)]
    number: String,
    #[schema(value_type = String)]
    signed_on: Day,
    #[schema(value_type = String)]
    since: Day,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    until: Option<Day>,
}

/// The id in a kept answer.
fn id_of(kept: &serde_json::Value) -> &str {
    kept.get("id").and_then(|v| v.as_str()).unwrap_or_default()
}

#[utoipa::path(post, path = "/api/v1/schools/{id}/placements", tag = "schools", params(("id" = String, Path)), request_body = PlacementIn, responses((status = 201)))]
async fn place(req: Req, Path(id): Path<String>, Body(new): Body<PlacementIn>) -> Answer {
    let wire = json!(new);
    let at = format!("/api/v1/schools/{id}");
    let kept = api::once(&req, &wire, move |tx, cx| {
        let new = NewPlacement {
            school: id.into(),
            person: new.person.into(),
            mode: new.mode,
            number: new.number,
            signed_on: new.signed_on,
            since: new.since,
            until: new.until,
        };
        Ok(json!({ "id": acts::place(tx, cx, &new)?.id }))
    })
    .await?;
    api::created(&kept, &at, None)
}

/// The first day without; nothing for an open end.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct EndingIn {
    #[schema(value_type = Option<String>)]
    until: Option<Day>,
}

#[utoipa::path(post, path = "/api/v1/school-placements/{id}/ending", tag = "schools", params(("id" = String, Path)), request_body = EndingIn, responses((status = 204)))]
async fn end(req: Req, Path(id): Path<String>, Body(new): Body<EndingIn>) -> Answer {
    req.act(move |tx, cx| acts::end(tx, cx, &id, new.until)).await?;
    Ok(api::done())
}

/// A service; `kind` is `individual`, `group`, `class_talk`, `parents`, `teachers` or `crisis`.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ServiceIn {
    #[schema(value_type = String)]
    day: Day,
    #[schema(value_type = String)]
    kind: ServiceKind,
    minutes: i64,
    pupils: i64,
    #[serde(default)]
    notes: String,
    /// Ids of clients on file.
    #[serde(default)]
    clients: Vec<String>,
}

/// Clients are named by id: each must be in the asker's sight.
fn new_service(tx: &mut db::Tx<'_>, cx: &access::Cx, s: ServiceIn) -> db::Result<NewSchoolService> {
    let clients: Vec<ClientId> = s.clients.into_iter().map(ClientId::from).collect();
    for client in &clients {
        access::care::find(tx, cx, client)?;
    }
    Ok(NewSchoolService {
        day: s.day,
        kind: s.kind,
        minutes: s.minutes,
        pupils: s.pupils,
        notes: s.notes,
        clients,
    })
}

#[utoipa::path(post, path = "/api/v1/school-placements/{id}/services", tag = "schools", params(("id" = String, Path)), request_body = ServiceIn, responses((status = 201)))]
async fn serve(req: Req, Path(id): Path<String>, Body(new): Body<ServiceIn>) -> Answer {
    let wire = json!(new);
    let kept = api::once(&req, &wire, move |tx, cx| {
        let new = new_service(tx, cx, new)?;
        let s = acts::serve(tx, cx, &id, &new)?;
        Ok(json!({ "id": s.id, "school": s.school }))
    })
    .await?;
    api::created(&kept, &format!("/api/v1/school-services/{}", id_of(&kept)), None)
}

#[utoipa::path(put, path = "/api/v1/school-services/{id}", tag = "schools", params(("id" = String, Path)), request_body = ServiceIn, responses((status = 204)))]
async fn correct(req: Req, Path(id): Path<String>, Body(new): Body<ServiceIn>) -> Answer {
    req.act(move |tx, cx| {
        let new = new_service(tx, cx, new)?;
        acts::correct(tx, cx, &id, &new)
    })
    .await?;
    Ok(api::done())
}

#[utoipa::path(delete, path = "/api/v1/school-services/{id}", tag = "schools", params(("id" = String, Path)), responses((status = 204)))]
async fn withdraw(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| acts::withdraw(tx, cx, &id)).await?;
    Ok(api::done())
}
