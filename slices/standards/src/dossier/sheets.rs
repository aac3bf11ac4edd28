//! The dossier as a workbook: what is missing, the index in the document's order, the records, the files, the clauses without a verdict.
use papers::{Column, Kind, Row, Sheet, Value, Workbook};
use web::Req;

use super::{Dossier, Item};

fn columns(req: &Req, heads: &[(&str, f64)]) -> Vec<Column> {
    heads
        .iter()
        .map(|(h, w)| Column::new(req.t(&format!("standards.dossier.{h}")), *w, Kind::Text))
        .collect()
}

fn row(cells: Vec<String>) -> Row {
    Row { id: None, cells: cells.into_iter().map(Value::text).collect() }
}

fn line(req: &Req, d: &Dossier, i: &Item) -> Vec<String> {
    let verdict = req.t(&format!("web.verdict.{}", i.verdict.name()));
    let mut files = i.files.clone();
    files.extend(i.records.iter().flat_map(|r| r.files.iter().copied()));
    files.sort_unstable();
    files.dedup();
    let counted = i.records.iter().filter(|r| r.reason.is_empty()).count();
    let records = match (i.records.first(), i.records.last()) {
        (Some(a), Some(b)) if i.records.len() > 1 => format!("{} … {}", a.mark, b.mark),
        (Some(a), _) => a.mark.clone(),
        _ => String::new(),
    };
    vec![
        i.mark(),
        i.clause.clone(),
        i.title.clone(),
        i.unit_name.clone(),
        verdict,
        i.value.clone(),
        i.bound.clone(),
        i.gap.clone(),
        i.reading.clone(),
        counted.to_string(),
        records,
        d.names(&files),
    ]
}

const INDEX: [(&str, f64); 12] = [
    ("no", 7.0),
    ("clause", 10.0),
    ("rule", 26.0),
    ("unit", 30.0),
    ("result", 9.0),
    ("value", 16.0),
    ("bound", 22.0),
    ("gap", 44.0),
    ("reading", 24.0),
    ("counted", 8.0),
    ("records", 20.0),
    ("files", 30.0),
];

/// The workbook.
pub(super) fn workbook(req: &Req, d: &Dossier) -> Workbook {
    let sheet = |name: &str, heads: &[(&str, f64)], rows: Vec<Row>| Sheet {
        name: req.t(&format!("standards.dossier.sheet.{name}")),
        title: vec![format!("{} · {} {}", d.place, req.t("web.as_of"), d.as_of)],
        columns: columns(req, heads),
        rows,
        receipt: d.receipt.clone(),
        ..Sheet::default()
    };
    let gaps = d.gaps().into_iter().map(|i| row(line(req, d, i))).collect();
    let index = d.items.iter().map(|i| row(line(req, d, i))).collect();
    let records = d.items.iter().flat_map(|i| {
        i.records.iter().map(|r| {
            let counts = if r.reason.is_empty() { "counts" } else { "counts_not" };
            row(vec![
                r.mark.clone(),
                i.clause.clone(),
                i.unit_name.clone(),
                req.t(&format!("standards.dossier.{counts}")),
                r.table.clone(),
                r.label.clone(),
                r.kind.clone(),
                r.when.clone(),
                r.amount.clone(),
                r.reason.clone(),
                r.number.clone(),
                r.href.clone(),
                d.names(&r.files),
            ])
        })
    });
    let records = records.collect();
    let files = d.attachments.iter().map(|a| {
        row(vec![
            a.name.clone(),
            a.proof.taken.to_string(),
            req.t(a.proof.state),
            a.proof.note.clone(),
            a.marks.join("、"),
            a.proof.digest.clone(),
        ])
    });
    let files = files.collect();
    let silent =
        d.silent.iter().map(|s| row(vec![s.clause.clone(), s.chapter.clone(), s.text.clone()]));
    let silent = silent.collect();
    Workbook {
        sheets: vec![
            sheet("gaps", &INDEX, gaps),
            sheet("index", &INDEX, index),
            sheet(
                "records",
                &[
                    ("mark", 9.0),
                    ("clause", 10.0),
                    ("unit", 30.0),
                    ("counted_as", 8.0),
                    ("table", 12.0),
                    ("label", 26.0),
                    ("kind", 16.0),
                    ("when", 24.0),
                    ("amount", 12.0),
                    ("reason", 30.0),
                    ("number", 10.0),
                    ("href", 34.0),
                    ("files", 30.0),
                ],
                records,
            ),
            sheet(
                "files",
                &[
                    ("file", 34.0),
                    ("taken", 12.0),
                    ("state", 10.0),
                    ("note", 24.0),
                    ("marks", 30.0),
                    ("digest", 66.0),
                ],
                files,
            ),
            sheet("silent", &[("clause", 12.0), ("chapter", 26.0), ("text", 80.0)], silent),
        ],
        guide: vec![
            req.t("standards.dossier.guide.order"),
            req.t("standards.dossier.guide.marks"),
            req.t("standards.dossier.guide.quiet"),
        ],
        watermark: req.shell.settings.demo.then(|| req.t("web.demo")),
        made_on: req.now.day(),
    }
}
