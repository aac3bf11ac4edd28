//! Findings, their explanations and the receipt.
use ::policy::{Finding, Receipt};
use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value as Json, json};
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use super::{ClocksOut, TextOut, asked, missing, verdict};
use crate::live::{Snapshot, gravity};
use crate::words;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/findings", "board.read", list)
        .get("/api/v1/units/{unit}/findings", "board.read", of_unit)
        .get("/api/v1/units/{unit}/rules/{rule}/explanation", "board.read", explanation)
        .get("/api/v1/receipt", "board.read", receipt)
}

#[derive(OpenApi)]
#[openapi(paths(list, of_unit, explanation, receipt))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// One rule on one unit on one day.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FindingOut {
    unit: String,
    unit_name: String,
    /// `station`, `studio`, `street`, `district`, …
    kind: &'static str,
    rule: String,
    title: TextOut,
    /// Such as `4A.3-5`.
    clause: String,
    verdict: &'static str,
    /// What was measured, in the inside unit of `returns`: fen, tenths of a day, hundredths.
    #[schema(value_type = Object)]
    value: ::policy::Measured,
    /// The same as people read it, in the caller's language.
    value_text: String,
    #[schema(value_type = Object)]
    threshold: ::policy::Threshold,
    threshold_text: String,
    /// `count`, `money`, `days`, `years`, `number`, `ratio`, `set`, `date` or `text`.
    #[schema(value_type = Option<String>)]
    returns: Option<::policy::catalogue::Returns>,
    /// The page that explains it.
    href: String,
}

/// A page of findings, the gravest first.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FindingsOut {
    clocks: ClocksOut,
    /// How many match, on all pages.
    total: usize,
    limit: usize,
    offset: usize,
    findings: Vec<FindingOut>,
}

fn wire(req: &Req, snap: &Snapshot, f: &Finding) -> Option<FindingOut> {
    let rule = snap.pack.rule(&f.rule)?;
    Some(FindingOut {
        unit: f.unit.clone(),
        unit_name: snap.units.get(&f.unit)?.name.clone(),
        kind: f.kind.name(),
        rule: f.rule.clone(),
        title: (&rule.title).into(),
        clause: rule.item.clone(),
        verdict: f.verdict.name(),
        value: f.value.clone(),
        value_text: words::value(req, f),
        threshold: f.threshold.clone(),
        threshold_text: words::bound(req, f),
        returns: f.returns,
        href: format!("/board/{}/why/{}", f.unit, f.rule),
    })
}

/// Findings on one page unless asked otherwise, and at most.
const PAGE: (usize, usize) = (100, 1000);

async fn page(req: &Req, unit: Option<String>) -> Result<Response, ApiError> {
    let snap = asked(req).await?;
    let (cx, verdict) = (req.cx()?, verdict(req)?);
    if let Some(id) = &unit {
        snap.seen(cx, id).ok_or_else(missing)?;
    }
    let rule = req.query("rule").filter(|r| !r.is_empty());
    if let Some(id) = &rule {
        snap.pack.rule(id).ok_or_else(missing)?;
    }
    let number = |name: &str| req.query(name).and_then(|n| n.parse::<usize>().ok());
    let (limit, offset) =
        (number("limit").unwrap_or(PAGE.0).clamp(1, PAGE.1), number("offset").unwrap_or(0));
    let mut found: Vec<&Finding> = snap
        .findings
        .iter()
        .filter(|f| unit.as_ref().is_none_or(|u| f.unit == *u))
        .filter(|f| rule.as_ref().is_none_or(|r| f.rule == *r))
        .filter(|f| verdict.is_none_or(|v| f.verdict == v))
        .filter(|f| snap.seen(cx, &f.unit).is_some())
        .collect();
    found.sort_by_key(|f| (gravity(f.verdict), snap.severity(&f.rule), &f.unit, &f.rule));
    let total = found.len();
    let findings =
        found.into_iter().skip(offset).take(limit).filter_map(|f| wire(req, &snap, f)).collect();
    api::ok(&FindingsOut { clocks: ClocksOut::of(&snap), total, limit, offset, findings })
}

