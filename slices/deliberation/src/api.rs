//! What a machine sees: issues and their steps, neighbours' activities, resident leaders.
use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use kernel::{Day, DeliberationId, Refusal};
use serde_json::{Value as Json, json};
use utoipa::OpenApi;
use web::{ApiError, Fields, Gate, Req, api};

use crate::acts::leaders::{self, NewLeader};
use crate::acts::neighbours::{self, NewNeighbours};
use crate::acts::{self, NewIssue, people, steps};
use crate::model::{Category, Issue, LeaderRole, NeighbourKind, ParticipantRole, Source};
use crate::{pages, store, view};

type Answered = Result<Response, ApiError>;

/// At most so many rows answer a list.
const MOST: i64 = 200;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/deliberations", "deliberation.read", list)
        .post("/api/v1/deliberations", "deliberation.write", collect)
        .get("/api/v1/deliberations/{id}", "deliberation.read", one)
        .post("/api/v1/deliberations/{id}/participants", "deliberation.write", invite)
        .post("/api/v1/deliberations/{id}/actions", "deliberation.write", add_action)
        .post(
            "/api/v1/deliberations/{id}/actions/{action}/completion",
            "deliberation.write",
            finish,
        )
        .post("/api/v1/deliberations/{id}/steps/{verb}", "deliberation.write", step)
        .get("/api/v1/neighbours", "deliberation.read", neighbour_list)
        .post("/api/v1/neighbours", "deliberation.write", neighbour_add)
        .get("/api/v1/leaders", "deliberation.read", leader_list)
        .post("/api/v1/leaders", "deliberation.write", leader_add)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        collect,
        one,
        invite,
        add_action,
        finish,
        step,
        neighbour_list,
        neighbour_add,
        leader_list,
        leader_add
    ),
    components(schemas(
        IssueOut,
        IssueIn,
        WholeOut,
        InviteIn,
        ActionIn,
        DoneIn,
        NeighbourOut,
        NeighbourIn,
        LeaderOut,
        LeaderIn
    ))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// An issue.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct IssueOut {
    id: String,
    number: i64,
    title: String,
    source: String,
    category: String,
    state: String,
    site: String,
    region: String,
    collected: String,
    resolution: Option<String>,
    /// The mean rating in hundredths of a point, one to five.
    rating: Option<i64>,
}

fn out(i: &Issue) -> IssueOut {
    IssueOut {
        id: i.id.0.clone(),
        number: i.number,
        title: i.title.clone(),
        source: i.source.as_str().to_owned(),
        category: i.category.as_str().to_owned(),
        state: i.state.as_str().to_owned(),
        site: i.site.0.clone(),
        region: i.region.0.clone(),
        collected: i.collected.to_string(),
        resolution: i.resolution.clone(),
        rating: i.rating(),
    }
}

/// Issues in scope, latest first: `?category=parking&state=executing`.
#[utoipa::path(get, path = "/api/v1/deliberations", tag = "deliberation", responses((status = 200, body = [IssueOut])))]
async fn list(req: Req) -> Answered {
    let get = |name: &str| req.query(name).unwrap_or_default();
    let (category, state) = (get("category"), get("state"));
    let all = req.ask(move |tx, cx| store::issues(tx, cx, &category, &state, MOST)).await?;
    api::ok(&all.iter().map(out).collect::<Vec<_>>())
}

/// A new issue.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct IssueIn {
    title: String,
    source: String,
    category: String,
    region: String,
    collected: String,
    #[serde(default)]
    raised_by: String,
    #[serde(default)]
    detail: String,
}

fn wrong(field: &str) -> Refusal {
    Refusal::at(field, "register.not_a_choice")
}
fn day(field: &str, text: &str) -> Result<Day, Refusal> {
    text.parse().map_err(|_| Refusal::at(field, "register.not_a_day"))
}

/// Collects an issue; with an `Idempotency-Key` once.
#[utoipa::path(post, path = "/api/v1/deliberations", tag = "deliberation", request_body = IssueIn, responses((status = 201, body = IssueOut), (status = 422)))]
async fn collect(req: Req, api::Body(wire): api::Body<IssueIn>) -> Answered {
    let new = NewIssue {
        title: wire.title.clone(),
        source: Source::parse(&wire.source).ok_or_else(|| wrong("source"))?,
        category: Category::parse(&wire.category).ok_or_else(|| wrong("category"))?,
        region: wire.region.as_str().into(),
        raised_by: wire.raised_by.clone(),
        detail: wire.detail.clone(),
        collected: day("collected", &wire.collected)?,
    };
    let kept =
        api::once(&req, &wire, move |tx, cx| Ok(json!(out(&acts::collect(tx, cx, &new)?)))).await?;
    let id = kept.get("id").and_then(Json::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/deliberations/{id}"), None)
}

/// An issue with its steps, meetings, participants and actions.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct WholeOut {
    issue: IssueOut,
    detail: String,
    #[schema(value_type = Vec<Object>)]
    steps: Vec<Json>,
    #[schema(value_type = Vec<Object>)]
    meetings: Vec<Json>,
    #[schema(value_type = Vec<Object>)]
    participants: Vec<Json>,
    #[schema(value_type = Vec<Object>)]
    actions: Vec<Json>,
}

