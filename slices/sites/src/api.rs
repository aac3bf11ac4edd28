//! What a machine sees: the same registers as the pages, with versions as ETags and creates that happen once.
use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use base64::Engine;
use serde_json::{Value as Json, json};
use web::register::{Input, Object, Parent, Register, acts::parent_of, object};
use web::{ApiError, Error, Gate, Req, api};

use crate::acts::evidence::NewEvidence;
use crate::acts::{self, NewSite};
use crate::model::SiteKind;
use crate::{pages, registers, store};

mod describe;

pub(crate) use describe::openapi;

type Answer = std::result::Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/sites", "sites.read", sites)
        .post("/api/v1/sites", "sites.open", open)
        .get("/api/v1/sites/{id}", "sites.read", site)
        .post("/api/v1/sites/{id}/name", "sites.open", rename)
        .post("/api/v1/sites/{id}/closing", "sites.open", close)
        .get("/api/v1/sites/{id}/{register}", "sites.read", of_site)
        .post("/api/v1/sites/{id}/{register}", "sites.read", add_to_site)
        .post("/api/v1/sites/{id}/{register}/none", "sites.write_own", none)
        .get("/api/v1/people", "people.read", people)
        .post("/api/v1/people", "people.write", add_person)
        .get("/api/v1/people/{id}/{register}", "people.read", of_person)
        .post("/api/v1/people/{id}/{register}", "people.write", add_to_person)
        .get("/api/v1/orgs", "orgs.read", orgs)
        .post("/api/v1/orgs", "orgs.write", add_org)
        .get("/api/v1/records/{register}/{id}", "sites.read", record)
        .put("/api/v1/records/{register}/{id}", "sites.read", amend)
        .delete("/api/v1/records/{register}/{id}", "sites.read", remove)
        .post("/api/v1/records/{register}/{id}/evidence", "evidence.add", prove)
        .get("/api/v1/evidence", "sites.read", evidence)
        .post("/api/v1/evidence/{id}/review", "evidence.review", review)
}

fn known(name: &str) -> db::Result<&'static Register> {
    registers::register(name).ok_or(db::Error::Missing)
}

/// A record as it leaves: masked as in the log.
fn shown(register: &Register, o: &Object) -> Json {
    Json::Object((register.logged)(o))
}

/// People's records are for whoever may read people.
fn may_read(cx: &access::Cx, register: &Register) -> db::Result<()> {
    match (register.name, register.parent) {
        ("people", _) | (_, Parent::Person) => cx.may("people.read"),
        ("orgs", _) => cx.may("orgs.read"),
        _ => cx.may("sites.read"),
    }
}

/// Fields of a record as text, number, truth, or a list of words; what is not named stays as it is.
type Wire = BTreeMap<String, Json>;

fn input(register: &Register, wire: &Wire) -> Result<Input, Error> {
    wire.iter()
        .map(|(name, value)| {
            register.field(name).ok_or(Error::Malformed("web.error.json"))?;
            let text = match value {
                Json::Null => String::new(),
                Json::String(s) => s.clone(),
                Json::Bool(b) => if *b { "1" } else { "0" }.to_owned(),
                Json::Number(n) => n.to_string(),
                Json::Array(words) => {
                    words.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(",")
                }
                Json::Object(_) => return Err(Error::Malformed("web.error.json")),
            };
            Ok((name.clone(), text))
        })
        .collect()
}

async fn every(req: &Req, name: &'static str) -> Answer {
    let all: Vec<Json> = req
        .ask(move |tx, cx| {
            let register = known(name)?;
            Ok(register.under(tx, cx)?.iter().map(|o| shown(register, o)).collect())
        })
        .await?;
    api::ok(&all)
}

async fn sites(req: Req) -> Answer {
    every(&req, "sites").await
}
async fn people(req: Req) -> Answer {
    every(&req, "people").await
}
async fn orgs(req: Req) -> Answer {
    every(&req, "orgs").await
}

async fn site(req: Req, Path(id): Path<String>) -> Answer {
    one(req, "sites".into(), id).await
}
async fn record(req: Req, Path((name, id)): Path<(String, String)>) -> Answer {
    one(req, name, id).await
}

async fn one(req: Req, name: String, id: String) -> Answer {
    let (value, version) = req
        .ask(move |tx, cx| {
            let register = known(&name)?;
            may_read(cx, register)?;
            let o = register.find(tx, &id)?.ok_or(db::Error::Missing)?;
            (register.admit)(tx, cx, parent_of(register, &o))?;
            Ok((shown(register, &o), web::register::acts::version(tx, register, &id)?))
        })
        .await?;
    api::versioned(&value, version)
}

async fn of_parent(req: Req, parent: Parent, id: String, name: String) -> Answer {
    let all: Vec<Json> = req
        .ask(move |tx, cx| {
            let register = known(&name)?;
            if register.parent != parent {
                return Err(db::Error::Missing);
            }
            (register.admit)(tx, cx, &id)?;
            Ok(register.of_parent(tx, &id)?.iter().map(|o| shown(register, o)).collect())
        })
        .await?;
    api::ok(&all)
}
async fn of_site(req: Req, Path((id, name)): Path<(String, String)>) -> Answer {
    of_parent(req, Parent::Site, id, name).await
}
async fn of_person(req: Req, Path((id, name)): Path<(String, String)>) -> Answer {
    of_parent(req, Parent::Person, id, name).await
}

