//! The form of a what-if question: tick what would end, move or be added; the answer is what would flip.
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use web::register::Parent;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::{Flip, named};
use crate::live::{self, Question, snapshot};
use crate::whatif::{self, Step, registers};

/// A record of the site that a question may end, move or change.
pub(crate) struct RecordLine {
    pub(crate) register: &'static str,
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) until: String,
}

/// One register's records of the chosen site.
pub(crate) struct Group {
    pub(crate) register: &'static str,
    pub(crate) title: String,
    pub(crate) lines: Vec<RecordLine>,
}

#[derive(Template)]
#[template(path = "whatif.html")]
struct WhatIf {
    frame: Frame,
    form: Form,
    sites: Vec<(String, String)>,
    site: String,
    groups: Vec<Group>,
    rooms: Vec<Choice>,
    /// What flips; `None` before anything was asked.
    flips: Option<Vec<Flip>>,
    better: usize,
    worse: usize,
}

fn steps(fields: &Fields, site: &str) -> Vec<Step> {
    let mut out = Vec::new();
    for (name, value) in fields.joined() {
        let mut parts = name.splitn(3, ':');
        let (Some(verb), Some(register), Some(id)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let (register, id) = (register.to_owned(), id.to_owned());
        match verb {
            "end" => out.push(Step::End { register, id }),
            "move" if !value.is_empty() && value != site => {
                out.push(Step::Move { register, id, to: value })
            }
            _ => {}
        }
    }
    let functions = fields.joined().remove("functions").unwrap_or_default();
    if !functions.is_empty() {
        let input =
            [("name".to_owned(), "—".to_owned()), ("functions".to_owned(), functions)].into();
        out.push(Step::Add { register: "rooms".into(), parent: site.to_owned(), input });
    }
    out
}

async fn build(
    req: &Req,
    site: String,
    form: Form,
    asked: Option<Vec<Flip>>,
) -> Result<WhatIf, PageError> {
    let snap = snapshot(req, None).await?;
    let cx = req.cx()?;
    let is_site = |u: &&live::Unit| {
        matches!(
            u.kind,
            ::policy::UnitKind::Station
                | ::policy::UnitKind::Studio
                | ::policy::UnitKind::SpecialStation
        )
    };
    let mut sites: Vec<(String, String)> = snap
        .units
        .values()
        .filter(is_site)
        .filter(|u| live::sees(cx, u))
        .map(|u| (u.id.clone(), u.name.clone()))
        .collect();
    sites.sort_by(|a, b| a.1.cmp(&b.1));
    let site = if sites.iter().any(|s| s.0 == site) { site } else { String::new() };
    let groups = if site.is_empty() { Vec::new() } else { groups(req, &site).await? };
    let rooms = registers(&req.shell)
        .iter()
        .find(|r| r.name == "rooms")
        .and_then(|r| r.field("functions"))
        .map(|f| {
            f.words()
                .iter()
                .map(|w| Choice {
                    value: (*w).to_owned(),
                    label: req.t(&format!("rooms.functions.{w}")),
                })
                .collect()
        })
        .unwrap_or_default();
    let count = |good: bool| {
        asked
            .iter()
            .flatten()
            .filter(|f| (live::gravity(f.after) > live::gravity(f.before)) == good)
            .count()
    };
    let (better, worse) = (count(true), count(false));
    Ok(WhatIf {
        frame: Frame::new(req, "standards.whatif"),
        form,
        sites,
        site,
        groups,
        rooms,
        flips: asked,
        better,
        worse,
    })
}

async fn groups(req: &Req, site: &str) -> Result<Vec<Group>, PageError> {
    let (shell, id, today) = (req.shell.clone(), site.to_owned(), req.now.day());
    let found = req
        .ask(move |tx, cx| {
            let mut out = Vec::new();
            for r in registers(&shell)
                .into_iter()
                .filter(|r| r.parent == Parent::Site && r.field("until").is_some())
            {
                (r.admit)(tx, cx, &id)?;
                for record in r.of_parent(tx, &id)? {
                    if web::register::day(&record, "until").is_some_and(|u| u <= today) {
                        continue;
                    }
                    let person = web::register::text(&record, "person");
                    let name = if person.is_empty() {
                        String::new()
                    } else {
                        registry::people::find(tx, &kernel::PersonId::from(person))?
                            .map_or_else(String::new, |p| p.name)
                    };
                    out.push((r, record, name));
                }
            }
            Ok(out)
        })
        .await?;
    let mut groups: Vec<Group> = Vec::new();
    for (r, record, person) in found {
        let words: Vec<String> = r
            .fields
            .iter()
            .filter(|f| !f.words().is_empty())
            .flat_map(|f| {
                web::register::text(&record, f.name)
                    .split(',')
                    .map(|w| (f.name, w.to_owned()))
                    .collect::<Vec<_>>()
            })
            .filter(|(_, w)| !w.is_empty())
            .take(6)
            .map(|(f, w)| req.t(&format!("{}.{f}.{w}", r.name)))
            .collect();
        let name = [
            person,
            web::register::text(&record, "name").to_owned(),
            web::register::text(&record, "title").to_owned(),
        ];
        let label = name
            .into_iter()
            .filter(|n| !n.is_empty())
            .chain([words.join(&req.t("standards.comma"))])
            .collect::<Vec<_>>()
            .join(" · ");
        let line = RecordLine {
            register: r.name,
            id: web::register::text(&record, "id").to_owned(),
            label,
            until: web::register::text(&record, "until").to_owned(),
        };
        match groups.iter_mut().find(|g| g.register == r.name) {
            Some(g) => g.lines.push(line),
            None => groups.push(Group {
                register: r.name,
                title: req.t(&format!("{}.title", r.name)),
                lines: vec![line],
            }),
        }
    }
    Ok(groups)
}

pub(crate) async fn start(req: Req) -> Result<Response, PageError> {
    let site = req.query("site").unwrap_or_default();
    page(&build(&req, site, Form::blank(), None).await?)
}

pub(crate) async fn ask(req: Req, fields: Fields) -> Result<Response, PageError> {
    let site = fields.text("site").to_owned();
    let form = Form::of(fields.joined());
    match whatif::ask(&req, steps(&fields, &site)).await {
        Ok(found) => {
            let snap = snapshot(&req, Some(Question::default())).await?;
            page(&build(&req, site, form, Some(named(&req, &snap, found))).await?)
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(&req, site, form, None).await?)
        }
        Err(e) => Err(e.into()),
    }
}
