//! The search: every slice answers from its own tables, in the asker's scope.
use askama::Template;
use axum::response::Response;
use web::{Error, Found, Frame, Gate, Limits, PageError, Req, page};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.get("/search", "home", search)
}

/// Searches per minute and account.
const MOST_SEARCHES: u32 = 60;
/// Longer words are cut: nobody's name is longer.
const LONGEST: usize = 60;

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    words: String,
    /// What was found, by kind: the kind in words, and the hits.
    found: Vec<(String, Vec<Found>)>,
}

/// Asks every slice; nothing for no words.
///
/// # Errors
/// [`Error::TooMany`], or the engine's fault.
pub(crate) async fn gather(req: &Req) -> Result<(String, Vec<Found>), Error> {
    let words: String = req.query("q").unwrap_or_default().trim().chars().take(LONGEST).collect();
    let limits = req.shell.parts.get::<Limits>();
    limits.take(req.cx()?.actor.account().as_str(), "search", MOST_SEARCHES, req.now)?;
    if words.is_empty() {
        return Ok((words, Vec::new()));
    }
    let (asked, shell) = (words.clone(), req.shell.clone());
    let found = req
        .ask(move |tx, cx| {
            let mut all = Vec::new();
            for ask in shell.slices.iter().filter_map(|s| s.search_with) {
                all.extend(ask(tx, cx, &shell, &asked)?);
            }
            for ask in shell.slices.iter().filter_map(|s| s.search) {
                all.extend(ask(tx, cx, &asked)?);
            }
            Ok(all)
        })
        .await?;
    Ok((words, found))
}

async fn search(req: Req) -> Result<Response, PageError> {
    let (words, found) = gather(&req).await?;
    let title = if words.is_empty() {
        req.t("search.title")
    } else {
        req.fill("search.for", &[("q", words.clone())])
    };
    page(&Search { frame: Frame::titled(&req, title), words, found: grouped(&req, found) })
}

/// The hits of each kind together, kinds in the order in which they first came.
fn grouped(req: &Req, found: Vec<Found>) -> Vec<(String, Vec<Found>)> {
    let mut out: Vec<(String, Vec<Found>)> = Vec::new();
    for hit in found {
        let kind = req.t(hit.kind);
        match out.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, hits)) => hits.push(hit),
            None => out.push((kind, vec![hit])),
        }
    }
    out
}
