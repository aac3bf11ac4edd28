//! Activities for machines.
use axum::extract::Path;
use kernel::{ActivityId, Day, RecordId};
use serde_json::json;
use utoipa::OpenApi;
use web::{Gate, Req, api};

use super::Answer;
use crate::acts::activity::{self, Closing, Figures, Held};
use crate::acts::opinion::{self, Opinions, Rated};
use crate::acts::signup::{self, Person};
use crate::model::activity::{Activity, Planning};
use crate::store;

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/api/v1/activities", "activities.read", list)
        .post("/api/v1/activities", "activities.write", plan)
        .get("/api/v1/activities/{id}", "activities.read", show)
        .get("/api/v1/activities/{id}/opinions", "activities.read", opinions)
        .put("/api/v1/activities/{id}", "activities.write", amend)
        .post("/api/v1/activities/{id}/cancellation", "activities.write", cancel)
        .post("/api/v1/activities/{id}/signups", "activities.write", sign_up)
        .post("/api/v1/activities/signups/{id}/coming", "activities.write", coming)
        .delete("/api/v1/activities/signups/{id}", "activities.write", give_back)
        .post("/api/v1/activities/{id}/record", "activities.write", hold)
        .post("/api/v1/activities/{id}/closing", "activities.write", close)
}

#[derive(OpenApi)]
#[openapi(
    paths(list, plan, show, amend, cancel, sign_up, coming, give_back, hold, close, opinions),
    components(schemas(
        ActivityOut,
        Planning,
        Person,
        Held,
        Closing,
        Figures,
        Reason,
        Coming,
        Opinions,
        Rated
    ))
)]
struct Doc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

/// What people thought of it, all answers together; comments only for those who run activities.
#[utoipa::path(get, path = "/api/v1/activities/{id}/opinions", tag = "activities", params(("id" = String, Path)), responses((status = 200, body = Opinions), (status = 404)))]
async fn opinions(req: Req, Path(id): Path<String>) -> Answer {
    let (id, lang) = (ActivityId::from(id), req.lang);
    let said = req
        .ask(move |tx, cx| {
            let a = activity::find(tx, cx, &id)?;
            let mut said = opinion::of(tx, &a, lang)?;
            if !cx.actor.can("activities.write") {
                said.comments.clear();
            }
            Ok(said)
        })
        .await?;
    api::ok(&said)
}

/// An activity with its figures. Nobody is named.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ActivityOut {
    id: String,
    site: String,
    title: String,
    kind: String,
    field: String,
    day: String,
    time: String,
    minutes: i64,
    place: String,
    capacity: i64,
    /// Fen.
    budget: i64,
    /// `planned`, `held`, `closed`, `cancelled`.
    standing: String,
    summary: Option<String>,
    figures: Figures,
}

fn out(tx: &mut db::Tx<'_>, a: Activity) -> db::Result<ActivityOut> {
    Ok(ActivityOut {
        figures: activity::figures(tx, &a)?,
        standing: a.standing().to_string(),
        id: a.id.0,
        site: a.site.0,
        title: a.title,
        kind: a.kind.to_string(),
        field: a.field.to_string(),
        day: a.day.to_string(),
        time: a.time,
        minutes: a.minutes,
        place: a.place,
        capacity: a.capacity,
        budget: a.budget.0,
        summary: a.summary,
    })
}

/// Activities between two days (`from`, `to`; the last year and the next when left out), latest first, at most 300.
#[utoipa::path(get, path = "/api/v1/activities", tag = "activities", params(("from" = Option<String>, Query), ("to" = Option<String>, Query)), responses((status = 200, body = [ActivityOut])))]
async fn list(req: Req) -> Answer {
    let day = |name: &str| req.query(name).and_then(|d| d.parse::<Day>().ok());
    let (from, to) = (day("from"), day("to"));
    let all = req
        .ask(move |tx, cx| {
            let (from, to) = (
                from.unwrap_or(cx.today().plus_days(-366)),
                to.unwrap_or(cx.today().plus_days(366)),
            );
            let all = store::activity::between(tx, cx, from, to, 300)?;
            all.into_iter().map(|a| out(tx, a)).collect::<db::Result<Vec<_>>>()
        })
        .await?;
    api::ok(&all)
}

