//! What a machine sees: the same acts as the pages, numbers masked, versions as `ETag`s, creates that happen once.
use access::Cx;
use access::care::{self, Sight};
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, RegionId, numbers};
use registry::client::{AssignmentKind, Client, RiskGrade};
use registry::people::Sex;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;
use web::{ApiError, Error, Gate, Req, api};

use crate::acts::consents::NewConsent;
use crate::acts::file::Change;
use crate::acts::{assign, categories, consents, file, merge, risk, take_in};
use crate::model::{Category, ConsentForm, EndReason, Factor, Giver, NewClient, Scope, Source};
use crate::store::{self, Filter};

mod around;
mod describe;
pub(crate) use describe::openapi;

type Answer = std::result::Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/clients", "clients.read", list)
        .post("/api/v1/clients", "clients.write", add)
        .get("/api/v1/clients/search", "clients.read", search)
        .get("/api/v1/clients/{id}", "clients.file", one)
        .put("/api/v1/clients/{id}", "clients.write", amend)
        .post("/api/v1/clients/{id}/numbers", "clients.read", unmask)
        .get("/api/v1/clients/{id}/looks", "clients.read", looks)
        .post("/api/v1/clients/{id}/assignments", "clients.assign", give)
        .post("/api/v1/clients/{id}/categories", "clients.write", belong)
        .post("/api/v1/clients/{id}/risk", "clients.write", grade)
        .get("/api/v1/clients/{id}/consents", "clients.file", agreed)
        .post("/api/v1/clients/{id}/consents", "clients.write", agree)
        .post("/api/v1/clients/{id}/consents/{row}/withdrawal", "clients.write", withdraw)
        .post("/api/v1/clients/{id}/ending", "clients.write", end)
        .post("/api/v1/clients/{id}/reopening", "clients.write", reopen)
        .post("/api/v1/clients/{id}/merge", "clients.merge", join)
        .post("/api/v1/client-merges/{id}/undo", "clients.merge", part)
        .get("/api/v1/clients/{id}/relations", "clients.read", around::relations)
        .post("/api/v1/clients/{id}/relations", "clients.write", around::relate)
        .delete("/api/v1/clients/{id}/relations/{row}", "clients.write", around::unrelate)
        .get("/api/v1/clients/{id}/supports", "clients.read", around::supports)
        .post("/api/v1/clients/{id}/supports", "clients.write", around::support)
        .delete("/api/v1/clients/{id}/supports/{row}", "clients.write", around::unsupport)
        .get("/api/v1/clients/{id}/scales", "clients.read", around::scales)
        .post("/api/v1/clients/{id}/scales", "clients.write", around::answer)
        .get("/api/v1/clients/{id}/scales/{answer}", "clients.read", around::answered)
        .get("/api/v1/client-duplicates", "clients.merge", around::duplicates)
        .get("/api/v1/client-requests", "clients.read", waiting)
        .post("/api/v1/client-requests/{id}", "clients.read", decide)
}

/// A client as the viewer may see one.
#[derive(Serialize, ToSchema)]
pub(crate) struct Shown {
    id: String,
    number: i64,
    /// The name, or a pseudonym.
    label: String,
    sex: Option<String>,
    birth: Option<String>,
    /// Masked.
    id_number: String,
    /// Masked.
    phone: String,
    region: String,
    site: Option<String>,
    restricted: bool,
    grade: String,
    state: String,
    since: String,
    categories: Vec<String>,
    /// May the viewer read the file?
    file: bool,
    writes: bool,
}

fn shown(tx: &mut Tx<'_>, cx: &Cx, c: &Client, sight: Sight) -> Result<Shown> {
    let now = if sight.name { file::numbers(tx, c)? } else { file::Numbers::default() };
    let masked =
        |mask: fn(&str) -> String, n: &str| if n.is_empty() { String::new() } else { mask(n) };
    let today = cx.today();
    Ok(Shown {
        id: c.id.0.clone(),
        number: c.number,
        label: sight.label(c),
        sex: c.sex.map(|s| s.to_string()),
        birth: c.birth.filter(|_| sight.name).map(|b| b.to_string()),
        id_number: masked(numbers::mask_id, &now.id_number),
        phone: masked(numbers::mask_phone, &now.phone),
        region: c.region.0.clone(),
        site: c.site.as_ref().map(|s| s.0.clone()),
        restricted: c.restricted,
        grade: c.grade.to_string(),
        state: c.state.to_string(),
        since: c.since.to_string(),
        categories: store::belongings(tx, &c.id)?
            .iter()
            .filter(|b| b.holds_on(today))
            .map(|b| b.category.to_string())
            .collect(),
        file: sight.file,
        writes: sight.writes,
    })
}

