//! A draft on its way: matching columns, the dry run's findings, the commit.
use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use locale::Lang;
use web::{Choice, Fields, Frame, PageError, Req, page};

use crate::draft::Draft;
use crate::house::House;
use crate::jobs::{Job, Jobs, Outcome};
use crate::model::{Report, Slot};
use crate::sheet::{by_name, heading, slots};

#[derive(Template)]
#[template(path = "import_check.html")]
struct Check {
    frame: Frame,
    id: String,
    file: String,
    /// `columns`, `running`, `faulty`, `ready`, `nothing` or `refused`.
    state: &'static str,
    percent: usize,
    sheets: Vec<SheetMap>,
    counts: Vec<(String, usize, usize, usize, usize)>,
    faults: Vec<FaultLine>,
    more: usize,
    refusal: String,
    /// Columns that are passed over.
    ignored: String,
}

struct SheetMap {
    title: String,
    lacking: String,
    options: Vec<Choice>,
    /// Heading, first value, name of the select, chosen slot.
    columns: Vec<(String, String, String, String)>,
}

struct FaultLine {
    sheet: String,
    row: u32,
    column: String,
    cell: String,
    text: String,
}

#[derive(Template)]
#[template(path = "import_progress.html")]
struct Progress {
    frame: Frame,
    id: String,
    percent: usize,
}

fn name_of(slot: &Slot) -> String {
    match slot {
        Slot::None => String::new(),
        Slot::Id => "@id".to_owned(),
        Slot::Parent => "@parent".to_owned(),
        Slot::Field(name) => name.clone(),
    }
}

fn draft(req: &Req, id: &str) -> Result<Draft, PageError> {
    Ok(Draft::load(&req.shell, req.cx()?.actor.account().as_str(), id)?)
}

fn maps(req: &Req, house: &House, draft: &Draft) -> Vec<SheetMap> {
    let mut out = Vec::new();
    for (n, sheet) in draft.sheets.iter().enumerate() {
        let Some(register) = house.register(&sheet.register) else { continue };
        let label = |lang: Lang, s: &Slot| heading(house, lang, register, s);
        let lacking: Vec<String> =
            sheet.lacking(register).iter().map(|s| label(req.lang, s)).collect();
        let options = slots(register)
            .iter()
            .map(|s| Choice { value: name_of(s), label: label(req.lang, s) })
            .collect();
        let first = sheet.table.rows.first();
        let columns = sheet
            .table
            .columns
            .iter()
            .enumerate()
            .map(|(c, heading)| {
                let value =
                    first.and_then(|r| r.cells.get(c)).map_or_else(String::new, |v| v.text());
                let chosen = sheet.map.get(c).map_or_else(String::new, name_of);
                (heading.clone(), value.chars().take(30).collect(), format!("c.{n}.{c}"), chosen)
            })
            .collect();
        out.push(SheetMap {
            title: house.title(req.lang, register.name),
            lacking: lacking.join("、"),
            options,
            columns,
        });
    }
    out
}

pub(super) async fn show(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let job = Jobs::find(&req, &id);
    if let Some(Outcome::Committed(batch)) = job.as_ref().and_then(|j| j.outcome()) {
        return Ok(req.redirect(&format!("/imports/batches/{batch}"), "exchange.committed"));
    }
    let draft = draft(&req, &id)?;
    let house = House::of(&req.shell);
    let sheets = maps(&req, &house, &draft);
    let lacking = sheets.iter().any(|s| !s.lacking.is_empty());
    let ignored: Vec<&str> = draft
        .sheets
        .iter()
        .flat_map(|s| s.table.columns.iter().zip(&s.map))
        .filter(|(c, slot)| {
            **slot == Slot::None && !c.ends_with("(名称)") && !c.ends_with("(name)")
        })
        .map(|(c, _)| c.as_str())
        .collect();
    let mut view = Check {
        frame: Frame::new(&req, "exchange.check").under(draft.file.clone()),
        id,
        file: draft.file.clone(),
        state: "columns",
        percent: 0,
        sheets,
        counts: Vec::new(),
        faults: Vec::new(),
        more: 0,
        refusal: String::new(),
        ignored: ignored.join("、"),
    };
    if lacking || req.query("columns").is_some() {
        return page(&view);
    }
    // A restart forgets runs; asking again starts a new one, which changes nothing.
    let job = match job {
        Some(job) => job,
        None => Jobs::check(&req, draft)?,
    };
    tell(&req, &house, &job, &mut view);
    page(&view)
}

