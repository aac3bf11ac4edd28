//! The form of a visit: one screen, everything usual filled in, three taps for the normal visit.
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{ClientId, Day, VisitId};
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts;
use crate::acts::visit;
use crate::model::due::due_after;
use crate::model::visit::{Aspect, Draft, Help, NeedKind, Outcome, USUAL_MINUTES, Way, clock};
use crate::store;
use crate::view::{self, Names};

/// What was noted last time.
pub(super) struct Last {
    pub day: Day,
    pub outcome: &'static str,
    pub concerns: String,
    pub note: String,
    pub href: String,
}

#[derive(Template)]
#[template(path = "visit_form.html")]
struct VisitForm {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    version: i64,
    label: String,
    address: String,
    phone: String,
    grade: &'static str,
    colour: &'static str,
    last: Option<Last>,
    outcomes: Vec<Choice>,
    aspects: Vec<Choice>,
    helps: Vec<Choice>,
    needs: Vec<Choice>,
    ways: Vec<Choice>,
    colleagues: Vec<Choice>,
}

/// A form as a draft; several values of a field come joined with commas.
fn draft(fields: &Fields, client: &str) -> Draft {
    let kept = fields.joined();
    let list = |name: &str| -> Vec<String> {
        kept.get(name).map_or_else(Vec::new, |v| {
            v.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect()
        })
    };
    let text = |name: &str| fields.text(name).to_owned();
    Draft {
        client: client.to_owned(),
        day: text("day"),
        time: text("time"),
        minutes: text("minutes"),
        way: text("way"),
        outcome: text("outcome"),
        normal: fields.ticked("normal"),
        concerns: list("concerns"),
        helps: list("helps"),
        note: text("note"),
        needs: list("needs"),
        need_words: text("need_words"),
        next_on: text("next_on"),
        workers: list("workers"),
    }
}

/// A draft as a form.
fn filled(d: &Draft) -> Form {
    let form = Form::blank()
        .with("day", &d.day)
        .with("time", &d.time)
        .with("minutes", &d.minutes)
        .with("way", &d.way)
        .with("outcome", &d.outcome)
        .with("concerns", d.concerns.join(","))
        .with("helps", d.helps.join(","))
        .with("note", &d.note)
        .with("needs", d.needs.join(","))
        .with("need_words", &d.need_words)
        .with("next_on", &d.next_on)
        .with("workers", d.workers.join(","));
    if d.normal { form.with("normal", "1") } else { form }
}

/// The form shows the last record, so opening it is a look into the file and noted as one.
async fn form_page(
    req: &Req,
    client: &str,
    of: Option<VisitId>,
    form: Option<Form>,
) -> Result<VisitForm, Error> {
    let (r, client) = (req.clone(), ClientId::from(client));
    req.act(move |tx, cx| {
        let (client, sight) = care::find(tx, cx, &client)?;
        sight.writes()?;
        care::viewed(tx, cx, &client.id, "visits")?;
        let mut names = Names::default();
        let last = match store::visit::of_client(tx, &client.id, 2)?
            .into_iter()
            .find(|v| Some(&v.id) != of.as_ref())
        {
            Some(v) => {
                let said = visit::plain(tx, &v)?;
                Some(Last {
                    day: v.day,
                    outcome: v.outcome.as_str(),
                    concerns: if said.state == "normal" {
                        String::new()
                    } else {
                        view::said(&r, "visits.aspect", &said.state)
                    },
                    note: said.note,
                    href: format!("/visits/{}", v.id),
                })
            }
            None => None,
        };
        let form = match (form, &of) {
            (Some(form), _) => form,
            (None, Some(id)) => {
                let v = store::visit::find(tx, id)?.ok_or(db::Error::Missing)?;
                filled(&visit::as_draft(tx, &v)?)
            }
            (None, None) => {
                let every = store::due::standing(tx, cx, &client.id)?.map_or(90, |s| s.every());
                Form::blank().with("next_on", due_after(cx.today(), every, None))
            }
        };
        let phone = tx.open_some(
            client.id.as_str(),
            "client.phone",
            client.id.as_str(),
            client.phone.as_ref(),
        )?;
        let me = cx.actor.person().cloned();
        let colleagues = acts::colleagues(tx, cx, &client.region)?
            .into_iter()
            .filter(|(id, _)| Some(id) != me.as_ref())
            .map(|(id, label)| Choice { value: id.0, label })
            .collect();
        let label = sight.label(&client);
        Ok(VisitForm {
            frame: Frame::new(&r, if of.is_some() { "visits.correct" } else { "visits.record" }),
            form: form
                .or("outcome", Outcome::Met)
                .or("way", Way::Home)
                .or("day", cx.today())
                .or("time", clock(cx.now))
                .or("minutes", USUAL_MINUTES),
            action: of.as_ref().map_or_else(
                || format!("/visits/new?client={}", client.id),
                |id| format!("/visits/{id}/correction"),
            ),
            back: of.as_ref().map_or_else(|| "/visits".to_owned(), |id| format!("/visits/{id}")),
            version: match &of {
                Some(id) => db::event::version(tx, "visit", id.as_str())?,
                None => 0,
            },
            address: view::address(tx, &mut names, &client, sight)?,
            phone: kernel::numbers::mask_phone(&phone),
            grade: client.grade.as_str(),
            colour: view::colour(client.grade),
            last,
            outcomes: view::words(&r, "visits.outcome", Outcome::WORDS),
            aspects: view::words(&r, "visits.aspect", Aspect::WORDS),
            helps: view::words(&r, "visits.help", Help::WORDS),
            needs: view::words(&r, "visits.need", NeedKind::WORDS),
            ways: view::words(&r, "visits.way", Way::WORDS),
            colleagues,
            label,
        })
    })
    .await
}

pub(super) async fn blank(req: Req) -> Result<Response, PageError> {
    let Some(client) = req.query("client").filter(|c| !c.is_empty()) else {
        return Ok(req.redirect("/visits", ""));
    };
    page(&form_page(&req, &client, None, None).await?)
}

pub(super) async fn record(req: Req, fields: Fields) -> Result<Response, PageError> {
    let client = req.query("client").unwrap_or_default();
    let draft = draft(&fields, &client);
    match req.act(move |tx, cx| visit::record(tx, cx, &draft)).await {
        // Whoever found a need goes on with it; everybody else goes on to the next door.
        Ok(v) => {
            let more = !fields.text("needs").is_empty() || v.outcome.ends();
            let to = if more { format!("/visits/{}", v.id) } else { "/visits".to_owned() };
            Ok(req.redirect(&to, "visits.done"))
        }
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &form_page(&req, &client, None, Some(form)).await?,
            )
        }
        Err(e) => Err(e.into()),
    }
}

async fn client_of(req: &Req, id: &str) -> Result<String, Error> {
    let id = VisitId::from(id);
    req.ask(move |tx, cx| Ok(visit::find(tx, cx, &id)?.0.client.0)).await
}

pub(super) async fn correcting(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let client = client_of(&req, &id).await?;
    page(&form_page(&req, &client, Some(id.into()), None).await?)
}

pub(super) async fn correct(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let client = client_of(&req, &id).await?;
    let (draft, seen) = (draft(&fields, &client), fields.text("_version").parse().ok());
    let of = VisitId::from(id.as_str());
    match req.act(move |tx, cx| visit::amend(tx, cx, &of, &draft, seen)).await {
        Ok(_) => Ok(req.redirect(&format!("/visits/{id}"), "visits.corrected")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            let built = form_page(&req, &client, Some(id.into()), Some(form)).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &built)
        }
        Err(e) => Err(e.into()),
    }
}
