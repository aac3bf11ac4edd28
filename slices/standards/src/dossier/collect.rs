//! Filling a dossier: every finding of the place in the order of the document, explained, with the files beside its records.
use std::collections::HashMap;

use ::policy::explain::Line as Fact;
use ::policy::{Explanation, Table, UnitKind};
use access::Cx;
use web::Req;
use web::judged::Proof;

use super::{Attachment, Dossier, Item, Record, Silent};
use crate::live::{Snapshot, Unit, gravity};
use crate::pages::board::{Receipt, chapter, rule_line};
use crate::pages::why::leaf;
use crate::words;

/// For what a dossier is made.
pub(crate) struct Asked<'a> {
    /// The unit: a site, a street with all that lies in it, or the district.
    pub(crate) unit: &'a Unit,
    pub(crate) proofs: Vec<Proof>,
}

/// Records about services: their words may speak of clients, so a dossier shows their number and day and nothing else.
const NUMBER_ONLY: [Table; 5] = [
    Table::Services,
    Table::Worklogs,
    Table::FeatureCases,
    Table::SchoolServices,
    Table::Attendances,
];

fn covers(root: &Unit, u: &Unit) -> bool {
    match root.kind {
        UnitKind::District => true,
        UnitKind::Street | UnitKind::Community => u.path.starts_with(&root.path),
        _ => u.id == root.id || u.parent.as_deref() == Some(root.id.as_str()),
    }
}

