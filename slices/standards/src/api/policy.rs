//! The policy for machines: its head, clauses, rules, and the readings with the one in force.
use ::policy::catalogue::Returns;
use ::policy::pack::{Bound, Dated, Modality, Rule, Severity};
use ::policy::{Threshold, UnitKind};
use axum::response::Response;
use kernel::Day;
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use super::{TextOut, asked};
use crate::{official, store, words};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/policy", "policy.read", head).get("/api/v1/rules", "policy.read", rules)
}

#[derive(OpenApi)]
#[openapi(paths(head, rules))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// The instrument the district is judged by.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct PolicyOut {
    id: String,
    version: String,
    /// `draft`, `in_force`, `superseded` or `repealed`.
    status: String,
    title: TextOut,
    doc_no: String,
    issuer: String,
    in_force_from: Option<String>,
    in_force_until: Option<String>,
    /// SHA-256 over the pack's files, in hex.
    hash: String,
    rules: usize,
    /// Cases that come with the pack and hold.
    cases: usize,
    /// Is the official text bound in this deployment?
    text_bound: bool,
    clauses: Vec<ClauseOut>,
    options: Vec<OptionOut>,
}

/// A heading with our restatement.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ClauseOut {
    id: String,
    heading: String,
    level: usize,
    says: TextOut,
    /// The official paragraphs, when the text is bound.
    official: Vec<String>,
}

/// What the text leaves to the district, and what the district chose.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct OptionOut {
    name: String,
    /// The clause item the note stands at.
    clause: String,
    note: TextOut,
    /// Rules it bears on.
    rules: Vec<String>,
    default: Option<String>,
    in_force: String,
    choices: Vec<ChoiceOut>,
}

/// One reading.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ChoiceOut {
    value: String,
    says: TextOut,
}

/// The pack's head, clauses and readings.
#[utoipa::path(get, path = "/api/v1/policy", tag = "standards", params(("as_of" = Option<String>, Query, description = "the day whose readings are in force")),
    responses((status = 200, body = PolicyOut), (status = 422)))]
async fn head(req: Req) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    let pack = &snap.pack;
    let text = req
        .ask(|tx, _| {
            let name = store::pack(tx)?.map(|c| c.pack).unwrap_or_default();
            Ok(store::text(tx, &name)?.map(|t| t.text))
        })
        .await?;
    let official = |at: usize| -> Vec<String> {
        let paragraphs = text.as_deref().map(|t| official::paragraphs(pack, at, t));
        let join = |p: Vec<official::Stretch>| p.into_iter().map(|s| s.text).collect();
        paragraphs.unwrap_or_default().into_iter().map(join).collect()
    };
    let clauses = pack.clauses.iter().enumerate().map(|(at, c)| ClauseOut {
        id: c.id.clone(),
        heading: c.heading.clone(),
        level: c.level,
        says: (&c.says).into(),
        official: official(at),
    });
    let options = pack.notes.iter().filter_map(|n| {
        let name = n.option.clone()?;
        let choice = |c: &::policy::pack::Choice| ChoiceOut {
            value: c.value.clone(),
            says: TextOut { zh: c.zh.clone(), en: c.en.clone() },
        };
        Some(OptionOut {
            in_force: snap.option(&name),
            name,
            clause: n.item.clone(),
            note: (&n.text).into(),
            rules: n.on.clone(),
            default: n.default.clone(),
            choices: n.choices.iter().map(choice).collect(),
        })
    });
    api::ok(&PolicyOut {
        id: pack.id.clone(),
        version: pack.version.clone(),
        status: pack.status.clone(),
        title: (&pack.title).into(),
        doc_no: pack.doc_no.clone(),
        issuer: pack.issuer.clone(),
        in_force_from: pack.in_force.0.map(|d| d.to_string()),
        in_force_until: pack.in_force.1.map(|d| d.to_string()),
        hash: pack.hash.clone(),
        rules: pack.rules.len(),
        cases: pack.cases().count(),
        text_bound: text.is_some(),
        clauses: clauses.collect(),
        options: options.collect(),
    })
}

