//! Visits for machines: who is due, recording, correcting, taking back, how many were met.
use access::care;
use axum::extract::Path;
use kernel::{ClientId, Day, VisitId};
use serde_json::json;
use utoipa::OpenApi;
use web::{Gate, Req, api};

use super::Answer;
use crate::acts::visit::{self, Plain};
use crate::acts::{plan, rate};
use crate::cards::whose;
use crate::model::rate::Rate;
use crate::model::visit::{Answered, Draft, Visit};
use crate::{store, view};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/visits/due", "visits.read", due)
        .post("/api/v1/visits", "visits.write", record)
        .get("/api/v1/visits/{id}", "visits.read", show)
        .put("/api/v1/visits/{id}", "visits.write", amend)
        .post("/api/v1/visits/{id}/withdrawal", "visits.write", withdraw)
        .post("/api/v1/visits/needs/{id}/answer", "visits.write", answer)
        .post("/api/v1/visits/turns", "visits.write", batch)
        .put("/api/v1/clients/{id}/visit-plan", "visits.write", set_plan)
        .get("/api/v1/visits/rate", "visits.read", month)
}

#[derive(OpenApi)]
#[openapi(
    paths(due, record, show, amend, withdraw, answer, batch, set_plan, month),
    components(schemas(
        DueOut, VisitOut, Draft, Plain, Why, Answering, Turns, PlanIn, RateOut, RateRow, Rate
    ))
)]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// A client who is visited, in walking order.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct DueOut {
    client: String,
    /// The name, or a pseudonym for whoever need not know it.
    label: String,
    /// Community and building.
    place: String,
    grade: String,
    /// The day by which the next visit is due.
    due: String,
    last_met: Option<String>,
    planned: Option<String>,
}

/// Who is due, one's own or (`who=all`) everybody's in sight.
#[utoipa::path(get, path = "/api/v1/visits/due", tag = "visits", params(("who" = Option<String>, Query)), responses((status = 200, body = [DueOut])))]
async fn due(req: Req) -> Answer {
    let who = req.query("who").unwrap_or_default();
    let out: Vec<DueOut> = req
        .ask(move |tx, cx| {
            let all = plan::standings(tx, cx, &whose(cx, &who))?;
            let (lens, mut names) = (care::Lens::of(tx, cx)?, view::Names::default());
            let mut out = Vec::new();
            for s in &all {
                let Some(line) = view::line(tx, cx, &lens, &mut names, s)? else { continue };
                out.push(DueOut {
                    client: line.id,
                    label: line.label,
                    place: line.place,
                    grade: line.grade.to_owned(),
                    due: line.due.to_string(),
                    last_met: line.last.map(|d| d.to_string()),
                    planned: line.planned.map(|d| d.to_string()),
                });
            }
            Ok(out)
        })
        .await?;
    api::ok(&out)
}

/// A visit with its sealed parts opened.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(crate) struct VisitOut {
    id: String,
    client: String,
    site: String,
    day: String,
    time: String,
    minutes: i64,
    way: String,
    outcome: String,
    planned: bool,
    next_on: Option<String>,
    withdrawn: bool,
    /// Ids of the people who went.
    workers: Vec<String>,
    said: Plain,
}

fn out(tx: &mut db::Tx<'_>, v: &Visit) -> db::Result<VisitOut> {
    Ok(VisitOut {
        id: v.id.0.clone(),
        client: v.client.0.clone(),
        site: v.site.0.clone(),
        day: v.day.to_string(),
        time: v.time.clone(),
        minutes: v.minutes,
        way: v.way.to_string(),
        outcome: v.outcome.to_string(),
        planned: v.planned,
        next_on: v.next_on.map(|d| d.to_string()),
        withdrawn: v.withdrawn.is_some(),
        workers: store::visit::workers(tx, &v.id)?.into_iter().map(|p| p.0).collect(),
        said: visit::plain(tx, v)?,
    })
}

/// Records a visit. With an `Idempotency-Key` it happens once.
#[utoipa::path(post, path = "/api/v1/visits", tag = "visits", request_body = Draft, responses((status = 201, body = VisitOut)))]
async fn record(req: Req, api::Body(draft): api::Body<Draft>) -> Answer {
    let wire = draft.clone();
    let kept = api::once(&req, &wire, move |tx, cx| {
        let v = visit::record(tx, cx, &draft)?;
        Ok(json!({ "id": v.id, "version": db::event::version(tx, "visit", v.id.as_str())? }))
    })
    .await?;
    let id = kept.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    let version = kept.get("version").and_then(serde_json::Value::as_i64);
    api::created(&kept, &format!("/api/v1/visits/{id}"), version)
}

