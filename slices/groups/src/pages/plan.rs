//! The plan: the first tab of a group with its approval and phases, and the form it is written in.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{GroupId, PersonId, Refusal, Refusals, SiteId};
use web::{Choice, Error, Fields, Form, Frame, Req, page, page_with};

use super::{Head, Page, frame, head, leaders, open_to_write, percent, words};
use crate::acts::phases;
use crate::acts::plan::{self as acts, Plan, standing};
use crate::look;
use crate::model::figures::Figures;
use crate::model::{Group, GroupKind, Model, Openness, Phase, ReviewStep, WorkerRole};
use crate::store;

#[derive(Template)]
#[template(path = "plan_form.html")]
struct PlanForm {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    opennesses: Vec<Choice>,
    models: Vec<Choice>,
    sites: Vec<Choice>,
    people: Vec<Choice>,
    scales: Vec<Choice>,
    version: i64,
}

fn form_page(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    group: Option<&Group>,
    form: Form,
) -> Result<PlanForm> {
    let scope = cx.actor.scope().clone();
    let sites: Vec<Choice> = registry::site::under(tx, &scope.path, cx.today())?
        .into_iter()
        .filter(|s| scope.site.as_ref().is_none_or(|mine| *mine == s.id))
        .map(|s| Choice { value: s.id.0, label: s.name })
        .collect();
    let people: Vec<Choice> = registry::site::colleagues(tx, &scope.path, cx.today())?
        .into_iter()
        .map(|(id, label)| Choice { value: id.0, label })
        .collect();
    let scales = forms::Library::of(tx)?
        .all()
        .iter()
        .filter(|f| f.kind == forms::FormKind::Scale && f.id != "satisfaction")
        .map(|f| Choice { value: f.id.clone(), label: f.title.say(req.lang).to_owned() })
        .collect();
    let mut form = form;
    if group.is_none() {
        let me = cx.actor.person();
        if let Some(me) = me {
            form = form.or("lead", me);
            if let Some(site) = registry::site::of_person(tx, me, cx.today())?.first() {
                form = form.or("site", &site.id);
            }
        }
        if let [only] = sites.as_slice() {
            form = form.or("site", &only.value);
        }
    }
    let version = match group {
        Some(g) => db::event::version(tx, "group_work", g.id.as_str())?,
        None => 0,
    };
    let (frame, action, back) = match group {
        Some(g) => {
            let frame = Frame::new(req, "groups.edit").under(g.name.clone());
            (frame, format!("/groups/{}/edit", g.id), format!("/groups/{}", g.id))
        }
        None => (Frame::new(req, "groups.new"), "/groups/new".to_owned(), "/groups".to_owned()),
    };
    Ok(PlanForm {
        frame,
        form,
        action,
        back,
        kinds: words(req, "kind", GroupKind::WORDS),
        opennesses: words(req, "openness", Openness::WORDS),
        models: words(req, "model", Model::WORDS),
        sites,
        people,
        scales,
        version,
    })
}

/// Reads a plan's form.
fn read(fields: &Fields) -> std::result::Result<Plan, Refusals> {
    let kind = GroupKind::parse(fields.text("kind"));
    let openness = Openness::parse(fields.text("openness"));
    let number = |name: &str| fields.text(name).parse::<i64>().ok();
    let starts = fields.text("starts");
    let mut no = Refusals::none();
    no.require(kind.is_some(), "kind", "register.missing");
    no.require(openness.is_some(), "openness", "register.missing");
    no.require(number("size").is_some(), "size", "groups.size");
    no.require(number("planned").is_some(), "planned", "groups.planned");
    no.require(
        starts.is_empty() || starts.parse::<kernel::Day>().is_ok(),
        "starts",
        "register.not_a_day",
    );
    for name in ["name", "target", "goals", "site", "lead"] {
        no.require(!fields.text(name).is_empty(), name, "register.missing");
    }
    no.done()?;
    let (Some(kind), Some(openness)) = (kind, openness) else {
        return Err(Refusal::at("kind", "register.missing").into());
    };
    let text = |name: &str| fields.text(name).to_owned();
    let others = fields.joined().get("others").cloned().unwrap_or_default();
    Ok(Plan {
        openness,
        model: Model::parse(fields.text("model")),
        theory: text("theory"),
        target: text("target"),
        goals: text("goals"),
        criteria: text("criteria"),
        risks: text("risks"),
        evaluation: text("evaluation"),
        size: number("size").unwrap_or_default(),
        planned: number("planned").unwrap_or_default(),
        starts: starts.parse().ok(),
        place: text("place"),
        scale: text("scale"),
        others: others.split(',').filter(|p| !p.is_empty()).map(PersonId::from).collect(),
        ..Plan::new(
            fields.text("name"),
            kind,
            SiteId::from(fields.text("site")),
            PersonId::from(fields.text("lead")),
        )
    })
}