/// One issue.
#[utoipa::path(get, path = "/api/v1/deliberations/{id}", tag = "deliberation", params(("id" = String, Path)), responses((status = 200, body = WholeOut), (status = 404)))]
async fn one(req: Req, Path(id): Path<String>) -> Answered {
    let id: DeliberationId = id.into();
    let seen = req.ask(move |tx, cx| view::see(tx, cx, &id)).await?;
    let whole = WholeOut {
        issue: out(&seen.issue),
        detail: seen.detail.clone(),
        steps: seen
            .steps
            .iter()
            .map(|(s, words)| json!({ "state": s.state, "at": s.at.rfc3339(), "who": s.who, "words": words }))
            .collect(),
        meetings: seen
            .meetings
            .iter()
            .map(|m| {
                json!({
                    "day": m.m.day, "place": m.m.place, "form": m.m.form, "noticed_on": m.m.noticed_on,
                    "held_on": m.m.held_on, "attended": m.m.attended, "rule": m.m.rule, "yes": m.m.yes,
                    "no": m.m.no, "abstain": m.m.abstain, "outcome": m.m.outcome, "views": m.views,
                    "minutes": m.minutes,
                })
            })
            .collect(),
        participants: seen
            .participants
            .iter()
            .map(|(p, name)| json!({ "id": p.id, "name": name, "role": p.role, "present": p.present }))
            .collect(),
        actions: seen.actions.iter().map(|a| json!(a)).collect(),
    };
    api::ok(&whole)
}

/// Somebody to invite.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteIn {
    name: String,
    role: String,
}

/// Invites somebody.
#[utoipa::path(post, path = "/api/v1/deliberations/{id}/participants", tag = "deliberation", params(("id" = String, Path)), request_body = InviteIn, responses((status = 201), (status = 404), (status = 422)))]
async fn invite(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<InviteIn>,
) -> Answered {
    let role = ParticipantRole::parse(&wire.role).ok_or_else(|| wrong("role"))?;
    let of: DeliberationId = id.as_str().into();
    let p = req.act(move |tx, cx| people::invite(tx, cx, &of, &wire.name, role)).await?;
    let told = json!({ "id": p.id, "role": p.role });
    api::created(&told, &format!("/api/v1/deliberations/{id}"), None)
}

/// Something to be done.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionIn {
    what: String,
    owner: String,
    due: String,
}

/// Notes what is to be done, by whom and by when.
#[utoipa::path(post, path = "/api/v1/deliberations/{id}/actions", tag = "deliberation", params(("id" = String, Path)), request_body = ActionIn, responses((status = 201), (status = 404), (status = 422)))]
async fn add_action(
    req: Req,
    Path(id): Path<String>,
    api::Body(wire): api::Body<ActionIn>,
) -> Answered {
    let due = day("due", &wire.due)?;
    let of: DeliberationId = id.as_str().into();
    let kept = req
        .act(move |tx, cx| people::add_action(tx, cx, &of, &wire.what, &wire.owner, due))
        .await?;
    api::created(&kept, &format!("/api/v1/deliberations/{id}"), None)
}

/// When it was done.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DoneIn {
    done_on: String,
    #[serde(default)]
    note: String,
}

/// Notes that an action is done.
#[utoipa::path(post, path = "/api/v1/deliberations/{id}/actions/{action}/completion", tag = "deliberation", params(("id" = String, Path), ("action" = String, Path)), request_body = DoneIn, responses((status = 200), (status = 404), (status = 422)))]
async fn finish(
    req: Req,
    Path((id, action)): Path<(String, String)>,
    api::Body(wire): api::Body<DoneIn>,
) -> Answered {
    let on = day("done_on", &wire.done_on)?;
    let id: DeliberationId = id.into();
    let kept = req
        .act(move |tx, cx| people::finish_action(tx, cx, &id, &action.into(), on, &wire.note))
        .await?;
    api::ok(&kept)
}

