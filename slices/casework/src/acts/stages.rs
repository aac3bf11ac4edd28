//! How a case goes from stage to stage: gates refuse with the missing document's name.
use access::Cx;
use db::{Result, Tx};
use forms::AnswerState;
use kernel::{CaseId, Refusal, Refusals};

use super::{closing, keep, say, seal, to_write};
use crate::model::stage::Document;
use crate::model::{Case, CaseStage, ClosureReason, Stage};
use crate::store;

/// Writes that the case stands at its stage now.
pub(crate) fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    reason: &str,
    words: &str,
) -> Result<CaseStage> {
    let id: kernel::RecordId = cx.id();
    let words = seal(tx, case, "case_stage.words", id.as_str(), words)?;
    let row = CaseStage {
        id,
        case_file: case.id.clone(),
        stage: case.stage,
        on_day: case.stage_on,
        at: cx.now,
        by_account: cx.actor.account().clone(),
        by_name: cx.actor.name().to_owned(),
        reason: Some(reason.to_owned()).filter(|r| !r.is_empty()),
        words,
    };
    tx.insert(&row)?;
    say(tx, cx, "case_stage", row.id.as_str(), "added", case, None, Some(&row))?;
    Ok(row)
}

/// Moves a case; the caller has checked right and gate.
pub(crate) fn shift(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    to: Stage,
    reason: &str,
    words: &str,
) -> Result<Case> {
    if !case.stage.leads_to(to) {
        return Err(Refusal::new("casework.no_way").into());
    }
    let after = Case { stage: to, stage_on: cx.today(), ..case.clone() };
    keep(tx, cx, to.as_str(), case, &after)?;
    note(tx, cx, &after, reason, words)?;
    Ok(after)
}

/// Which documents the next stage still asks for.
///
/// # Errors
/// The engine's fault.
pub fn missing(tx: &mut Tx<'_>, case: &Case, to: Stage) -> Result<Vec<Document>> {
    let mut out = Vec::new();
    for document in case.stage.needs(to) {
        if !has(tx, case, *document)? {
            out.push(*document);
        }
    }
    Ok(out)
}

fn has(tx: &mut Tx<'_>, case: &Case, document: Document) -> Result<bool> {
    let (form, answer): (&str, Option<(&str, &str)>) = match document {
        Document::Note => return Ok(store::sums(tx, &case.id)?.0 > 0),
        Document::Intake => ("intake", Some(("decision", "accept"))),
        Document::Consent => ("consent", Some(("service", "yes"))),
        Document::Plan => ("service_plan", None),
        Document::Agreement => ("service_plan", Some(("agreed", "yes"))),
        Document::Evaluation => ("evaluation", Some(("phase", "end"))),
        Document::Assessment => ("assessment", None),
        Document::Closure => ("closure", None),
    };
    let last = forms::answer::of_subject(tx, "case", case.id.as_str(), form)?
        .into_iter()
        .rfind(|a| a.state == AnswerState::Final && fresh(tx, case, a).unwrap_or(true));
    Ok(match (last, answer) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(a), Some((field, word))) => forms::answer::open(tx, &a)?.is(field, word),
    })
}

/// A case that was opened again asks for its documents again, the consent apart.
fn fresh(tx: &mut Tx<'_>, case: &Case, answer: &forms::FormAnswer) -> Result<bool> {
    if matches!(answer.form.as_str(), "consent" | "intake") {
        return Ok(true);
    }
    let again = store::stages_of(tx, &case.id)?.into_iter().rfind(|s| s.stage == Stage::Reopened);
    Ok(again.is_none_or(|s| answer.at >= s.at))
}

/// Goes on to the next stage, or back to planning to revise the plan.
///
/// # Errors
/// Refusals `casework.no_way`, `casework.gate.DOCUMENT` for each missing document; as [`super::find`].
pub fn advance(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, to: Stage) -> Result<Case> {
    let seen = to_write(tx, cx, id)?;
    let free =
        matches!(to, Stage::Assessment | Stage::Planning | Stage::Intervention | Stage::Evaluation);
    let back = seen.case.stage == Stage::Intake || seen.case.stage == Stage::Suspended;
    if !free || back {
        // Opening and closing go by request, suspended cases by resuming.
        return Err(Refusal::new("casework.no_way").into());
    }
    gate(tx, &seen.case, to)?;
    shift(tx, cx, &seen.case, to, "", "")
}

