//! Hours: everybody's month in one table, and one worker's month as it is printed and signed.
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use kernel::PersonId;
use ledger::{OtherKind, ServiceKind};
use web::{Frame, PageError, Req, page};

use super::{Steps, asked, reach, steps, tabs};
use crate::model::{hours, share};
use crate::reading::{self, Hours};

struct Row {
    name: String,
    href: String,
    cells: Vec<String>,
    served: String,
    other: Vec<String>,
    beside: String,
    all: String,
    share: String,
}

#[derive(Template)]
#[template(path = "hours.html")]
struct Shown {
    frame: Frame,
    tabs: Vec<(String, String, usize, bool)>,
    steps: Steps,
    services: Vec<String>,
    others: Vec<String>,
    rows: Vec<Row>,
    foot: Row,
    coarse: bool,
    takes: bool,
    file: String,
    may_log: bool,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Paper {
    frame: Frame,
    steps: Steps,
    name: String,
    month: String,
    back: String,
    /// Day, kind, what, minutes.
    entries: Vec<(String, String, String, i64)>,
    served: String,
    beside: String,
    administrative: String,
    all: String,
    share: String,
}

pub(super) async fn show(req: Req) -> Result<Response, PageError> {
    let asked = asked(&req);
    let of = asked.clone();
    let all = req.ask(move |tx, cx| reading::hours_of(tx, cx, &of)).await?;
    let coarse = reach(&req).coarse();
    let query = asked.query("", "");
    let mut foot = Hours { name: req.t("worklog.all"), ..Hours::default() };
    for h in &all {
        h.services.iter().for_each(|(k, m)| *foot.services.entry(k.clone()).or_default() += m);
        h.other.iter().for_each(|(k, m)| *foot.other.entry(k.clone()).or_default() += m);
    }
    let link = |h: &Hours| {
        if coarse { String::new() } else { format!("/ledger/hours/{}?{query}", h.id) }
    };
    let kinds: Vec<&str> = if coarse { Vec::new() } else { ServiceKind::WORDS.to_vec() };
    let rows = all.iter().map(|h| row(h, &kinds, link(h))).collect();
    page(&Shown {
        frame: Frame::new(&req, "worklog.title"),
        tabs: tabs(&req, "/hours"),
        steps: steps(&req, "/ledger/hours", &asked, asked.year),
        services: kinds.iter().map(|k| req.t(&format!("service_kind.{k}"))).collect(),
        others: OtherKind::WORDS.iter().map(|k| req.t(&format!("other_kind.{k}"))).collect(),
        rows,
        foot: row(&foot, &kinds, String::new()),
        coarse,
        takes: req.can("export.run"),
        file: format!("/ledger/files/hours.xlsx?{query}"),
        may_log: req.can("worklog.write"),
    })
}

fn row(h: &Hours, kinds: &[&str], href: String) -> Row {
    let some = |m: i64| if m == 0 { String::new() } else { hours(m) };
    let of = |k: &&str, all: &std::collections::BTreeMap<String, i64>| {
        some(all.get(*k).copied().unwrap_or_default())
    };
    Row {
        name: h.name.clone(),
        href,
        cells: kinds.iter().map(|k| of(k, &h.services)).collect(),
        served: hours(h.served()),
        other: OtherKind::WORDS.iter().map(|k| of(k, &h.other)).collect(),
        beside: hours(h.beside()),
        all: hours(h.served() + h.beside()),
        share: share(h.administrative(), h.served() + h.beside()),
    }
}

pub(super) async fn sheet(req: Req, Path(person): Path<String>) -> Result<Response, PageError> {
    let asked = crate::model::Asked { year: false, ..asked(&req) };
    let (of, id) = (asked.clone(), PersonId::from(person.as_str()));
    let sheet = req.ask(move |tx, cx| reading::sheet(tx, cx, &id, &of)).await?;
    let h = &sheet.hours;
    let all = h.served() + h.beside();
    page(&Paper {
        frame: Frame::new(&req, "worklog.sheet"),
        steps: steps(&req, &format!("/ledger/hours/{person}"), &asked, false),
        month: asked.month_text(),
        back: format!("/ledger/hours?{}", asked.query("person", "")),
        served: hours(h.served()),
        beside: hours(h.beside()),
        administrative: hours(h.administrative()),
        all: hours(all),
        share: share(h.administrative(), all),
        entries: sheet
            .entries
            .iter()
            .map(|d| (d.day.to_string(), req.t(&d.kind), d.what.clone(), d.minutes))
            .collect(),
        name: sheet.name,
    })
}