/// Findings in the caller's scope.
#[utoipa::path(get, path = "/api/v1/findings", tag = "standards",
    params(("unit" = Option<String>, Query), ("rule" = Option<String>, Query), ("verdict" = Option<String>, Query, description = "such as `fail`"),
           ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query),
           ("limit" = Option<usize>, Query, description = "at most 1000; 100 unless asked"), ("offset" = Option<usize>, Query)),
    responses((status = 200, body = FindingsOut), (status = 404), (status = 422)))]
async fn list(req: Req) -> Result<Response, ApiError> {
    let unit = req.query("unit").filter(|u| !u.is_empty());
    page(&req, unit).await
}

/// Findings of one unit.
#[utoipa::path(get, path = "/api/v1/units/{unit}/findings", tag = "standards",
    params(("unit" = String, Path), ("rule" = Option<String>, Query), ("verdict" = Option<String>, Query),
           ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query),
           ("limit" = Option<usize>, Query), ("offset" = Option<usize>, Query)),
    responses((status = 200, body = FindingsOut), (status = 404), (status = 422)))]
async fn of_unit(req: Req, Path(unit): Path<String>) -> Result<Response, ApiError> {
    page(&req, Some(unit)).await
}

/// Why the verdict is what it is: the clause, the formula with its rows counted and not counted, the remedy. Each record carries the
/// address of its page, each keyed sentence its text in the caller's language.
#[utoipa::path(get, path = "/api/v1/units/{unit}/rules/{rule}/explanation", tag = "standards",
    params(("unit" = String, Path), ("rule" = String, Path),
           ("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 404), (status = 422)))]
async fn explanation(
    req: Req,
    Path((unit, rule)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    snap.seen(req.cx()?, &unit).ok_or_else(missing)?;
    let e = snap.engine().explain(&rule, &unit).ok_or_else(missing)?;
    let mut out = serde_json::to_value(&e).map_err(db::Error::from)?;
    said(&req, &mut out);
    api::ok(&out)
}

/// Puts the page's address to every record and the sentence to every key.
fn said(req: &Req, value: &mut Json) {
    match value {
        Json::Array(all) => all.iter_mut().for_each(|v| said(req, v)),
        Json::Object(o) => {
            o.values_mut().for_each(|v| said(req, v));
            let text = |o: &serde_json::Map<String, Json>, name: &str| {
                o.get(name).and_then(Json::as_str).map(str::to_owned)
            };
            if let (Some(kind), Some(_), Some(id)) =
                (text(o, "kind"), text(o, "table"), text(o, "id"))
            {
                o.insert("href".into(), json!(words::address(req, &kind, &id)));
            }
            if let (Some(key), Some(args)) = (text(o, "key"), o.get("args")) {
                let args: Vec<(String, String)> =
                    serde_json::from_value(args.clone()).unwrap_or_default();
                let args: Vec<(&str, String)> =
                    args.iter().map(|(n, v)| (n.as_str(), words::kind(req, v))).collect();
                o.insert("text".into(), json!(req.fill(&key, &args)));
            }
        }
        _ => {}
    }
}

/// How an answer was made, so that anyone can ask again and get the same: engine, pack, clocks, readings, hash of all verdicts.
#[utoipa::path(get, path = "/api/v1/receipt", tag = "standards",
    params(("as_of" = Option<String>, Query), ("known_at" = Option<String>, Query), ("law_at" = Option<String>, Query)),
    responses((status = 200, body = Object), (status = 422)))]
async fn receipt(req: Req) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    let names = snap.pack.notes.iter().filter_map(|n| n.option.clone());
    api::ok(&Receipt {
        engine: ::policy::receipt::ENGINE.to_owned(),
        pack: snap.pack.id.clone(),
        pack_version: snap.pack.version.clone(),
        pack_hash: snap.pack.hash.clone(),
        clocks: snap.clocks,
        // The hash is over the whole district whoever asks.
        scope: String::new(),
        options: names.map(|n| (n.clone(), snap.option(&n))).collect(),
        result_hash: snap.hash.clone(),
    })
}
