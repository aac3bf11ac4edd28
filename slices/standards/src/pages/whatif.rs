//! What if: real acts, rehearsed and undone. The same register acts that pages use run in a transaction that is rolled back, and the verdicts inside it are compared with those outside.
use ::policy::Verdict;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use db::{Result as DbResult, Tx};
use web::register::{Input, Parent, Register, acts as keep};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, Shell, page, page_with};

use super::{Flip, flips};
use crate::live::{self, Snapshot, snapshot};

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

/// One step of a question.
#[derive(Clone, Debug)]
enum Step {
    End { register: String, id: String },
    Move { register: String, id: String, to: String },
    Add { register: String, parent: String, input: Input },
}

fn registers(shell: &Shell) -> Vec<&'static Register> {
    shell.slices.iter().flat_map(|s| (s.registers)()).collect()
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

fn apply(tx: &mut Tx<'_>, cx: &access::Cx, shell: &Shell, step: Step) -> DbResult<()> {
    let all = registers(shell);
    let of = |name: &str| all.iter().copied().find(|r| r.name == name).ok_or(db::Error::Missing);
    let today = cx.today().to_string();
    match step {
        Step::End { register, id } => {
            let input = [("until".to_owned(), today)].into();
            keep::amend(tx, cx, of(&register)?, &id, &input, None, shell.resolve())?;
        }
        Step::Move { register, id, to } => {
            let r = of(&register)?;
            let record = r.find(tx, &id)?.ok_or(db::Error::Missing)?;
            let mut input = web::register::write(r, &record);
            keep::amend(
                tx,
                cx,
                r,
                &id,
                &[("until".to_owned(), today.clone())].into(),
                None,
                shell.resolve(),
            )?;
            input.insert("since".into(), today);
            input.insert("until".into(), String::new());
            input.remove("external_id");
            keep::add(tx, cx, r, &to, &input, shell.resolve())?;
        }
        Step::Add { register, parent, mut input } => {
            input.insert("since".into(), today);
            keep::add(tx, cx, of(&register)?, &parent, &input, shell.resolve())?;
        }
    }
    Ok(())
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
            .chain([words.join("、")])
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
    let before = snapshot(&req, None).await?;
    let (shell, cx, steps) = (req.shell.clone(), req.cx()?.clone(), steps(&fields, &site));
    let rehearsed = req
        .shell
        .db
        .rehearse_async(move |tx| {
            for step in steps {
                apply(tx, &cx, &shell, step)?;
            }
            live::uncached(tx, cx.today(), &shell)
        })
        .await;
    let form = Form::of(fields.joined());
    match rehearsed {
        Ok(after) => page(&build(&req, site, form, Some(turned(&req, &before, &after))).await?),
        Err(db::Error::Refused(no)) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &build(&req, site, form, None).await?)
        }
        Err(e) => Err(Error::from(e).into()),
    }
}

/// Flips that matter to a decision: not-applicable noise is left out.
fn turned(req: &Req, before: &Snapshot, after: &Snapshot) -> Vec<Flip> {
    flips(req, before, after)
        .into_iter()
        .filter(|f| f.before != Verdict::Absent || f.after != Verdict::NotApplicable)
        .collect()
}
