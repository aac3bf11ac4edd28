//! The list of clients: narrowed, paged by number, with those counted who may not be listed.
use askama::Template;
use axum::response::Response;
use db::{Result, Tx};
use kernel::ClientId;
use registry::client::RiskGrade;
use web::{Frame, PageError, Req, page};

use super::view::{self, Badge};
use crate::model::Category;
use crate::store::{self, Filter};

const PAGE: i64 = 25;
/// The names under which an address narrows the list.
const NARROWED: [&str; 7] =
    ["category", "grade", "region", "worker", "unvisited", "ended", "consents"];

struct LineView {
    href: String,
    number: i64,
    label: String,
    who: String,
    badges: Vec<Badge>,
    grade: Badge,
    low: bool,
    place: String,
    worker: String,
    visited: String,
    late: bool,
    restricted: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    frame: Frame,
    filter: Filter,
    lines: Vec<LineView>,
    seen: i64,
    hidden: i64,
    unvisited: i64,
    /// (href, badge, count)
    grades: Vec<(String, Badge, i64)>,
    /// (word, label)
    categories: Vec<(String, String)>,
    regions: Vec<(String, String)>,
    workers: Vec<(String, String)>,
    /// The next page's address; empty on the last.
    next: String,
    first: String,
    takes_in: bool,
    merges: bool,
    waiting: usize,
    imports: bool,
    exports: bool,
    /// What the list is narrowed by, for the export.
    narrowed: String,
}

pub(super) async fn list(req: Req) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    page(&req.ask(move |tx, cx| build(tx, cx, &r)).await?)
}

/// What the list is narrowed by, as the address says it.
pub(super) fn filter(req: &Req) -> Filter {
    let get = |name| req.query(name).unwrap_or_default();
    Filter {
        category: get("category"),
        grade: get("grade"),
        region: get("region"),
        worker: get("worker"),
        unvisited: !get("unvisited").is_empty(),
        ended: !get("ended").is_empty(),
        consents: !get("consents").is_empty(),
    }
}

fn build(tx: &mut Tx<'_>, cx: &access::Cx, req: &Req) -> Result<List> {
    let get = |name| req.query(name).unwrap_or_default();
    let filter = filter(req);
    let before = get("before").parse().unwrap_or(0_i64);

    let lens = access::care::Lens::of(tx, cx)?;
    let mut found = store::list(tx, cx, &filter, before, PAGE + 1)?;
    let more = found.len() as i64 > PAGE;
    found.truncate(usize::try_from(PAGE).unwrap_or(25));
    let ids: Vec<ClientId> = found.iter().map(|l| l.client.id.clone()).collect();
    let held = store::categories_of(tx, &ids, cx.today())?;
    let today = cx.today();
    let mut lines = Vec::new();
    for l in &found {
        let Some(sight) = lens.sight(tx, &l.client)? else { continue };
        let mine: Vec<Category> =
            held.iter().filter(|(id, _)| *id == l.client.id).map(|(_, c)| *c).collect();
        let place = [l.place.as_str(), if sight.name { l.building.as_str() } else { "" }];
        lines.push(LineView {
            href: format!("/clients/{}", l.client.id),
            number: l.client.number,
            label: sight.label(&l.client),
            who: view::who(req, &l.client, today),
            badges: view::badges(req, &l.client, &mine, today),
            grade: view::grade(req, l.client.grade),
            low: l.client.grade == RiskGrade::Low,
            place: place.iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" · "),
            worker: l.worker.clone(),
            visited: l.visited.map_or_else(String::new, |d| d.to_string()),
            late: l.visited.is_none_or(|d| d <= today.plus_days(-30)),
            restricted: l.client.restricted,
        });
    }
    let counts = store::counts(tx, cx)?;
    let base = |grade: &str| {
        format!(
            "/clients?category={}&grade={grade}&region={}&worker={}{}{}",
            web::encode(&filter.category),
            web::encode(&filter.region),
            web::encode(&filter.worker),
            if filter.unvisited { "&unvisited=1" } else { "" },
            match (filter.ended, filter.consents) {
                (true, true) => "&ended=1&consents=1",
                (true, false) => "&ended=1",
                (false, true) => "&consents=1",
                (false, false) => "",
            },
        )
    };
    let last = found.last().map_or(0, |l| l.client.number);
    let mut categories: Vec<(String, String)> = ["elder", "aged", "minor"]
        .iter()
        .map(|w| ((*w).to_owned(), req.t(&format!("clients.category.{w}"))))
        .collect();
    categories.extend(
        Category::ALL
            .iter()
            .map(|c| (c.as_str().to_owned(), req.t(&format!("clients.category.{c}")))),
    );
    let scope = cx.actor.scope().path.clone();
    let regions = registry::region::under(tx, &scope)?
        .into_iter()
        .filter(registry::region::Region::is_neighbourhood)
        .map(|r| (r.id.0, r.name))
        .collect();
    let workers = if req.can("clients.place") {
        registry::site::colleagues(tx, &scope, today)?.into_iter().map(|(p, n)| (p.0, n)).collect()
    } else {
        Vec::new()
    };
    let waiting = if req.can("clients.assign") || req.can("cases.approve") {
        crate::acts::assign::waiting(tx, cx)?.len()
    } else {
        0
    };
    Ok(List {
        frame: Frame::new(req, "clients.title"),

        lines,
        seen: counts.seen,
        hidden: counts.hidden,
        unvisited: counts.unvisited,
        grades: counts
            .grades
            .iter()
            .map(|(g, n)| (format!("/clients?grade={g}"), view::grade(req, *g), *n))
            .collect(),
        categories,
        regions,
        workers,
        next: if more { format!("{}&before={last}", base(&filter.grade)) } else { String::new() },
        first: if before > 0 { base(&filter.grade) } else { String::new() },
        takes_in: req.can("clients.write"),
        merges: req.can("clients.merge"),
        waiting,
        imports: req.can("import.run") && req.can("clients.write"),
        exports: req.can("clients.export"),
        narrowed: NARROWED
            .iter()
            .filter_map(|n| Some((*n, req.query(n).filter(|v| !v.is_empty())?)))
            .map(|(name, value)| format!("{name}={}&", web::encode(&value)))
            .collect(),
        filter,
    })
}