/// Makes the dossier of a place.
pub(crate) fn collect(req: &Req, cx: &Cx, snap: &Snapshot, asked: Asked<'_>) -> Dossier {
    let engine = snap.engine();
    let order: HashMap<&str, usize> =
        snap.pack.rules.iter().enumerate().map(|(n, r)| (r.id.as_str(), n)).collect();
    let mut found: Vec<_> = snap
        .findings
        .iter()
        .filter_map(|f| {
            let unit = snap.seen(cx, &f.unit).filter(|u| covers(asked.unit, u))?;
            let rule = snap.pack.rule(&f.rule)?;
            Some(((rule.clause, *order.get(f.rule.as_str())?, unit.kind, &unit.path, &unit.id), f))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut files = Files::of(asked.proofs);
    let mut items = Vec::with_capacity(found.len());
    for (no, (_, f)) in found.into_iter().enumerate() {
        let Some(line) = rule_line(req, snap, &engine, f) else { continue };
        let mark = format!("{:04}", no + 1);
        let records = engine
            .explain(&f.rule, &f.unit)
            .map(|e| records(req, &e, &mark, &mut files))
            .unwrap_or_default();
        let bad = gravity(f.verdict) <= 3;
        let gap = [line.gap.trim(), line.remedy.as_str()];
        let gap = gap.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("；");
        let readings: Vec<String> = line.readings.into_iter().map(|(_, label)| label).collect();
        items.push(Item {
            no: no + 1,
            chapter: line.chapter,
            clause: line.clause,
            title: line.title,
            quote: line.quote,
            unit_name: line.unit_name,
            verdict: f.verdict,
            value: line.value,
            bound: line.bound,
            gap: if bad { gap } else { String::new() },
            reading: readings.join("；"),
            files: own_files(req, f, &mark, &mut files),
            records,
            rule: f.rule.clone(),
            unit: f.unit.clone(),
        });
    }
    let one_site =
        !matches!(asked.unit.kind, UnitKind::District | UnitKind::Street | UnitKind::Community);
    let silent = silent(req, snap, &items);
    Dossier {
        place: asked.unit.name.clone(),
        one_site,
        as_of: snap.clocks.as_of,
        items,
        silent,
        attachments: files.used,
        receipt: Receipt::of(snap).lines(req, &asked.unit.name),
    }
}

/// A photo of the site itself stands behind what its name and place are asked.
fn own_files(req: &Req, f: &::policy::Finding, mark: &str, files: &mut Files) -> Vec<usize> {
    let named = matches!(f.value, ::policy::Measured::Text { .. });
    if named { files.behind(words::subject(req, "unit"), &f.unit, mark) } else { Vec::new() }
}

fn records(req: &Req, e: &Explanation, mark: &str, files: &mut Files) -> Vec<Record> {
    let mut out: Vec<Record> = Vec::new();
    for term in &e.terms {
        for fact in term.counted.iter().chain(&term.rejected) {
            let shown = leaf(req, fact, term.returns);
            add(req, fact, shown, mark, files, &mut out);
        }
    }
    out
}

fn add(
    req: &Req,
    fact: &Fact,
    shown: crate::pages::why::Leaf,
    mark: &str,
    files: &mut Files,
    out: &mut Vec<Record>,
) {
    let table = Table::by_name(fact.record.table);
    let quiet = table.is_some_and(|t| NUMBER_ONLY.contains(&t));
    let of = format!("{mark}-{:02}", out.len() + 1);
    let number: String = fact.record.id.chars().rev().take(8).collect();
    let number: String = number.chars().rev().collect();
    out.push(Record {
        table: req.lang.pick(table.map_or("", Table::zh), fact.record.table).replace('_', " "),
        label: if quiet { String::new() } else { shown.label },
        kind: if quiet { String::new() } else { shown.kind },
        when: shown.when,
        amount: shown.amount,
        reason: shown.reason,
        files: files.behind(words::subject(req, fact.record.kind), &fact.record.id, &of),
        mark: of,
        number,
        href: shown.href,
    });
    for (also, leaf) in fact.also.iter().zip(shown.also) {
        add(req, also, leaf, mark, files, out);
    }
}

/// The files at hand by the record they prove, and those that were used so far.
struct Files {
    by: HashMap<(String, String), Vec<Proof>>,
    place: HashMap<String, usize>,
    used: Vec<Attachment>,
}

impl Files {
    fn of(proofs: Vec<Proof>) -> Self {
        let mut by: HashMap<(String, String), Vec<Proof>> = HashMap::new();
        for p in proofs {
            by.entry((p.subject.clone(), p.record.clone())).or_default().push(p);
        }
        Self { by, place: HashMap::new(), used: Vec::new() }
    }
    /// The files behind a record; each enters the bundle once, under the mark that named it first.
    fn behind(&mut self, subject: &str, record: &str, mark: &str) -> Vec<usize> {
        let Some(proofs) = self.by.get(&(subject.to_owned(), record.to_owned())) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for proof in proofs {
            let next = self.used.len();
            let at = *self.place.entry(proof.file.0.clone()).or_insert(next);
            if at == next {
                let name = format!("附件/{:04}-{}", next + 1, harmless(&proof.name, &proof.mime));
                let proof = proof.clone();
                self.used.push(Attachment { name, proof, marks: Vec::new() });
            }
            if let Some(a) = self.used.get_mut(at) {
                a.marks.push(mark.to_owned());
            }
            out.push(at);
        }
        out
    }
}

/// A file's name as every system can keep it, with the ending of what it is.
fn harmless(name: &str, mime: &str) -> String {
    let ending = match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        _ => "bin",
    };
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem: String = stem
        .chars()
        .map(|c| if c.is_control() || "\\/:*?\"<>|. ".contains(c) { '_' } else { c })
        .take(40)
        .collect();
    format!("{stem}.{ending}")
}

/// Notes of clauses that no rule judges here: the dossier says so instead of leaving them out.
fn silent(req: &Req, snap: &Snapshot, items: &[Item]) -> Vec<Silent> {
    snap.pack
        .notes
        .iter()
        .filter(|n| n.option.is_none() && n.on.is_empty())
        .filter(|n| !items.iter().any(|i| i.clause == n.item))
        .map(|n| Silent {
            chapter: chapter(&snap.pack, n.clause),
            clause: n.item.clone(),
            text: req.lang.pick(&n.text.zh, &n.text.en).to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_but_cannot_climb_or_lie_about_what_it_is() {
        assert_eq!(harmless("标牌.png", "image/png"), "标牌.png");
        assert_eq!(harmless("../../etc/a.exe", "application/pdf"), "______etc_a.pdf");
        assert_eq!(harmless("no ending", "image/jpeg"), "no_ending.jpg");
    }
}
