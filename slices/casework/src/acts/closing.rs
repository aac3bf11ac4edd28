//! A closed file is frozen: the hash over its content is kept, what comes later is an addendum, the retention clock runs.
use access::Cx;
use db::{Result, Tx};
use forms::AnswerState;
use kernel::{CaseId, Instant, RecordId};
use registry::client::Client;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Seen, hold, keep, notes, say, seal, stages};
use crate::model::{Case, CaseAddendum, CaseFreeze, ClosureReason, keep_until};
use crate::store;

/// The reason the closure report gives.
pub(crate) fn reason_said(tx: &mut Tx<'_>, case: &Case) -> Result<Option<ClosureReason>> {
    let report = forms::answer::of_subject(tx, "case", case.id.as_str(), "closure")?
        .into_iter()
        .rfind(|a| a.state == AnswerState::Final);
    Ok(match report {
        Some(a) => ClosureReason::parse(&forms::answer::open(tx, &a)?.text("reason")),
        None => None,
    })
}

/// Shuts a case that came to its end: the day, the reason, how long it is kept, the hash.
pub(crate) fn shut(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    client: &Client,
    reason: Option<ClosureReason>,
) -> Result<Case> {
    let after = Case {
        closed_on: Some(cx.today()),
        reason,
        keep_until: Some(keep_until(cx.today(), client.birth)),
        ..case.clone()
    };
    keep(tx, cx, "closed", case, &after)?;
    let (hash, parts) = digest(tx, &after, cx.now)?;
    let row = CaseFreeze {
        id: cx.id(),
        case_file: case.id.clone(),
        hash,
        parts,
        at: cx.now,
        by_name: cx.actor.name().to_owned(),
    };
    tx.insert(&row)?;
    say(tx, cx, "case_freeze", row.id.as_str(), "added", &after, None, Some(&row))?;
    Ok(after)
}

/// SHA-256 over the canonical content as it stood at an instant, and how many records it covers. Records are written as JSON, one a line, in
/// the archive's order; object keys are sorted.
fn digest(tx: &mut Tx<'_>, case: &Case, at: Instant) -> Result<(String, i64)> {
    let mut lines = vec![json!({
        "case": case.number(), "client": case.client, "kind": case.kind, "source": case.source, "opened_on": case.opened_on,
        "closed_on": case.closed_on, "reason": case.reason,
    })];
    for s in store::stages_of(tx, &case.id)?.iter().filter(|s| s.at <= at) {
        lines
            .push(json!({ "stage": s.stage, "on": s.on_day, "by": s.by_name, "reason": s.reason }));
    }
    for a in forms::answer::of_subject(tx, "case", case.id.as_str(), "")? {
        if a.state == AnswerState::Final && a.at <= at {
            let said = forms::answer::open(tx, &a)?;
            lines.push(
                json!({ "form": a.form, "version": a.version, "on": a.on_day, "answers": said }),
            );
        }
    }
    let mut all = store::notes_of(tx, &case.id)?;
    all.sort_by_key(|n| (n.day, n.serial));
    for n in all.iter().filter(|n| n.at <= at && n.amended_at.is_none_or(|t| t <= at)) {
        let said = notes::words(tx, case, n)?;
        lines.push(json!({ "note": n.serial, "day": n.day, "minutes": n.minutes, "mode": n.mode, "by": n.by_name, "words": said }));
    }
    for r in store::reviews_of(tx, &case.id)?.iter().rev().filter(|r| r.at <= at) {
        let words = tx.open_some(
            case.client.as_str(),
            "case_review.words",
            r.id.as_str(),
            r.words.as_ref(),
        )?;
        lines.push(
            json!({ "review": r.verdict, "about": r.about_id, "by": r.by_name, "words": words }),
        );
    }
    for a in registry::attachment::of_subject(tx, super::attachments::SUBJECT, case.id.as_str())? {
        let stored = registry::file::find(tx, &a.file)?;
        if let Some(file) = stored.filter(|_| a.at <= at) {
            lines.push(json!({ "attachment": a.kind, "on": a.day, "by": a.by_name, "sha256": file.digest }));
        }
    }
    let mut hash = Sha256::new();
    for line in &lines {
        hash.update(sorted(line).to_string());
        hash.update("\n");
    }
    let hex = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok((hex, i64::try_from(lines.len()).unwrap_or(i64::MAX)))
}

/// The same value with its keys in order, whatever order they were built in.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            let ordered: std::collections::BTreeMap<&String, Json> =
                map.iter().map(|(k, v)| (k, sorted(v))).collect();
            json!(ordered)
        }
        Json::Array(all) => Json::Array(all.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Is a frozen file what it was when it was frozen?
#[derive(Clone, Debug)]
pub struct Proof {
    pub freeze: CaseFreeze,
    pub intact: bool,
}

/// Recomputes the hash of the latest freezing; `None` for a file never closed.
///
/// # Errors
/// The engine's fault.
pub fn proof(tx: &mut Tx<'_>, case: &Case) -> Result<Option<Proof>> {
    let Some(freeze) = store::freezes_of(tx, &case.id)?.into_iter().next() else {
        return Ok(None);
    };
    if case.closed_on.is_none() {
        return Ok(None);
    }
    let (hash, _) = digest(tx, case, freeze.at)?;
    Ok(Some(Proof { intact: hash == freeze.hash, freeze }))
}

/// Adds to a closed file; what was there stays as it is.
///
/// # Errors
/// Refusals `casework.words_missing`, `casework.not_closed`; as [`super::find`].
pub fn add(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, words: &str) -> Result<CaseAddendum> {
    let seen: Seen = hold(tx, cx, id)?;
    stages::need_words(words)?;
    if seen.case.stage.open() {
        return Err(kernel::Refusal::new("casework.not_closed").into());
    }
    let row_id: RecordId = cx.id();
    let words = seal(tx, &seen.case, "case_addendum.words", row_id.as_str(), words)?
        .ok_or(db::Error::Missing)?;
    let row = CaseAddendum {
        id: row_id,
        case_file: id.clone(),
        words,
        at: cx.now,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
    };
    tx.insert(&row)?;
    say(tx, cx, "case_addendum", row.id.as_str(), "added", &seen.case, None, Some(&row))?;
    Ok(row)
}
