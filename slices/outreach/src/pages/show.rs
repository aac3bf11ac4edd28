//! A visit: what was seen, what was found to be needed and what becomes of it, how it was corrected.
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Day, Refusal, VisitId};
use web::attach::{self, AttachmentRow};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::{photos, visit};
use crate::model::visit::{Answered, Outcome, Visit};
use crate::store;
use crate::view::{self, Names};

struct Need {
    id: String,
    kind: String,
    words: String,
    /// Empty while nobody has answered it.
    answered: String,
    on: Option<Day>,
}

/// How it read before a correction.
struct Earlier {
    when: String,
    who: String,
    verb: &'static str,
    outcome: &'static str,
    day: Day,
    minutes: i64,
    concerns: String,
    note: String,
}

#[derive(Template)]
#[template(path = "visit.html")]
struct Show {
    frame: Frame,
    form: Form,
    photos: Vec<AttachmentRow>,
    id: String,
    client: String,
    label: String,
    address: String,
    day: Day,
    time: String,
    minutes: i64,
    way: &'static str,
    outcome: &'static str,
    met: bool,
    ends: bool,
    normal: bool,
    concerns: String,
    helps: String,
    note: String,
    next_on: Option<Day>,
    workers: String,
    alone: bool,
    recorder: String,
    withdrawn: bool,
    why: String,
    needs: Vec<Need>,
    answers: Vec<Choice>,
    earlier: Vec<Earlier>,
    writes: bool,
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    page(&built(&req, &id, Form::blank()).await?)
}

/// The page again after something on it was refused.
pub(super) async fn again(req: &Req, id: &str, form: Form) -> Result<Response, PageError> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &built(req, id, form).await?)
}

async fn built(req: &Req, id: &str, form: Form) -> Result<Show, Error> {
    let (r, id) = (req.clone(), id.to_owned());
    req.act(move |tx, cx| {
        let (v, client, sight) = visit::find(tx, cx, &VisitId::from(id))?;
        care::viewed(tx, cx, &client.id, "visit")?;
        let said = visit::plain(tx, &v)?;
        let mut names = Names::default();
        let workers = store::visit::workers(tx, &v.id)?;
        let mut needs = Vec::new();
        for n in store::visit::needs(tx, &v.id)? {
            needs.push(Need {
                words: visit::need_words(tx, &n)?,
                kind: r.t(&format!("visits.need.{}", n.kind)),
                answered: n
                    .answered
                    .map_or_else(String::new, |a| r.t(&format!("visits.answered.{a}"))),
                on: n.answered_on,
                id: n.id.0,
            });
        }
        let why = tx.open_some(
            v.client.as_str(),
            "visit.withdrawn_why",
            v.id.as_str(),
            v.withdrawn_why.as_ref(),
        )?;
        // A pseudonym does not hide a face.
        let photos = match sight.name {
            true => attach::rows(tx, photos::OF_VISIT, v.id.as_str(), true)?,
            false => Vec::new(),
        };
        Ok(Show {
            form,
            photos,
            frame: Frame::new(&r, "visits.one").under(sight.label(&client)),
            label: sight.label(&client),
            address: view::address(tx, &mut names, &client, sight)?,
            normal: said.state == "normal",
            concerns: if said.state == "normal" {
                String::new()
            } else {
                view::said(&r, "visits.aspect", &said.state)
            },
            helps: view::said(&r, "visits.help", &said.help),
            note: said.note,
            day: v.day,
            time: v.time.clone(),
            minutes: v.minutes,
            way: v.way.as_str(),
            outcome: v.outcome.as_str(),
            met: v.outcome == Outcome::Met,
            ends: v.outcome.ends() && v.withdrawn.is_none() && sight.writes,
            next_on: v.next_on,
            alone: workers.len() < 2 && v.way == crate::model::visit::Way::Home,
            workers: names.people(tx, &workers)?,
            recorder: recorder(tx, &v)?,
            withdrawn: v.withdrawn.is_some(),
            why,
            needs,
            answers: view::words(&r, "visits.answered", Answered::WORDS),
            earlier: earlier(tx, &r, &v)?,
            writes: sight.writes && cx.actor.can("visits.write") && v.withdrawn.is_none(),
            client: client.id.0,
            id: v.id.0,
        })
    })
    .await
}

fn recorder(tx: &mut db::Tx<'_>, v: &Visit) -> db::Result<String> {
    Ok(access::find_account(tx, &v.by_account.as_str().into())?
        .map_or_else(String::new, |a| a.name))
}

/// Every state the visit was in before the present one, latest first, from the log.
fn earlier(tx: &mut db::Tx<'_>, req: &Req, v: &Visit) -> db::Result<Vec<Earlier>> {
    let mut out = Vec::new();
    for entry in db::event::of(tx, "visit", v.id.as_str())?.into_iter().rev() {
        let Some(before) = entry.before else { continue };
        let old: Visit = serde_json::from_value(before)?;
        let said = visit::plain(tx, &old)?;
        out.push(Earlier {
            when: entry.at.local(),
            who: access::find_account(tx, &entry.account.as_str().into())?
                .map_or_else(String::new, |a| a.name),
            verb: if entry.verb == "withdrawn" { "withdrawn" } else { "amended" },
            outcome: old.outcome.as_str(),
            day: old.day,
            minutes: old.minutes,
            concerns: if said.state == "normal" {
                req.t("visits.normal")
            } else {
                view::said(req, "visits.aspect", &said.state)
            },
            note: said.note,
        });
    }
    Ok(out)
}

pub(super) async fn withdraw(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let of = VisitId::from(id.as_str());
    req.act(move |tx, cx| visit::withdraw(tx, cx, &of, fields.text("why"))).await?;
    Ok(req.redirect(&format!("/visits/{id}"), "visits.withdrawn.done"))
}

pub(super) async fn answer(
    req: Req,
    Path((id, need)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let how = Answered::parse(fields.text("how"))
        .ok_or_else(|| Refusal::at("how", "register.not_a_choice"))?;
    req.act(move |tx, cx| visit::answer(tx, cx, &need.into(), how)).await?;
    Ok(req.redirect(&format!("/visits/{id}"), "visits.need.done"))
}
