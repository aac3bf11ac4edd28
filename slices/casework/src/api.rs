//! What a machine sees: cases, notes, transitions and reports by the same acts as the pages.
mod attachments;

use axum::extract::Path;
use axum::response::Response;
use kernel::{CaseId, Day, RecordId};
use registry::client::RiskGrade;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{OpenApi, ToSchema};
use web::{ApiError, Error, Gate, Req, api};

use crate::acts::notes::NewNote;
use crate::acts::opening::NewCase;
use crate::acts::reports::NewReport;
use crate::acts::{self, closing, notes, opening, reports, requests, stages};
use crate::model::report::Situation;
use crate::model::{CaseKind, CaseSource, ContactMode, Stage, clock};
use crate::store::{self, Asked, Line};

type Answer = std::result::Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    attachments::gate(Gate::api())
        .get("/api/v1/cases", "cases.read", list)
        .post("/api/v1/cases", "cases.write", open)
        .get("/api/v1/cases/{id}", "cases.read", show)
        .post("/api/v1/cases/{id}/stage", "cases.write", advance)
        .post("/api/v1/cases/{id}/closing", "cases.write", ask_closing)
        .get("/api/v1/cases/{id}/notes", "cases.read", notes_of)
        .post("/api/v1/cases/{id}/notes", "cases.write", add_note)
        .get("/api/v1/cases/{id}/seal", "cases.read", seal)
        .post("/api/v1/cases/requests/{request}/decision", "cases.read", decide)
        .post("/api/v1/reports", "reports.write", report)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, open, show, advance, ask_closing, notes_of, add_note, seal, decide, report),
    components(schemas(
        CaseWire,
        CaseClock,
        CaseOpening,
        CaseGoing,
        CaseNote,
        NewCaseNote,
        CaseDecision,
        NewHarmReport
    ))
)]
struct Described;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = Described::openapi();
    all.merge(attachments::openapi());
    all
}

/// A clock that runs.
#[derive(Serialize, ToSchema)]
struct CaseClock {
    /// `response`, `decision`, `assessment`, `plan`, `review`, `contact`, `approval`, `follow_up`, `crisis`
    key: &'static str,
    #[schema(value_type = String)]
    by: Day,
}

/// A case's header.
#[derive(Serialize, ToSchema)]
struct CaseWire {
    id: String,
    number: String,
    client: String,
    /// The client's name, or a pseudonym.
    client_label: String,
    site: String,
    kind: &'static str,
    source: &'static str,
    stage: &'static str,
    grade: &'static str,
    #[schema(value_type = String)]
    opened_on: Day,
    #[schema(value_type = Option<String>)]
    closed_on: Option<Day>,
    reason: Option<&'static str>,
    notes: i64,
    #[schema(value_type = Option<String>)]
    last_contact: Option<Day>,
    due: Vec<CaseClock>,
    /// May the asker read its content?
    content: bool,
}

fn wire(tx: &mut db::Tx<'_>, cx: &access::Cx, line: &Line) -> db::Result<CaseWire> {
    let acts::Seen { client, sight, .. } = acts::find(tx, cx, &line.case.id)?;
    let due = clock::running(&line.face).into_iter().map(|c| CaseClock { key: c.key, by: c.by });
    Ok(CaseWire {
        id: line.case.id.0.clone(),
        number: line.case.number(),
        client: client.id.0.clone(),
        client_label: sight.label(&client),
        site: line.case.site.0.clone(),
        kind: line.case.kind.as_str(),
        source: line.case.source.as_str(),
        stage: line.case.stage.as_str(),
        grade: client.grade.as_str(),
        opened_on: line.case.opened_on,
        closed_on: line.case.closed_on,
        reason: line.case.reason.map(|r| r.as_str()),
        notes: line.notes,
        last_contact: line.face.last_note,
        due: due.collect(),
        content: sight.file,
    })
}

/// Cases in sight: `stage` (`open`, `closed` or a stage), `client`, `limit` up to 200, `offset`.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases", params(
    ("stage" = Option<String>, Query), ("client" = Option<String>, Query), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query)),
    responses((status = 200, body = Object)))]
async fn list(req: Req) -> Answer {
    let number =
        |name: &str, usual: i64| req.query(name).and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (limit, offset) = (number("limit", 50).clamp(1, 200), number("offset", 0).max(0));
    let asked = Asked {
        stage: req.query("stage").unwrap_or_default(),
        client: req.query("client").map(Into::into),
        ..Asked::default()
    };
    let all = req
        .ask(move |tx, cx| {
            let total = store::count(tx, cx, &asked)?;
            let lines = store::list(tx, cx, &asked, limit, offset)?;
            let cases =
                lines.iter().map(|l| wire(tx, cx, l)).collect::<db::Result<Vec<CaseWire>>>()?;
            Ok(json!({ "total": total, "cases": cases }))
        })
        .await?;
    api::ok(&all)
}

