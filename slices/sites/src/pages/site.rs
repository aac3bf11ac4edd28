//! A site by tabs.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use db::{Result, Tx};
use web::register::{Object, object};
use web::{Card, Due, Frame, PageError, Req, page};

use super::timeline::{Timeline, draw};
use crate::model::Site;
use crate::view::{CellView, Grid, Names};
use crate::{acts, registers, store, view};

/// The tabs and the registers on each.
const TABS: [(&str, &str, &[&str]); 6] = [
    ("overview", "sites.tab.overview", &["operations"]),
    ("people", "sites.tab.people", &["posts"]),
    ("rooms", "rooms.heading", &["rooms"]),
    ("signs", "facilities.heading", &["facilities"]),
    ("documents", "documents.heading", &["documents"]),
    ("honours", "designations.heading", &["designations"]),
];

/// The tab on which a register is shown.
pub(super) fn tab_of(register: &str) -> &'static str {
    TABS.iter().find(|t| t.2.contains(&register)).map_or("overview", |t| t.0)
}

/// What every tab of a site shows above it.
pub(super) struct Head {
    pub frame: Frame,
    pub id: String,
    pub tabs: Vec<(String, String, usize, bool)>,
    pub renames: bool,
    pub edits: bool,
}

/// A line of the history.
pub(super) struct Happened {
    pub icon: &'static str,
    pub colour: &'static str,
    pub what: String,
    pub who: String,
    pub when: String,
    /// Fields that changed: (label, before, after).
    pub changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    head: Head,
    frame: Frame,
    identity: Vec<CellView>,
    names: Vec<(String, String)>,
    grid: Grid,
    dues: Vec<(String, String, String)>,
    cards: Vec<Card>,
    recent: Vec<Happened>,
}

#[derive(Template)]
#[template(path = "tab.html")]
struct Tab {
    head: Head,
    frame: Frame,
    grids: Vec<Grid>,
    timeline: Option<Timeline>,
}

#[derive(Template)]
#[template(path = "history.html")]
struct History {
    head: Head,
    frame: Frame,
    all: Vec<Happened>,
}

fn head(tx: &mut Tx<'_>, req: &Req, site: &Site, here: &str) -> Result<Head> {
    let mut tabs = Vec::new();
    for (name, key, shown) in TABS {
        let mut count = 0;
        if name != "overview" {
            for register in shown.iter().filter_map(|r| registers::register(r)) {
                count += register.of_parent(tx, site.id.as_str())?.len();
            }
        }
        let href = if name == "overview" {
            format!("/sites/{}", site.id)
        } else {
            format!("/sites/{}/{name}", site.id)
        };
        tabs.push((href, req.t(key), count, here == name));
    }
    tabs.push((
        format!("/sites/{}/history", site.id),
        req.t("sites.tab.history"),
        0,
        here == "history",
    ));
    let pretitle = format!("{} · {}", req.t(&format!("sites.kind.{}", site.kind)), site.code);
    Ok(Head {
        frame: Frame::titled(req, site.name.clone()).under(pretitle),
        id: site.id.0.clone(),
        tabs,
        renames: req.can("sites.open"),
        edits: req.can("sites.write"),
    })
}

pub(super) async fn overview(
    req: Req,
    Path(id): Path<String>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r, &id)).await?)
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req, id: &str) -> Result<Overview> {
    let site = store::site(tx, cx, id)?.ok_or(db::Error::Missing)?;
    let register = registers::register("sites").ok_or(db::Error::Missing)?;
    let mut names = Names::default();
    let mut identity = Vec::new();
    let o = object(&site)?;
    for field in register.fields.iter().filter(|f| f.name != "name") {
        let shown = view::cell(tx, cx, req, &mut names, register, field, &o)?;
        if !shown.text.is_empty() {
            identity.push(shown);
        }
    }
    let former = store::former_names(tx, &site.id)?
        .into_iter()
        .map(|n| (n.name, format!("{} – {}", n.since, n.until)))
        .collect();
    let evidence = store::evidence_of(tx, &site.id)?;
    let operations = registers::register("operations").ok_or(db::Error::Missing)?;
    let grid = view::grid(tx, cx, req, operations, id, &evidence)?;
    let mut dues: Vec<Due> = Vec::new();
    let until = cx.today().plus_days(crate::dues::AHEAD);
    for ask in req.shell.slices.iter().filter_map(|s| s.dues) {
        dues.extend(
            ask(tx, cx, &req.shell, until)?
                .into_iter()
                .filter(|d| d.site.as_ref() == Some(&site.id)),
        );
    }
    dues.sort_by_key(|d| d.by);
    let mut cards = Vec::new();
    for ask in req.shell.slices.iter().filter_map(|s| s.card) {
        cards.extend(ask(tx, cx, &site.id)?);
    }
    let head = head(tx, req, &site, "overview")?;
    Ok(Overview {
        frame: head.frame.clone(),
        head,
        identity,
        names: former,
        grid,
        dues: dues
            .into_iter()
            .map(|d| (d.sentence(req), d.href, d.by.map_or_else(String::new, |b| b.to_string())))
            .collect(),
        cards,
        recent: happened(tx, cx, req, id, 6)?,
    })
}

