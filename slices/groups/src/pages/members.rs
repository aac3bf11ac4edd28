//! Members: who applied, who was taken, who signed, who left; one member's page for the three acts.
use access::{Cx, care};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use db::{Result, Tx};
use kernel::{ClientId, Day, GroupId, Refusal, Refusals};
use web::{Choice, Error, Fields, Form, Frame, Req, page, page_with};

use super::{Head, Page, frame, head, open, open_to_write, percent, words};
use crate::acts::members::{self as acts, Applicant};
use crate::look;
use crate::model::figures::Figures;
use crate::model::{Member, Phase, Screening};
use crate::store;

struct Line {
    id: String,
    number: i64,
    label: String,
    href: String,
    state: &'static str,
    contract: String,
    present: String,
    rate: String,
    completed: bool,
}

#[derive(Template)]
#[template(path = "members.html")]
struct Members {
    head: Head,
    frame: Frame,
    form: Form,
    lines: Vec<Line>,
    clients: Vec<String>,
    unsigned: usize,
    figures: Figures,
    rate: String,
    today: String,
}

/// Where a member stands.
fn state(m: &Member, today: Day) -> &'static str {
    match m.outcome {
        Screening::Waiting => "waiting",
        Screening::Declined => "declined",
        Screening::Accepted if m.left_on.is_some_and(|d| d <= today) => "left",
        Screening::Accepted => "accepted",
    }
}

/// How many residents the field proposes.
const PROPOSED: i64 = 200;

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str, form: Form) -> Result<Members> {
    let (g, look) = open(tx, cx, id)?;
    let members = store::members(tx, &g.id)?;
    let records = store::records(tx, &g.id)?;
    let figures = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
    let today = cx.today();
    let mut lines = Vec::new();
    for m in &members {
        let seen = look::member(tx, cx, look, m)?;
        let row = figures.member(&m.id);
        lines.push(Line {
            id: m.id.0.clone(),
            number: m.number,
            label: seen.label,
            href: seen.href,
            state: state(m, today),
            contract: m.contract_on.map_or_else(String::new, |d| d.to_string()),
            present: row.map_or_else(|| "—".into(), |r| format!("{} / {}", r.present, r.expected)),
            rate: percent(row.and_then(crate::model::figures::MemberRow::rate)),
            completed: look.phase >= Phase::Ending && row.is_some_and(|r| r.completed),
        });
    }
    let clients = if look.writes {
        store::my_clients(tx, cx, "", PROPOSED)?
            .into_iter()
            .filter(|c| !members.iter().any(|m| m.client.as_ref() == Some(&c.id)))
            .map(|c| format!("{} {}", c.number, c.name))
            .collect()
    } else {
        Vec::new()
    };
    let open_contract = |m: &&Member| m.enrolled(today) && m.contract_on.is_none();
    Ok(Members {
        head: head(tx, req, &g, look, "members")?,
        frame: frame(req, &g),
        form,
        lines,
        clients,
        unsigned: members.iter().filter(open_contract).count(),
        rate: percent(figures.rate()),
        figures,
        today: today.to_string(),
    })
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id, Form::blank())).await?)
}

async fn again(req: &Req, id: String, fields: &Fields, no: &Refusals) -> Page {
    let (r, form) = (req.clone(), Form::refused(req, fields, no));
    let built = req.ask(move |tx, cx| build(tx, cx, &r, &id, form)).await?;
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
}

/// The resident meant by what was typed: `128 周桂英`, a number, or a whole name.
fn meant(tx: &mut Tx<'_>, cx: &Cx, typed: &str) -> Result<ClientId> {
    let word = typed.split_whitespace().next().unwrap_or_default();
    let found = if word.parse::<i64>().is_ok() {
        store::my_clients(tx, cx, word, 3)?
    } else {
        store::my_clients(tx, cx, typed, 3)?
    };
    match found.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(Refusal::at("client", "groups.client_unknown").into()),
        _ => Err(Refusal::at("client", "groups.client_several").into()),
    }
}

pub(super) async fn apply(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let (group, f) = (GroupId::from(id.as_str()), fields.clone());
    let done = req
        .act(move |tx, cx| {
            let client = match f.text("client") {
                "" => None,
                typed => Some(meant(tx, cx, typed)?),
            };
            let new = Applicant {
                client,
                name: f.text("name").to_owned(),
                phone: f.text("phone").to_owned(),
            };
            acts::apply(tx, cx, &group, &new)
        })
        .await;
    match done {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}/members"), "groups.applied")),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn sign_all(req: Req, Path(id): Path<String>, fields: Fields) -> Page {
    let group = GroupId::from(id.as_str());
    let on = fields.text("on").parse::<Day>().unwrap_or_else(|_| req.now.day());
    match req.act(move |tx, cx| acts::sign_all(tx, cx, &group, on)).await {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}/members"), "groups.signed")),
        Err(Error::Act(db::Error::Refused(no))) => again(&req, id, &fields, &no).await,
        Err(e) => Err(e.into()),
    }
}

#[derive(Template)]
#[template(path = "member.html")]
struct One {
    head: Head,
    frame: Frame,
    form: Form,
    id: String,
    label: String,
    href: String,
    facts: Vec<(String, String)>,
    outcomes: Vec<Choice>,
    member: bool,
    signed: bool,
    left: bool,
    /// (day, session, mark, note)
    attended: Vec<(String, String, String, String)>,
    case: String,
}