async fn add(req: Req, parent: Parent, of: String, name: String, wire: Wire) -> Answer {
    let register = known(&name)?;
    if register.parent != parent {
        return Err(db::Error::Missing.into());
    }
    let typed = input(register, &wire)?;
    let kept = api::once(&req, &wire, move |tx, cx| {
        let kept = web::register::acts::add(tx, cx, register, &of, &typed, acts::resolve)?;
        Ok(json!({ "id": kept.id, "version": kept.version }))
    })
    .await?;
    let id = kept.get("id").and_then(Json::as_str).unwrap_or_default();
    api::created(
        &kept,
        &format!("/api/v1/records/{name}/{id}"),
        kept.get("version").and_then(Json::as_i64),
    )
}
async fn add_to_site(
    req: Req,
    Path((id, name)): Path<(String, String)>,
    api::Body(wire): api::Body<Wire>,
) -> Answer {
    add(req, Parent::Site, id, name, wire).await
}
async fn add_to_person(
    req: Req,
    Path((id, name)): Path<(String, String)>,
    api::Body(wire): api::Body<Wire>,
) -> Answer {
    add(req, Parent::Person, id, name, wire).await
}
async fn add_person(req: Req, api::Body(wire): api::Body<Wire>) -> Answer {
    add(req, Parent::None, String::new(), "people".into(), wire).await
}
async fn add_org(req: Req, api::Body(wire): api::Body<Wire>) -> Answer {
    add(req, Parent::None, String::new(), "orgs".into(), wire).await
}

async fn amend(
    req: Req,
    Path((name, id)): Path<(String, String)>,
    api::Body(wire): api::Body<Wire>,
) -> Answer {
    let register = known(&name)?;
    let (typed, seen) = (input(register, &wire)?, req.if_match());
    let kept = req
        .act(move |tx, cx| {
            web::register::acts::amend(tx, cx, register, &id, &typed, seen, acts::resolve)
        })
        .await?;
    api::versioned(&json!({ "id": kept.id, "version": kept.version }), kept.version)
}

async fn remove(req: Req, Path((name, id)): Path<(String, String)>) -> Answer {
    let (register, seen) = (known(&name)?, req.if_match());
    req.act(move |tx, cx| acts::remove(tx, cx, register, &id, seen)).await?;
    Ok(api::done())
}

/// What opens a site. An empty name becomes the official one.
#[derive(serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    kind: SiteKind,
    /// Code or id of the street or community.
    region: String,
    since: kernel::Day,
    #[serde(default)]
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    keep_name: bool,
    #[serde(default)]
    label: String,
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    address: Option<String>,
}

async fn open(req: Req, api::Body(new): api::Body<Opening>) -> Answer {
    let wire = serde_json::to_value(&new).map_err(|e| Error::Broken(e.to_string()))?;
    let kept = api::once(&req, &wire, move |tx, cx| {
        let new = NewSite {
            code: new.code,
            name: new.name,
            keep_name: new.keep_name,
            label: new.label,
            parent: new.parent.map(Into::into),
            address: new.address,
            ..NewSite::at(new.kind, new.region.into(), new.since)
        };
        let site = acts::open(tx, cx, new)?;
        Ok(Json::Object(object(&site)?))
    })
    .await?;
    let id = kept.get("id").and_then(Json::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/sites/{id}"), None)
}

/// A name from a day on.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Naming {
    name: String,
    since: kernel::Day,
    #[serde(default)]
    keep_name: bool,
}

async fn rename(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Naming>) -> Answer {
    let seen = req.if_match();
    let site = req
        .act(move |tx, cx| {
            acts::rename(tx, cx, &id.into(), &new.name, new.since, new.keep_name, seen)
        })
        .await?;
    api::ok(&site)
}

/// The first day without the site.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    until: kernel::Day,
}

async fn close(req: Req, Path(id): Path<String>, api::Body(end): api::Body<Closing>) -> Answer {
    let seen = req.if_match();
    api::ok(&req.act(move |tx, cx| acts::close(tx, cx, &id.into(), end.until, seen)).await?)
}

async fn none(req: Req, Path((id, name)): Path<(String, String)>) -> Answer {
    req.act(move |tx, cx| acts::report_empty(tx, cx, &id.into(), &name)).await?;
    Ok(api::done())
}

async fn evidence(req: Req) -> Answer {
    api::ok(&req.ask(store::all_evidence).await?)
}

/// A photo or PDF beside a record.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Proving {
    name: String,
    /// The bytes in base64.
    content: String,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    taken: Option<kernel::Day>,
}

async fn prove(
    req: Req,
    Path((name, record)): Path<(String, String)>,
    api::Body(new): api::Body<Proving>,
) -> Answer {
    let subject = known(&name)?.subject.to_owned();
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(&new.content)
        .map_err(|_| Error::Malformed("web.error.json"))?;
    let about = NewEvidence { subject, record, note: new.note, taken: new.taken };
    let kept = pages::receive(&req, &new.name, bytes.into(), about).await?;
    api::created(&kept, &format!("/evidence/{}/file", kept.id), None)
}

/// A judgement: accepted, or returned with the reason.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Judgement {
    accepted: bool,
    #[serde(default)]
    reason: String,
}

async fn review(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Judgement>) -> Answer {
    api::ok(
        &req.act(move |tx, cx| acts::evidence::review(tx, cx, &id, said.accepted, &said.reason))
            .await?,
    )
}
