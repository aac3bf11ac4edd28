//! The ledger as files to keep: what the viewer sees, with a receipt of who took it out, and an entry in the log.
use access::Cx;
use axum::extract::Path;
use axum::response::Response;
use db::{Event, Result, Tx};
use kernel::RecordId;
use ledger::{OtherKind, ServiceKind};
use papers::{Column, Kind, Row, Sheet, Value};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::{PageError, Req, download};

use crate::model::{Asked, LEAST_TOLD, Reach};
use crate::reading::{self, Told};

/// The most services taken out at once.
const MOST: i64 = 20_000;

pub(crate) async fn take(
    req: Req,
    Path(file): Path<String>,
) -> std::result::Result<Response, PageError> {
    let what = file.strip_suffix(".xlsx").unwrap_or_default().to_owned();
    let asked = crate::pages::asked(&req);
    let (r, of, name) = (req.clone(), asked.clone(), what.clone());
    let sheet = req.act(move |tx, cx| sheet(tx, cx, &r, &name, &of)).await?;
    let title = sheet.name.clone();
    Ok(download::workbook(&req, &format!("{title}-{}", asked.month_text()), sheet).await?)
}

/// A sheet of the viewer's own rows, noted in the log.
fn sheet(tx: &mut Tx<'_>, cx: &Cx, req: &Req, what: &str, asked: &Asked) -> Result<Sheet> {
    cx.may("export.run")?;
    let (columns, rows) = match what {
        "months" => months(tx, cx, req, asked)?,
        "services" => services(tx, cx, req, asked)?,
        "hours" => hours(tx, cx, req, asked)?,
        _ => return Err(db::Error::Missing),
    };
    let mut hash = Sha256::new();
    for row in &rows {
        for cell in &row.cells {
            hash.update(cell.plain());
            hash.update("\u{1f}");
        }
        hash.update("\n");
    }
    let digest: String = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    let id: RecordId = cx.id();
    let event = Event {
        subject: "ledger_file",
        id: id.0.clone(),
        verb: "taken",
        unit: None,
        before: None,
        after: Some(
            json!({ "what": what, "month": asked.month_text(), "rows": rows.len(), "digest": digest }),
        ),
    };
    tx.record(&cx.stamp(), event)?;
    let place = registry::region::name_of(tx, &cx.actor.scope().region)?;
    Ok(Sheet {
        name: req.t(&format!("worklog.file.{what}")),
        title: Vec::new(),
        columns,
        receipt: vec![
            req.fill(
                "worklog.receipt.who",
                &[
                    ("who", cx.actor.name().to_owned()),
                    ("day", cx.today().to_string()),
                    ("place", place),
                ],
            ),
            req.fill(
                "worklog.receipt.rows",
                &[("n", rows.len().to_string()), ("digest", digest), ("id", id.0)],
            ),
        ],
        rows,
        example: None,
        blank_rows: 0,
    })
}

type Cells = (Vec<Column>, Vec<Row>);

fn words(req: &Req, keys: &[&str]) -> Vec<Column> {
    keys.iter().map(|k| Column::new(req.t(k), 16.0, Kind::Text)).collect()
}
fn number(heading: String) -> Column {
    Column::new(heading, 12.0, Kind::Number)
}
fn row(cells: Vec<Value>) -> Row {
    Row { id: None, cells }
}
#[expect(clippy::cast_precision_loss, reason = "minutes of a month are far below 2^52")]
fn hour(minutes: i64) -> Value {
    Value::Number((minutes as f64 / 6.0).round() / 10.0)
}
fn count(n: Option<i64>) -> Value {
    n.map_or_else(|| Value::Text(format!("<{LEAST_TOLD}")), Value::Whole)
}

/// One row for each unit (or month) and kind: services, hours, persons, person-times.
fn months(tx: &mut Tx<'_>, cx: &Cx, req: &Req, asked: &Asked) -> Result<Cells> {
    let table = reading::table(tx, cx, asked)?;
    let unit = if table.months { "worklog.month" } else { "worklog.site" };
    let mut columns = words(req, &[unit, "worklog.kind"]);
    for key in ["worklog.services", "worklog.hours", "worklog.persons", "worklog.person_times"] {
        columns.push(number(req.t(key)));
    }
    let cells = |unit: &str, kind: String, t: Told| {
        let (unit, kind) = (Value::text(unit), Value::text(kind));
        row(vec![
            unit,
            kind,
            Value::Whole(t.services),
            hour(t.minutes),
            count(t.persons),
            count(t.person_times),
        ])
    };
    let mut rows = Vec::new();
    for line in &table.lines {
        for (kind, told) in ServiceKind::ALL.iter().zip(&line.kinds) {
            if told.services > 0 {
                rows.push(cells(&line.name, req.t(&format!("service_kind.{kind}")), *told));
            }
        }
        if line.all.services > 0 {
            rows.push(cells(&line.name, req.t("worklog.all_kinds"), line.all));
        }
    }
    Ok((columns, rows))
}

fn services(tx: &mut Tx<'_>, cx: &Cx, req: &Req, asked: &Asked) -> Result<Cells> {
    let mut columns = words(
        req,
        &["worklog.day", "worklog.kind", "worklog.site", "worklog.workers", "worklog.clients"],
    );
    columns.extend(["worklog.minutes", "worklog.person_times"].map(|k| number(req.t(k))));
    let all = reading::services(tx, cx, asked, None, MOST)?;
    let comma = req.t("worklog.comma");
    let rows = all
        .entries
        .into_iter()
        .map(|e| {
            let names = |all: Vec<String>| Value::text(all.join(&comma));
            let mut clients: Vec<String> = e.clients.into_iter().map(|(name, _)| name).collect();
            if e.others > 0 {
                clients.push(req.fill("worklog.others", &[("n", e.others.to_string())]));
            }
            row(vec![
                Value::Day(e.service.day),
                Value::text(req.t(&format!("service_kind.{}", e.service.kind))),
                Value::text(e.site),
                names(e.workers.into_iter().map(|(name, _)| name).collect()),
                names(clients),
                Value::Whole(e.service.minutes),
                Value::Whole(e.service.person_times),
            ])
        })
        .collect();
    Ok((columns, rows))
}

fn hours(tx: &mut Tx<'_>, cx: &Cx, req: &Req, asked: &Asked) -> Result<Cells> {
    let coarse = Reach::of(cx).coarse();
    let kinds: Vec<&str> = if coarse { Vec::new() } else { ServiceKind::WORDS.to_vec() };
    let mut columns = words(req, &[if coarse { "worklog.site" } else { "worklog.worker" }]);
    columns.extend(kinds.iter().map(|k| number(req.t(&format!("service_kind.{k}")))));
    columns.push(number(req.t("worklog.served")));
    columns.extend(OtherKind::WORDS.iter().map(|k| number(req.t(&format!("other_kind.{k}")))));
    columns.extend(["worklog.beside", "worklog.sum"].map(|k| number(req.t(k))));
    let rows = reading::hours_of(tx, cx, asked)?
        .into_iter()
        .map(|h| {
            let of = |all: &std::collections::BTreeMap<String, i64>, k: &&str| {
                hour(all.get(*k).copied().unwrap_or_default())
            };
            let mut cells = vec![Value::text(h.name.clone())];
            cells.extend(kinds.iter().map(|k| of(&h.services, k)));
            cells.push(hour(h.served()));
            cells.extend(OtherKind::WORDS.iter().map(|k| of(&h.other, k)));
            cells.extend([hour(h.beside()), hour(h.served() + h.beside())]);
            row(cells)
        })
        .collect();
    Ok((columns, rows))
}
