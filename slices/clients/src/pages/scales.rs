//! Scales of a client: asked, scored, compared over time. They screen; they do not diagnose.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{AnswerId, ClientId, Refusals};
use web::answers::FormView;
use web::chart::{self, Trend};
use web::{AnswerView, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::client::{frame, open};
use super::view::{self, Head};
use crate::acts::scales;
use crate::store;

#[derive(Template)]
#[template(path = "client_scales.html")]
struct Scales {
    frame: Frame,
    head: Head,
    trends: Vec<Trend>,
    /// (form, title)
    all: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "client_scale.html")]
struct Scale {
    frame: Frame,
    head: Head,
    view: FormView,
    errors: Form,
    on: String,
    form: String,
}

pub(super) async fn list(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let (client, sight) = open(tx, cx, &id, "scales")?;
            let head = view::head(tx, cx, &r, (&client, sight), "scales", None)?;
            let frame = frame(&r, &head.label);
            let mut trends = Vec::new();
            let mut all = Vec::new();
            for form in scales::all(tx)? {
                let answers = scales::answers(tx, &client.id, &form.id)?;
                if !answers.is_empty() {
                    let at =
                        |a: &forms::FormAnswer| format!("/clients/{}/scales/{}", client.id, a.id);
                    trends.push(chart::of_answers(&frame, &form, &answers, at));
                }
                all.push((form.id.clone(), form.title.say(r.lang).to_owned()));
            }
            Ok(Scales { frame, head, trends, all })
        })
        .await?,
    )
}

#[derive(Template)]
#[template(path = "client_answer.html")]
struct Answered {
    frame: Frame,
    head: Head,
    title: String,
    day: String,
    by: String,
    view: AnswerView,
}

/// One answer as it was given, scored at its form's own version.
pub(super) async fn show(
    req: Req,
    Path((id, answer)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let r = req.clone();
    page(
        &req.act(move |tx, cx| {
            let (client, sight) = open(tx, cx, &id, "scale")?;
            let head = view::head(tx, cx, &r, (&client, sight), "scales", None)?;
            let frame = frame(&r, &head.label);
            let answer = AnswerId::from(answer.as_str());
            let (kept, form, said) = scales::answer(tx, &client.id, &answer)?;
            Ok(Answered {
                title: form.title.say(r.lang).to_owned(),
                day: kept.on_day.to_string(),
                by: store::account_name(tx, kept.by_account.as_str())?,
                view: AnswerView::new(&frame, &form, &said),
                frame,
                head,
            })
        })
        .await?,
    )
}

async fn sheet(
    req: &Req,
    id: String,
    name: String,
    kept: Form,
    on: String,
) -> Result<Scale, Error> {
    let r = req.clone();
    req.act(move |tx, cx| {
        let (client, sight) = open(tx, cx, &id, "scales")?;
        sight.writes()?;
        let head = view::head(tx, cx, &r, (&client, sight), "scales", None)?;
        let form = forms::library::latest(tx, &name)?;
        let frame = frame(&r, &head.label);
        let errors = kept.clone();
        Ok(Scale { view: FormView::new(&frame, &form, kept), frame, head, errors, on, form: name })
    })
    .await
}

pub(super) async fn blank(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let name = req.query("form").unwrap_or_else(|| "phq9".into());
    let on = req.now.day().to_string();
    page(&sheet(&req, id, name, Form::blank(), on).await?)
}

pub(super) async fn keep(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let name = fields.text("scale").to_owned();
    let (client, f, asked) = (ClientId(id.clone()), fields.clone(), name.clone());
    let done = req
        .act(move |tx, cx| {
            let form = forms::library::latest(tx, &asked)?;
            let mut flat = f.joined();
            flat.remove("scale");
            flat.remove("on");
            let answers = form.read(&flat)?;
            let on = f.text("on").parse().map_err(|_| {
                db::Error::from(Refusals::from(kernel::Refusal::at("on", "register.not_a_day")))
            })?;
            scales::keep(tx, cx, &client, &form, answers, on)
        })
        .await;
    match done {
        Ok(kept) => {
            let said =
                if kept.alerts.is_empty() { "clients.scale.kept" } else { "clients.scale.alert" };
            Ok(req.redirect(&format!("/clients/{id}/scales"), said))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            let page = sheet(&req, id, name, form, fields.text("on").to_owned()).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}
