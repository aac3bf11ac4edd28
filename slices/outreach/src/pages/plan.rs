//! How often a client is visited and every visit so far; planning visits for a day.
use access::care;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{ClientId, Day, PersonId, Refusal};
use web::{Error, Fields, Form, Frame, PageError, Req, page, page_with};

use crate::acts::{plan, visit};
use crate::model::visit::Outcome;
use crate::store;
use crate::view::{self, Names};

/// A visit in a list.
pub(super) struct VisitLine {
    pub href: String,
    pub day: Day,
    pub time: String,
    pub outcome: &'static str,
    pub met: bool,
    pub who: String,
    pub note: String,
    pub concerns: String,
}

#[derive(Template)]
#[template(path = "visits_of.html")]
struct Of {
    frame: Frame,
    form: Form,
    id: String,
    label: String,
    address: String,
    grade: &'static str,
    colour: &'static str,
    every: i64,
    usual: i64,
    why: String,
    own: bool,
    last: Option<Day>,
    due: Day,
    planned: Option<Day>,
    writes: bool,
    visits: Vec<VisitLine>,
}

/// How many visits the page shows.
const MOST: usize = 60;

/// Reading the visits of a client is noted in the log, in the same transaction.
async fn of_page(req: &Req, client: &str, form: Form) -> Result<Of, Error> {
    let (r, client) = (req.clone(), ClientId::from(client));
    req.act(move |tx, cx| {
        let (client, sight) = care::find(tx, cx, &client)?;
        let s = store::due::standing(tx, cx, &client.id)?.ok_or(db::Error::Missing)?;
        let mut names = Names::default();
        let own = store::due::plan(tx, &client.id)?;
        let mut visits = Vec::new();
        let mut why = String::new();
        if sight.file {
            care::viewed(tx, cx, &client.id, "visits")?;
            if let Some(p) = &own {
                why = plan::why(tx, p)?;
            }
            for v in store::visit::of_client(tx, &client.id, MOST)? {
                let said = visit::plain(tx, &v)?;
                let workers = store::visit::workers(tx, &v.id)?;
                visits.push(VisitLine {
                    href: format!("/visits/{}", v.id),
                    day: v.day,
                    time: v.time,
                    outcome: v.outcome.as_str(),
                    met: v.outcome == Outcome::Met,
                    who: names.people(tx, &workers)?,
                    concerns: if said.state == "normal" {
                        String::new()
                    } else {
                        view::said(&r, "visits.aspect", &said.state)
                    },
                    note: said.note,
                });
            }
        }
        let label = sight.label(&client);
        Ok(Of {
            frame: Frame::new(&r, "visits.of").under(label.clone()),
            form: form
                .or(
                    "every_days",
                    own.as_ref().map_or_else(String::new, |p| p.every_days.to_string()),
                )
                .or("why", &why),
            address: view::address(tx, &mut names, &client, sight)?,
            grade: client.grade.as_str(),
            colour: view::colour(client.grade),
            every: s.every(),
            usual: crate::model::due::usual_days(client.grade),
            why,
            own: own.is_some(),
            last: s.last_met,
            due: s.due(),
            planned: s.planned,
            writes: sight.writes && cx.actor.can("visits.write"),
            visits,
            id: client.id.0,
            label,
        })
    })
    .await
}

pub(super) async fn of_client(req: Req, Path(client): Path<String>) -> Result<Response, PageError> {
    page(&of_page(&req, &client, Form::blank()).await?)
}

pub(super) async fn set(
    req: Req,
    Path(client): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let (id, f) = (ClientId::from(client.as_str()), fields.clone());
    let done = match f.text("every_days") {
        "" => req.act(move |tx, cx| plan::set(tx, cx, &id, None, "")).await.map(drop),
        typed => match typed.parse::<i64>() {
            Ok(n) => req
                .act(move |tx, cx| plan::set(tx, cx, &id, Some(n), f.text("why")))
                .await
                .map(drop),
            Err(_) => Err(Refusal::at("every_days", "visits.every_wrong").into()),
        },
    };
    match done {
        Ok(()) => Ok(req.redirect(&format!("/visits/of/{client}"), "visits.plan.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &of_page(&req, &client, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn batch(req: Req, fields: Fields) -> Result<Response, PageError> {
    let kept = fields.joined();
    let list = |name: &str| -> Vec<String> {
        kept.get(name).map_or_else(Vec::new, |v| {
            v.split(',').filter(|w| !w.is_empty()).map(str::to_owned).collect()
        })
    };
    let clients: Vec<ClientId> = list("clients").into_iter().map(ClientId::from).collect();
    let workers: Vec<PersonId> = list("workers").into_iter().map(PersonId::from).collect();
    let done = match fields.text("day").parse::<Day>() {
        Ok(day) => req.act(move |tx, cx| plan::batch(tx, cx, &clients, day, &workers)).await,
        Err(_) => Err(Refusal::at("day", "register.not_a_day").into()),
    };
    match done {
        Ok(_) => Ok(req.redirect("/visits?show=planned", "visits.turns.done")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &super::list::list_page(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn drop_turn(req: Req, Path(client): Path<String>) -> Result<Response, PageError> {
    let id = ClientId::from(client.as_str());
    req.act(move |tx, cx| plan::drop_turn(tx, cx, &id)).await?;
    Ok(req.redirect("/visits?show=planned", "visits.turns.dropped"))
}
