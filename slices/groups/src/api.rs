//! What a machine sees: the same acts as the pages, with the same sight of members.
mod sessions;

use axum::extract::Path;
use axum::response::Response;
use kernel::{ClientId, Day, GroupId, PersonId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;
use web::api::{self, Body};
use web::{ApiError, Gate, Req};

use crate::acts::members::Applicant;
use crate::acts::plan::Plan;
use crate::acts::{members, phases, plan};
use crate::look;
use crate::model::figures::Figures;
use crate::model::{Group, GroupKind, Model, Openness, Phase, Screening};
use crate::store;

type Answer = std::result::Result<Response, ApiError>;

pub(crate) fn gate() -> Gate {
    Gate::api()
        .get("/api/v1/groups", "groups.read", list)
        .post("/api/v1/groups", "groups.write", begin)
        .get("/api/v1/groups/{id}", "groups.read", show)
        .put("/api/v1/groups/{id}", "groups.write", amend)
        .post("/api/v1/groups/{id}/submission", "groups.write", submit)
        .post("/api/v1/groups/{id}/review", "groups.approve", review)
        .post("/api/v1/groups/{id}/phases", "groups.write", advance)
        .post("/api/v1/groups/{id}/closing", "groups.write", close)
        .get("/api/v1/groups/{id}/members", "groups.read", members_of)
        .post("/api/v1/groups/{id}/members", "groups.write", apply)
        .post("/api/v1/groups/{id}/members/{member}/screening", "groups.write", screen)
        .post("/api/v1/groups/{id}/members/{member}/contract", "groups.write", sign)
        .post("/api/v1/groups/{id}/members/{member}/leaving", "groups.write", leave)
        .get("/api/v1/groups/{id}/sessions", "groups.read", sessions::sessions_of)
        .post("/api/v1/groups/{id}/sessions", "groups.write", sessions::plan_session)
        .put("/api/v1/groups/{id}/sessions/{session}/record", "groups.write", sessions::record)
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        begin,
        show,
        amend,
        submit,
        review,
        advance,
        close,
        members_of,
        apply,
        screen,
        sign,
        leave,
        sessions::sessions_of,
        sessions::plan_session,
        sessions::record
    ),
    components(schemas(
        GroupOut,
        FiguresOut,
        PlanIn,
        ReviewIn,
        PhaseIn,
        MemberOut,
        MemberIn,
        ScreeningIn,
        DayIn,
        LeavingIn,
        sessions::SessionOut,
        sessions::SessionIn,
        sessions::StepIn,
        sessions::RecordIn,
        sessions::AttendanceIn
    ))
)]
struct Doc;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// Persons and person-times, always both.
#[derive(Serialize, utoipa::ToSchema)]
struct FiguresOut {
    held: usize,
    expected: i64,
    /// Attendances of members.
    present: i64,
    /// Attendances of others.
    others: i64,
    persons: i64,
    person_times: i64,
    completed: i64,
    /// Percent with one decimal; nothing before the first session.
    rate: Option<String>,
}

/// A group in the list.
#[derive(Serialize, utoipa::ToSchema)]
struct GroupOut {
    id: String,
    name: String,
    kind: String,
    openness: String,
    phase: String,
    site: String,
    size: i64,
    planned: i64,
    version: i64,
    figures: FiguresOut,
}

fn out(tx: &mut db::Tx<'_>, g: Group) -> db::Result<GroupOut> {
    let (records, members) = (store::records(tx, &g.id)?, store::members(tx, &g.id)?);
    let f = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
    Ok(GroupOut {
        phase: look::phase_of(&store::phases(tx, &g.id)?).to_string(),
        version: db::event::version(tx, "group_work", g.id.as_str())?,
        id: g.id.0,
        name: g.name,
        kind: g.kind.to_string(),
        openness: g.openness.to_string(),
        site: g.site.0,
        size: g.size,
        planned: g.planned,
        figures: FiguresOut {
            held: f.held(),
            expected: f.expected,
            present: f.present,
            others: f.others,
            persons: f.persons,
            person_times: f.person_times(),
            completed: f.completed,
            rate: f.rate(),
        },
    })
}

