//! The plan of an activity: a new one, or a change before it is held.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::ActivityId;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::{self, activity};
use crate::model::activity::{ActivityKind, Domain, Planning};
use crate::view;

#[derive(Template)]
#[template(path = "activity_form.html")]
struct PlanForm {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    fields: Vec<Choice>,
    /// Empty on a change: who runs it stays.
    colleagues: Vec<Choice>,
}

fn planning(fields: &Fields) -> Planning {
    let text = |name: &str| fields.text(name).to_owned();
    let workers = fields.joined().remove("workers").unwrap_or_default();
    Planning {
        title: text("title"),
        kind: text("kind"),
        field: text("field"),
        need: text("need"),
        goals: text("goals"),
        target: text("target"),
        place: text("place"),
        day: text("day"),
        time: text("time"),
        minutes: text("minutes"),
        capacity: text("capacity"),
        budget: text("budget"),
        safety: text("safety"),
        publicity: text("publicity"),
        workers: workers.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect(),
    }
}

async fn form_page(req: &Req, form: Form, id: Option<&str>) -> Result<PlanForm, Error> {
    let r = req.clone();
    let new = id.is_none();
    let colleagues = req
        .ask(move |tx, cx| {
            if !new {
                return Ok(Vec::new());
            }
            let region = cx.actor.scope().region.clone();
            let me = cx.actor.person().cloned();
            Ok(acts::colleagues(tx, cx, &region)?
                .into_iter()
                .filter(|(id, _)| Some(id) != me.as_ref())
                .map(|(id, label)| Choice { value: id.0, label })
                .collect())
        })
        .await?;
    let back = id.map_or_else(|| "/activities".to_owned(), |id| format!("/activities/{id}"));
    Ok(PlanForm {
        frame: Frame::new(&r, if new { "activities.plan" } else { "activities.change" }),
        form,
        action: id
            .map_or_else(|| "/activities/new".to_owned(), |id| format!("/activities/{id}/plan")),
        back,
        kinds: view::words(&r, "activities.kind", ActivityKind::WORDS),
        fields: view::words(&r, "activities.field", Domain::WORDS),
        colleagues,
    })
}

pub(crate) async fn blank(req: Req) -> Result<Response, PageError> {
    let form = Form::blank()
        .with("time", "14:00")
        .with("minutes", 90)
        .with("field", Domain::Participation);
    page(&form_page(&req, form, None).await?)
}

pub(crate) async fn plan(req: Req, fields: Fields) -> Result<Response, PageError> {
    let new = planning(&fields);
    match req.act(move |tx, cx| activity::plan(tx, cx, &new)).await {
        Ok(a) => Ok(req.redirect(&format!("/activities/{}", a.id), "activities.planned")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form, None).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(crate) async fn changing(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let of = ActivityId::from(id.as_str());
    let a = req.ask(move |tx, cx| activity::find(tx, cx, &of)).await?;
    let form = Form::blank()
        .with("title", a.title)
        .with("kind", a.kind)
        .with("field", a.field)
        .with("need", a.need.unwrap_or_default())
        .with("goals", a.goals)
        .with("target", a.target.unwrap_or_default())
        .with("place", a.place)
        .with("day", a.day)
        .with("time", a.time)
        .with("minutes", a.minutes)
        .with("capacity", if a.capacity > 0 { a.capacity.to_string() } else { String::new() })
        .with("budget", a.budget.in_yuan().replace(',', ""))
        .with("safety", a.safety)
        .with("publicity", a.publicity.unwrap_or_default());
    page(&form_page(&req, form, Some(&id)).await?)
}

pub(crate) async fn amend(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (new, of) = (planning(&fields), ActivityId::from(id.as_str()));
    match req.act(move |tx, cx| activity::amend(tx, cx, &of, &new)).await {
        Ok(_) => Ok(req.redirect(&format!("/activities/{id}"), "activities.changed")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(&req, form, Some(&id)).await?)
        }
        Err(e) => Err(e.into()),
    }
}
