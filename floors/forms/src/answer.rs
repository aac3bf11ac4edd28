//! Kept answers. One act keeps them for every slice: it validates, scores, seals and writes the event.
//!
//! The slice checks the right and the scope before; this floor knows neither accounts nor roles.
use db::{Event, Result, Sealed, Stamp, Tx};
use kernel::{AccountId, AnswerId, ClientId, Day, Ids, Instant, Refusal};
use serde_json::json;

use crate::form::{DRAFT, Form, OWN};
use crate::read::Answers;
use crate::score::{Alert, Score};
use crate::{library, store};

db::words! {
    /// A draft may change; what is final is corrected by a new answer.
    pub enum AnswerState { Draft = "draft", Final = "final" }
}

db::record! {
    /// One filled-in form.
    pub struct FormAnswer in "form_answer" {
        id: AnswerId,
        form: String,
        /// The version it was answered at, which it keeps.
        version: i64,
        /// What it is about: `case`, `group`, `client`, `visit` …
        subject: String,
        subject_id: String,
        client: Option<ClientId>,
        stage: String,
        /// The answers, sealed; open it with [`open`].
        body: Sealed,
        /// The score in tenths.
        total: Option<i64>,
        band: Option<String>,
        /// The day it speaks of.
        on_day: Day,
        by_account: AccountId,
        state: AnswerState,
        /// The final answer that this one corrects.
        revised_from: Option<AnswerId>,
        at: Instant,
    }
}
db::record! {
    /// A form that the bureau made, or its own version of a shipped one.
    pub struct FormDefinition in "form_definition" {
        id: String,
        form: String,
        version: i64,
        /// The TOML as published.
        source: String,
        by_account: AccountId,
        at: Instant,
    }
}

/// Who keeps, when, and where ids come from. Slices use `web::answers::keep`, which makes it from their `Cx`.
pub struct Hand<'a> {
    pub account: AccountId,
    pub now: Instant,
    pub ids: &'a Ids,
    pub stamp: Stamp,
}

/// What is to be kept.
#[derive(Clone, Debug)]
pub struct Keeping<'a> {
    pub form: &'a Form,
    pub answers: Answers,
    pub subject: &'a str,
    pub subject_id: &'a str,
    pub client: Option<&'a ClientId>,
    /// One of the form's stages; `draft` keeps what there is.
    pub stage: &'a str,
    pub on: Day,
    /// The draft to go on with, or the final answer to correct.
    pub of: Option<&'a AnswerId>,
}

/// What was kept, and what it says.
#[derive(Clone, Debug)]
pub struct Kept {
    pub answer: FormAnswer,
    /// None for a form that scores nothing, and when an item is missing.
    pub score: Option<Score>,
    /// Raised even when there is no total.
    pub alerts: Vec<Alert>,
}

/// Keeps answers: a draft is overwritten, a final answer never; its correction is a new answer that points to it.
/// The event carries total, band and alerts, never the answers; listeners open the risk flow on an alert.
///
/// # Errors
/// What [`Form::check`] says; [`db::Error::Missing`] for an `of` about something else; `forms.corrected` for a second correction.
pub fn keep(tx: &mut Tx<'_>, hand: &Hand<'_>, new: Keeping<'_>) -> Result<Kept> {
    let Keeping { form, answers, stage, .. } = new;
    if stage != DRAFT && !form.stages.iter().any(|s| s == stage) {
        return Err(Refusal::new("forms.no_stage").into());
    }
    // Computed fields are worked out again and closed fields fall away, whoever calls.
    let answers = form.read(&form.flat(&answers))?;
    form.check(&answers, stage).done()?;
    let before = match new.of {
        None => None,
        Some(id) => Some(
            store::find(tx, id)?
                .filter(|old| {
                    old.form == form.id
                        && old.subject == new.subject
                        && old.subject_id == new.subject_id
                })
                .ok_or(db::Error::Missing)?,
        ),
    };
    let (draft, correcting) = match before {
        Some(old) if old.state == AnswerState::Draft => (Some(old), None),
        other => (None, other),
    };
    if let Some(old) = &correcting
        && store::revision(tx, &old.id)?.is_some()
    {
        return Err(Refusal::new("forms.corrected").into());
    }
    let score = form.score(&answers);
    let alerts = form.alerts(&answers);
    let id =
        draft.as_ref().map_or_else(|| AnswerId::from(hand.ids.next(hand.now)), |d| d.id.clone());
    let owner = new.client.map_or(new.subject_id, ClientId::as_str);
    let answer = FormAnswer {
        body: seal(tx, owner, &id, &answers)?,
        form: form.id.clone(),
        version: form.version,
        subject: new.subject.to_owned(),
        subject_id: new.subject_id.to_owned(),
        client: new.client.cloned(),
        stage: stage.to_owned(),
        total: score.as_ref().map(|s| s.total),
        band: score.as_ref().and_then(|s| s.band.as_ref()).map(|b| b.key.clone()),
        on_day: new.on,
        by_account: hand.account.clone(),
        state: if stage == DRAFT { AnswerState::Draft } else { AnswerState::Final },
        revised_from: draft
            .as_ref()
            .map_or_else(|| correcting.as_ref().map(|c| c.id.clone()), |d| d.revised_from.clone()),
        at: hand.now,
        id,
    };
    match &draft {
        Some(_) => {
            tx.update(&answer)?;
        }
        None => tx.insert(&answer)?,
    }
    let verb = match (&draft, &correcting) {
        (Some(_), _) => "amended",
        (None, Some(_)) => "corrected",
        (None, None) => "added",
    };
    let before = draft.or(correcting);
    tx.record(
        &hand.stamp,
        Event {
            subject: "form_answer",
            id: answer.id.to_string(),
            verb,
            unit: None,
            before: before.as_ref().map(|b| outline(b, &[])),
            after: Some(outline(&answer, &alerts)),
        },
    )?;
    Ok(Kept { answer, score, alerts })
}

