//! Documents of a case are answers to forms about it. What a document says is taken over where the case needs it: needs from the assessment,
//! goals and tasks from the plan, levels from the evaluation, the decision from the intake. Nothing is typed twice.
use access::Cx;
use db::{Result, Tx};
use forms::{AnswerState, Answers, Keeping, Kept};
use kernel::{AnswerId, CaseId, Refusal};
use registry::client::RiskGrade;

use super::{Seen, closing, goals, hold, keep, requests, risk, stages};
use crate::model::{Case, ClosureReason, RequestKind, Stage};
use crate::store;

/// What is kept: which form, what was typed, whether it is finished.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub form: String,
    pub answers: Answers,
    /// `draft`, or a stage of the form.
    pub stage: String,
    pub of: Option<AnswerId>,
}

/// Keeps a document and does what follows from it.
///
/// # Errors
/// Refusals `casework.not_now` for a form of another stage, `casework.frozen`; what [`forms::answer::keep`] says.
pub fn keep_document(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, new: NewDocument) -> Result<Kept> {
    let seen = hold(tx, cx, id)?;
    let case = &seen.case;
    if !case.stage.forms().contains(&new.form.as_str()) {
        let key = if case.stage.open() { "casework.not_now" } else { "casework.frozen" };
        return Err(Refusal::new(key).into());
    }
    let form = forms::library::latest(tx, &new.form)?;
    let on = new.answers.day("date").unwrap_or_else(|| cx.today()).min(cx.today());
    let kept = web::answers::keep(
        tx,
        cx,
        Keeping {
            form: &form,
            answers: new.answers,
            subject: "case",
            subject_id: case.id.as_str(),
            client: Some(&case.client),
            stage: &new.stage,
            on,
            of: new.of.as_ref(),
        },
    )?;
    if kept.answer.state == AnswerState::Final {
        follow(tx, cx, &seen, &kept)?;
    }
    Ok(kept)
}

fn follow(tx: &mut Tx<'_>, cx: &Cx, seen: &Seen, kept: &Kept) -> Result<()> {
    let said = forms::answer::open(tx, &kept.answer)?;
    match kept.answer.form.as_str() {
        "intake" if kept.answer.stage == "decided" => decided(tx, cx, seen, &said)?,
        "assessment" => {
            goals::take_needs(tx, cx, &seen.case, &said)?;
            if let Some(grade) = RiskGrade::parse(&said.text("risk")) {
                risk::found(tx, cx, seen, grade)?;
            }
        }
        "service_plan" => {
            goals::take_plan(tx, cx, &seen.case, &said)?;
            let planned = Case { review_on: said.day("review"), ..seen.case.clone() };
            keep(tx, cx, "planned", &seen.case, &planned)?;
        }
        "evaluation" => goals::take_levels(tx, cx, &seen.case, &said)?,
        "follow_up" => followed_up(tx, cx, seen, &said)?,
        _ => {}
    }
    if seen.case.stage.open() && kept.alerts.iter().any(|a| a.key == "danger") {
        risk::found(tx, cx, seen, RiskGrade::Critical)?;
    }
    Ok(())
}

/// The intake's decision: accepting asks the head, the others end it here.
fn decided(tx: &mut Tx<'_>, cx: &Cx, seen: &Seen, said: &Answers) -> Result<()> {
    let (case, why) = (&seen.case, said.text("reason"));
    let to = match said.text("decision").as_str() {
        "accept" => {
            requests::ask(tx, cx, seen, RequestKind::Opening, None, None, "")?;
            return Ok(());
        }
        "decline" => Stage::Declined,
        "refer" => {
            let out = stages::shift(
                tx,
                cx,
                case,
                Stage::ReferredOut,
                ClosureReason::Referred.as_str(),
                &why,
            )?;
            closing::shut(tx, cx, &out, &seen.client, Some(ClosureReason::Referred))?;
            return Ok(());
        }
        _ => Stage::OneOffClosed,
    };
    let ended = stages::shift(tx, cx, case, to, &said.text("decision"), &why)?;
    let shut = Case { closed_on: Some(cx.today()), ..ended.clone() };
    keep(tx, cx, "closed", &ended, &shut)
}

/// A follow-up ends the case, goes on, or opens it again.
fn followed_up(tx: &mut Tx<'_>, cx: &Cx, seen: &Seen, said: &Answers) -> Result<()> {
    match said.text("decision").as_str() {
        "reopen" => {
            stages::reopen(tx, cx, &seen.case.id, &said.text("reason"))?;
        }
        "end" => {
            stages::shift(tx, cx, &seen.case, Stage::Archived, "", "")?;
        }
        _ => {}
    }
    Ok(())
}

/// What a blank form begins with: what the house knows already, and the draft or last document when there is one.
///
/// # Errors
/// As [`super::find`].
pub fn known(
    tx: &mut Tx<'_>,
    cx: &Cx,
    seen: &Seen,
    form: &str,
) -> Result<Vec<(&'static str, String)>> {
    let case = &seen.case;
    let (services, minutes) = store::sums(tx, &case.id)?;
    let region = registry::region::name_of(tx, &seen.client.region)?;
    let mut out = vec![
        ("today", cx.today().to_string()),
        ("worker.name", cx.actor.name().to_owned()),
        ("client.name", seen.client.name.clone()),
        ("client.sex", seen.client.sex.map_or("", |s| s.as_str()).to_owned()),
        ("client.birth", seen.client.birth.map_or_else(String::new, |b| b.to_string())),
        ("client.address", region),
        ("case.services", services.to_string()),
        ("case.minutes", minutes.to_string()),
    ];
    if form == "intake" {
        let phone = tx.open_some(
            seen.client.id.as_str(),
            "client.phone",
            seen.client.id.as_str(),
            seen.client.phone.as_ref(),
        )?;
        out.push(("client.phone", phone));
    }
    Ok(out)
}

/// Answers a document about goals begins with: the goals of the plan.
///
/// # Errors
/// The engine's fault.
pub fn goal_rows(tx: &mut Tx<'_>, case: &Case, form: &str) -> Result<Vec<(String, String)>> {
    let mut out = Vec::new();
    let goals: Vec<_> =
        store::goals_of(tx, &case.id)?.into_iter().filter(|g| g.until.is_none()).collect();
    for (n, g) in goals.iter().enumerate() {
        let words = goals::statement(tx, case, g)?;
        match form {
            "evaluation" => {
                out.push((format!("goals.{n}.statement"), words));
                out.push((format!("goals.{n}.weight"), g.weight.to_string()));
                if let Some(level) = g.level {
                    out.push((format!("goals.{n}.level"), level.to_string()));
                }
            }
            "closure" => {
                out.push((format!("goals.{n}.goal"), words));
                let result = match g.level {
                    Some(0..) => "full",
                    Some(-1) => "part",
                    Some(_) => "none",
                    None => "",
                };
                out.push((format!("goals.{n}.result"), result.into()));
            }
            _ => {}
        }
    }
    if form == "evaluation" {
        let phase = if case.stage == Stage::Evaluation { "end" } else { "mid" };
        out.push(("phase".into(), phase.into()));
    }
    if form == "intake" {
        out.push(("source".into(), case.source.as_str().into()));
    }
    Ok(out)
}
