//! What a machine sees: the same table, services and hours as the pages, and time that was no service.
use axum::extract::Path;
use axum::response::Response;
use kernel::{RecordId, ServiceId};
use ledger::{OtherKind, ServiceKind};
use serde_json::json;
use utoipa::OpenApi;
use web::api::Body;
use web::{ApiError, Gate, Req, api};

use crate::acts::{self, NewTime};
use crate::model::PER_PAGE;
use crate::reading::{self, Hours, Told};

type Answer = Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/ledger/months", "ledger.read", months)
        .get("/api/v1/ledger/services", "ledger.rows", services)
        .get("/api/v1/ledger/hours", "ledger.read", hours)
        .get("/api/v1/ledger/times", "ledger.rows", times)
        .post("/api/v1/ledger/times", "worklog.write", log)
        .delete("/api/v1/ledger/times/{id}", "worklog.write", remove)
}

#[derive(OpenApi)]
#[openapi(
    paths(months, services, hours, times, log, remove),
    components(schemas(MonthsOut, LineOut, Told, PageOut, ServiceOut, Hours, TimeIn, TimeOut))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Units (or months) by kind of service.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct MonthsOut {
    rows: Vec<LineOut>,
    /// Everything asked for; each client once over all rows.
    whole: Told,
}

/// A unit in a month, or a month of one unit.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct LineOut {
    /// The site's id, or `2026-11`.
    id: String,
    name: String,
    /// Kind of service → figures; kinds without services are left out.
    kinds: std::collections::BTreeMap<String, Told>,
    /// Every kind together; each client once.
    all: Told,
}

/// A page of services.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct PageOut {
    services: Vec<ServiceOut>,
    /// What all services asked for add up to, this page's and the others'.
    sum: Told,
    /// Give it as `after` for the next page; null at the end.
    next: Option<String>,
}

/// One service delivered.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ServiceOut {
    id: String,
    /// `2026-11-23`
    day: String,
    /// `visit`, `case_contact`, `group_session`, `activity`, `consultation`, `deliberation`, `school_service`, `referral`.
    kind: String,
    site: String,
    minutes: i64,
    /// 人次
    person_times: i64,
    workers: Vec<String>,
    /// Clients whom the caller may know, by the name the caller may know; at most three.
    clients: Vec<String>,
    project: Option<String>,
}

/// The figures of units in a month; with `site`, or for one's own services, the months of its year.
#[utoipa::path(get, path = "/api/v1/ledger/months", tag = "ledger",
    params(("month" = Option<String>, Query, description = "2026-11; this month when left out"), ("site" = Option<String>, Query)),
    responses((status = 200, body = MonthsOut)))]
async fn months(req: Req) -> Answer {
    let asked = crate::pages::asked(&req);
    let table = req.ask(move |tx, cx| reading::table(tx, cx, &asked)).await?;
    let rows = table.lines.into_iter().map(|l| LineOut {
        id: l.id,
        name: l.name,
        kinds: ServiceKind::WORDS
            .iter()
            .zip(l.kinds)
            .filter(|(_, t)| t.services > 0)
            .map(|(k, t)| ((*k).to_owned(), t))
            .collect(),
        all: l.all,
    });
    api::ok(&MonthsOut { rows: rows.collect(), whole: table.whole })
}

/// Services, the latest first: one's own for workers, those of the sites in scope for heads.
#[utoipa::path(get, path = "/api/v1/ledger/services", tag = "ledger",
    params(("month" = Option<String>, Query), ("span" = Option<String>, Query, description = "`year` for the month's whole year"),
        ("site" = Option<String>, Query), ("kind" = Option<String>, Query), ("person" = Option<String>, Query),
        ("project" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = PageOut), (status = 404, description = "the caller sees counts only")))]