/// Refuses with every missing document.
pub(crate) fn gate(tx: &mut Tx<'_>, case: &Case, to: Stage) -> Result<()> {
    if !case.stage.leads_to(to) {
        return Err(Refusal::new("casework.no_way").into());
    }
    let mut no = Refusals::none();
    for document in missing(tx, case, to)? {
        let key = match document {
            Document::Intake => "casework.gate.intake",
            Document::Assessment => "casework.gate.assessment",
            Document::Consent => "casework.gate.consent",
            Document::Plan => "casework.gate.service_plan",
            Document::Agreement => "casework.gate.agreement",
            Document::Note => "casework.gate.contact_note",
            Document::Evaluation => "casework.gate.evaluation",
            Document::Closure => "casework.gate.closure",
        };
        no.push(Refusal::at(document.as_str(), key));
    }
    Ok(no.done()?)
}

/// Puts work aside for a while, with the reason.
///
/// # Errors
/// Refusals `casework.words_missing`, `casework.no_way`; as [`super::find`].
pub fn suspend(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, words: &str) -> Result<Case> {
    let seen = to_write(tx, cx, id)?;
    need_words(words)?;
    shift(tx, cx, &seen.case, Stage::Suspended, "", words)
}

/// Takes work up again where it was put aside.
///
/// # Errors
/// A refusal `casework.no_way` when the case is not suspended; as [`super::find`].
pub fn resume(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Case> {
    let seen = to_write(tx, cx, id)?;
    if seen.case.stage != Stage::Suspended {
        return Err(Refusal::new("casework.no_way").into());
    }
    let before = store::stages_of(tx, id)?.into_iter().rfind(|s| s.stage != Stage::Suspended);
    let to = before.map_or(Stage::Assessment, |s| s.stage);
    let to = if to == Stage::Reopened { Stage::Assessment } else { to };
    shift(tx, cx, &seen.case, to, "", "")
}

/// Ends the case here because another body takes it on. The file is frozen.
///
/// # Errors
/// Refusals `casework.words_missing`, `casework.no_way`; as [`super::find`].
pub fn refer_out(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, words: &str) -> Result<Case> {
    let seen = to_write(tx, cx, id)?;
    need_words(words)?;
    let case =
        shift(tx, cx, &seen.case, Stage::ReferredOut, ClosureReason::Referred.as_str(), words)?;
    closing::shut(tx, cx, &case, &seen.client, Some(ClosureReason::Referred))
}

/// Opens a case again: it stands at assessment, and its documents are asked for anew.
///
/// # Errors
/// Refusals `casework.words_missing`, `casework.no_way`, `casework.open_already`; as [`super::find`].
pub fn reopen(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, words: &str) -> Result<Case> {
    let seen = super::hold(tx, cx, id)?;
    need_words(words)?;
    if let Some(other) = store::open_of(tx, &seen.case.client)?.filter(|o| o.id != *id) {
        return Err(Refusal::new("casework.open_already").with("case", other.number()).into());
    }
    let again = shift(tx, cx, &seen.case, Stage::Reopened, "", words)?;
    let open = Case { closed_on: None, reason: None, keep_until: None, ..again.clone() };
    keep(tx, cx, "opened_again", &again, &open)?;
    shift(tx, cx, &open, Stage::Assessment, "", "")
}

/// Puts a closed case into the archive when nothing more is to follow up.
///
/// # Errors
/// A refusal `casework.no_way`; as [`super::find`].
pub fn archive(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Case> {
    let seen = super::hold(tx, cx, id)?;
    shift(tx, cx, &seen.case, Stage::Archived, "", "")
}

pub(crate) fn need_words(words: &str) -> Result<()> {
    if words.trim().is_empty() {
        return Err(Refusal::at("words", "casework.words_missing").into());
    }
    Ok(())
}