/// A visit; the look is noted in the log.
#[utoipa::path(get, path = "/api/v1/visits/{id}", tag = "visits", params(("id" = String, Path)), responses((status = 200, body = VisitOut)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let (out, version) = req
        .act(move |tx, cx| {
            let (v, client, _) = visit::find(tx, cx, &VisitId::from(id))?;
            care::viewed(tx, cx, &client.id, "visit")?;
            Ok((out(tx, &v)?, db::event::version(tx, "visit", v.id.as_str())?))
        })
        .await?;
    api::versioned(&out, version)
}

/// Corrects a visit.
#[utoipa::path(put, path = "/api/v1/visits/{id}", tag = "visits", params(("id" = String, Path)), request_body = Draft, responses((status = 200, body = VisitOut)))]
async fn amend(req: Req, Path(id): Path<String>, api::Body(draft): api::Body<Draft>) -> Answer {
    let seen = req.if_match();
    let (out, version) = req
        .act(move |tx, cx| {
            let v = visit::amend(tx, cx, &VisitId::from(id), &draft, seen)?;
            Ok((out(tx, &v)?, db::event::version(tx, "visit", v.id.as_str())?))
        })
        .await?;
    api::versioned(&out, version)
}

/// Why.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    why: String,
}

/// Takes back a visit that was recorded by mistake.
#[utoipa::path(post, path = "/api/v1/visits/{id}/withdrawal", tag = "visits", params(("id" = String, Path)), request_body = Why, responses((status = 204)))]
async fn withdraw(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Why>) -> Answer {
    req.act(move |tx, cx| visit::withdraw(tx, cx, &VisitId::from(id), &said.why)).await?;
    Ok(api::done())
}

/// `case`, `referral`, `tip`, `gone`.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Answering {
    #[schema(value_type = String)]
    how: Answered,
}

/// Notes what became of a need that was found on a visit.
#[utoipa::path(post, path = "/api/v1/visits/needs/{id}/answer", tag = "visits", params(("id" = String, Path)), request_body = Answering, responses((status = 204)))]
async fn answer(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Answering>) -> Answer {
    req.act(move |tx, cx| visit::answer(tx, cx, &id.into(), said.how)).await?;
    Ok(api::done())
}

/// Visits of several clients on a day.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Turns {
    clients: Vec<String>,
    #[schema(value_type = String)]
    day: Day,
    /// Ids of people; the responsible workers when empty.
    #[serde(default)]
    workers: Vec<String>,
}

/// Plans visits.
#[utoipa::path(post, path = "/api/v1/visits/turns", tag = "visits", request_body = Turns, responses((status = 204)))]
async fn batch(req: Req, api::Body(new): api::Body<Turns>) -> Answer {
    let clients: Vec<ClientId> = new.clients.into_iter().map(ClientId::from).collect();
    let workers: Vec<_> = new.workers.into_iter().map(kernel::PersonId::from).collect();
    req.act(move |tx, cx| plan::batch(tx, cx, &clients, new.day, &workers)).await?;
    Ok(api::done())
}

/// How often.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanIn {
    /// Null: as the risk grade asks.
    every_days: Option<i64>,
    #[serde(default)]
    why: String,
}

/// Sets how often a client is visited.
#[utoipa::path(put, path = "/api/v1/clients/{id}/visit-plan", tag = "visits", params(("id" = String, Path)), request_body = PlanIn, responses((status = 204)))]
async fn set_plan(req: Req, Path(id): Path<String>, api::Body(new): api::Body<PlanIn>) -> Answer {
    req.act(move |tx, cx| plan::set(tx, cx, &ClientId::from(id), new.every_days, &new.why)).await?;
    Ok(api::done())
}

/// A month's rate and its rows, which add up.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct RateOut {
    month: String,
    total: Rate,
    rows: Vec<RateRow>,
}

/// The people of one worker at one site.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct RateRow {
    site: Option<String>,
    worker: Option<String>,
    rate: Rate,
}

/// 探访率 of a month (`month=2026-11`).
#[utoipa::path(get, path = "/api/v1/visits/rate", tag = "visits", params(("month" = Option<String>, Query)), responses((status = 200, body = RateOut)))]
async fn month(req: Req) -> Answer {
    let asked =
        req.query("month").unwrap_or_else(|| req.now.day().to_string().chars().take(7).collect());
    let out = req
        .ask(move |tx, cx| {
            let (from, to) = rate::month_of(&asked)?;
            let month = rate::month(tx, cx, from, to)?;
            let rows = month.rows().into_iter();
            Ok(RateOut {
                total: month.total(),
                rows: rows
                    .map(|((s, w), rate)| RateRow {
                        site: s.map(|s| s.0),
                        worker: w.map(|w| w.0),
                        rate,
                    })
                    .collect(),
                month: asked,
            })
        })
        .await?;
    api::ok(&out)
}
