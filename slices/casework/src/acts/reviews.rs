//! A supervisor reads under a pseudonym, says what they think of a record, and the worker answers.
use access::Cx;
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{AccountId, CaseId, RecordId, Refusal};

use super::{find, hold, say, seal};
use crate::model::{CaseReview, ReviewVerdict};
use crate::store;

/// Says what a supervisor thinks of a note or a document.
///
/// # Errors
/// Refusals `access.denied`, `casework.words_missing` for advice and returns; [`db::Error::Missing`] for a record of another case.
pub fn review(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &CaseId,
    about: &str,
    about_id: &str,
    verdict: ReviewVerdict,
    words: &str,
) -> Result<CaseReview> {
    let seen = find(tx, cx, id)?;
    seen.sight.file()?;
    cx.may("cases.supervise")?;
    let author = author(tx, id, about, about_id)?.ok_or(db::Error::Missing)?;
    if author == *cx.actor.account() {
        return Err(Refusal::new("casework.own_review").into());
    }
    if verdict != ReviewVerdict::Seen && words.trim().is_empty() {
        return Err(Refusal::at("words", "casework.words_missing").into());
    }
    let row_id: RecordId = cx.id();
    let words = seal(tx, &seen.case, "case_review.words", row_id.as_str(), words)?;
    let row = CaseReview {
        id: row_id,
        case_file: id.clone(),
        about: about.to_owned(),
        about_id: about_id.to_owned(),
        verdict,
        words,
        at: cx.now,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        answer: None,
        answered_at: None,
    };
    tx.insert(&row)?;
    say(tx, cx, "case_review", row.id.as_str(), "added", &seen.case, None, Some(&row))?;
    if verdict != ReviewVerdict::Seen {
        let message = Message {
            key: "casework.notice.reviewed",
            args: vec![("case", seen.case.number())],
            href: format!("/cases/{id}/reviews"),
            urgent: false,
        };
        notice::tell_account(tx, cx, &author, &message)?;
    }
    Ok(row)
}

fn author(tx: &mut Tx<'_>, case: &CaseId, about: &str, id: &str) -> Result<Option<AccountId>> {
    if about == "contact_note" {
        let notes = store::notes_of(tx, case)?;
        return Ok(notes.into_iter().find(|n| n.id.as_str() == id).map(|n| n.by_account));
    }
    let answer = forms::answer::find(tx, &id.into())?;
    Ok(answer
        .filter(|a| a.subject == "case" && a.subject_id == case.as_str())
        .map(|a| a.by_account))
}

/// The worker's answer to a supervisor's words.
///
/// # Errors
/// A refusal `casework.words_missing`; as [`super::find`].
pub fn answer(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &CaseId,
    review: &RecordId,
    words: &str,
) -> Result<CaseReview> {
    let seen = hold(tx, cx, id)?;
    super::stages::need_words(words)?;
    let before = store::reviews_of(tx, id)?
        .into_iter()
        .find(|r| r.id == *review)
        .ok_or(db::Error::Missing)?;
    let answer = seal(tx, &seen.case, "case_review.answer", review.as_str(), words)?;
    let after = CaseReview { answer, answered_at: Some(cx.now), ..before.clone() };
    tx.update(&after)?;
    say(
        tx,
        cx,
        "case_review",
        review.as_str(),
        "answered",
        &seen.case,
        Some(&before),
        Some(&after),
    )?;
    Ok(after)
}