pub(super) async fn blank(req: Req) -> Page {
    let r = req.clone();
    let form = Form::blank().with("openness", Openness::Closed).with("size", 8).with("planned", 6);
    page(&req.ask(move |tx, cx| form_page(tx, cx, &r, None, form)).await?)
}

pub(super) async fn begin(req: Req, fields: Fields) -> Page {
    let done = match read(&fields) {
        Ok(plan) => req.act(move |tx, cx| acts::begin(tx, cx, &plan)).await,
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(group) => Ok(req.redirect(&format!("/groups/{}", group.id), "groups.begun_done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req.ask(move |tx, cx| form_page(tx, cx, &r, None, form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn edit(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open_to_write(tx, cx, &id)?;
            let team = leaders(tx, &g)?;
            let lead = team.iter().find(|w| w.2 == WorkerRole::Lead).map(|w| w.0.0.clone());
            let others: Vec<&str> =
                team.iter().filter(|w| w.2 == WorkerRole::Co).map(|w| w.0.as_str()).collect();
            let owner = g.id.as_str();
            let some = |t: &Option<String>| t.clone().unwrap_or_default();
            let form = Form::blank()
                .with("name", &g.name)
                .with("kind", g.kind)
                .with("openness", g.openness)
                .with("model", g.model.map_or("", Model::as_str))
                .with("theory", some(&g.theory))
                .with("target", &g.target)
                .with("goals", tx.open(owner, "group_work.goals", owner, &g.goals)?)
                .with(
                    "criteria",
                    tx.open_some(owner, "group_work.criteria", owner, g.criteria.as_ref())?,
                )
                .with("risks", tx.open_some(owner, "group_work.risks", owner, g.risks.as_ref())?)
                .with("evaluation", some(&g.evaluation))
                .with("size", g.size)
                .with("planned", g.planned)
                .with("starts", g.starts.map_or_else(String::new, |d| d.to_string()))
                .with("place", some(&g.place))
                .with("scale", some(&g.scale))
                .with("site", &g.site)
                .with("lead", lead.unwrap_or_default())
                .with("others", others.join(","));
            form_page(tx, cx, &r, Some(&g), form)
        })
        .await?;
    page(&built)
}

pub(super) async fn amend(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    let done = match read(&fields) {
        Ok(plan) => {
            let seen = fields.text("_version").parse().ok();
            req.act(move |tx, cx| acts::amend(tx, cx, &group, &plan, seen)).await
        }
        Err(no) => Err(no.into()),
    };
    match done {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}"), "groups.amended")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(&req, &fields, &no));
            let built = req
                .ask(move |tx, cx| {
                    let (g, _) = open_to_write(tx, cx, &id)?;
                    form_page(tx, cx, &r, Some(&g), form)
                })
                .await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

/// A phase on the line of phases.
struct Stop {
    label: String,
    when: String,
    by: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct Tab {
    head: Head,
    frame: Frame,
    form: Form,
    content: bool,
    facts: Vec<(String, String)>,
    texts: Vec<(String, String)>,
    stops: Vec<Stop>,
    next: Vec<(String, String)>,
    standing: &'static str,
    reviews: Vec<(String, String, String, String)>,
    judges: bool,
    figures: Figures,
    rate: String,
    planned: i64,
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Tab> {
    let (g, look) = look::find(tx, cx, &GroupId::from(id))?;
    let fact = |key: &str, text: String| (req.t(key), text);
    let team: Vec<String> = leaders(tx, &g)?.into_iter().map(|(_, name, _)| name).collect();
    let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
    let some = |t: &Option<String>| t.clone().unwrap_or_else(|| "—".into());
    let mut facts = vec![
        fact("groups.kind", req.t(&format!("groups.kind.{}", g.kind))),
        fact("groups.openness", req.t(&format!("groups.openness.{}", g.openness))),
        fact("groups.workers", team.join("、")),
        fact("groups.site", site),
        fact("groups.size", req.fill("groups.size.of", &[("n", g.size.to_string())])),
        fact("groups.planned", req.fill("groups.planned.of", &[("n", g.planned.to_string())])),
    ];
    let mut texts = Vec::new();
    let scale = match &g.scale {
        Some(scale) => forms::library::latest(tx, scale)
            .map_or_else(|_| scale.clone(), |f| f.title.say(req.lang).to_owned()),
        None => "—".into(),
    };
    if look.content {
        facts.extend([
            fact("groups.target", g.target.clone()),
            fact(
                "groups.model",
                g.model.map_or_else(|| "—".into(), |m| req.t(&format!("groups.model.{m}"))),
            ),
            fact("groups.theory", some(&g.theory)),
            fact("groups.starts", g.starts.map_or_else(|| "—".into(), |d| d.to_string())),
            fact("groups.place", some(&g.place)),
            fact("groups.scale", scale),
        ]);
        let owner = g.id.as_str();
        for (key, sealed) in [
            ("goals", Some(&g.goals)),
            ("criteria", g.criteria.as_ref()),
            ("risks", g.risks.as_ref()),
        ] {
            let text = tx.open_some(owner, &format!("group_work.{key}"), owner, sealed)?;
            if !text.is_empty() {
                texts.push((req.t(&format!("groups.{key}")), text));
            }
        }
        if let Some(text) = &g.evaluation {
            texts.push((req.t("groups.evaluation"), text.clone()));
        }
    }
    let begun = store::phases(tx, &g.id)?;
    let stops = Phase::ALL
        .iter()
        .map(|p| {
            let had = begun.iter().find(|b| b.phase == *p);
            Stop {
                label: req.t(&format!("groups.phase.{p}")),
                when: had.map_or_else(String::new, |b| b.day.to_string()),
                by: had.map_or_else(String::new, |b| b.by_name.clone()),
                state: if *p == look.phase {
                    "now"
                } else if had.is_some() {
                    "done"
                } else {
                    "ahead"
                },
            }
        })
        .collect();
    let reviews = store::reviews(tx, &g.id)?;
    let standing = standing(&reviews);
    let next = look
        .phase
        .next()
        .filter(|p| *p != Phase::Closed && standing == Some(ReviewStep::Approved) && look.writes)
        .map(|p| {
            (
                p.to_string(),
                req.fill("groups.advance", &[("phase", req.t(&format!("groups.phase.{p}")))]),
            )
        });
    let lead_is_me = store::workers(tx, &g.id)?.iter().any(|w| {
        w.role == WorkerRole::Lead && w.until.is_none() && cx.actor.person() == Some(&w.person)
    });
    let records = store::records(tx, &g.id)?;
    let members = store::members(tx, &g.id)?;
    let figures = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
    Ok(Tab {
        head: head(tx, req, &g, look, "plan")?,
        frame: frame(req, &g),
        form,
        content: look.content,
        facts,
        texts,
        stops,
        next: next.into_iter().collect(),
        standing: standing.map_or("draft", ReviewStep::as_str),
        reviews: reviews
            .iter()
            .map(|r| {
                let what = req.t(&format!("groups.review.{}", r.step));
                (what, r.by_name.clone(), r.at.local(), r.reason.clone().unwrap_or_default())
            })
            .collect(),
        judges: req.can("groups.approve") && !lead_is_me && standing == Some(ReviewStep::Submitted),
        rate: percent(figures.rate()),
        planned: g.planned,
        figures,
    })
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, Form::blank())).await?)
}

/// Shows the tab again with what was refused.
async fn again(req: &Req, id: String, fields: &Fields, no: &Refusals) -> Page {
    let (r, form) = (req.clone(), Form::refused(req, fields, no));
    let built = req.ask(move |tx, cx| build(tx, cx, &r, &id, form)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
}

pub(super) async fn submit(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    match req.act(move |tx, cx| acts::submit(tx, cx, &group)).await {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}"), "groups.submit.done")),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn review(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let (group, f) = (GroupId::from(id.as_str()), fields.clone());
    let approve = fields.text("outcome") == "approved";
    match req.act(move |tx, cx| acts::review(tx, cx, &group, approve, f.text("reason"))).await {
        Ok(_) => Ok(req.redirect(
            &format!("/groups/{id}"),
            if approve { "groups.review.done" } else { "groups.review.sent_back" },
        )),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn advance(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    let to = Phase::parse(fields.text("phase")).ok_or(db::Error::Missing)?;
    match req.act(move |tx, cx| phases::advance(tx, cx, &group, to)).await {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}"), "groups.advance.done")),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}
