//! What a machine sees: definitions, what answers come to, and the bureau's own.
use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use forms::{Form, Library};
use serde_json::{Map, Value as Json, json};
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use crate::acts;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/forms", "forms.read", list)
        .post("/api/v1/forms", "forms.write", publish)
        .get("/api/v1/forms/{id}", "forms.read", latest)
        .get("/api/v1/forms/{id}/{version}", "forms.read", version)
        .post("/api/v1/forms/{id}/{version}/check", "forms.read", check)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, publish, latest, version, check),
    components(schemas(FormOut, Source, Sent, Judged, Said))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

type Answer = Result<Response, ApiError>;

/// A form in the list.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FormOut {
    id: String,
    /// 1–999 shipped, 1001 and above the bureau's own.
    version: i64,
    /// `form` or `scale`.
    kind: String,
    title_zh: String,
    title_en: String,
    /// The field of work: `casework`, `group`, `visit` …
    field: String,
    standard: String,
    licence: String,
    /// The most sensitive class among its fields, `P0`–`P4`.
    class: String,
}

/// The latest version of every form.
#[utoipa::path(get, path = "/api/v1/forms", tag = "forms", responses((status = 200, body = [FormOut])))]
async fn list(req: Req) -> Answer {
    let all = req.ask(|tx, _| Ok(Library::of(tx)?.all())).await?;
    let out: Vec<FormOut> = all
        .iter()
        .map(|f| FormOut {
            id: f.id.clone(),
            version: f.version,
            kind: f.kind.to_string(),
            title_zh: f.title.zh.clone(),
            title_en: f.title.en.clone(),
            field: f.field.clone(),
            standard: f.standard.clone(),
            licence: f.licence.say(req.lang).to_owned(),
            class: f.class().to_string(),
        })
        .collect();
    api::ok(&out)
}

/// A definition in TOML.
#[derive(serde::Deserialize, serde::Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Source {
    source: String,
}

/// Publishes a definition as the next of the bureau's own versions. A fault is an error at `line:place`.
#[utoipa::path(post, path = "/api/v1/forms", tag = "forms", request_body = Source, responses((status = 201), (status = 422)))]
async fn publish(req: Req, api::Body(sent): api::Body<Source>) -> Answer {
    let wire = json!(sent);
    let kept = api::once(&req, &wire, move |tx, cx| {
        let own = acts::publish(tx, cx, &sent.source)?;
        Ok(json!({ "id": own.form, "version": own.version }))
    })
    .await?;
    let word =
        |name: &str| kept.get(name).map(|v| v.to_string().replace('"', "")).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/forms/{}/{}", word("id"), word("version")), None)
}

/// The latest version of a form, whole.
#[utoipa::path(get, path = "/api/v1/forms/{id}", tag = "forms", params(("id" = String, Path)), responses((status = 200), (status = 404)))]
async fn latest(req: Req, Path(id): Path<String>) -> Answer {
    let form = req.ask(move |tx, _| forms::library::latest(tx, &id)).await?;
    api::ok(&*form)
}

/// A form at a version, whole.
#[utoipa::path(get, path = "/api/v1/forms/{id}/{version}", tag = "forms", params(("id" = String, Path), ("version" = i64, Path)), responses((status = 200), (status = 404)))]
async fn version(req: Req, Path((id, version)): Path<(String, i64)>) -> Answer {
    api::ok(&*find(&req, id, version).await?)
}

async fn find(req: &Req, id: String, version: i64) -> Result<Arc<Form>, web::Error> {
    req.ask(move |tx, _| forms::library::form(tx, &id, version)).await
}

/// Answers by field name.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Sent {
    #[schema(value_type = Object)]
    answers: Map<String, Json>,
    /// The stage they are to be kept at; `draft` when left out.
    #[serde(default = "draft")]
    stage: String,
}
fn draft() -> String {
    forms::form::DRAFT.to_owned()
}

/// What answers come to. Nothing is kept.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Judged {
    /// The answers as they would be kept, computed fields included.
    #[schema(value_type = Object)]
    answers: Json,
    /// Null for a form without a score, and when an item is missing. Totals are in tenths.
    #[schema(value_type = Object)]
    score: Json,
    /// What listeners react to, such as `suicide_risk`.
    alerts: Vec<String>,
    /// What still stands against keeping them at this stage.
    open: Vec<Said>,
}
/// A refusal at a field.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Said {
    field: String,
    key: String,
    detail: String,
}

/// Reads, checks and scores answers by the path that keeps them. Answers of a wrong kind are refused (422).
#[utoipa::path(post, path = "/api/v1/forms/{id}/{version}/check", tag = "forms", params(("id" = String, Path), ("version" = i64, Path)), request_body = Sent, responses((status = 200, body = Judged), (status = 422)))]
async fn check(
    req: Req,
    Path((id, version)): Path<(String, i64)>,
    api::Body(sent): api::Body<Sent>,
) -> Answer {
    let form = find(&req, id, version).await?;
    let answers = form.take(&sent.answers)?;
    let open = form.check(&answers, &sent.stage);
    let said = |r: &kernel::Refusal| Said {
        field: r.field.clone().unwrap_or_default(),
        key: r.key.to_owned(),
        detail: req.refusal(r),
    };
    api::ok(&Judged {
        score: json!(form.score(&answers)),
        alerts: form.alerts(&answers).into_iter().map(|a| a.key).collect(),
        open: open.0.iter().map(said).collect(),
        answers: json!(answers),
    })
}
