//! What a bureau decides, for machines: readings switched, exceptions granted and ended, the official text bound.
use axum::extract::Path;
use axum::response::Response;
use kernel::{Day, Refusal};
use serde_json::json;
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use super::{FlipOut, asked, missing};
use crate::flips::flips;
use crate::live::{self, Question, snapshot};
use crate::model::{OptionChoice, Waiver};
use crate::{acts, pack, store};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.post("/api/v1/policy/options/{name}", "options.switch", switch)
        .get("/api/v1/policy/options/{name}/preview", "board.read", preview)
        .post("/api/v1/policy/text", "policy.bind", bind)
        .get("/api/v1/waivers", "board.read", waivers)
        .post("/api/v1/waivers", "waivers.write", grant)
        .post("/api/v1/waivers/{id}/end", "waivers.write", end)
}

#[derive(OpenApi)]
#[openapi(paths(switch, preview, bind, waivers, grant, end))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchIn {
    value: String,
    /// The first day it stands; today when missing.
    #[schema(value_type = Option<String>)]
    since: Option<Day>,
}

/// A reading in force from a day on.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct SwitchOut {
    id: String,
    name: String,
    value: String,
    since: String,
}
impl From<OptionChoice> for SwitchOut {
    fn from(o: OptionChoice) -> Self {
        Self { id: o.id.0, name: o.name, value: o.value, since: o.since.to_string() }
    }
}

/// Switches a reading. Honours `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/policy/options/{name}", tag = "standards", params(("name" = String, Path)), request_body = SwitchIn,
    responses((status = 201, body = SwitchOut), (status = 403), (status = 404), (status = 422)))]
async fn switch(
    req: Req,
    Path(name): Path<String>,
    api::Body(body): api::Body<SwitchIn>,
) -> Result<Response, ApiError> {
    let (value, since) = (body.value.clone(), body.since.unwrap_or_else(|| req.now.day()));
    let made = api::once(&req, &body, move |tx, cx| {
        let offered = pack::current(tx)?.notes.iter().any(|n| n.option.as_ref() == Some(&name));
        if !offered {
            return Err(db::Error::Missing);
        }
        let choice = acts::switch_option(tx, cx, &name, &value, since)?;
        Ok(serde_json::to_value(SwitchOut::from(choice))?)
    })
    .await?;
    api::created(&made, "/api/v1/policy", None)
}

/// What a switch would flip.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct PreviewOut {
    name: String,
    in_force: String,
    value: String,
    flips: Vec<FlipOut>,
}

/// What would flip in the caller's scope under another reading.
#[utoipa::path(get, path = "/api/v1/policy/options/{name}/preview", tag = "standards",
    params(("name" = String, Path), ("value" = String, Query), ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query)),
    responses((status = 200, body = PreviewOut), (status = 404), (status = 422)))]
async fn preview(req: Req, Path(name): Path<String>) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    if !snap.pack.notes.iter().any(|n| n.option.as_ref() == Some(&name)) {
        return Err(missing().into());
    }
    let value = req.query("value").unwrap_or_default();
    if !pack::offers(&snap.pack, &name, &value) {
        return Err(Refusal::at("value", "standards.option_unknown").into());
    }
    let other = snap.with_option(&name, &value);
    let flips = flips(req.cx()?, &snap, &other).into_iter().map(FlipOut::from).collect();
    api::ok(&PreviewOut { in_force: snap.option(&name), name, value, flips })
}

#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TextIn {
    /// The official text as issued. It stays in this deployment's database.
    text: String,
}

/// Binds the official text: every quote of the pack must stand in it. Honours `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/policy/text", tag = "standards", request_body = TextIn, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
async fn bind(req: Req, api::Body(body): api::Body<TextIn>) -> Result<Response, ApiError> {
    let text = body.text.clone();
    api::once(&req, &body, move |tx, cx| {
        acts::bind_text(tx, cx, &text)?;
        Ok(json!({}))
    })
    .await?;
    Ok(api::done())
}

/// An exception.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct WaiverOut {
    id: String,
    rule: String,
    unit: String,
    reason: String,
    approver: String,
    since: String,
    /// The first day on which it no longer excuses.
    until: String,
}
impl From<Waiver> for WaiverOut {
    fn from(w: Waiver) -> Self {
        Self {
            id: w.id.0,
            rule: w.rule,
            unit: w.unit,
            reason: w.reason,
            approver: w.approver,
            since: w.since.to_string(),
            until: w.until.to_string(),
        }
    }
}

/// Exceptions in the caller's scope, past ones too, the latest end first.
#[utoipa::path(get, path = "/api/v1/waivers", tag = "standards", responses((status = 200, body = [WaiverOut])))]
async fn waivers(req: Req) -> Result<Response, ApiError> {
    let snap = snapshot(&req, Some(Question::default())).await?;
    let all = req.ask(|tx, _| store::waivers(tx)).await?;
    let cx = req.cx()?;
    let mine = all.into_iter().filter(|w| snap.seen(cx, &w.unit).is_some());
    api::ok(&mine.map(WaiverOut::from).collect::<Vec<_>>())
}

#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WaiverIn {
    rule: String,
    unit: String,
    reason: String,
    /// The first day on which it no longer excuses; at most two years ahead.
    #[schema(value_type = String)]
    until: Day,
}

/// Grants an exception from today on. Honours `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/waivers", tag = "standards", request_body = WaiverIn, responses((status = 201, body = WaiverOut), (status = 403), (status = 404), (status = 422)))]
async fn grant(req: Req, api::Body(body): api::Body<WaiverIn>) -> Result<Response, ApiError> {
    let snap = snapshot(&req, Some(Question::default())).await?;
    snap.seen(req.cx()?, &body.unit).ok_or_else(missing)?;
    if !snap.asks(&body.unit, &body.rule) {
        return Err(kernel::Refusal::at("rule", "standards.rule_unknown").into());
    }
    let new = acts::NewWaiver {
        rule: body.rule.clone(),
        unit: body.unit.clone(),
        reason: body.reason.clone(),
        since: req.now.day(),
        until: body.until,
    };
    let made = api::once(&req, &body, move |tx, cx| {
        Ok(serde_json::to_value(WaiverOut::from(acts::waive(tx, cx, new)?))?)
    })
    .await?;
    api::created(&made, "/api/v1/waivers", None)
}

/// Ends an exception today.
#[utoipa::path(post, path = "/api/v1/waivers/{id}/end", tag = "standards", params(("id" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
async fn end(req: Req, Path(id): Path<String>) -> Result<Response, ApiError> {
    live::end_waiver(&req, id).await?;
    Ok(api::done())
}