async fn list(req: Req) -> Answer {
    let get = |name: &str| req.query(name).unwrap_or_default();
    let filter = Filter {
        category: get("category"),
        grade: get("grade"),
        region: get("region"),
        worker: get("worker"),
        unvisited: get("unvisited") == "1",
        ended: get("ended") == "1",
        consents: get("consents") == "1",
    };
    let before: i64 = get("before").parse().unwrap_or_default();
    let limit: i64 = get("limit").parse().unwrap_or(50_i64).clamp(1, 200);
    let value = req
        .ask(move |tx, cx| {
            let lens = care::Lens::of(tx, cx)?;
            let mut clients = Vec::new();
            for l in store::list(tx, cx, &filter, before, limit)? {
                if let Some(sight) = lens.sight(tx, &l.client)? {
                    clients.push(shown(tx, cx, &l.client, sight)?);
                }
            }
            let counts = store::counts(tx, cx)?;
            let next = clients.last().map(|c| c.number).filter(|_| clients.len() as i64 == limit);
            Ok(json!({ "clients": clients, "next": next, "seen": counts.seen, "hidden": counts.hidden }))
        })
        .await?;
    api::ok(&value)
}

async fn search(req: Req) -> Answer {
    let words: String = req.query("q").unwrap_or_default().chars().take(60).collect();
    let shell = req.shell.clone();
    let found = req
        .ask(move |tx, cx| {
            let lens = care::Lens::of(tx, cx)?;
            let mut out = Vec::new();
            for c in crate::find::find(tx, cx, &shell, &words)? {
                if let Some(sight) = lens.sight(tx, &c)? {
                    out.push(shown(tx, cx, &c, sight)?);
                }
            }
            Ok(out)
        })
        .await?;
    api::ok(&found)
}

async fn one(req: Req, Path(id): Path<String>) -> Answer {
    let (value, version) = req
        .act(move |tx, cx| {
            let (client, sight) = care::find(tx, cx, &ClientId(id))?;
            if sight.file {
                care::viewed(tx, cx, &client.id, "file")?;
            }
            Ok((shown(tx, cx, &client, sight)?, store::version(tx, &client.id)?))
        })
        .await?;
    api::versioned(&value, version)
}

/// A resident to take in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arrival {
    name: String,
    /// Id or code of the community.
    region: String,
    #[serde(default)]
    sex: Option<String>,
    #[serde(default)]
    birth: Option<String>,
    #[serde(default)]
    id_number: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    building: String,
    #[serde(default)]
    door: String,
    #[serde(default)]
    external_id: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    worker: Option<String>,
    #[serde(default)]
    since: Option<String>,
    /// Although others look alike.
    #[serde(default)]
    anyway: bool,
}

const BAD: Error = Error::Malformed("web.error.json");

fn day(text: &str) -> std::result::Result<Day, Error> {
    text.parse().map_err(|_| BAD)
}
fn word<T>(read: Option<T>) -> std::result::Result<T, Error> {
    read.ok_or(BAD)
}

