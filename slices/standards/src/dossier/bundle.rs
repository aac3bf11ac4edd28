//! The dossier as one file to hand over: workbook, paper, an index for machines, a receipt, and the files it names.
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;
use sha2::{Digest, Sha256};
use web::{Error, Req};

use super::{Dossier, paper, sheets};

/// Who takes it, and where the log stood.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) by: String,
    /// The number and the hash of the last entry of the log.
    pub(crate) head: (i64, String),
    pub(crate) pack: String,
    pub(crate) result: String,
    /// The printer of PDF, when this build has one.
    pub(crate) pdf: Option<papers::report::Print>,
}

/// No bundle carries more bytes of files; what is left out is named in the index as left out.
const MOST_BYTES: u64 = 256 << 20;

/// The bundle, its digest and its check code.
///
/// # Errors
/// A paper that cannot be written. A file whose bytes are gone is named as missing and does not stop the rest.
pub(crate) fn zip(
    req: &Req,
    d: &Dossier,
    taken: &Taken,
    data: &Path,
) -> Result<(Vec<u8>, String, String), Error> {
    let broken = |e: &dyn std::fmt::Display| Error::Broken(e.to_string());
    let (good, gaps, all) = d.sums();
    let t = |name: &str| req.t(&format!("standards.dossier.{name}"));
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut left_out = Vec::new();
    let mut total = 0;
    for a in &d.attachments {
        let at = data.join("files").join(&a.proof.path);
        let bytes = std::fs::metadata(&at)
            .ok()
            .filter(|m| total + m.len() <= MOST_BYTES)
            .and_then(|_| std::fs::read(&at).ok());
        match bytes {
            Some(bytes) => {
                total += bytes.len() as u64;
                files.insert(a.name.clone(), bytes);
            }
            None => left_out.push(a.name.clone()),
        }
    }
    let code = code(d, taken);
    let receipt = json!({
        "place": d.place, "as_of": d.as_of, "taken_by": taken.by, "taken_at": req.now.rfc3339(),
        "pack": taken.pack, "result": taken.result, "check_code": code,
        "log_head": { "seq": taken.head.0, "hash": taken.head.1 },
        "items": d.items.len(), "met": good, "gaps": gaps, "asked": all,
        "attachments": d.attachments.len(), "left_out": left_out,
    });
    let cover = vec![
        (t("place"), d.place.clone()),
        (req.t("web.as_of"), d.as_of.to_string()),
        (
            t("sums"),
            req.fill(
                "standards.dossier.sums_say",
                &[("good", good.to_string()), ("gaps", gaps.to_string()), ("all", all.to_string())],
            ),
        ),
        (t("taken"), format!("{} {}", taken.by, req.now.local())),
        (t("log"), format!("{} · {}", taken.head.0, taken.head.1)),
        (t("code"), code.clone()),
    ];
    let report = paper::report(req, d, cover);
    files.insert(
        "1-索引与记录.xlsx".into(),
        sheets::workbook(req, d).xlsx().map_err(|e| broken(&e))?,
    );
    files.insert(
        "2-台账.docx".into(),
        papers::report::docx::print(&report).map_err(|e| broken(&e))?,
    );
    if let Some(print) = taken.pdf {
        files.insert("2-台账.pdf".into(), print(&report).map_err(|e| broken(&e))?);
    }
    files.insert("3-索引.json".into(), pretty(&index(d, &files))?);
    files.insert("4-收据.json".into(), pretty(&receipt)?);
    let entries: Vec<(&str, &[u8])> =
        files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let bytes = papers::zip_out(&entries).map_err(|e| broken(&e))?;
    let digest = hex(&Sha256::digest(&bytes));
    Ok((bytes, digest, code))
}

fn pretty(value: &serde_json::Value) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|e| Error::Broken(e.to_string()))
}

/// The index for machines: every reference in it is a record below it or an entry of the bundle.
fn index(d: &Dossier, files: &BTreeMap<String, Vec<u8>>) -> serde_json::Value {
    let named = |of: &[usize]| -> Vec<&str> {
        of.iter()
            .filter_map(|n| d.attachments.get(*n))
            .map(|a| a.name.as_str())
            .filter(|n| files.contains_key(*n))
            .collect()
    };
    let items: Vec<_> = d
        .items
        .iter()
        .map(|i| {
            let records: Vec<_> = i
                .records
                .iter()
                .map(|r| json!({
                    "mark": r.mark, "table": r.table, "number": r.number, "href": r.href,
                    "counted": r.reason.is_empty(), "files": named(&r.files),
                }))
                .collect();
            json!({
                "no": i.mark(), "clause": i.clause, "rule": i.rule, "unit": i.unit, "unit_name": i.unit_name,
                "verdict": i.verdict.name(), "value": i.value, "bound": i.bound, "gap": i.gap,
                "why": format!("/board/{}/why/{}?as_of={}", i.unit, i.rule, d.as_of),
                "files": named(&i.files), "records": records,
            })
        })
        .collect();
    let gaps: Vec<String> = d.gaps().iter().map(|i| i.mark()).collect();
    json!({ "place": d.place, "as_of": d.as_of, "gaps": gaps, "items": items })
}

/// Sixteen digits that anyone can compute anew from what the papers say.
fn code(d: &Dossier, taken: &Taken) -> String {
    let mut sha = Sha256::new();
    sha.update(format!("{}|{}|{}|{}", d.place, d.as_of, taken.result, taken.head.1));
    for i in &d.items {
        sha.update(format!("\n{}|{}|{}|{}", i.rule, i.unit, i.verdict.name(), i.value));
    }
    hex(&sha.finalize()).chars().take(16).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