/// What opens an intake.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseOpening {
    client: String,
    #[schema(value_type = String)]
    kind: CaseKind,
    #[schema(value_type = String)]
    source: CaseSource,
    #[schema(value_type = String)]
    day: Day,
    /// The record it came from, such as `visit:ID`.
    #[serde(default)]
    origin: Option<String>,
}

/// Opens an intake for a client that the asker looks after.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = CaseOpening, responses((status = 201)))]
async fn open(req: Req, api::Body(new): api::Body<CaseOpening>) -> Answer {
    let body = serde_json::to_value(&new).map_err(|e| Error::Broken(e.to_string()))?;
    let kept = api::once(&req, &body, move |tx, cx| {
        let CaseOpening { client, kind, source, day, origin } = new;
        let new = NewCase { client: client.into(), kind, source, day, origin };
        let case = opening::open(tx, cx, new)?;
        Ok(json!({ "id": case.id, "number": case.number() }))
    })
    .await?;
    let id = kept.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/cases/{id}"), None)
}

/// One case's header with its clocks.
#[utoipa::path(get, path = "/api/v1/cases/{id}", tag = "cases", params(("id" = String, Path)), responses((status = 200, body = CaseWire)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let id = CaseId::from(id);
    let (value, version) = req
        .ask(move |tx, cx| {
            acts::find(tx, cx, &id)?;
            let line = store::line_unguarded(tx, &id)?.ok_or(db::Error::Missing)?;
            Ok((wire(tx, cx, &line)?, db::event::version(tx, "case_file", id.as_str())?))
        })
        .await?;
    api::versioned(&value, version)
}

/// Where to go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseGoing {
    #[schema(value_type = String)]
    to: Stage,
}

/// Goes on to the next stage, or back to planning. The gate names the documents it misses.
#[utoipa::path(post, path = "/api/v1/cases/{id}/stage", tag = "cases", params(("id" = String, Path)), request_body = CaseGoing, responses((status = 200)))]
async fn advance(
    req: Req,
    Path(id): Path<String>,
    api::Body(going): api::Body<CaseGoing>,
) -> Answer {
    let (id, seen) = (CaseId::from(id), req.if_match());
    let case = req
        .act(move |tx, cx| {
            acts::find(tx, cx, &id)?;
            let version = db::event::version(tx, "case_file", id.as_str())?;
            if seen.is_some_and(|s| s != version) {
                return Err(db::Error::Stale);
            }
            stages::advance(tx, cx, &id, going.to)
        })
        .await?;
    api::ok(&json!({ "id": case.id, "stage": case.stage }))
}

/// Asks to close the case.
#[utoipa::path(post, path = "/api/v1/cases/{id}/closing", tag = "cases", params(("id" = String, Path)), responses((status = 200)))]
async fn ask_closing(req: Req, Path(id): Path<String>) -> Answer {
    let id = CaseId::from(id);
    let asked = req.act(move |tx, cx| requests::ask_closing(tx, cx, &id)).await?;
    api::ok(&json!({ "request": asked.id }))
}

/// A contact note, opened.
#[derive(Serialize, ToSchema)]
struct CaseNote {
    id: String,
    serial: i64,
    #[schema(value_type = String)]
    day: Day,
    start: Option<String>,
    minutes: i64,
    mode: &'static str,
    facts: String,
    analysis: String,
    actions: String,
    next_step: String,
    #[schema(value_type = Option<String>)]
    next_on: Option<Day>,
    late: &'static str,
    by: String,
}

/// Every note of a case whose content the asker reads, latest first. The look is logged.
#[utoipa::path(get, path = "/api/v1/cases/{id}/notes", tag = "cases", params(("id" = String, Path)), responses((status = 200, body = [CaseNote])))]
async fn notes_of(req: Req, Path(id): Path<String>) -> Answer {
    let id = CaseId::from(id);
    let all = req
        .act(move |tx, cx| {
            let seen = acts::look(tx, cx, &id)?;
            let mut out = Vec::new();
            for n in store::notes_of(tx, &id)? {
                let said = notes::words(tx, &seen.case, &n)?;
                out.push(CaseNote {
                    id: n.id.0.clone(),
                    serial: n.serial,
                    day: n.day,
                    start: n.start.clone(),
                    minutes: n.minutes,
                    mode: n.mode.as_str(),
                    facts: said.facts,
                    analysis: said.analysis,
                    actions: said.actions,
                    next_step: said.next_step,
                    next_on: n.next_on,
                    late: n.late.as_str(),
                    by: n.by_name.clone(),
                });
            }
            Ok(out)
        })
        .await?;
    api::ok(&all)
}

