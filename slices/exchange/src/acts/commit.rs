//! Committing an import: all of it or nothing, with what is needed to undo it.
use std::sync::atomic::AtomicUsize;

use access::Cx;
use db::{Event, Result, Tx};
use kernel::{BatchId, Refusal};
use serde_json::json;

use super::import::{SheetDraft, run};
use crate::house::House;
use crate::model::{DAY_MILLIS, ImportBatch, ImportRow, Report};
use crate::store;

/// Where an import came from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name the file came with.
    pub file: String,
    /// SHA-256 of what was uploaded, hexadecimal.
    pub digest: String,
}

/// Runs the sheets and keeps everything, or refuses with `exchange.faulty` and keeps nothing. The report is handed to `tell` either way.
///
/// # Errors
/// Refused when any row is; denied; the engine's fault.
pub fn commit(
    tx: &mut Tx<'_>,
    cx: &Cx,
    house: &House,
    sheets: &[SheetDraft],
    source: &Source,
    progress: &AtomicUsize,
    tell: impl FnOnce(&Report),
) -> Result<ImportBatch> {
    let report = run(tx, cx, house, sheets, progress)?;
    tell(&report);
    let faulty = report.sum(|s| s.faulty);
    if faulty > 0 {
        return Err(Refusal::new("exchange.faulty").with("n", faulty).into());
    }
    store::forget_before(tx, cx.now.plus_millis(-DAY_MILLIS))?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let names: Vec<&str> = report.sheets.iter().map(|s| s.register.as_str()).collect();
    let batch = ImportBatch {
        id: cx.id::<BatchId>(),
        registers: names.join(","),
        file: source.file.clone(),
        digest: source.digest.clone(),
        account: cx.actor.account().clone(),
        name: cx.actor.name().to_owned(),
        path: cx.actor.scope().path.clone(),
        at: cx.now,
        added: count(report.sum(|s| s.added)),
        amended: count(report.sum(|s| s.amended)),
        unchanged: count(report.sum(|s| s.unchanged)),
        undone_at: None,
        undone_by: None,
    };
    tx.insert(&batch)?;
    for (ord, c) in (0..).zip(report.changed) {
        tx.insert(&ImportRow {
            id: cx.id(),
            batch: batch.id.clone(),
            ord,
            register: c.register.to_owned(),
            subject: c.subject.to_owned(),
            record: c.id,
            seq: c.seq,
            before: c.before,
        })?;
    }
    tx.record(&cx.stamp(), event(&batch, "committed"))?;
    Ok(batch)
}

/// The log's entry of an import; the rows have their own.
pub(super) fn event(batch: &ImportBatch, verb: &'static str) -> Event {
    Event {
        subject: "import_batch",
        id: batch.id.0.clone(),
        verb,
        unit: None,
        before: None,
        after: Some(json!(batch)),
    }
}