/// A rule of the pack.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct RuleOut {
    id: String,
    /// `require`, `target`, `duty`, `entitle`, `prohibit` or `permit`.
    #[schema(value_type = String)]
    kind: ::policy::pack::RuleKind,
    /// The item inside its clause, such as `4A.3-5`.
    clause: String,
    title: TextOut,
    quote: Option<String>,
    /// Kinds of unit it is asked of.
    #[schema(value_type = Vec<String>)]
    on: Vec<UnitKind>,
    #[schema(value_type = String)]
    modality: Modality,
    #[schema(value_type = String)]
    severity: Severity,
    /// The measure it asks, of the catalogue.
    measure: Option<&'static str>,
    /// The bound of the day asked, in the caller's language.
    bound: String,
    /// The path of a target.
    points: Vec<PointOut>,
    remedy: Option<TextOut>,
    /// Readings that bear on it.
    options: Vec<String>,
}

/// A point of a target's path.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct PointOut {
    by: String,
    bound: String,
}

/// A rule's bound on a day, as people read it. Names keep their holes, which each unit fills for itself.
fn bound(req: &Req, rule: &Rule, law: Day) -> String {
    let on = |all: &[Dated]| {
        all.iter().find(|d| d.from <= law && d.to.is_none_or(|to| law < to)).map(|d| d.value)
    };
    let threshold = match &rule.bound {
        Bound::None => {
            on(&rule.amount).map_or(Threshold::None, |value| Threshold::Equals { value })
        }
        Bound::Range { min, max } => Threshold::Range { min: on(min), max: on(max) },
        Bound::Equals(all) => on(all).map_or(Threshold::None, |value| Threshold::Equals { value }),
        Bound::Includes(kinds) | Bound::Until(kinds) => {
            Threshold::Includes { kinds: kinds.clone() }
        }
        Bound::AnyOf(kinds) => Threshold::AnyOf { kinds: kinds.clone() },
        Bound::Matches(pattern) => Threshold::Shape { text: pattern.text.clone() },
    };
    // An allowance is fen a month, whatever else the rule measures.
    let returns = rule.call.as_ref().map(|c| c.measure.entry().returns);
    let returns = if rule.amount.is_empty() { returns } else { Some(Returns::Money) };
    words::threshold(req, &threshold, returns)
}

/// The pack's rules in their order.
#[utoipa::path(get, path = "/api/v1/rules", tag = "standards", params(("law_at" = Option<String>, Query, description = "the day whose bounds are asked")),
    responses((status = 200, body = [RuleOut]), (status = 422)))]
async fn rules(req: Req) -> Result<Response, ApiError> {
    let snap = asked(&req).await?;
    let law = snap.clocks.law();
    let point = |p: &::policy::pack::Point| PointOut {
        by: p.by.to_string(),
        bound: words::threshold(
            &req,
            &Threshold::Range { min: Some(p.min), max: None },
            Some(p.call.measure.entry().returns),
        ),
    };
    let wire = |r: &Rule| RuleOut {
        id: r.id.clone(),
        kind: r.kind,
        clause: r.item.clone(),
        title: (&r.title).into(),
        quote: r.quote.as_ref().map(|q| q.words.clone()),
        on: r.on.clone(),
        modality: r.modality,
        severity: r.severity,
        measure: r.call.as_ref().map(|c| c.measure.entry().name),
        bound: bound(&req, r, law),
        points: r.points.iter().map(point).collect(),
        remedy: r.remedy.as_ref().map(TextOut::from),
        options: snap.pack.notes_on(&r.id).filter_map(|n| n.option.clone()).collect(),
    };
    api::ok(&snap.pack.rules.iter().map(wire).collect::<Vec<_>>())
}