#[utoipa::path(get, path = "/api/v1/groups", tag = "groups", responses((status = 200, body = [GroupOut])))]
async fn list(req: Req) -> Answer {
    let all: Vec<GroupOut> = req
        .ask(|tx, cx| {
            let groups = store::groups(tx, cx)?;
            groups.into_iter().map(|g| out(tx, g)).collect()
        })
        .await?;
    api::ok(&all)
}

#[utoipa::path(get, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path)), responses((status = 200, body = GroupOut)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let group = req
        .ask(move |tx, cx| {
            let (g, _) = look::find(tx, cx, &GroupId::from(id))?;
            out(tx, g)
        })
        .await?;
    api::versioned(&group, group.version)
}

/// A plan; kinds are words such as `support`.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanIn {
    name: String,
    #[schema(value_type = String)]
    kind: GroupKind,
    #[schema(value_type = String)]
    openness: Openness,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    model: Option<Model>,
    #[serde(default)]
    theory: String,
    target: String,
    goals: String,
    #[serde(default)]
    criteria: String,
    #[serde(default)]
    risks: String,
    #[serde(default)]
    evaluation: String,
    size: i64,
    planned: i64,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    starts: Option<Day>,
    #[serde(default)]
    place: String,
    #[serde(default)]
    scale: String,
    site: String,
    lead: String,
    #[serde(default)]
    others: Vec<String>,
}

impl From<PlanIn> for Plan {
    fn from(p: PlanIn) -> Self {
        Self {
            name: p.name,
            kind: p.kind,
            openness: p.openness,
            model: p.model,
            theory: p.theory,
            target: p.target,
            goals: p.goals,
            criteria: p.criteria,
            risks: p.risks,
            evaluation: p.evaluation,
            size: p.size,
            planned: p.planned,
            starts: p.starts,
            place: p.place,
            scale: p.scale,
            site: p.site.into(),
            lead: p.lead.into(),
            others: p.others.into_iter().map(PersonId::from).collect(),
        }
    }
}

/// The id in a kept answer.
fn id_of(kept: &serde_json::Value) -> &str {
    kept.get("id").and_then(|v| v.as_str()).unwrap_or_default()
}

#[utoipa::path(post, path = "/api/v1/groups", tag = "groups", request_body = PlanIn, responses((status = 201)))]
async fn begin(req: Req, Body(new): Body<PlanIn>) -> Answer {
    let wire = json!(new);
    let kept = api::once(&req, &wire, move |tx, cx| {
        Ok(json!({ "id": plan::begin(tx, cx, &new.into())?.id }))
    })
    .await?;
    api::created(&kept, &format!("/api/v1/groups/{}", id_of(&kept)), None)
}

#[utoipa::path(put, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path)), request_body = PlanIn, responses((status = 200, body = GroupOut)))]
async fn amend(req: Req, Path(id): Path<String>, Body(new): Body<PlanIn>) -> Answer {
    let seen = req.if_match();
    let group = req
        .act(move |tx, cx| {
            let g = plan::amend(tx, cx, &id.into(), &new.into(), seen)?;
            out(tx, g)
        })
        .await?;
    api::versioned(&group, group.version)
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/submission", tag = "groups", params(("id" = String, Path)), responses((status = 204)))]
async fn submit(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| plan::submit(tx, cx, &id.into())).await?;
    Ok(api::done())
}

/// Approved, or returned with the reason.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewIn {
    approved: bool,
    #[serde(default)]
    reason: String,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/review", tag = "groups", params(("id" = String, Path)), request_body = ReviewIn, responses((status = 204)))]
async fn review(req: Req, Path(id): Path<String>, Body(said): Body<ReviewIn>) -> Answer {
    req.act(move |tx, cx| plan::review(tx, cx, &id.into(), said.approved, &said.reason)).await?;
    Ok(api::done())
}

/// The phase that begins: `forming`, `transition`, `working`, `ending`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PhaseIn {
    #[schema(value_type = String)]
    phase: Phase,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/phases", tag = "groups", params(("id" = String, Path)), request_body = PhaseIn, responses((status = 204)))]
async fn advance(req: Req, Path(id): Path<String>, Body(new): Body<PhaseIn>) -> Answer {
    req.act(move |tx, cx| phases::advance(tx, cx, &id.into(), new.phase)).await?;
    Ok(api::done())
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/closing", tag = "groups", params(("id" = String, Path)), responses((status = 204)))]
async fn close(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| phases::close(tx, cx, &id.into())).await?;
    Ok(api::done())
}

