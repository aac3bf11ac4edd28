//! Units × kinds in a month, or the months of one unit: every cell leads to its rows, which add up to it.
use askama::Template;
use axum::response::Response;
use ledger::ServiceKind;
use web::{Frame, PageError, Req, page};

use super::{Steps, asked, reach, steps, tabs};
use crate::model::{Asked, LEAST_TOLD, Measure, Reach, hours};
use crate::reading::{self, Line, Told};

/// A figure and the rows behind it.
pub(crate) struct Cell {
    pub text: String,
    pub href: String,
}

struct Row {
    name: String,
    href: String,
    cells: Vec<Cell>,
    all: Cell,
}

#[derive(Template)]
#[template(path = "table.html")]
struct Shown {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    steps: Steps,
    measures: Vec<(String, String, bool)>,
    heads: Vec<String>,
    rows: Vec<Row>,
    foot: Vec<String>,
    /// Label and value of the whole, each client once.
    whole: Vec<(String, String)>,
    months: bool,
    /// The site's name when one is chosen, and the way back to all.
    site: String,
    all_sites: String,
    coarse: bool,
    persons: bool,
    empty: bool,
    takes: bool,
    file: String,
    may_log: bool,
}

pub(super) async fn show(req: Req) -> Result<Response, PageError> {
    let asked = asked(&req);
    let of = asked.clone();
    let (table, site) = req
        .ask(move |tx, cx| {
            let site = match of.site.as_str() {
                "" => None,
                id => crate::store::site_in_scope(tx, cx, id)?,
            };
            Ok((reading::table(tx, cx, &of)?, site.map_or_else(String::new, |s| s.name)))
        })
        .await?;
    let measure =
        req.query("show").as_deref().and_then(Measure::parse).unwrap_or(Measure::Services);
    let reach = reach(&req);
    let measures = Measure::ALL
        .iter()
        .map(|m| {
            let href = format!("/ledger?{}", asked.query("show", m.as_str()));
            (href, req.t(&format!("worklog.{m}")), *m == measure)
        })
        .collect();
    let rows = table.lines.iter().map(|l| row(&asked, &reach, table.months, measure, l)).collect();
    let whole = [
        ("worklog.services", table.whole.services.to_string()),
        ("worklog.hours", hours(table.whole.minutes)),
        ("worklog.persons", few(table.whole.persons)),
        ("worklog.person_times", few(table.whole.person_times)),
    ];
    page(&Shown {
        frame: Frame::new(&req, "worklog.title"),
        tabs: tabs(&req, ""),
        steps: steps(&req, "/ledger", &asked, table.months),
        measures,
        heads: ServiceKind::ALL.iter().map(|k| req.t(&format!("service_kind.{k}"))).collect(),
        rows,
        foot: table
            .foot
            .iter()
            .map(|t| if measure == Measure::Persons { "—".into() } else { value(*t, measure) })
            .collect(),
        whole: whole.into_iter().map(|(k, v)| (req.t(k), v)).collect(),
        months: table.months,
        all_sites: format!("/ledger?{}", asked.query("site", "")),
        site,
        coarse: reach.coarse(),
        persons: measure == Measure::Persons,
        empty: table.whole.services == 0,
        takes: req.can("export.run"),
        file: format!("/ledger/files/months.xlsx?{}", asked.query("", "")),
        may_log: req.can("worklog.write"),
    })
}

fn row(asked: &Asked, reach: &Reach, months: bool, measure: Measure, line: &Line) -> Row {
    let of = if months {
        let month = format!("{}-01", line.id).parse().unwrap_or(asked.month);
        Asked { month, year: false, ..asked.clone() }
    } else {
        Asked { site: line.id.clone(), year: false, ..asked.clone() }
    };
    let cell = |told: Told, kind: &str| Cell {
        text: if told.services == 0 { String::new() } else { value(told, measure) },
        href: if reach.coarse() || told.services == 0 {
            String::new()
        } else {
            format!("/ledger/services?{}", of.query("kind", kind))
        },
    };
    Row {
        name: line.name.clone(),
        href: if months { String::new() } else { format!("/ledger?{}", of.query("", "")) },
        cells: ServiceKind::ALL
            .iter()
            .zip(&line.kinds)
            .map(|(k, t)| cell(*t, k.as_str()))
            .collect(),
        all: cell(line.all, ""),
    }
}

fn value(told: Told, measure: Measure) -> String {
    match measure {
        Measure::Services => told.services.to_string(),
        Measure::Hours => hours(told.minutes),
        Measure::Persons => few(told.persons),
        Measure::PersonTimes => few(told.person_times),
    }
}

/// A count, or that it is too small to be told.
fn few(count: Option<i64>) -> String {
    count.map_or_else(|| format!("<{LEAST_TOLD}"), |n| n.to_string())
}
