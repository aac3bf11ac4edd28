//! What a machine sees of the standards: everything a page shows or does, by subject.
mod decisions;
mod dossier;
mod findings;
mod policy;
mod units;
mod whatif;

use ::policy::Verdict;
use web::{Gate, Req};

use crate::live::{Question, Snapshot, snapshot};

pub(crate) fn gate() -> Gate {
    let gate = units::gate(findings::gate(Gate::api()));
    dossier::gate(whatif::gate(decisions::gate(policy::gate(gate))))
}

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = findings::openapi();
    for part in [
        units::openapi(),
        policy::openapi(),
        decisions::openapi(),
        whatif::openapi(),
        dossier::openapi(),
    ] {
        all.merge(part);
    }
    all
}

/// A sentence in both languages.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct TextOut {
    zh: String,
    en: String,
}
impl From<&::policy::pack::Text> for TextOut {
    fn from(t: &::policy::pack::Text) -> Self {
        Self { zh: t.zh.clone(), en: t.en.clone() }
    }
}

/// The three clocks an answer was given under.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct ClocksOut {
    /// Whose facts, at the end of that day.
    as_of: String,
    /// What had been recorded by then; null for all that is recorded now.
    known_at: Option<String>,
    /// The day whose law was asked.
    law_at: String,
}
impl ClocksOut {
    fn of(snap: &Snapshot) -> Self {
        Self {
            as_of: snap.clocks.as_of.to_string(),
            known_at: snap.clocks.known_at.map(kernel::Instant::rfc3339),
            law_at: snap.clocks.law().to_string(),
        }
    }
}

/// A verdict that would differ.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct FlipOut {
    unit: String,
    unit_name: String,
    rule: String,
    /// `absent` when the rule is not asked.
    before: &'static str,
    after: &'static str,
}
impl From<crate::flips::Flip> for FlipOut {
    fn from(f: crate::flips::Flip) -> Self {
        Self {
            unit: f.unit,
            unit_name: f.unit_name,
            rule: f.rule,
            before: f.before.name(),
            after: f.after.name(),
        }
    }
}

/// The verdicts asked for. A day that is no day is refused here: a program should not get today's answer to another question.
async fn asked(req: &Req) -> Result<std::sync::Arc<Snapshot>, web::Error> {
    snapshot(req, Some(Question::strict(req)?)).await
}

/// The verdict a query names.
fn verdict(req: &Req) -> Result<Option<Verdict>, web::Error> {
    let Some(name) = req.query("verdict").filter(|v| !v.is_empty()) else { return Ok(None) };
    let known = Verdict::by_name(&name)
        .ok_or_else(|| kernel::Refusal::at("verdict", "standards.verdict_unknown"))?;
    Ok(Some(known))
}

const fn missing() -> web::Error {
    web::Error::Act(db::Error::Missing)
}