fn one_page(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    id: &str,
    member: &str,
    form: Form,
) -> Result<One> {
    let (g, look) = open_to_write(tx, cx, id)?;
    let m = store::member(tx, &g.id, member)?.ok_or(db::Error::Missing)?;
    let seen = look::member(tx, cx, look, &m)?;
    if let Some(client) = seen.client.as_ref().filter(|_| seen.notes) {
        care::viewed(tx, cx, &client.id, "group")?;
    }
    let day = |d: Option<Day>| d.map_or_else(|| "—".to_owned(), |d| d.to_string());
    let mut facts = vec![
        (req.t("groups.number"), m.number.to_string()),
        (req.t("groups.applied_on"), m.applied_on.to_string()),
        (req.t("groups.outcome"), req.t(&format!("groups.outcome.{}", m.outcome))),
        (req.t("groups.enrolled_on"), day(m.enrolled_on)),
        (req.t("groups.contract_on"), day(m.contract_on)),
    ];
    if seen.notes {
        for (key, sealed) in [("why", m.why.as_ref()), ("left_why", m.left_why.as_ref())] {
            let text =
                tx.open_some(m.owner(), &format!("group_member.{key}"), m.id.as_str(), sealed)?;
            if !text.is_empty() {
                facts.push((req.t(&format!("groups.{key}")), text));
            }
        }
    }
    if m.left_on.is_some() {
        facts.push((req.t("groups.left_on"), day(m.left_on)));
    }
    let mut attended = Vec::new();
    let presences = store::presences(tx, &g.id)?;
    for s in store::sessions(tx, &g.id)? {
        let Some(p) = presences.iter().find(|p| p.session == s.id && p.member == m.id) else {
            continue;
        };
        let mut note = String::new();
        if seen.notes {
            let at = p.id.as_str();
            let why = tx.open_some(m.owner(), "group_present.why", at, p.why.as_ref())?;
            let kept = tx.open_some(m.owner(), "group_present.note", at, p.note.as_ref())?;
            note = [why, kept].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        }
        let what = req.fill("groups.nth", &[("n", s.number.to_string())]);
        attended.push((s.day.to_string(), what, req.t(&format!("groups.mark.{}", p.mark)), note));
    }
    let form = form
        .or("on", cx.today())
        .or(
            "outcome",
            if m.outcome == Screening::Waiting { "accepted" } else { m.outcome.as_str() },
        )
        .or("left_on", cx.today());
    let case =
        seen.client.as_ref().filter(|_| seen.notes).map_or_else(String::new, |c| {
            format!("/cases/new?client={}&from=group:{}", c.id, g.id)
        });
    Ok(One {
        head: head(tx, req, &g, look, "members")?,
        frame: Frame::titled(req, seen.label.clone()).under(g.name.clone()),
        form,
        id: m.id.0.clone(),
        label: seen.label,
        href: seen.href,
        facts,
        outcomes: words(req, "outcome", Screening::WORDS),
        member: m.enrolled_on.is_some(),
        signed: m.contract_on.is_some(),
        left: m.left_on.is_some(),
        attended,
        case,
    })
}

pub(super) async fn one(req: Req, Path((id, member)): Path<(String, String)>) -> Page {
    let r = req.clone();
    // A look at what is kept about one client is written down before it is shown.
    let built = req.act(move |tx, cx| one_page(tx, cx, &r, &id, &member, Form::blank())).await?;
    page(&built)
}

/// What one of the three forms answers.
async fn answer(
    req: &Req,
    id: String,
    member: String,
    fields: &Fields,
    done: std::result::Result<Member, Error>,
    flash: &str,
) -> Page {
    match done {
        Ok(_) => Ok(req.redirect(&format!("/groups/{id}/members/{member}"), flash)),
        Err(Error::Act(db::Error::Refused(no))) => {
            let (r, form) = (req.clone(), Form::refused(req, fields, &no));
            let built = req.act(move |tx, cx| one_page(tx, cx, &r, &id, &member, form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}

fn day(fields: &Fields, name: &str) -> std::result::Result<Day, Error> {
    fields.text(name).parse().map_err(|_| Refusal::at(name, "register.not_a_day").into())
}

pub(super) async fn screen(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let (group, m, f) = (GroupId::from(id.as_str()), member.clone(), fields.clone());
    let done = match (day(&fields, "on"), Screening::parse(fields.text("outcome"))) {
        (Ok(on), Some(outcome)) => {
            req.act(move |tx, cx| acts::screen(tx, cx, &group, &m, outcome, f.text("why"), on))
                .await
        }
        (Err(e), _) => Err(e),
        (_, None) => Err(Refusal::at("outcome", "register.missing").into()),
    };
    answer(&req, id, member, &fields, done, "groups.screened").await
}

pub(super) async fn sign(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let (group, m) = (GroupId::from(id.as_str()), member.clone());
    let done = match day(&fields, "on") {
        Ok(on) => req.act(move |tx, cx| acts::sign(tx, cx, &group, &m, on)).await,
        Err(e) => Err(e),
    };
    answer(&req, id, member, &fields, done, "groups.signed").await
}

pub(super) async fn leave(
    req: Req,
    Path((id, member)): Path<(String, String)>,
    fields: Fields,
) -> Page {
    let (group, m, f) = (GroupId::from(id.as_str()), member.clone(), fields.clone());
    let done = match day(&fields, "left_on") {
        Ok(on) => {
            req.act(move |tx, cx| acts::leave(tx, cx, &group, &m, on, f.text("left_why"))).await
        }
        Err(e) => Err(e),
    };
    answer(&req, id, member, &fields, done, "groups.left").await
}
