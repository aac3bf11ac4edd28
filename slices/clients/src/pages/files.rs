//! The list as a sheet: whom the viewer may see by name, numbers masked as on the page, with a receipt and an entry in the log.
use access::Cx;
use access::care::Lens;
use axum::response::Response;
use db::{Event, Result, Tx};
use kernel::{ClientId, RecordId, Refusal, numbers};
use papers::{Column, Kind, Row, Sheet, Value};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::{Fields, PageError, Req, download};

use super::list;
use crate::acts::file;
use crate::store::{self, Filter};

/// The most residents taken out at once.
const MOST: i64 = 5_000;

const COLUMNS: [(&str, f64); 12] = [
    ("clients.number", 10.0),
    ("clients.name", 14.0),
    ("clients.sex", 8.0),
    ("clients.years", 8.0),
    ("clients.category", 30.0),
    ("clients.grade", 12.0),
    ("clients.region", 18.0),
    ("clients.building", 22.0),
    ("clients.id_number", 22.0),
    ("clients.phone", 16.0),
    ("clients.worker", 14.0),
    ("clients.visited", 14.0),
];

pub(super) async fn take(req: Req, fields: Fields) -> std::result::Result<Response, PageError> {
    let r = req.clone();
    let reason: String = fields.text("reason").chars().take(200).collect();
    let sheet = req.act(move |tx, cx| sheet(tx, cx, &r, &list::filter(&r), reason)).await?;
    let name = format!("{}-{}", sheet.name, req.now.day());
    Ok(download::workbook(&req, &name, sheet).await?)
}

/// The rows in sight, but for restricted persons, who leave the house in no list.
fn sheet(tx: &mut Tx<'_>, cx: &Cx, req: &Req, filter: &Filter, reason: String) -> Result<Sheet> {
    cx.may("clients.export")?;
    if reason.is_empty() {
        return Err(Refusal::at("reason", "clients.export.reason_missing").into());
    }
    let lens = Lens::of(tx, cx)?;
    let today = cx.today();
    let found = store::list(tx, cx, filter, 0, MOST + 1)?;
    if found.len() as i64 > MOST {
        return Err(Refusal::new("clients.export.too_many").with("n", MOST).into());
    }
    let (mut rows, mut left_out) = (Vec::new(), 0_usize);
    for some in found.chunks(200) {
        let ids: Vec<ClientId> = some.iter().map(|l| l.client.id.clone()).collect();
        let held = store::categories_of(tx, &ids, today)?;
        for l in some {
            let c = &l.client;
            let Some(sight) = lens.sight(tx, c)?.filter(|s| s.name && !c.restricted) else {
                left_out += 1;
                continue;
            };
            let said = file::numbers(tx, c)?;
            let masked = |mask: fn(&str) -> String, n: &str| {
                Value::text(if n.is_empty() { String::new() } else { mask(n) })
            };
            let categories: Vec<String> = held
                .iter()
                .filter(|(id, _)| *id == c.id)
                .map(|(_, k)| req.t(&format!("clients.category.{k}")))
                .collect();
            let years = c.birth.map(|b| i64::from(b.years_until(today)));
            rows.push(Row {
                id: None,
                cells: vec![
                    Value::Whole(c.number),
                    Value::text(sight.label(c)),
                    Value::text(
                        c.sex.map_or_else(String::new, |s| req.t(&format!("clients.sex.{s}"))),
                    ),
                    years.map_or_else(|| Value::text(""), Value::Whole),
                    Value::text(categories.join("、")),
                    Value::text(req.t(&format!("clients.grade.{}", c.grade))),
                    Value::text(l.place.as_str()),
                    Value::text(l.building.as_str()),
                    masked(numbers::mask_id, &said.id_number),
                    masked(numbers::mask_phone, &said.phone),
                    Value::text(l.worker.as_str()),
                    Value::text(l.visited.map_or_else(String::new, |d| d.to_string())),
                ],
            });
        }
    }
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
    let after =
        json!({ "rows": rows.len(), "left_out": left_out, "reason": reason, "digest": digest });
    tx.record(
        &cx.stamp(),
        Event {
            subject: "client_list",
            id: id.0.clone(),
            verb: "taken",
            unit: None,
            before: None,
            after: Some(after),
        },
    )?;
    let place = registry::region::name_of(tx, &cx.actor.scope().region)?;
    let column = |(key, width): &(&str, f64)| {
        let whole = matches!(*key, "clients.number" | "clients.years");
        Column::new(req.t(key), *width, if whole { Kind::Number } else { Kind::Text })
    };
    let mut receipt = vec![
        req.fill(
            "clients.receipt.who",
            &[("who", cx.actor.name().to_owned()), ("day", today.to_string()), ("place", place)],
        ),
        req.fill(
            "clients.receipt.rows",
            &[("n", rows.len().to_string()), ("digest", digest), ("id", id.0)],
        ),
        req.fill("clients.receipt.reason", &[("reason", reason)]),
    ];
    if left_out > 0 {
        receipt.push(req.fill("clients.receipt.left_out", &[("n", left_out.to_string())]));
    }
    Ok(Sheet {
        name: req.t("clients.title"),
        title: Vec::new(),
        columns: COLUMNS.iter().map(column).collect(),
        rows,
        example: None,
        receipt,
        blank_rows: 0,
    })
}