async fn add(req: Req, api::Body(new): api::Body<Arrival>) -> Answer {
    let wire = serde_json::to_value(&new).map_err(|e| Error::Broken(e.to_string()))?;
    let since = new.since.as_deref().map_or(Ok(req.now.day()), day)?;
    let categories: Vec<Category> = new
        .categories
        .iter()
        .map(|c| word(Category::parse(c)))
        .collect::<std::result::Result<_, _>>()?;
    let client = NewClient {
        sex: new.sex.as_deref().map(|s| word(Sex::parse(s))).transpose()?,
        birth: new.birth.as_deref().map(day).transpose()?,
        id_number: new.id_number,
        phone: new.phone,
        building: new.building,
        door: new.door,
        external_id: new.external_id,
        categories,
        worker: new.worker.map(PersonId),
        anyway: new.anyway,
        ..NewClient::called(&new.name, RegionId(new.region), since)
    };
    let kept = api::once(&req, &wire, move |tx, cx| {
        let taken = take_in::take_in(tx, cx, client)?;
        Ok(json!({ "id": taken.client.id, "number": taken.client.number, "waiting": taken.waiting }))
    })
    .await?;
    let id = kept.get("id").and_then(Json::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/clients/{id}"), None)
}

/// What is corrected; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    name: Option<String>,
    sex: Option<String>,
    birth: Option<String>,
    id_number: Option<String>,
    phone: Option<String>,
    region: Option<String>,
    building: Option<String>,
    door: Option<String>,
    external_id: Option<String>,
}

async fn amend(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Correction>) -> Answer {
    let seen = req.if_match();
    let change = Change {
        name: new.name,
        sex: new.sex.as_deref().map(|s| word(Sex::parse(s)).map(Some)).transpose()?,
        birth: new.birth.as_deref().map(|b| day(b).map(Some)).transpose()?,
        id_number: new.id_number,
        phone: new.phone,
        region: new.region.map(RegionId),
        home: new.building.map(|b| (b, new.door.unwrap_or_default())),
        external_id: new.external_id,
    };
    let (value, version) = req
        .act(move |tx, cx| {
            let id = file::amend(tx, cx, &ClientId(id), change, seen)?.id;
            let (client, sight) = care::find(tx, cx, &id)?;
            Ok((shown(tx, cx, &client, sight)?, store::version(tx, &id)?))
        })
        .await?;
    api::versioned(&value, version)
}

async fn unmask(req: Req, Path(id): Path<String>) -> Answer {
    let n = req.act(move |tx, cx| file::unmask(tx, cx, &ClientId(id))).await?;
    api::ok(&json!({ "id_number": n.id_number, "phone": n.phone, "door": n.door }))
}

async fn looks(req: Req, Path(id): Path<String>) -> Answer {
    let all = req
        .act(move |tx, cx| {
            let (client, _) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "looks")?;
            let entries = db::event::of(tx, "client", client.id.as_str())?;
            let looks = entries.into_iter().filter(|e| e.verb == "viewed");
            Ok(looks
                .map(|e| json!({ "at": e.at.rfc3339(), "role": e.role, "look": e.after }))
                .collect::<Vec<_>>())
        })
        .await?;
    api::ok(&all)
}

/// Who shall look after the client, as what, since when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Giving {
    person: String,
    /// `worker`, `co_worker` or `supervisor`.
    kind: String,
    since: Option<String>,
}

async fn give(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Giving>) -> Answer {
    let kind = word(AssignmentKind::parse(&new.kind))?;
    let since = new.since.as_deref().map_or(Ok(req.now.day()), day)?;
    let kept = req
        .act(move |tx, cx| {
            assign::assign(tx, cx, &ClientId(id), &PersonId(new.person), kind, since)
        })
        .await?;
    api::created(&kept, "", None)
}

/// A category with its days and source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Belongs {
    category: String,
    /// `imported`, `verified` or `self_reported`.
    source: String,
    #[serde(default)]
    detail: String,
    since: String,
    until: Option<String>,
}

async fn belong(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Belongs>) -> Answer {
    let (category, source) =
        (word(Category::parse(&new.category))?, word(Source::parse(&new.source))?);
    let (since, until) = (day(&new.since)?, new.until.as_deref().map(day).transpose()?);
    let row = req
        .act(move |tx, cx| {
            categories::add(tx, cx, &ClientId(id), category, source, &new.detail, since, until)
        })
        .await?;
    api::created(&json!({ "id": row.id }), "", None)
}

/// A risk grade with its factors.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grading {
    /// `critical`, `high`, `medium` or `low`.
    grade: String,
    #[serde(default)]
    factors: Vec<String>,
    #[serde(default)]
    reason: String,
}

