//! What waits for somebody: requests to agree to, cases offered to oneself.
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::RecordId;
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::grade_colour;
use crate::acts::{self, requests, transfer};
use crate::store;

struct Item {
    id: String,
    href: String,
    what: String,
    number: String,
    client: String,
    grade: String,
    colour: &'static str,
    detail: String,
    by: String,
    day: String,
    /// The viewer's own request: somebody else agrees.
    own: bool,
    decides: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    frame: Frame,
    form: Form,
    offered: Vec<Item>,
    waiting: Vec<Item>,
    refused: String,
}

async fn page_of(req: &Req, form: Form, refused: &str) -> Result<Inbox, Error> {
    let r = req.clone();
    let (offered, waiting) = req
        .ask(move |tx, cx| {
            let mut offered = Vec::new();
            let person = cx.actor.person().map_or("", |p| p.as_str()).to_owned();
            for q in store::offered(tx, &person)? {
                let Some(case) = store::find_unguarded(tx, &q.case_file)? else { continue };
                let client = registry::client::find_unguarded(tx, &case.client)?
                    .ok_or(db::Error::Missing)?;
                offered.push(Item {
                    id: q.id.0.clone(),
                    href: String::new(),
                    what: r.t("casework.request.transfer"),
                    number: case.number(),
                    // Before they take it over they know no more than this.
                    client: client.pseudonym(),
                    grade: r.t(&format!("casework.grade.{}", client.grade)),
                    colour: grade_colour(client.grade),
                    detail: r.t(&format!("casework.stage.{}", case.stage)),
                    by: q.asked_name.clone(),
                    day: q.at.day().to_string(),
                    own: false,
                    decides: true,
                });
            }
            let mut waiting = Vec::new();
            for q in store::waiting(tx, cx)? {
                let Some(case) = store::find_unguarded(tx, &q.case_file)? else { continue };
                let acts::Seen { client, sight, awaited, .. } = acts::find(tx, cx, &case.id)?;
                let own = q.asked_by == *cx.actor.account();
                let decides = cx.actor.can("cases.approve")
                    || (q.kind == crate::model::RequestKind::LowerRisk
                        && cx.actor.can("cases.supervise"));
                if !own && !decides {
                    continue;
                }
                let mut detail = Vec::new();
                if let Some(p) = &q.to_person {
                    let name = registry::people::find(tx, p)?.map_or_else(String::new, |p| p.name);
                    detail.push(r.fill("casework.request.to", &[("who", name)]));
                }
                if let Some(g) = q.grade {
                    detail.push(r.t(&format!("casework.grade.{g}")));
                }
                let last = store::stages_of(tx, &case.id)?.into_iter().next_back();
                if let Some(reason) = last.and_then(|s| s.reason) {
                    let key = format!("casework.reason.{reason}");
                    if r.shell.catalogue.has(&key) {
                        detail.push(r.t(&key));
                    }
                }
                if (sight.file && !awaited) || q.kind == crate::model::RequestKind::Transfer {
                    let words = tx.open_some(
                        case.client.as_str(),
                        "case_request.words",
                        q.id.as_str(),
                        q.words.as_ref(),
                    )?;
                    if !words.is_empty() {
                        detail.push(words);
                    }
                }
                waiting.push(Item {
                    id: q.id.0.clone(),
                    href: format!("/cases/{}", case.id),
                    what: r.t(&format!("casework.request.{}", q.kind)),
                    number: case.number(),
                    // Names of those out of sight are read in the case, where the look is noted.
                    client: if awaited && client.restricted {
                        client.pseudonym()
                    } else {
                        sight.label(&client)
                    },
                    grade: r.t(&format!("casework.grade.{}", client.grade)),
                    colour: grade_colour(client.grade),
                    detail: detail.join(" · "),
                    by: q.asked_name.clone(),
                    day: q.at.local(),
                    own: own && !cx.actor.can("cases.approve_own"),
                    decides,
                });
            }
            Ok((offered, waiting))
        })
        .await?;
    let refused = refused.to_owned();
    Ok(Inbox { frame: Frame::new(req, "casework.inbox"), form, offered, waiting, refused })
}

pub(super) async fn inbox(req: Req) -> Result<Response, PageError> {
    page(&page_of(&req, Form::blank(), "").await?)
}

pub(super) async fn decide(
    req: Req,
    Path(request): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (id, yes) = (RecordId::from(request.as_str()), fields.text("outcome") == "approved");
    let remark = fields.text("remark").to_owned();
    let done = req.act(move |tx, cx| requests::decide(tx, cx, &id, yes, &remark)).await;
    let said = if yes { "casework.approved" } else { "casework.returned" };
    answer(&req, &request, &fields, done.map(drop), said).await
}

pub(super) async fn take(
    req: Req,
    Path(request): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (id, yes) = (RecordId::from(request.as_str()), fields.text("outcome") == "accepted");
    let done = req.act(move |tx, cx| transfer::answer(tx, cx, &id, yes)).await;
    let said = if yes { "casework.taken" } else { "casework.not_taken" };
    answer(&req, &request, &fields, done.map(drop), said).await
}

async fn answer(
    req: &Req,
    request: &str,
    fields: &Fields,
    done: Result<(), Error>,
    said: &str,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(req.redirect("/cases/inbox", said)),
        Err(Error::Act(db::Error::Refused(no)))
            if no.0.iter().all(|r| r.key != "access.denied") =>
        {
            let form = Form::refused(req, fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(req, form, request).await?)
        }
        Err(e) => Err(e.into()),
    }
}
