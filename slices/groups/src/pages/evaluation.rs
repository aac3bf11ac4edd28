//! Evaluation: attendance, scales before and after, satisfaction, the report, and the gate before the end.
use std::sync::Arc;

use access::{Cx, care};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use forms::{Keeping, answer};
use kernel::{GroupId, Refusals};
use web::answers::AnswerView;
use web::{Error, Fields, Form, FormView, Frame, Req, page, page_with};

use super::{Head, Page, frame, head, open, open_to_write, percent};
use crate::acts::phases;
use crate::look::{self, Look};
use crate::model::figures::Figures;
use crate::model::{Group, Member, Phase};
use crate::store;

/// Before or after: the subject under which a member's scale is kept.
fn subject(stage: &str) -> Result<&'static str> {
    match stage {
        "pre" => Ok("group_pre"),
        "post" => Ok("group_post"),
        _ => Err(db::Error::Missing),
    }
}

/// A member's line of the comparison; totals as people write them.
struct Compared {
    id: String,
    label: String,
    before: String,
    after: String,
    change: String,
}

#[derive(Template)]
#[template(path = "evaluation.html")]
struct Evaluation {
    head: Head,
    frame: Frame,
    form: Form,
    figures: Figures,
    rate: String,
    planned: i64,
    members: usize,
    scale: String,
    compared: Vec<Compared>,
    mean: (String, String, String),
    both: usize,
    satisfied: String,
    satisfied_of: usize,
    report: Option<AnswerView>,
    reported: bool,
    missing: Vec<String>,
    ending: bool,
    closed: bool,
}

/// The last total that a member's scale gave at a stage, in tenths.
fn total(tx: &mut Tx<'_>, stage: &str, member: &Member, scale: &str) -> Result<Option<i64>> {
    Ok(answer::of_subject(tx, subject(stage)?, member.id.as_str(), scale)?
        .into_iter()
        .filter(|a| a.state == forms::AnswerState::Final)
        .filter_map(|a| a.total)
        .next_back())
}

fn tenths(n: i64) -> String {
    forms::score::tenths(n)
}

fn mean(all: &[i64]) -> String {
    let n = i64::try_from(all.len()).unwrap_or_default();
    if n == 0 { "—".into() } else { tenths(all.iter().sum::<i64>() / n) }
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Evaluation> {
    let (g, look) = open(tx, cx, id)?;
    let records = store::records(tx, &g.id)?;
    let members = store::members(tx, &g.id)?;
    let figures = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
    let enrolled: Vec<&Member> = members.iter().filter(|m| m.enrolled_on.is_some()).collect();
    let (mut compared, mut pairs) = (Vec::new(), Vec::new());
    let mut scale = String::new();
    if let Some(form) = &g.scale {
        scale = forms::library::latest(tx, form)?.title.say(req.lang).to_owned();
        for m in &enrolled {
            let seen = look::member(tx, cx, look, m)?;
            let (before, after) = (total(tx, "pre", m, form)?, total(tx, "post", m, form)?);
            if let (Some(a), Some(b)) = (before, after) {
                pairs.push((a, b));
            }
            // A score is the client's own affair: it stands here for those who may read what is kept about the member.
            let shown = |n: Option<i64>| match n {
                None => "—".to_owned(),
                Some(_) if !seen.notes && !look.numbers => "•".to_owned(),
                Some(n) => tenths(n),
            };
            let change = before.zip(after).map(|(a, b)| b - a);
            compared.push(Compared {
                id: m.id.0.clone(),
                label: seen.label.clone(),
                before: shown(before),
                after: shown(after),
                change: shown(change),
            });
        }
    }
    let (before, after): (Vec<i64>, Vec<i64>) = pairs.iter().copied().unzip();
    let change: Vec<i64> = pairs.iter().map(|(a, b)| b - a).collect();
    let said: Vec<i64> = answer::of_subject(tx, "group", g.id.as_str(), "satisfaction")?
        .iter()
        .filter_map(|a| a.total)
        .collect();
    let last = answer::of_subject(tx, "group", g.id.as_str(), "group_report")?.pop();
    let frame = frame(req, &g);
    let report = match last {
        Some(a) => {
            let (_, form, answers) = answer::load(tx, &a.id)?;
            Some(AnswerView::new(&frame, &form, &answers))
        }
        None => None,
    };
    let gate = phases::gate(tx, &g.id, cx.today())?.refusals();
    Ok(Evaluation {
        head: head(tx, req, &g, look, "evaluation")?,
        frame,
        form,
        rate: percent(figures.rate()),
        figures,
        planned: g.planned,
        members: enrolled.len(),
        scale,
        both: pairs.len(),
        mean: (mean(&before), mean(&after), mean(&change)),
        compared,
        satisfied: if said.is_empty() { "—".into() } else { format!("{}%", mean(&said)) },
        satisfied_of: said.len(),
        reported: report.is_some(),
        report,
        missing: gate.0.iter().map(|r| req.refusal(r)).collect(),
        ending: look.phase == Phase::Ending,
        closed: look.phase == Phase::Closed,
    })
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, Form::blank())).await?)
}

