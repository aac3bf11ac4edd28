//! Records that were brought back and could not stand by themselves: side by side, and a person decides.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::Refusal;
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::conflict;
use crate::model::offline::{Decision, OpState};
use crate::view::{self, Names};

/// One of two records.
#[derive(Default)]
pub(super) struct Side {
    pub who: String,
    pub when: String,
    pub outcome: String,
    pub state: String,
    pub minutes: String,
    pub helps: String,
    pub note: String,
    pub href: String,
}

pub(super) struct Pair {
    pub id: String,
    pub conflict: bool,
    pub label: String,
    pub client: String,
    pub reason: String,
    /// `None` when the record cannot be read here.
    pub brought: Option<Side>,
    pub stands: Option<Side>,
    pub made: String,
}

#[derive(Template)]
#[template(path = "conflicts.html")]
struct Conflicts {
    frame: Frame,
    form: Form,
    pairs: Vec<Pair>,
    refused: String,
}

fn state(req: &Req, text: &str) -> String {
    if text == "normal" { req.t("visits.normal") } else { view::said(req, "visits.aspect", text) }
}

async fn conflicts_page(req: &Req, form: Form, refused: &str) -> Result<Conflicts, Error> {
    let (r, refused) = (req.clone(), refused.to_owned());
    // What is shown was said about people: the looks are noted in this transaction.
    req.act(move |tx, cx| {
        let mut names = Names::default();
        let mut pairs = Vec::new();
        for w in conflict::waiting(tx, cx)? {
            let brought = match &w.draft {
                Some(d) => Some(Side {
                    who: names.person(tx, &w.op.person)?,
                    when: format!("{} {}", d.day, d.time),
                    outcome: r.t(&format!(
                        "visits.outcome.{}",
                        if d.outcome.is_empty() { "met" } else { &d.outcome }
                    )),
                    state: if d.normal {
                        r.t("visits.normal")
                    } else {
                        state(&r, &d.concerns.join(","))
                    },
                    minutes: d.minutes.clone(),
                    helps: view::said(&r, "visits.help", &d.helps.join(",")),
                    note: d.note.clone(),
                    href: String::new(),
                }),
                None => None,
            };
            let stands = match &w.rival {
                Some((v, said)) => {
                    let workers = crate::store::visit::workers(tx, &v.id)?;
                    Some(Side {
                        who: names.people(tx, &workers)?,
                        when: format!("{} {}", v.day, v.time),
                        outcome: r.t(&format!("visits.outcome.{}", v.outcome)),
                        state: state(&r, &said.state),
                        minutes: v.minutes.to_string(),
                        helps: view::said(&r, "visits.help", &said.help),
                        note: said.note.clone(),
                        href: format!("/visits/{}", v.id),
                    })
                }
                None => None,
            };
            pairs.push(Pair {
                id: w.op.id.0.clone(),
                conflict: w.op.state == OpState::Conflict,
                label: w
                    .client
                    .as_ref()
                    .map_or_else(|| r.t("offline.unknown_client"), |(c, s)| s.label(c)),
                client: w.client.as_ref().map_or_else(String::new, |(c, _)| c.id.0.clone()),
                reason: w.op.reason.as_deref().map_or_else(String::new, |k| r.t(k)),
                brought,
                stands,
                made: w.op.made_at.local(),
            });
        }
        Ok(Conflicts { frame: Frame::new(&r, "offline.conflicts"), form, pairs, refused })
    })
    .await
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    page(&conflicts_page(&req, Form::blank(), "").await?)
}

pub(super) async fn decide(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let how = Decision::parse(fields.text("how"))
        .ok_or_else(|| Refusal::at("how", "register.not_a_choice"))?;
    let (of, f) = (id.clone(), fields.clone());
    match req.act(move |tx, cx| conflict::decide(tx, cx, &of.into(), how, f.text("why"))).await {
        Ok(_) => Ok(req.redirect("/visits/conflicts", "offline.decided")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &conflicts_page(&req, form, &id).await?)
        }
        Err(e) => Err(e.into()),
    }
}
