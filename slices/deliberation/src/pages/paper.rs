//! The papers of an issue: notice of the meeting, sign-in sheet, public notice of the resolution.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::DeliberationId;
use web::{Frame, PageError, Req, page};

use crate::view;

#[derive(Template)]
#[template(path = "paper.html")]
struct Paper {
    frame: Frame,
    id: String,
    number: i64,
    kind: &'static str,
    title: String,
    region: String,
    site: String,
    category: String,
    form: String,
    day: String,
    place: String,
    held: String,
    attended: i64,
    votes: String,
    outcome: String,
    resolution: String,
    from: String,
    to: String,
    guests: Vec<(String, String)>,
    actions: Vec<(String, String, String)>,
    /// Empty lines of the sign-in sheet for whoever comes besides.
    blank: Vec<usize>,
}

/// Lines on a sign-in sheet, at least.
const LINES: usize = 18;

pub(super) async fn paper(
    req: Req,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let kind = ["notice", "signin", "resolution"].into_iter().find(|k| *k == kind);
    let kind = kind.ok_or(db::Error::Missing)?;
    let id: DeliberationId = id.into();
    let seen = req.ask(move |tx, cx| view::see(tx, cx, &id)).await?;
    let last = seen.last().ok_or(db::Error::Missing)?;
    let (issue, m) = (&seen.issue, &last.m);
    if kind == "resolution" && issue.resolution.is_none() {
        return Err(db::Error::Missing.into());
    }
    let word = |field: &str, w: &str| req.t(&format!("deliberation.{field}.{w}"));
    let votes = [("yes", m.yes), ("no", m.no), ("abstain", m.abstain)];
    let guests: Vec<(String, String)> = seen
        .participants
        .iter()
        .map(|(p, name)| (name.clone(), word("role", p.role.as_str())))
        .collect();
    page(&Paper {
        frame: Frame::titled(&req, word("paper", kind)).under(seen.site.clone()),
        id: issue.id.0.clone(),
        number: issue.number,
        kind,
        title: issue.title.clone(),
        region: seen.region.clone(),
        site: seen.site.clone(),
        category: word("category", issue.category.as_str()),
        form: word("form", m.form.as_str()),
        day: m.day.to_string(),
        place: m.place.clone(),
        held: m.held_on.map_or_else(String::new, |d| d.to_string()),
        attended: m.attended,
        votes: req.fill("deliberation.votes", &votes.map(|(n, v)| (n, v.to_string()))),
        outcome: m.outcome.map_or_else(String::new, |o| word("outcome", o.as_str())),
        resolution: issue.resolution.clone().unwrap_or_default(),
        from: issue.public_from.map_or_else(String::new, |d| d.to_string()),
        to: issue.public_to.map_or_else(String::new, |d| d.plus_days(-1).to_string()),
        blank: (guests.len() + 1..=LINES.max(guests.len() + 4)).collect(),
        guests,
        actions: seen
            .actions
            .iter()
            .map(|a| (a.what.clone(), a.owner.clone(), a.due.to_string()))
            .collect(),
    })
}
