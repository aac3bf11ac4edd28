//! What a machine sees: uploads with their dry run, commits, undos, exports, templates, regions.
mod describe;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::{ApiError, Error, Gate, Req, api};

pub(crate) use describe::openapi;

use crate::acts;
use crate::acts::import::SheetDraft;
use crate::acts::regions::Change;
use crate::draft::Draft;
use crate::house::House;
use crate::jobs::{self, Job, Outcome};
use crate::model::{ImportBatch, Lean, Report, SheetCount};
use crate::pages;
use crate::store;

type Answer = Result<Response, ApiError>;

/// The endpoints.
pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/imports", "import.run", list)
        .post("/api/v1/imports", "import.run", create)
        .get("/api/v1/imports/templates/{file}", "import.run", template)
        .get("/api/v1/imports/{id}", "import.run", check)
        .post("/api/v1/imports/{id}/commitment", "import.run", commit)
        .get("/api/v1/imports/batches/{id}", "import.run", batch)
        .post("/api/v1/imports/batches/{id}/undo", "import.run", undo)
        .get("/api/v1/exports/{file}", "export.run", export)
        .get("/api/v1/regions", "sites.read", regions)
        .post("/api/v1/regions/loads", "regions.write", load)
}

/// Something wrong with one cell.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct WireFault {
    register: String,
    row: u32,
    column: String,
    cell: String,
    key: String,
    detail: String,
}

/// What the dry run found.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct WireCheck {
    id: String,
    /// No row is refused: a commit will do exactly this.
    ready: bool,
    sheets: Vec<SheetCount>,
    faults: Vec<WireFault>,
    /// Headings of required columns that the upload lacks.
    lacking: Vec<String>,
}

/// A committed import.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct WireBatch {
    id: String,
    registers: Vec<String>,
    file: String,
    digest: String,
    by: String,
    /// Milliseconds since 1970.
    at: i64,
    added: i64,
    amended: i64,
    unchanged: i64,
    undoable: bool,
    undone_at: Option<i64>,
}

/// A list of regions to follow.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WireLoad {
    /// In the layout `code,name,level,parent`.
    csv: String,
    /// ISO date.
    as_of: String,
    /// Only tells what would change.
    #[serde(default)]
    dry_run: bool,
}

/// A region.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct WireRegion {
    id: String,
    kind: &'static str,
    code: String,
    name: String,
    parent: Option<String>,
    since: String,
    until: Option<String>,
}

fn wire(b: &ImportBatch, now: kernel::Instant) -> WireBatch {
    WireBatch {
        id: b.id.0.clone(),
        registers: b.registers.split(',').map(str::to_owned).collect(),
        file: b.file.clone(),
        digest: b.digest.clone(),
        by: b.name.clone(),
        at: b.at.0,
        added: b.added,
        amended: b.amended,
        unchanged: b.unchanged,
        undoable: b.undoable(now),
        undone_at: b.undone_at.map(|t| t.0),
    }
}

fn checked(req: &Req, id: &str, report: &Report) -> WireCheck {
    let fault = |f: &crate::model::RowFault| WireFault {
        register: f.register.to_owned(),
        row: f.row,
        column: f.column.clone(),
        cell: f.cell.clone(),
        key: f.refusal.key.to_owned(),
        detail: req.refusal(&f.refusal),
    };
    WireCheck {
        id: id.to_owned(),
        ready: report.sum(|s| s.faulty) == 0,
        sheets: report.sheets.clone(),
        faults: report.faults.iter().map(fault).collect(),
        lacking: Vec::new(),
    }
}

fn lacking(req: &Req, sheets: &[SheetDraft]) -> Vec<String> {
    let house = House::of(&req.shell);
    sheets
        .iter()
        .filter_map(|s| Some((house.register(&s.register)?, s)))
        .flat_map(|(r, s)| s.lacking(r).into_iter().map(move |slot| (r, slot)))
        .map(|(r, slot)| crate::sheet::heading(&house, req.lang, r, &slot))
        .collect()
}

#[utoipa::path(get, path = "/api/v1/imports", responses((status = 200, body = Vec<WireBatch>)))]
pub(crate) async fn list(req: Req) -> Answer {
    let batches = req.ask(|tx, cx| store::batches(tx, cx, 200)).await?;
    api::ok(&batches.iter().map(|b| wire(b, req.now)).collect::<Vec<_>>())
}

/// The body is the file itself; `?register=` names the register, or every sheet of a workbook is taken when it is left out.
#[utoipa::path(post, path = "/api/v1/imports", params(("register" = Option<String>, Query), ("name" = Option<String>, Query)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses((status = 201, body = WireCheck), (status = 422)))]
pub(crate) async fn create(req: Req, body: Bytes) -> Answer {
    let house = House::of(&req.shell);
    let register = match req.query("register") {
        None => None,
        Some(name) => Some(
            house
                .register(&name)
                .filter(|r| req.can(r.write))
                .ok_or_else(|| Error::from(Refusal::at("register", "exchange.choose_register")))?,
        ),
    };
    let name = req.query("name").unwrap_or_else(|| "api".to_owned());
    let draft = Draft::read(&req, register, &name, body.to_vec()).await?;
    draft.keep(&req.shell)?;
    let at = format!("/api/v1/imports/{}", draft.id);
    api::created(&run(&req, draft).await?, &at, None)
}