pub(super) async fn close(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    match req.act(move |tx, cx| phases::close(tx, cx, &group)).await {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}/evaluation"), "groups.close.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req.ask(move |tx, cx| build(tx, cx, &r, &id, form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

#[derive(Template)]
#[template(path = "answer_form.html")]
struct AnswerForm {
    frame: Frame,
    form: Form,
    view: FormView,
    action: String,
    back: String,
}

/// What a form of this page is about, and with which form.
#[derive(Clone)]
enum About {
    Report,
    Satisfaction,
    Scale { member: String, stage: String },
}

/// What a form page needs of its group.
struct Asked {
    group: Group,
    member: Option<Member>,
    form: Arc<forms::Form>,
    title: String,
    action: String,
    back: String,
}

fn asked(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, about: &About) -> Result<Asked> {
    let (group, look) = open_to_write(tx, cx, id)?;
    let base = format!("/groups/{}", group.id);
    let back = format!("{base}/evaluation");
    let (name, action, member, title) = match about {
        About::Report => {
            ("group_report".to_owned(), format!("{base}/report"), None, group.name.clone())
        }
        About::Satisfaction => {
            ("satisfaction".to_owned(), format!("{base}/satisfaction"), None, group.name.clone())
        }
        About::Scale { member, stage } => {
            let m = store::member(tx, &group.id, member)?.ok_or(db::Error::Missing)?;
            let label = measured(tx, cx, look, &m)?;
            let scale = group.scale.clone().ok_or(db::Error::Missing)?;
            subject(stage)?;
            let title = format!("{label} · {}", req.t(&format!("groups.stage.{stage}")));
            (scale, format!("{base}/members/{member}/scale/{stage}"), Some(m), title)
        }
    };
    let form = forms::library::latest(tx, &name)?;
    Ok(Asked { group, member, form, title, action, back })
}

/// The label of a member whose scale the viewer may fill in: whoever may read what is kept about the member.
fn measured(tx: &mut Tx<'_>, cx: &Cx, look: Look, m: &Member) -> Result<String> {
    let seen = look::member(tx, cx, look, m)?;
    if seen.notes { Ok(seen.label) } else { Err(db::Error::Missing) }
}

/// What the system knows already: the figures of the report are not typed.
fn prefill(tx: &mut Tx<'_>, cx: &Cx, a: &Asked) -> Result<Form> {
    let today = cx.today().to_string();
    let mut form = Form::of(a.form.prefill(&[("today", today)]));
    if a.form.id == "group_report" {
        let g = &a.group.id;
        if let Some(last) = answer::of_subject(tx, "group", g.as_str(), "group_report")?.pop() {
            let (_, kept, answers) = answer::load(tx, &last.id)?;
            form = Form::of(kept.flat(&answers));
        }
        let (records, members) = (store::records(tx, g)?, store::members(tx, g)?);
        let f = Figures::of(&records, &members, &store::presences(tx, g)?);
        form = form
            .with("held", f.held())
            .with("persons", f.persons)
            .with("person_times", f.person_times())
            .with("rate", f.rate().unwrap_or_default());
    }
    Ok(form)
}

fn form_page(req: &Req, a: Asked, form: Form) -> AnswerForm {
    let frame = Frame::titled(req, a.form.title.say(req.lang).to_owned()).under(a.title);
    let view = FormView::new(&frame, &a.form, form.clone());
    AnswerForm { view, form, frame, action: a.action, back: a.back }
}

async fn ask(req: Req, id: String, about: About) -> Page {
    let r = req.clone();
    let built = req
        .act(move |tx, cx| {
            let a = asked(tx, cx, &r, &id, &about)?;
            if let Some(client) = a.member.as_ref().and_then(|m| m.client.clone()) {
                care::viewed(tx, cx, &client, "scale")?;
            }
            let form = prefill(tx, cx, &a)?;
            Ok(form_page(&r, a, form))
        })
        .await?;
    page(&built)
}

async fn keep(req: Req, id: String, about: About, fields: Fields) -> Page {
    let (r, flat, said, group) = (req.clone(), fields.joined(), about.clone(), id.clone());
    let done = req
        .act(move |tx, cx| {
            let a = asked(tx, cx, &r, &group, &said)?;
            let answers = a.form.read(&flat)?;
            let (subject, subject_id) = match (&said, &a.member) {
                (About::Scale { stage, .. }, Some(m)) => (subject(stage)?, m.id.0.clone()),
                _ => ("group", a.group.id.0.clone()),
            };
            // A second report corrects the first; a second scale at a stage replaces it as the last one counts.
            let of = match &said {
                About::Report => {
                    answer::of_subject(tx, subject, &subject_id, &a.form.id)?.pop().map(|f| f.id)
                }
                _ => None,
            };
            let on = answers.day("date").unwrap_or_else(|| cx.today());
            let client = a.member.as_ref().and_then(|m| m.client.clone());
            web::answers::keep(
                tx,
                cx,
                Keeping {
                    form: &a.form,
                    answers,
                    subject,
                    subject_id: &subject_id,
                    client: client.as_ref(),
                    stage: a.form.last_stage(),
                    on,
                    of: of.as_ref(),
                },
            )
        })
        .await;
    match done {
        Ok(kept) => {
            let flash = if kept.alerts.is_empty() { "groups.kept" } else { "groups.kept_alert" };
            Ok(req.redirect(&format!("/groups/{id}/evaluation"), flash))
        }
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, about, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

async fn again(req: &Req, id: String, about: About, fields: &Fields, no: &Refusals) -> Page {
    let (r, form) = (req.clone(), Form::refused(req, fields, no));
    let built = req
        .ask(move |tx, cx| {
            let a = asked(tx, cx, &r, &id, &about)?;
            Ok(form_page(&r, a, form))
        })
        .await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
}

pub(super) async fn report(req: Req, Path(id): Path<String>) -> Page {
    ask(req, id, About::Report).await
}
pub(super) async fn keep_report(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    keep(req, id, About::Report, fields).await
}
pub(super) async fn satisfaction(req: Req, Path(id): Path<String>) -> Page {
    ask(req, id, About::Satisfaction).await
}
pub(super) async fn keep_satisfaction(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    keep(req, id, About::Satisfaction, fields).await
}
pub(super) async fn scale(
    req: Req,
    Path((id, member, stage)): Path<(String, String, String)>,
) -> Page {
    ask(req, id, About::Scale { member, stage }).await
}
pub(super) async fn keep_scale(
    req: Req,
    Path((id, member, stage)): Path<(String, String, String)>,
    fields: Fields,
) -> Page {
    keep(req, id, About::Scale { member, stage }, fields).await
}