fn tell(req: &Req, house: &House, job: &Job, view: &mut Check) {
    match job.outcome() {
        None => {
            view.state = "running";
            view.percent = job.percent();
        }
        Some(Outcome::Checked(report)) => report_to(req, house, &report, view),
        Some(Outcome::Refused(no)) => {
            view.state = "refused";
            view.refusal = no.0.iter().map(|r| req.refusal(r)).collect::<Vec<_>>().join(" ");
        }
        Some(Outcome::Broken | Outcome::Committed(_)) => {
            view.state = "refused";
            view.refusal = req.t("web.error.broken");
        }
    }
}

fn report_to(req: &Req, house: &House, report: &Report, view: &mut Check) {
    view.counts = report
        .sheets
        .iter()
        .map(|s| (house.title(req.lang, &s.register), s.added, s.amended, s.unchanged, s.faulty))
        .collect();
    view.faults = report
        .faults
        .iter()
        .take(200)
        .map(|f| FaultLine {
            sheet: house.title(req.lang, f.register),
            row: f.row,
            column: f.column.clone(),
            cell: f.cell.clone(),
            text: req.refusal(&f.refusal),
        })
        .collect();
    let faulty = report.sum(|s| s.faulty);
    view.more = report.faults.len().saturating_sub(view.faults.len());
    view.state = if faulty > 0 {
        "faulty"
    } else if report.changed.is_empty() {
        "nothing"
    } else {
        "ready"
    };
}

/// The bar while a run goes on; when it ends, the page is asked for anew.
pub(super) async fn progress(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let job = Jobs::find(&req, &id);
    match job.filter(|j| j.outcome().is_none()) {
        Some(job) => page(&Progress {
            frame: Frame::new(&req, "exchange.check"),
            id,
            percent: job.percent(),
        }),
        None => {
            let mut response = ().into_response();
            response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
            Ok(response)
        }
    }
}

pub(super) async fn columns(
    req: Req,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let mut draft = draft(&req, &id)?;
    let house = House::of(&req.shell);
    for (n, sheet) in draft.sheets.iter_mut().enumerate() {
        let Some(register) = house.register(&sheet.register) else { continue };
        let mut map: Vec<Slot> = Vec::new();
        for c in 0..sheet.table.columns.len() {
            let slot = by_name(register, fields.text(&format!("c.{n}.{c}")));
            // Two columns cannot be one field: the first keeps it.
            map.push(if map.contains(&slot) { Slot::None } else { slot });
        }
        sheet.map = map;
    }
    draft.keep(&req.shell)?;
    let whole = draft
        .sheets
        .iter()
        .all(|s| house.register(&s.register).is_some_and(|r| s.lacking(r).is_empty()));
    Jobs::forget(&req, &id);
    if whole {
        Jobs::check(&req, draft)?;
    }
    Ok(req.redirect(&format!("/imports/{id}"), ""))
}

pub(super) async fn commit(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    let draft = draft(&req, &id)?;
    // A second press while the first is at work waits for that one.
    if Jobs::find(&req, &id).is_none_or(|j| j.outcome().is_some()) {
        Jobs::commit(&req, draft)?;
    }
    Ok(req.redirect(&format!("/imports/{id}"), ""))
}

pub(super) async fn remove(req: Req, Path(id): Path<String>) -> Result<Response, PageError> {
    draft(&req, &id)?;
    Draft::forget(&req.shell, &id)?;
    Jobs::forget(&req, &id);
    Ok(req.redirect("/imports", "exchange.removed"))
}