/// An answer as the log keeps it: without the answers.
fn outline(a: &FormAnswer, alerts: &[Alert]) -> serde_json::Value {
    let alerts: Vec<&str> = alerts.iter().map(|a| a.key.as_str()).collect();
    json!({
        "id": a.id, "form": a.form, "version": a.version, "subject": a.subject, "subject_id": a.subject_id, "client": a.client,
        "stage": a.stage, "state": a.state, "on_day": a.on_day, "total": a.total, "band": a.band,
        "by_account": a.by_account, "revised_from": a.revised_from, "alerts": alerts,
    })
}

/// The answers of a kept form. The slice has checked that the asker may read them.
///
/// # Errors
/// The engine's fault, or a body that cannot be opened.
pub fn open(tx: &mut Tx<'_>, answer: &FormAnswer) -> Result<Answers> {
    let owner = answer.client.as_ref().map_or(answer.subject_id.as_str(), ClientId::as_str);
    let text = unseal(tx, owner, &answer.id, &answer.body)?;
    Ok(serde_json::from_str(&text)?)
}

/// The answer with its form at its own version, and what was answered.
///
/// # Errors
/// As [`open`]; [`db::Error::Missing`].
pub fn load(tx: &mut Tx<'_>, id: &AnswerId) -> Result<(FormAnswer, std::sync::Arc<Form>, Answers)> {
    let answer = store::find(tx, id)?.ok_or(db::Error::Missing)?;
    let form = library::form(tx, &answer.form, answer.version)?;
    let answers = open(tx, &answer)?;
    Ok((answer, form, answers))
}

/// The answer of this id.
///
/// # Errors
/// The engine's fault.
pub fn find(tx: &mut Tx<'_>, id: &AnswerId) -> Result<Option<FormAnswer>> {
    store::find(tx, id)
}
/// Answers about a thing, earliest first; an empty form means all.
///
/// # Errors
/// The engine's fault.
pub fn of_subject(tx: &mut Tx<'_>, subject: &str, id: &str, form: &str) -> Result<Vec<FormAnswer>> {
    store::of_subject(tx, subject, id, form)
}
/// A client's final answers to one form, corrected ones left out, earliest first: a trend.
///
/// # Errors
/// The engine's fault.
pub fn of_client(tx: &mut Tx<'_>, client: &ClientId, form: &str) -> Result<Vec<FormAnswer>> {
    store::of_client(tx, client, form)
}
/// How many answers there are to a form at a version.
///
/// # Errors
/// The engine's fault.
pub fn used(tx: &mut Tx<'_>, form: &str, version: i64) -> Result<i64> {
    store::used(tx, form, version)
}

/// Puts a bureau's definition into use under the next of its own versions. Old answers keep theirs.
///
/// # Errors
/// The engine's fault.
pub fn publish(
    tx: &mut Tx<'_>,
    hand: &Hand<'_>,
    form: &Form,
    source: &str,
) -> Result<FormDefinition> {
    let last = store::latest_definition(tx, &form.id)?.map_or(OWN - 1, |d| d.version);
    let version = last + 1;
    let definition = FormDefinition {
        id: hand.ids.next(hand.now),
        form: form.id.clone(),
        version,
        source: with_version(source, version),
        by_account: hand.account.clone(),
        at: hand.now,
    };
    tx.insert(&definition)?;
    tx.record(
        &hand.stamp,
        Event {
            subject: "form_definition",
            id: definition.id.clone(),
            verb: "published",
            unit: None,
            before: None,
            after: Some(serde_json::to_value(&definition)?),
        },
    )?;
    Ok(definition)
}

/// The source with its version line set.
fn with_version(source: &str, version: i64) -> String {
    let mut done = false;
    let lines: Vec<String> = source
        .lines()
        .map(|line| {
            let is_version = line.split_once('=').is_some_and(|(key, _)| key.trim() == "version");
            if is_version && !done {
                done = true;
                format!("version = {version}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    lines.join("\n")
}

/// Where the body stands, as the vault binds it.
const BODY: &str = "form_answer.body";

fn seal(tx: &mut Tx<'_>, owner: &str, id: &AnswerId, answers: &Answers) -> Result<Sealed> {
    tx.seal(owner, BODY, id.as_str(), &serde_json::to_string(answers)?)
}
fn unseal(tx: &mut Tx<'_>, owner: &str, id: &AnswerId, body: &Sealed) -> Result<String> {
    tx.open(owner, BODY, id.as_str(), body)
}