/// A note to be written.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCaseNote {
    #[schema(value_type = String)]
    day: Day,
    #[serde(default)]
    start: String,
    minutes: i64,
    #[schema(value_type = String)]
    mode: ContactMode,
    facts: String,
    #[serde(default)]
    analysis: String,
    #[serde(default)]
    actions: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    grade: Option<RiskGrade>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    next_on: Option<Day>,
    #[serde(default)]
    next_step: String,
}

/// Writes a note and its service.
#[utoipa::path(post, path = "/api/v1/cases/{id}/notes", tag = "cases", params(("id" = String, Path)), request_body = NewCaseNote, responses((status = 201)))]
async fn add_note(
    req: Req,
    Path(id): Path<String>,
    api::Body(new): api::Body<NewCaseNote>,
) -> Answer {
    let body = serde_json::to_value(&new).map_err(|e| Error::Broken(e.to_string()))?;
    let case = CaseId::from(id.as_str());
    let kept = api::once(&req, &body, move |tx, cx| {
        let note = NewNote {
            start: new.start,
            place: new.place,
            analysis: new.analysis,
            actions: new.actions,
            grade: new.grade,
            next_on: new.next_on,
            next_step: new.next_step,
            ..NewNote::of(new.day, new.mode, new.minutes, &new.facts)
        };
        let kept = notes::add(tx, cx, &case, note)?;
        Ok(json!({ "id": kept.id, "serial": kept.serial, "late": kept.late }))
    })
    .await?;
    api::created(&kept, &format!("/api/v1/cases/{id}/notes"), None)
}

/// The hash of a closed file and whether the file is what it was.
#[utoipa::path(get, path = "/api/v1/cases/{id}/seal", tag = "cases", params(("id" = String, Path)), responses((status = 200), (status = 404)))]
async fn seal(req: Req, Path(id): Path<String>) -> Answer {
    let id = CaseId::from(id);
    let proof = req
        .act(move |tx, cx| {
            let seen = acts::look(tx, cx, &id)?;
            let proof = closing::proof(tx, &seen.case)?.ok_or(db::Error::Missing)?;
            Ok(json!({ "hash": proof.freeze.hash, "parts": proof.freeze.parts, "at": proof.freeze.at.rfc3339(),
                "intact": proof.intact, "keep_until": seen.case.keep_until }))
        })
        .await?;
    api::ok(&proof)
}

/// An answer to a request.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaseDecision {
    approved: bool,
    #[serde(default)]
    remark: String,
}

/// Agrees to a request or returns it. Nobody agrees to their own.
#[utoipa::path(post, path = "/api/v1/cases/requests/{request}/decision", tag = "cases", params(("request" = String, Path)), request_body = CaseDecision, responses((status = 200)))]
async fn decide(
    req: Req,
    Path(id): Path<String>,
    api::Body(said): api::Body<CaseDecision>,
) -> Answer {
    let id = RecordId::from(id);
    let done =
        req.act(move |tx, cx| requests::decide(tx, cx, &id, said.approved, &said.remark)).await?;
    api::ok(&json!({ "id": done.id, "outcome": done.outcome }))
}

/// A report of harm to a minor. Everything may be open.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct NewHarmReport {
    client: Option<String>,
    #[schema(value_type = Option<String>)]
    situation: Option<Situation>,
    minor: String,
    facts: String,
    place: String,
    steps: String,
    police: String,
    police_receipt: String,
}

/// Reports harm to a minor; answers the receipt number. No approval stands before it.
#[utoipa::path(post, path = "/api/v1/reports", tag = "cases", request_body = NewHarmReport, responses((status = 201)))]
async fn report(req: Req, api::Body(new): api::Body<NewHarmReport>) -> Answer {
    let body = serde_json::to_value(&new).map_err(|e| Error::Broken(e.to_string()))?;
    let kept = api::once(&req, &body, move |tx, cx| {
        let row = reports::report(
            tx,
            cx,
            NewReport {
                client: new.client.map(Into::into),
                situation: new.situation,
                minor: new.minor,
                facts: new.facts,
                place: new.place,
                steps: new.steps,
                police: new.police,
                police_receipt: new.police_receipt,
                ..NewReport::default()
            },
        )?;
        Ok(json!({ "id": row.id, "number": row.number(), "at": row.at.rfc3339() }))
    })
    .await?;
    api::created(&kept, "/reports", None)
}