async fn services(req: Req) -> Answer {
    let asked = crate::pages::asked(&req);
    let after = req.query("after").and_then(|a| {
        let (day, id) = a.split_once('_')?;
        Some((day.parse().ok()?, ServiceId::from(id)))
    });
    let page =
        req.ask(move |tx, cx| reading::services(tx, cx, &asked, after.as_ref(), PER_PAGE)).await?;
    let sum = page.sum;
    api::ok(&PageOut {
        services: page
            .entries
            .into_iter()
            .map(|e| ServiceOut {
                id: e.service.id.0,
                day: e.service.day.to_string(),
                kind: e.service.kind.as_str().into(),
                site: e.service.site.0,
                minutes: e.service.minutes,
                person_times: e.service.person_times,
                workers: e.workers.into_iter().map(|(name, _)| name).collect(),
                clients: e.clients.into_iter().map(|(name, _)| name).collect(),
                project: e.service.project,
            })
            .collect(),
        sum: Told {
            services: sum.services,
            minutes: sum.minutes,
            persons: Some(sum.persons),
            person_times: Some(sum.person_times),
        },
        next: page.next.map(|(day, id)| format!("{day}_{id}")),
    })
}

/// Minutes of each worker by kind, services and time beside them; of each site for callers who see counts only.
#[utoipa::path(get, path = "/api/v1/ledger/hours", tag = "ledger",
    params(("month" = Option<String>, Query), ("span" = Option<String>, Query), ("site" = Option<String>, Query)),
    responses((status = 200, body = [Hours])))]
async fn hours(req: Req) -> Answer {
    let asked = crate::pages::asked(&req);
    let all = req.ask(move |tx, cx| reading::hours_of(tx, cx, &asked)).await?;
    api::ok(&all)
}

/// Time that was no service.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TimeIn {
    /// `administrative`, `meeting`, `paperwork`, `training`, `travel`, `other`.
    kind: String,
    /// `2026-11-23`
    day: String,
    minutes: i64,
    what: String,
    /// Who asked for it; must be said of administrative work.
    #[serde(default)]
    asked_by: String,
    /// It stands among the services of a plan, contract or assessment (4B.1-7).
    #[serde(default)]
    listed: bool,
}

/// An entry of time that was no service.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct TimeOut {
    id: String,
    person: String,
    name: String,
    site: String,
    kind: String,
    day: String,
    minutes: i64,
    what: String,
    asked_by: Option<String>,
    listed: bool,
}

/// Time that was no service: one's own, or that of everybody whom a head answers for.
#[utoipa::path(get, path = "/api/v1/ledger/times", tag = "ledger",
    params(("month" = Option<String>, Query), ("span" = Option<String>, Query)), responses((status = 200, body = [TimeOut])))]
async fn times(req: Req) -> Answer {
    let asked = crate::pages::asked(&req);
    let all = req.ask(move |tx, cx| reading::times(tx, cx, &asked)).await?;
    let out: Vec<TimeOut> = all
        .into_iter()
        .map(|(o, name)| TimeOut {
            id: o.id.0,
            person: o.person.0,
            name,
            site: o.site.0,
            kind: o.kind.as_str().into(),
            day: o.day.to_string(),
            minutes: o.minutes,
            what: o.what,
            asked_by: o.asked_by,
            listed: o.listed,
        })
        .collect();
    api::ok(&out)
}

/// Notes time of the caller's own that was no service.
#[utoipa::path(post, path = "/api/v1/ledger/times", tag = "ledger", request_body = TimeIn,
    responses((status = 201, description = "its id"), (status = 422, description = "refused at the fields")))]
async fn log(req: Req, Body(body): Body<TimeIn>) -> Answer {
    let new = NewTime {
        kind: OtherKind::parse(&body.kind),
        day: body.day.parse().ok(),
        minutes: body.minutes,
        what: body.what.clone(),
        asked_by: body.asked_by.clone(),
        listed: body.listed,
    };
    let made =
        api::once(&req, &body, move |tx, cx| Ok(json!({ "id": acts::log(tx, cx, new)? }))).await?;
    let at = format!(
        "/api/v1/ledger/times/{}",
        made.get("id").and_then(serde_json::Value::as_str).unwrap_or_default()
    );
    api::created(&made, &at, None)
}

/// Takes back a note of the caller's own.
#[utoipa::path(delete, path = "/api/v1/ledger/times/{id}", tag = "ledger", params(("id" = String, Path)),
    responses((status = 204), (status = 404)))]
async fn remove(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| acts::remove(tx, cx, &RecordId::from(id.as_str()))).await?;
    Ok(api::done())
}
