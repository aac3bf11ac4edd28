//! Groups of the viewer's scope with phase, sessions held and attendance.
use access::Cx;
use askama::Template;
use db::{Result, Tx};
use web::{Frame, Req, page};

use super::{Page, colour, leaders, percent};
use crate::model::Phase;
use crate::model::figures::Figures;
use crate::store;

/// Lines on a page.
const LINES: usize = 40;

struct Line {
    href: String,
    name: String,
    kind: String,
    phase: String,
    colour: &'static str,
    held: usize,
    planned: i64,
    percent: i64,
    rate: String,
    persons: i64,
    times: i64,
    leaders: String,
    site: String,
}

#[derive(Template)]
#[template(path = "groups.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
    filters: Vec<(String, String, bool)>,
    total: usize,
    pages: usize,
    here: usize,
    base: String,
    begins: bool,
}

pub(super) async fn list(req: Req) -> Page {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r)).await?)
}

/// Which phases a filter shows.
fn wanted(filter: &str, phase: Phase) -> bool {
    match filter {
        "preparing" => phase == Phase::Preparing,
        "closed" => phase == Phase::Closed,
        "all" => true,
        "running" => phase.runs(),
        _ => phase != Phase::Closed,
    }
}

fn build(tx: &mut Tx<'_>, cx: &Cx, req: &Req) -> Result<List> {
    let filter = req.query("phase").unwrap_or_default();
    let begun = store::begun(tx, cx)?;
    let phase_of = |id: &str| {
        begun
            .iter()
            .filter(|(g, _)| g == id)
            .filter_map(|(_, p)| Phase::parse(p))
            .max()
            .unwrap_or(Phase::Preparing)
    };
    let groups: Vec<_> = store::groups(tx, cx)?
        .into_iter()
        .map(|g| (phase_of(g.id.as_str()), g))
        .filter(|(phase, _)| wanted(&filter, *phase))
        .collect();
    let total = groups.len();
    let pages = total.div_ceil(LINES).max(1);
    let here = req.query("page").and_then(|p| p.parse().ok()).unwrap_or(1usize).clamp(1, pages);
    let mut lines = Vec::new();
    for (phase, g) in groups.into_iter().skip((here - 1) * LINES).take(LINES) {
        let records = store::records(tx, &g.id)?;
        let members = store::members(tx, &g.id)?;
        let figures = Figures::of(&records, &members, &store::presences(tx, &g.id)?);
        let held = figures.held();
        let done = i64::try_from(held).unwrap_or_default() * 100 / g.planned.max(1);
        let names: Vec<String> = leaders(tx, &g)?.into_iter().map(|(_, name, _)| name).collect();
        lines.push(Line {
            href: format!("/groups/{}", g.id),
            kind: req.t(&format!("groups.kind.{}", g.kind)),
            phase: req.t(&format!("groups.phase.{phase}")),
            colour: colour(phase),
            held,
            planned: g.planned,
            percent: done.min(100),
            rate: percent(figures.rate()),
            persons: figures.persons,
            times: figures.person_times(),
            leaders: names.join("、"),
            site: registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.short()),
            name: g.name,
        });
    }
    let filters = ["", "preparing", "running", "closed", "all"]
        .into_iter()
        .map(|f| {
            let key = if f.is_empty() { "open" } else { f };
            (format!("/groups?phase={f}"), req.t(&format!("groups.filter.{key}")), f == filter)
        })
        .collect();
    Ok(List {
        frame: Frame::new(req, "groups.title"),
        lines,
        filters,
        total,
        pages,
        here,
        base: format!("/groups?phase={}&", web::encode(&filter)),
        begins: req.can("groups.write"),
    })
}
