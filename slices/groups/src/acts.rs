//! The verbs, by what they are done to: the plan and its approval, members, sessions and their records, signing in by oneself,
//! what is answered about the group, phases and the end.
pub mod evaluation;
pub mod members;
pub mod phases;
pub mod plan;
pub mod sessions;
pub mod signing;

use access::Cx;
use db::{Event, Record, Result, Tx};
use kernel::Refusals;
use serde::Serialize;

/// Writes the event of a change of one of this slice's rows; the subject is the table.
fn tell<R: Record + Serialize>(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    unit: &str,
    before: Option<&R>,
    after: &R,
) -> Result<()> {
    let after = serde_json::to_value(after)?;
    let key = R::COLUMNS.first().copied().unwrap_or("id");
    let id = after.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    tx.record(
        &cx.stamp(),
        Event {
            subject: R::TABLE,
            id,
            verb,
            unit: Some(unit.to_owned()),
            before: before.map(serde_json::to_value).transpose()?,
            after: Some(after),
        },
    )
}

/// Refuses what was not filled in.
fn filled(no: &mut Refusals, field: &str, text: &str) {
    no.require(!text.trim().is_empty(), field, "register.missing");
}

/// Text that may be missing.
fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}
