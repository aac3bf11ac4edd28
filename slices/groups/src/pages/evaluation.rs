//! Evaluation: attendance, scales before and after, satisfaction, the report, and the gate before the end.
use access::{Cx, care};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use forms::answer;
use kernel::GroupId;
use web::answers::AnswerView;
use web::{Error, Fields, Form, FormView, Frame, Req, page, page_with};

use super::{Head, Page, frame, head, open, percent};
use crate::acts::evaluation::{self as acts, About, Asked};
use crate::acts::phases;
use crate::look;
use crate::model::figures::Figures;
use crate::model::{Member, Phase};
use crate::store;

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
    completed: String,
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
    Ok(answer::of_subject(tx, acts::subject(stage)?, member.id.as_str(), scale)?
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
        completed: if look.phase >= Phase::Ending {
            format!("{} / {}", figures.completed, enrolled.len())
        } else {
            "—".into()
        },
        figures,
        planned: g.planned,
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

/// What the system knows already, and the report kept before.
fn prefill(tx: &mut Tx<'_>, cx: &Cx, a: &Asked) -> Result<Form> {
    let today = cx.today().to_string();
    let mut form = Form::of(a.form.prefill(&[("today", today)]));
    if a.form.id == "group_report" {
        if let Some(last) = answer::of_subject(tx, a.subject, &a.subject_id, &a.form.id)?.pop() {
            let (_, kept, answers) = answer::load(tx, &last.id)?;
            form = Form::of(kept.flat(&answers));
        }
        for (name, value) in acts::figures(tx, &a.group.id)? {
            form = form.with(&name, value);
        }
    }
    Ok(form)
}

fn form_page(req: &Req, a: Asked, about: &About, form: Form) -> AnswerForm {
    let base = format!("/groups/{}", a.group.id);
    let (action, under) = match about {
        About::Report => (format!("{base}/report"), a.group.name),
        About::Satisfaction => (format!("{base}/satisfaction"), a.group.name),
        About::Scale { member, stage } => (
            format!("{base}/members/{member}/scale/{stage}"),
            format!("{} · {}", a.label, req.t(&format!("groups.stage.{stage}"))),
        ),
    };
    let frame = Frame::titled(req, a.form.title.say(req.lang).to_owned()).under(under);
    let form = form.of_sheet(&a.form, req.lang);
    let view = FormView::new(&frame, &a.form, form.clone());
    AnswerForm { view, form, frame, action, back: format!("{base}/evaluation") }
}

async fn ask(req: Req, id: String, about: About) -> Page {
    let r = req.clone();
    // A look at what is kept about one client is written down before it is shown.
    let built = req
        .act(move |tx, cx| {
            let a = acts::asked(tx, cx, &id.into(), &about)?;
            if let Some(client) = a.member.as_ref().and_then(|m| m.client.clone()) {
                care::viewed(tx, cx, &client, "scale")?;
            }
            let form = prefill(tx, cx, &a)?;
            Ok(form_page(&r, a, &about, form))
        })
        .await?;
    page(&built)
}

async fn keep(req: Req, id: String, about: About, fields: Fields) -> Page {
    let (flat, said, group) = (fields.joined(), about.clone(), GroupId::from(id.as_str()));
    match req.act(move |tx, cx| acts::answer(tx, cx, &group, &said, &flat)).await {
        Ok(kept) => {
            let flash = if kept.alerts.is_empty() { "groups.kept" } else { "groups.kept_alert" };
            Ok(req.redirect(&format!("/groups/{id}/evaluation"), flash))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req
                .ask(move |tx, cx| {
                    let a = acts::asked(tx, cx, &id.into(), &about)?;
                    Ok(form_page(&r, a, &about, form))
                })
                .await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
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