/// Plans an activity.
#[utoipa::path(post, path = "/api/v1/activities", tag = "activities", request_body = Planning, responses((status = 201)))]
async fn plan(req: Req, api::Body(new): api::Body<Planning>) -> Answer {
    let wire = new.clone();
    let kept =
        api::once(&req, &wire, move |tx, cx| Ok(json!({ "id": activity::plan(tx, cx, &new)?.id })))
            .await?;
    let id = kept.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
    api::created(&kept, &format!("/api/v1/activities/{id}"), None)
}

/// An activity.
#[utoipa::path(get, path = "/api/v1/activities/{id}", tag = "activities", params(("id" = String, Path)), responses((status = 200, body = ActivityOut)))]
async fn show(req: Req, Path(id): Path<String>) -> Answer {
    let id = ActivityId::from(id);
    let (a, version) = req
        .ask(move |tx, cx| {
            let a = activity::find(tx, cx, &id)?;
            Ok((out(tx, a)?, db::event::version(tx, "activity", id.as_str())?))
        })
        .await?;
    api::versioned(&a, version)
}

/// Changes the plan.
#[utoipa::path(put, path = "/api/v1/activities/{id}", tag = "activities", params(("id" = String, Path)), request_body = Planning, responses((status = 200, body = ActivityOut)))]
async fn amend(req: Req, Path(id): Path<String>, api::Body(new): api::Body<Planning>) -> Answer {
    let a = req
        .act(move |tx, cx| {
            let a = activity::amend(tx, cx, &ActivityId::from(id), &new)?;
            out(tx, a)
        })
        .await?;
    api::ok(&a)
}

/// Why.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    why: String,
}

/// Calls an activity off.
#[utoipa::path(post, path = "/api/v1/activities/{id}/cancellation", tag = "activities", params(("id" = String, Path)), request_body = Reason, responses((status = 204)))]
async fn cancel(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Reason>) -> Answer {
    req.act(move |tx, cx| activity::cancel(tx, cx, &ActivityId::from(id), &said.why)).await?;
    Ok(api::done())
}

/// Puts somebody on the list.
#[utoipa::path(post, path = "/api/v1/activities/{id}/signups", tag = "activities", params(("id" = String, Path)), request_body = Person, responses((status = 201)))]
async fn sign_up(req: Req, Path(id): Path<String>, api::Body(who): api::Body<Person>) -> Answer {
    let wire = who.clone();
    let of = ActivityId::from(id.as_str());
    let kept = api::once(&req, &wire, move |tx, cx| {
        Ok(json!({ "id": signup::add(tx, cx, &of, &who)?.id }))
    })
    .await?;
    api::created(&kept, &format!("/api/v1/activities/{id}"), None)
}

/// Came, or did not.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Coming {
    came: bool,
}

/// Notes that somebody came.
#[utoipa::path(post, path = "/api/v1/activities/signups/{id}/coming", tag = "activities", params(("id" = String, Path)), request_body = Coming, responses((status = 204)))]
async fn coming(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Coming>) -> Answer {
    req.act(move |tx, cx| signup::check_in(tx, cx, &RecordId::from(id), said.came)).await?;
    Ok(api::done())
}

/// Gives a place back.
#[utoipa::path(delete, path = "/api/v1/activities/signups/{id}", tag = "activities", params(("id" = String, Path)), responses((status = 204)))]
async fn give_back(req: Req, Path(id): Path<String>) -> Answer {
    req.act(move |tx, cx| signup::cancel(tx, cx, &RecordId::from(id))).await?;
    Ok(api::done())
}

/// Records that it took place, or corrects the record.
#[utoipa::path(post, path = "/api/v1/activities/{id}/record", tag = "activities", params(("id" = String, Path)), request_body = Held, responses((status = 200, body = ActivityOut)))]
async fn hold(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Held>) -> Answer {
    let a = req
        .act(move |tx, cx| {
            let a = activity::hold(tx, cx, &ActivityId::from(id), &said)?;
            out(tx, a)
        })
        .await?;
    api::ok(&a)
}

/// Closes it with its summary.
#[utoipa::path(post, path = "/api/v1/activities/{id}/closing", tag = "activities", params(("id" = String, Path)), request_body = Closing, responses((status = 200, body = ActivityOut)))]
async fn close(req: Req, Path(id): Path<String>, api::Body(said): api::Body<Closing>) -> Answer {
    let a = req
        .act(move |tx, cx| {
            let a = activity::close(tx, cx, &ActivityId::from(id), &said)?;
            out(tx, a)
        })
        .await?;
    api::ok(&a)
}
