//! The dossier as a paper: what is missing first, then clause by clause in the document's order.
use papers::report::{Block, Report, Section};
use web::Req;

use super::{Dossier, Item};

fn verdict(req: &Req, i: &Item) -> String {
    req.t(&format!("web.verdict.{}", i.verdict.name()))
}

/// The report that a printer of docx or PDF takes.
pub(super) fn report(req: &Req, d: &Dossier, cover: Vec<(String, String)>) -> Report {
    let t = |name: &str| req.t(&format!("standards.dossier.{name}"));
    let gaps: Vec<Vec<String>> = d
        .gaps()
        .into_iter()
        .map(|i| {
            vec![
                i.mark(),
                i.clause.clone(),
                format!("{}（{}）", i.title, i.unit_name),
                verdict(req, i),
                i.gap.clone(),
            ]
        })
        .collect();
    let heads = ["no", "clause", "rule", "result", "gap"].map(t).to_vec();
    let blocks =
        if gaps.is_empty() { Vec::new() } else { vec![Block::Table { heads, rows: gaps }] };
    let mut sections = vec![Section { title: t("sheet.gaps"), blocks }];
    let mut chapters: Vec<(&str, Vec<&Item>)> = Vec::new();
    for item in &d.items {
        match chapters.last_mut() {
            Some((name, items)) if *name == item.chapter => items.push(item),
            _ => chapters.push((&item.chapter, vec![item])),
        }
    }
    for (title, items) in chapters {
        let blocks = if d.one_site {
            items.iter().flat_map(|i| full(req, d, i)).collect()
        } else {
            vec![summary(req, &items)]
        };
        sections.push(Section { title: title.to_owned(), blocks });
    }
    if !d.silent.is_empty() {
        let rows = d.silent.iter().map(|s| vec![s.clause.clone(), s.text.clone()]).collect();
        let heads = vec![t("clause"), t("text")];
        sections
            .push(Section { title: t("sheet.silent"), blocks: vec![Block::Table { heads, rows }] });
    }
    Report {
        title: t("title"),
        subtitle: d.place.clone(),
        cover,
        sections,
        foot: format!("{} · {} {}", d.place, req.t("web.as_of"), d.as_of),
        index: t("contents"),
        nothing: t("no_gaps"),
    }
}

/// One item of one site: the numbers, the records, the files.
fn full(req: &Req, d: &Dossier, i: &Item) -> Vec<Block> {
    let t = |name: &str| req.t(&format!("standards.dossier.{name}"));
    let mut pairs = vec![
        (t("unit"), i.unit_name.clone()),
        (t("quote"), i.quote.clone()),
        (t("result"), verdict(req, i)),
        (t("value"), i.value.clone()),
        (t("bound"), i.bound.clone()),
        (t("reading"), i.reading.clone()),
        (t("gap"), i.gap.clone()),
        (t("files"), d.names(&i.files)),
    ];
    pairs.retain(|(_, text)| !text.is_empty());
    let heading = Block::Heading(format!("{} {}", i.mark(), i.title), i.clause.clone());
    let mut out = vec![heading, Block::Pairs(pairs)];
    if !i.records.is_empty() {
        let rows = i.records.iter().map(|r| {
            let what = [r.table.as_str(), &r.label, &r.kind, &r.amount];
            let what: Vec<&str> = what.into_iter().filter(|w| !w.is_empty()).collect();
            let counts = if r.reason.is_empty() { t("counts") } else { r.reason.clone() };
            vec![r.mark.clone(), what.join(" "), r.when.clone(), counts, d.names(&r.files)]
        });
        let rows = rows.collect();
        out.push(Block::Table {
            heads: ["mark", "record", "when", "counted_as", "files"].map(t).to_vec(),
            rows,
        });
    }
    out
}

/// A chapter of many sites: one row each, records stand in the workbook.
fn summary(req: &Req, items: &[&Item]) -> Block {
    let rows = items.iter().map(|i| {
        vec![
            i.mark(),
            format!("{} {}", i.clause, i.title),
            i.unit_name.clone(),
            verdict(req, i),
            format!("{} / {}", i.value, i.bound),
        ]
    });
    Block::Table {
        heads: ["no", "rule", "unit", "result", "value_bound"]
            .map(|n| req.t(&format!("standards.dossier.{n}")))
            .to_vec(),
        rows: rows.collect(),
    }
}