async fn grade(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Grading>) -> Answer {
    let grade = word(RiskGrade::parse(&new.grade))?;
    let factors: Vec<Factor> = new
        .factors
        .iter()
        .map(|f| word(Factor::parse(f)))
        .collect::<std::result::Result<_, _>>()?;
    let done = req
        .act(move |tx, cx| risk::grade(tx, cx, &ClientId(id), grade, &factors, &new.reason))
        .await?;
    api::ok(&json!({ "waiting": done == risk::Graded::Waiting }))
}

async fn agreed(req: Req, Path(id): Path<String>) -> Answer {
    let all = req
        .act(move |tx, cx| {
            let (client, _) = care::find_file(tx, cx, &ClientId(id))?;
            care::viewed(tx, cx, &client.id, "consents")?;
            let today = cx.today();
            Ok(store::consents(tx, &client.id)?
                .into_iter()
                .map(|c| {
                    json!({ "id": c.id, "scope": c.scope, "partner": c.partner, "form": c.form, "given_by": c.given_by,
                        "since": c.since, "until": c.until, "withdrawn_on": c.withdrawn_on, "holds": c.holds_on(today) })
                })
                .collect::<Vec<_>>())
        })
        .await?;
    api::ok(&all)
}

/// A consent for one purpose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agreement {
    scope: String,
    #[serde(default)]
    partner: String,
    form: String,
    given_by: String,
    #[serde(default)]
    guardian: String,
    since: String,
    until: Option<String>,
}

async fn agree(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Agreement>) -> Answer {
    let consent = NewConsent {
        scope: word(Scope::parse(&new.scope))?,
        partner: new.partner,
        form: word(ConsentForm::parse(&new.form))?,
        given_by: word(Giver::parse(&new.given_by))?,
        guardian: new.guardian,
        since: day(&new.since)?,
        until: new.until.as_deref().map(day).transpose()?,
    };
    let row = req.act(move |tx, cx| consents::give(tx, cx, &ClientId(id), consent)).await?;
    api::created(&json!({ "id": row.id }), "", None)
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    #[serde(default)]
    why: String,
}

async fn withdraw(
    req: Req,
    Path((id, row)): Path<(String, String)>,
    api::Body(said): api::Body<Reason>,
) -> Answer {
    let done =
        req.act(move |tx, cx| consents::withdraw(tx, cx, &ClientId(id), &row, &said.why)).await?;
    api::ok(&json!({ "id": done.id, "withdrawn_on": done.withdrawn_on }))
}

/// Why and when a service ended.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ending {
    why: String,
    on: String,
}

async fn end(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Ending>) -> Answer {
    let (why, on, seen) = (word(EndReason::parse(&new.why))?, day(&new.on)?, req.if_match());
    req.act(move |tx, cx| file::end(tx, cx, &ClientId(id), why, on, seen).map(drop)).await?;
    Ok(api::done())
}

async fn reopen(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| file::reopen(tx, cx, &ClientId(id)).map(drop)).await?;
    Ok(api::done())
}

/// The file that goes into this one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Joining {
    gone: String,
}

async fn join(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Joining>) -> Answer {
    let kept =
        req.act(move |tx, cx| merge::merge(tx, cx, &ClientId(id), &ClientId(new.gone))).await?;
    api::created(&kept, "", None)
}

async fn part(req: Req, Path(id): Path<String>) -> Answer {
    api::ok(&req.act(move |tx, cx| merge::undo(tx, cx, &id)).await?)
}

async fn waiting(req: Req) -> Answer {
    let all = req
        .ask(|tx, cx| {
            Ok(assign::waiting(tx, cx)?
                .into_iter()
                .map(|(r, c, label)| {
                    json!({ "id": r.id, "client": c.id, "number": c.number, "label": label, "kind": r.kind,
                        "person": r.person, "role": r.role, "grade": r.grade, "asked_at": r.asked_at.rfc3339() })
                })
                .collect::<Vec<_>>())
        })
        .await?;
    api::ok(&all)
}

/// The head's word.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deciding {
    granted: bool,
}

async fn decide(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Deciding>) -> Answer {
    let done = req.act(move |tx, cx| assign::decide(tx, cx, &id, said.granted)).await?;
    api::ok(&json!({ "id": done.id, "granted": done.granted }))
}
