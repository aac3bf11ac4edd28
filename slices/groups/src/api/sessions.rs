//! Sessions before machines.
use axum::extract::Path;
use kernel::{Day, GroupId, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::Req;
use web::api::{self, Body};

use super::Answer;
use crate::acts::sessions::{self, Attendance, SessionPlan, SessionRecord};
use crate::look;
use crate::model::figures::Figures;
use crate::model::{Mark, Step};
use crate::store;

/// A session; `present` of `expected` once it is recorded.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct SessionOut {
    id: String,
    number: i64,
    day: String,
    begins: String,
    ends: String,
    theme: String,
    recorded: bool,
    expected: i64,
    present: i64,
    others: i64,
}

#[utoipa::path(get, path = "/api/v1/groups/{id}/sessions", tag = "groups", params(("id" = String, Path)), responses((status = 200, body = [SessionOut])))]
pub(super) async fn sessions_of(req: Req, Path(id): Path<String>) -> Answer {
    let all: Vec<SessionOut> = req
        .ask(move |tx, cx| {
            let (g, look) = look::find(tx, cx, &GroupId::from(id))?;
            look.content()?;
            let (records, members) = (store::records(tx, &g.id)?, store::members(tx, &g.id)?);
            let f = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
            let one = |s: crate::model::Session| {
                let row = f.session(&s.id);
                SessionOut {
                    recorded: row.is_some(),
                    expected: row.map_or(0, |r| r.expected),
                    present: row.map_or(0, |r| r.present),
                    others: row.map_or(0, |r| r.others),
                    day: row.map_or(s.day, |r| r.day).to_string(),
                    id: s.id.0,
                    number: s.number,
                    begins: s.begins,
                    ends: s.ends,
                    theme: s.theme,
                }
            };
            Ok(store::sessions(tx, &g.id)?.into_iter().map(one).collect())
        })
        .await?;
    api::ok(&all)
}

/// A step of a session.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepIn {
    minutes: i64,
    name: String,
    #[serde(default)]
    how: String,
    #[serde(default)]
    material: String,
    #[serde(default)]
    owner: String,
}

/// A session's plan; times are `14:00`.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionIn {
    #[schema(value_type = String)]
    day: Day,
    begins: String,
    ends: String,
    #[serde(default)]
    place: String,
    theme: String,
    #[serde(default)]
    goals: String,
    #[serde(default)]
    steps: Vec<StepIn>,
}

#[utoipa::path(post, path = "/api/v1/groups/{id}/sessions", tag = "groups", params(("id" = String, Path)), request_body = SessionIn, responses((status = 201)))]
pub(super) async fn plan_session(
    req: Req,
    Path(id): Path<String>,
    Body(new): Body<SessionIn>,
) -> Answer {
    let wire = json!(new);
    let at = format!("/api/v1/groups/{id}/sessions");
    let kept = api::once(&req, &wire, move |tx, cx| {
        let step = |s: StepIn| Step {
            minutes: s.minutes,
            name: s.name,
            how: s.how,
            material: s.material,
            owner: s.owner,
        };
        let new = SessionPlan {
            day: new.day,
            begins: new.begins,
            ends: new.ends,
            place: new.place,
            theme: new.theme,
            goals: new.goals,
            steps: new.steps.into_iter().map(step).collect(),
        };
        let s = sessions::plan(tx, cx, &id.into(), &new)?;
        Ok(json!({ "id": s.id, "number": s.number }))
    })
    .await?;
    api::created(&kept, &at, None)
}

/// How a member attended.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AttendanceIn {
    member: String,
    #[schema(value_type = String)]
    mark: Mark,
    #[serde(default)]
    why: String,
    #[serde(default)]
    note: String,
}

/// The record of a session; sent again it corrects.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordIn {
    #[schema(value_type = String)]
    day: Day,
    begins: String,
    ends: String,
    attendance: Vec<AttendanceIn>,
    workers: Vec<String>,
    #[serde(default)]
    others: i64,
    #[serde(default)]
    photos: bool,
    happened: String,
    #[serde(default)]
    dynamics: String,
    #[serde(default)]
    attainment: String,
    #[serde(default)]
    reflection: String,
    #[serde(default)]
    next_time: String,
}

#[utoipa::path(put, path = "/api/v1/groups/{id}/sessions/{session}/record", tag = "groups", params(("id" = String, Path), ("session" = String, Path)), request_body = RecordIn, responses((status = 204)))]
pub(super) async fn record(
    req: Req,
    Path((id, session)): Path<(String, String)>,
    Body(new): Body<RecordIn>,
) -> Answer {
    req.act(move |tx, cx| {
        let one = |a: AttendanceIn| Attendance {
            member: RecordId::from(a.member),
            mark: a.mark,
            why: a.why,
            note: a.note,
        };
        let new = SessionRecord {
            day: new.day,
            begins: new.begins,
            ends: new.ends,
            attendance: new.attendance.into_iter().map(one).collect(),
            workers: new.workers.into_iter().map(PersonId::from).collect(),
            others: new.others,
            photos: new.photos,
            happened: new.happened,
            dynamics: new.dynamics,
            attainment: new.attainment,
            reflection: new.reflection,
            next_time: new.next_time,
        };
        sessions::record(tx, cx, &id.into(), &session, &new)
    })
    .await?;
    Ok(api::done())
}