#[utoipa::path(get, path = "/api/v1/imports/{id}", params(("id" = String, Path)), responses((status = 200, body = WireCheck), (status = 404)))]
pub(crate) async fn check(req: Req, Path(id): Path<String>) -> Answer {
    let draft = Draft::load(&req.shell, req.cx()?.actor.account().as_str(), &id)?;
    api::ok(&run(&req, draft).await?)
}

async fn run(req: &Req, draft: Draft) -> Result<WireCheck, Error> {
    let id = draft.id.clone();
    let lacking = lacking(req, &draft.sheets);
    if !lacking.is_empty() {
        let (sheets, faults) = (Vec::new(), Vec::new());
        return Ok(WireCheck { id, ready: false, sheets, faults, lacking });
    }
    match jobs::rehearse(req, draft, &Arc::new(Job::default())).await {
        Outcome::Checked(report) => Ok(checked(req, &id, &report)),
        Outcome::Refused(no) => Err(no.into()),
        _ => Err(Error::Broken("a dry run broke".into())),
    }
}

#[utoipa::path(post, path = "/api/v1/imports/{id}/commitment", params(("id" = String, Path)),
    responses((status = 201, body = WireBatch), (status = 404), (status = 422, body = WireCheck)))]
pub(crate) async fn commit(req: Req, Path(id): Path<String>) -> Answer {
    let draft = Draft::load(&req.shell, req.cx()?.actor.account().as_str(), &id)?;
    match jobs::keep(&req, draft, &Arc::new(Job::default())).await {
        Outcome::Committed(batch) => {
            let at = format!("/api/v1/imports/batches/{batch}");
            let kept = req.ask(move |tx, cx| store::batch(tx, cx, &batch)).await?;
            api::created(&wire(&kept, req.now), &at, None)
        }
        Outcome::Checked(report) => {
            let body = serde_json::to_string(&checked(&req, &id, &report))
                .map_err(|e| Error::Broken(e.to_string()))?;
            let kind = [("content-type", "application/json; charset=utf-8")];
            Ok((StatusCode::UNPROCESSABLE_ENTITY, kind, body).into_response())
        }
        Outcome::Refused(no) => Err(Error::from(no).into()),
        Outcome::Broken => Err(Error::Broken("a commit broke".into()).into()),
    }
}

#[utoipa::path(get, path = "/api/v1/imports/batches/{id}", params(("id" = String, Path)), responses((status = 200, body = WireBatch), (status = 404)))]
pub(crate) async fn batch(req: Req, Path(id): Path<String>) -> Answer {
    let found = req.ask(move |tx, cx| store::batch(tx, cx, &id.into())).await?;
    api::ok(&wire(&found, req.now))
}

#[utoipa::path(post, path = "/api/v1/imports/batches/{id}/undo", params(("id" = String, Path)),
    responses((status = 200, body = WireBatch), (status = 404), (status = 409, body = Vec<Lean>)))]
pub(crate) async fn undo(req: Req, Path(id): Path<String>) -> Answer {
    let house = House::of(&req.shell);
    match req.act(move |tx, cx| acts::undo::undo(tx, cx, &house, &id.into())).await? {
        Ok(batch) => api::ok(&wire(&batch, req.now)),
        Err(leans) => {
            let body =
                json!({ "title": req.t("exchange.undo.leaned_on"), "status": 409, "leans": leans });
            let kind = [("content-type", "application/problem+json; charset=utf-8")];
            Ok((StatusCode::CONFLICT, kind, body.to_string()).into_response())
        }
    }
}

#[utoipa::path(get, path = "/api/v1/imports/templates/{file}", params(("file" = String, Path)), responses((status = 200), (status = 404)))]
pub(crate) async fn template(req: Req, Path(file): Path<String>) -> Answer {
    Ok(pages::template_of(&req, &file)?)
}

/// `{register}.xlsx` or `{register}.csv`; `?reason=` goes into the log, `?site=` narrows it to one site.
#[utoipa::path(get, path = "/api/v1/exports/{file}", params(("file" = String, Path), ("site" = Option<String>, Query), ("reason" = Option<String>, Query)),
    responses((status = 200), (status = 404), (status = 422)))]
pub(crate) async fn export(req: Req, Path(file): Path<String>) -> Answer {
    Ok(pages::file_of(&req, &file).await?)
}

#[utoipa::path(get, path = "/api/v1/regions", responses((status = 200, body = Vec<WireRegion>)))]
pub(crate) async fn regions(req: Req) -> Answer {
    let all = req.ask(|tx, cx| registry::region::under(tx, &cx.actor.scope().path)).await?;
    let wire: Vec<WireRegion> = all
        .into_iter()
        .map(|r| WireRegion {
            id: r.id.0,
            kind: r.kind.as_str(),
            code: r.code,
            name: r.name,
            parent: r.parent.map(|p| p.0),
            since: r.since.to_string(),
            until: r.until.map(|d| d.to_string()),
        })
        .collect();
    api::ok(&wire)
}

#[utoipa::path(post, path = "/api/v1/regions/loads", request_body = WireLoad, responses((status = 200, body = Vec<Change>), (status = 422)))]
pub(crate) async fn load(req: Req, api::Body(load): api::Body<WireLoad>) -> Answer {
    let (changes, _) =
        pages::follow(&req, load.csv.into_bytes(), &load.as_of, !load.dry_run).await?;
    api::ok(&changes)
}
