//! Time that was no service: a quick entry, what was entered, and the share of administrative work (4B.1-7).
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::RecordId;
use ledger::OtherKind;
use web::{Choice, Error, Fields, Form, Frame, PageError, Req, page, page_with};

use super::{Steps, asked, reach, steps, tabs};
use crate::acts::{self, NewTime};
use crate::model::{Reach, hours, share};
use crate::reading;

/// An entry as the list shows it.
pub(crate) struct Line {
    pub id: String,
    pub day: String,
    pub who: String,
    pub kind: String,
    pub what: String,
    pub asked_by: String,
    pub minutes: i64,
    pub listed: bool,
    pub own: bool,
}

#[derive(Template)]
#[template(path = "time.html")]
struct Shown {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    steps: Steps,
    form: Form,
    kinds: Vec<Choice>,
    lines: Vec<Line>,
    others: bool,
    may_log: bool,
    administrative: String,
    all: String,
    share: String,
}

async fn shown(req: &Req, form: Form) -> Result<Shown, Error> {
    let asked = asked(req);
    let of = asked.clone();
    let (all, hours_of) = req
        .ask(move |tx, cx| Ok((reading::times(tx, cx, &of)?, reading::hours_of(tx, cx, &of)?)))
        .await?;
    let me = req.cx()?.actor.person().cloned();
    let lines = all
        .into_iter()
        .map(|(o, who)| Line {
            id: o.id.0,
            day: o.day.to_string(),
            who,
            kind: req.t(&format!("other_kind.{}", o.kind)),
            what: o.what,
            asked_by: o.asked_by.unwrap_or_default(),
            minutes: o.minutes,
            listed: o.listed,
            own: Some(&o.person) == me.as_ref(),
        })
        .collect();
    let admin: i64 = hours_of.iter().map(reading::Hours::administrative).sum();
    let whole: i64 = hours_of.iter().map(|h| h.served() + h.beside()).sum();
    Ok(Shown {
        frame: Frame::new(req, "worklog.title"),
        tabs: tabs(req, "/time"),
        steps: steps(req, "/ledger/time", &asked, asked.year),
        form: form.or("day", req.now.day()),
        kinds: OtherKind::ALL
            .iter()
            .map(|k| Choice { value: k.as_str().into(), label: req.t(&format!("other_kind.{k}")) })
            .collect(),
        lines,
        others: reach(req) == Reach::Place,
        may_log: req.can("worklog.write") && req.cx()?.actor.person().is_some(),
        administrative: hours(admin),
        all: hours(whole),
        share: share(admin, whole),
    })
}

pub(super) async fn list(req: Req) -> Result<Response, PageError> {
    page(&shown(&req, Form::blank()).await?)
}

pub(super) async fn new(req: Req) -> Result<Response, PageError> {
    let form = Form::blank().with("kind", req.query("kind").unwrap_or_default());
    page(&shown(&req, form).await?)
}

pub(super) async fn log(req: Req, fields: Fields) -> Result<Response, PageError> {
    let new = NewTime {
        kind: OtherKind::parse(fields.text("kind")),
        day: fields.text("day").parse().ok(),
        minutes: fields.text("minutes").parse().unwrap_or_default(),
        what: fields.text("what").to_owned(),
        asked_by: fields.text("asked_by").to_owned(),
        listed: fields.ticked("listed"),
    };
    let month: String =
        new.day.map_or_else(String::new, |d| d.to_string().chars().take(7).collect());
    match req.act(move |tx, cx| acts::log(tx, cx, new)).await {
        Ok(_) => Ok(req.redirect(&format!("/ledger/time?month={month}"), "worklog.logged")),
        Err(Error::Act(db::Error::Refused(no))) => {
            let form = Form::refused(&req, &fields, &no);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&req, form).await?)
        }
        Err(e) => Err(e.into()),
    }
}

pub(super) async fn remove(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    req.act(move |tx, cx| acts::remove(tx, cx, &RecordId::from(id.as_str()))).await?;
    Ok(req.redirect("/ledger/time", "worklog.removed"))
}