/// A member as the asker may see them.
#[derive(Serialize, utoipa::ToSchema)]
struct MemberOut {
    id: String,
    number: i64,
    /// A name, or a pseudonym.
    label: String,
    outcome: String,
    enrolled_on: Option<String>,
    contract_on: Option<String>,
    left_on: Option<String>,
    expected: i64,
    present: i64,
    completed: bool,
}

#[utoipa::path(get, path = "/api/v1/groups/{id}/members", tag = "groups", params(("id" = String, Path)), responses((status = 200, body = [MemberOut])))]
async fn members_of(req: Req, Path(id): Path<String>) -> Answer {
    let all: Vec<MemberOut> = req
        .ask(move |tx, cx| {
            let (g, look) = look::find(tx, cx, &GroupId::from(id))?;
            look.content()?;
            let (records, members) = (store::records(tx, &g.id)?, store::members(tx, &g.id)?);
            let f = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
            let text = |d: Option<Day>| d.map(|d| d.to_string());
            let mut all = Vec::new();
            for m in &members {
                let row = f.member(&m.id);
                all.push(MemberOut {
                    id: m.id.0.clone(),
                    number: m.number,
                    label: look::member(tx, cx, look, m)?.label,
                    outcome: m.outcome.to_string(),
                    enrolled_on: text(m.enrolled_on),
                    contract_on: text(m.contract_on),
                    left_on: text(m.left_on),
                    expected: row.map_or(0, |r| r.expected),
                    present: row.map_or(0, |r| r.present),
                    completed: row.is_some_and(|r| r.completed),
                });
            }
            Ok(all)
        })
        .await?;
    api::ok(&all)
}

/// A client's id, or a name.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MemberIn {
    #[serde(default)]
    client: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/members", tag = "groups", params(("id" = String, Path)), request_body = MemberIn, responses((status = 201)))]
async fn apply(req: Req, Path(id): Path<String>, Body(new): Body<MemberIn>) -> Answer {
    let wire = json!(new);
    let at = format!("/api/v1/groups/{id}/members");
    let kept = api::once(&req, &wire, move |tx, cx| {
        let new =
            Applicant { client: new.client.map(ClientId::from), name: new.name, phone: new.phone };
        let m = members::apply(tx, cx, &id.into(), &new)?;
        Ok(json!({ "id": m.id, "number": m.number }))
    })
    .await?;
    api::created(&kept, &at, None)
}

/// `accepted`, `declined` or `waiting`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ScreeningIn {
    #[schema(value_type = String)]
    outcome: Screening,
    #[serde(default)]
    why: String,
    #[schema(value_type = String)]
    on: Day,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/members/{member}/screening", tag = "groups", params(("id" = String, Path), ("member" = String, Path)), request_body = ScreeningIn, responses((status = 204)))]
async fn screen(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    Body(new): Body<ScreeningIn>,
) -> Answer {
    req.act(move |tx, cx| {
        members::screen(tx, cx, &id.into(), &member, new.outcome, &new.why, new.on)
    })
    .await?;
    Ok(api::done())
}

/// A day.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct DayIn {
    #[schema(value_type = String)]
    on: Day,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/members/{member}/contract", tag = "groups", params(("id" = String, Path), ("member" = String, Path)), request_body = DayIn, responses((status = 204)))]
async fn sign(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    Body(new): Body<DayIn>,
) -> Answer {
    req.act(move |tx, cx| members::sign(tx, cx, &id.into(), &member, new.on)).await?;
    Ok(api::done())
}

/// The first day without, and why.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct LeavingIn {
    #[schema(value_type = String)]
    on: Day,
    why: String,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/members/{member}/leaving", tag = "groups", params(("id" = String, Path), ("member" = String, Path)), request_body = LeavingIn, responses((status = 204)))]
async fn leave(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    Body(new): Body<LeavingIn>,
) -> Answer {
    req.act(move |tx, cx| members::leave(tx, cx, &id.into(), &member, new.on, &new.why)).await?;
    Ok(api::done())
}
