//! Papers on A4: the plan, a session's sign-in sheet, its plan and record, the evaluation report.
use askama::Template;
use axum::extract::Path;
use forms::answer;
use web::answers::PaperView;
use web::{Frame, Req, page};

use super::sessions::{Came, came, steps, texts};
use super::{Page, leaders, open};
use crate::look;
use crate::model::Step;
use crate::store;

#[derive(Template)]
#[template(path = "paper_plan.html")]
struct PlanPaper {
    frame: Frame,
    back: String,
    facts: Vec<(String, String)>,
    texts: Vec<(String, String)>,
    sessions: Vec<(i64, String, String, String)>,
    reviews: Vec<(String, String, String)>,
}

pub(super) async fn plan(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open(tx, cx, &id)?;
            let team: Vec<String> = leaders(tx, &g)?.into_iter().map(|w| w.1).collect();
            let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
            let facts = vec![
                (r.t("groups.name"), g.name.clone()),
                (r.t("groups.kind"), r.t(&format!("groups.kind.{}", g.kind))),
                (r.t("groups.openness"), r.t(&format!("groups.openness.{}", g.openness))),
                (
                    r.t("groups.model"),
                    g.model.map_or_else(String::new, |m| r.t(&format!("groups.model.{m}"))),
                ),
                (r.t("groups.target"), g.target.clone()),
                (r.t("groups.size"), r.fill("groups.size.of", &[("n", g.size.to_string())])),
                (
                    r.t("groups.planned"),
                    r.fill("groups.planned.of", &[("n", g.planned.to_string())]),
                ),
                (r.t("groups.starts"), g.starts.map_or_else(String::new, |d| d.to_string())),
                (r.t("groups.place"), g.place.clone().unwrap_or_default()),
                (r.t("groups.workers"), team.join("、")),
            ];
            let owner = g.id.as_str();
            let mut texts = vec![(r.t("groups.theory"), g.theory.clone().unwrap_or_default())];
            for (key, sealed) in [
                ("goals", Some(&g.goals)),
                ("criteria", g.criteria.as_ref()),
                ("risks", g.risks.as_ref()),
            ] {
                let text = tx.open_some(owner, &format!("group_work.{key}"), owner, sealed)?;
                texts.push((r.t(&format!("groups.{key}")), text));
            }
            texts.push((r.t("groups.evaluation"), g.evaluation.clone().unwrap_or_default()));
            texts.retain(|t| !t.1.is_empty());
            let mut sessions = Vec::new();
            for s in store::sessions(tx, &g.id)? {
                let names: Vec<String> = steps(&s).into_iter().map(|s| s.name).collect();
                sessions.push((
                    s.number,
                    format!("{} {}–{}", s.day, s.begins, s.ends),
                    s.theme.clone(),
                    names.join("、"),
                ));
            }
            let reviews = store::reviews(tx, &g.id)?
                .iter()
                .map(|v| {
                    (r.t(&format!("groups.review.{}", v.step)), v.by_name.clone(), v.at.local())
                })
                .collect();
            Ok(PlanPaper {
                frame: Frame::new(&r, "groups.plan").under(site),
                back: format!("/groups/{}", g.id),
                facts,
                texts,
                sessions,
                reviews,
            })
        })
        .await?;
    page(&built)
}

#[derive(Template)]
#[template(path = "paper_sheet.html")]
struct Sheet {
    frame: Frame,
    back: String,
    name: String,
    what: String,
    lines: Vec<(i64, String)>,
    blank: Vec<usize>,
}

pub(super) async fn sheet(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, look) = open(tx, cx, &id)?;
            let s = store::session(tx, &g.id, &session)?.ok_or(db::Error::Missing)?;
            let mut lines = Vec::new();
            for m in store::members(tx, &g.id)?.iter().filter(|m| m.enrolled(s.day)) {
                lines.push((m.number, look::member(tx, cx, look, m)?.label));
            }
            let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
            let nth = r.fill("groups.nth", &[("n", s.number.to_string())]);
            Ok(Sheet {
                frame: Frame::new(&r, "groups.sheet").under(site),
                back: format!("/groups/{}/sessions/{}", g.id, s.id),
                what: format!("{nth} {} · {} {}–{}", s.theme, s.day, s.begins, s.ends),
                name: g.name,
                blank: (0..4).collect(),
                lines,
            })
        })
        .await?;
    page(&built)
}

#[derive(Template)]
#[template(path = "paper_session.html")]
struct SessionPaper {
    frame: Frame,
    back: String,
    name: String,
    when: String,
    place: String,
    goals: String,
    steps: Vec<Step>,
    recorded: bool,
    texts: Vec<(&'static str, String)>,
    came: Vec<Came>,
    others: i64,
    by: String,
}

pub(super) async fn record(req: Req, Path((id, session)): Path<(String, String)>) -> Page {
    let r = req.clone();
    let built = req
        .act(move |tx, cx| {
            let (g, look) = open(tx, cx, &id)?;
            let s = store::session(tx, &g.id, &session)?.ok_or(db::Error::Missing)?;
            let kept = store::record_of(tx, &s.id)?;
            let goals = tx.open_some(
                g.id.as_str(),
                "group_session.goals",
                s.id.as_str(),
                s.goals.as_ref(),
            )?;
            let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
            let key = if kept.is_some() { "groups.paper.record" } else { "groups.paper.plan" };
            let nth = r.fill("groups.nth", &[("n", s.number.to_string())]);
            Ok(SessionPaper {
                frame: Frame::new(&r, key).under(site),
                back: format!("/groups/{}/sessions/{}", g.id, s.id),
                name: format!("{} · {nth} {}", g.name, s.theme),
                when: match &kept {
                    Some(k) => format!("{} {}–{}", k.day, k.begins, k.ends),
                    None => format!("{} {}–{}", s.day, s.begins, s.ends),
                },
                place: s.place.clone().or_else(|| g.place.clone()).unwrap_or_default(),
                goals,
                steps: steps(&s),
                recorded: kept.is_some(),
                texts: match &kept {
                    Some(k) => texts(tx, &g, k)?,
                    None => Vec::new(),
                },
                came: came(tx, cx, &g, look, &s)?,
                others: kept.as_ref().map_or(0, |k| k.others),
                by: kept.map_or_else(String::new, |k| k.by_name),
            })
        })
        .await?;
    page(&built)
}

#[derive(Template)]
#[template(path = "paper_report.html")]
struct ReportPaper {
    frame: Frame,
    back: String,
    name: String,
    view: PaperView,
}

pub(super) async fn report(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let (g, _) = open(tx, cx, &id)?;
            let last = answer::of_subject(tx, "group", g.id.as_str(), "group_report")?
                .pop()
                .ok_or(db::Error::Missing)?;
            let (_, form, answers) = answer::load(tx, &last.id)?;
            let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
            let frame = Frame::titled(&r, form.title.say(r.lang).to_owned()).under(site);
            Ok(ReportPaper {
                view: PaperView::new(&frame, &form, &answers),
                back: format!("/groups/{}/evaluation", g.id),
                name: g.name,
                frame,
            })
        })
        .await?;
    page(&built)
}
