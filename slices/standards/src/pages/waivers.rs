//! Exceptions: granted from a finding's explanation, listed with their end, ended early.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use web::{Error, Fields, Frame, PageError, Req, page};

use crate::live::{self, snapshot};
use crate::model::Waiver;
use crate::{acts, store};

/// One exception in the list.
pub(crate) struct WaiverLine {
    pub(crate) waiver: Waiver,
    pub(crate) unit: String,
    pub(crate) rule: String,
    pub(crate) live: bool,
}

#[derive(Template)]
#[template(path = "waivers.html")]
struct Waivers {
    frame: Frame,
    lines: Vec<WaiverLine>,
    may_end: bool,
}

pub(crate) async fn list(req: Req) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    let today = req.now.day();
    let cx = req.cx()?.clone();
    let lines = req
        .ask(|tx, _| store::waivers(tx))
        .await?
        .into_iter()
        .filter_map(|w| {
            let unit = snap.seen(&cx, &w.unit)?.name.clone();
            let title = snap.pack.rule(&w.rule).map(|r| &r.title);
            let rule =
                title.map_or_else(|| w.rule.clone(), |t| req.lang.pick(&t.zh, &t.en).to_owned());
            Some(WaiverLine { live: w.since <= today && today < w.until, waiver: w, unit, rule })
        })
        .collect();
    page(&Waivers {
        frame: Frame::new(&req, "standards.waivers"),
        lines,
        may_end: req.can("waivers.write"),
    })
}

pub(crate) async fn grant(
    req: Req,
    Path((unit, rule)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, PageError> {
    let snap = snapshot(&req, None).await?;
    snap.seen(req.cx()?, &unit).ok_or(Error::Act(db::Error::Missing))?;
    if !snap.asks(&unit, &rule) {
        return Err(Error::Act(db::Error::Missing).into());
    }
    let today = req.now.day();
    let new = acts::NewWaiver {
        rule: rule.clone(),
        unit: unit.clone(),
        reason: fields.text("reason").to_owned(),
        since: today,
        // A date that cannot be read is refused at its field like one out of order.
        until: fields.text("until").parse().unwrap_or(today),
    };
    match req.act(move |tx, cx| acts::waive(tx, cx, new)).await {
        Ok(_) => Ok(req.redirect(&format!("/board/{unit}/why/{rule}"), "standards.waived")),
        Err(Error::Act(db::Error::Refused(no))) => {
            super::why::refused(&req, &unit, &rule, &fields, &no).await
        }
        Err(e) => Err(e.into()),
    }
}

pub(crate) async fn end(
    req: Req,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, PageError> {
    live::end_waiver(&req, id).await?;
    Ok(req.redirect("/waivers", "standards.waiver_ended"))
}