/// Makes a step with the fields of the page's form: screening, rejection, escalation, schedule, notice, meeting, resolution, execution,
/// feedback, evaluation, archive. `present` is a list of participants' ids.
#[utoipa::path(post, path = "/api/v1/deliberations/{id}/steps/{verb}", tag = "deliberation", params(("id" = String, Path), ("verb" = String, Path)), request_body = Object, responses((status = 200, body = IssueOut), (status = 404), (status = 422)))]
async fn step(
    req: Req,
    Path((id, verb)): Path<(String, String)>,
    api::Body(wire): api::Body<BTreeMap<String, Json>>,
) -> Answered {
    let texts = wire.into_iter().flat_map(|(name, value)| {
        let values = match value {
            Json::Array(all) => all,
            one => vec![one],
        };
        values.into_iter().map(move |v| {
            let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            (name.clone(), text)
        })
    });
    let said = pages::read(&verb, &Fields::of(texts))?;
    let id: DeliberationId = id.into();
    api::ok(&out(&req.act(move |tx, cx| steps::step(tx, cx, &id, &said)).await?))
}

/// A two-neighbours activity.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct NeighbourOut {
    id: String,
    title: String,
    kind: String,
    site: String,
    day: String,
    place: String,
    minutes: i64,
    persons: i64,
    withdrawn: bool,
}

fn neighbour(a: crate::model::NeighbourActivity) -> NeighbourOut {
    NeighbourOut {
        id: a.id.0,
        title: a.title,
        kind: a.kind.as_str().to_owned(),
        site: a.site.0,
        day: a.day.to_string(),
        place: a.place,
        minutes: a.minutes,
        persons: a.persons,
        withdrawn: a.withdrawn.is_some(),
    }
}

/// Two-neighbours activities in scope, latest first.
#[utoipa::path(get, path = "/api/v1/neighbours", tag = "deliberation", responses((status = 200, body = [NeighbourOut])))]
async fn neighbour_list(req: Req) -> Answered {
    let all = req.ask(|tx, cx| store::neighbours(tx, cx, MOST)).await?;
    api::ok(&all.into_iter().map(neighbour).collect::<Vec<_>>())
}

/// A new two-neighbours activity.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NeighbourIn {
    title: String,
    kind: String,
    region: String,
    day: String,
    place: String,
    minutes: i64,
    persons: i64,
    #[serde(default)]
    note: String,
}

/// Notes a two-neighbours activity; with an `Idempotency-Key` once.
#[utoipa::path(post, path = "/api/v1/neighbours", tag = "deliberation", request_body = NeighbourIn, responses((status = 201, body = NeighbourOut), (status = 422)))]
async fn neighbour_add(req: Req, api::Body(wire): api::Body<NeighbourIn>) -> Answered {
    let new = NewNeighbours {
        title: wire.title.clone(),
        kind: NeighbourKind::parse(&wire.kind).ok_or_else(|| wrong("kind"))?,
        region: wire.region.as_str().into(),
        day: day("day", &wire.day)?,
        place: wire.place.clone(),
        minutes: wire.minutes,
        persons: wire.persons,
        note: wire.note.clone(),
    };
    let kept =
        api::once(&req, &wire, move |tx, cx| Ok(json!(neighbour(neighbours::add(tx, cx, &new)?))))
            .await?;
    api::created(&kept, "/api/v1/neighbours", None)
}

/// A resident leader; the phone stays here.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct LeaderOut {
    id: String,
    name: String,
    role: String,
    group_led: Option<String>,
    site: String,
    since: String,
    until: Option<String>,
}

fn leader(l: crate::model::Leader) -> LeaderOut {
    LeaderOut {
        id: l.id.0,
        name: l.name,
        role: l.role.as_str().to_owned(),
        group_led: l.group_led,
        site: l.site.0,
        since: l.since.to_string(),
        until: l.until.map(|d| d.to_string()),
    }
}

/// Resident leaders in scope.
#[utoipa::path(get, path = "/api/v1/leaders", tag = "deliberation", responses((status = 200, body = [LeaderOut])))]
async fn leader_list(req: Req) -> Answered {
    let all = req.ask(|tx, cx| store::leaders(tx, cx, MOST)).await?;
    api::ok(&all.into_iter().map(leader).collect::<Vec<_>>())
}

/// A new resident leader.
#[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LeaderIn {
    name: String,
    role: String,
    region: String,
    since: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    group_led: String,
}

/// Notes a resident leader; with an `Idempotency-Key` once.
#[utoipa::path(post, path = "/api/v1/leaders", tag = "deliberation", request_body = LeaderIn, responses((status = 201, body = LeaderOut), (status = 422)))]
async fn leader_add(req: Req, api::Body(wire): api::Body<LeaderIn>) -> Answered {
    let new = NewLeader {
        name: wire.name.clone(),
        phone: wire.phone.clone(),
        role: LeaderRole::parse(&wire.role).ok_or_else(|| wrong("role"))?,
        group_led: wire.group_led.clone(),
        region: wire.region.as_str().into(),
        since: day("since", &wire.since)?,
        until: None,
    };
    let kept =
        api::once(&req, &wire, move |tx, cx| Ok(json!(leader(leaders::keep(tx, cx, None, &new)?))))
            .await?;
    api::created(&kept, "/api/v1/leaders", None)
}