pub(super) async fn tab(
    req: Req,
    Path((id, tab)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    if tab == "history" {
        let built = req
            .ask(move |tx, cx| {
                let site = store::site(tx, cx, &id)?.ok_or(db::Error::Missing)?;
                let head = head(tx, &r, &site, "history")?;
                Ok(History {
                    frame: head.frame.clone(),
                    head,
                    all: happened(tx, cx, &r, &id, 200)?,
                })
            })
            .await?;
        return page(&built);
    }
    let built = req
        .ask(move |tx, cx| {
            let site = store::site(tx, cx, &id)?.ok_or(db::Error::Missing)?;
            let (name, _, shown) =
                TABS.iter().find(|t| t.0 == tab && t.0 != "overview").ok_or(db::Error::Missing)?;
            let evidence = store::evidence_of(tx, &site.id)?;
            let mut grids = Vec::new();
            for register in shown.iter().filter_map(|r| registers::register(r)) {
                grids.push(view::grid(tx, cx, &r, register, &id, &evidence)?);
            }
            let timeline = if *name == "people" { draw(tx, cx, &r, &site)? } else { None };
            let head = head(tx, &r, &site, name)?;
            Ok(Tab { frame: head.frame.clone(), head, grids, timeline })
        })
        .await?;
    page(&built)
}

pub(super) async fn none(
    req: Req,
    Path((id, register)): Path<(String, String)>,
) -> std::result::Result<Response, PageError> {
    let (site, name) = (id.clone(), register.clone());
    req.act(move |tx, cx| acts::report_empty(tx, cx, &site.as_str().into(), &name)).await?;
    Ok(req.redirect(
        &format!("/sites/{id}/{}", tab_of(&register)).replace("/overview", ""),
        "sites.reported.done",
    ))
}

/// What happened to a unit, latest first, as sentences.
pub(super) fn happened(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    unit: &str,
    limit: i64,
) -> Result<Vec<Happened>> {
    let mut out = Vec::new();
    for e in store::events_of(tx, unit, limit)? {
        // What other slices did at this site is told on their own pages.
        let keys = [format!("subject.{}", e.subject), format!("verb.{}", e.verb)];
        if keys.iter().any(|key| req.t(key) == *key) {
            continue;
        }
        let record =
            |v: &Option<serde_json::Value>| v.as_ref().and_then(|v| v.as_object()).cloned();
        let (before, after) = (record(&e.before), record(&e.after));
        let known = registers::of_subject(&e.subject);
        let mut what = req.t(&format!("subject.{}", e.subject));
        if let (Some(register), Some(o)) = (known, after.as_ref().or(before.as_ref())) {
            let title = view::title(tx, cx, req, register, o)?;
            if !title.is_empty() && e.subject != "site" {
                what = req.fill("verb.named", &[("what", what), ("title", title)]);
            }
        }
        let who = view::author(tx, req, &e.account)?;
        let changes = match (known, &before, &after) {
            (Some(register), Some(before), Some(after)) => {
                changes(tx, cx, req, register, before, after)?
            }
            _ => Vec::new(),
        };
        out.push(Happened {
            icon: match e.verb.as_str() {
                "added" | "opened" => "plus",
                "removed" | "closed" => "trash",
                "accepted" => "check",
                "returned" => "x",
                "seen" => "eye",
                _ => "edit",
            },
            colour: match e.verb.as_str() {
                "added" | "opened" | "accepted" => "green",
                "removed" | "closed" | "returned" => "red",
                _ => "blue",
            },
            what: req.fill(&format!("verb.{}", e.verb), &[("what", what)]),
            who,
            when: e.at.local(),
            changes,
        });
    }
    Ok(out)
}

fn changes(
    tx: &mut Tx<'_>,
    cx: &Cx,
    req: &Req,
    register: &web::register::Register,
    before: &Object,
    after: &Object,
) -> Result<Vec<(String, String, String)>> {
    let mut names = Names::default();
    let mut out = Vec::new();
    for field in register.fields.iter().filter(|f| before.get(f.name) != after.get(f.name)) {
        let old = view::cell(tx, cx, req, &mut names, register, field, before)?;
        let new = view::cell(tx, cx, req, &mut names, register, field, after)?;
        let dash = |t: String| if t.is_empty() { "—".to_owned() } else { t };
        out.push((old.label, dash(old.text), dash(new.text)));
    }
    Ok(out)
}
