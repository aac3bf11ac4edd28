//! What a bureau decides: choose the pack, switch an interpretation, grant an exception, bind the official text.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::{Day, Instant, RecordId, Refusal, Refusals};
use serde_json::json;

use crate::model::{BoundText, OptionChoice, PackChoice, TakenDossier, Waiver};
use crate::store;

/// Chooses the pack the district is judged by.
///
/// # Errors
/// A refusal at `pack` when there is no such pack.
pub fn choose_pack(
    tx: &mut Tx<'_>,
    cx: &Cx,
    pack: &str,
    in_force_from: Option<Day>,
) -> Result<PackChoice> {
    cx.may("policy.bind")?;
    if crate::pack::named(pack).is_none() {
        return Err(Refusal::at("pack", "standards.pack_unknown").into());
    }
    let before = store::pack(tx)?;
    let choice = PackChoice { id: cx.id(), pack: pack.into(), in_force_from, chosen_at: cx.now };
    tx.insert(&choice)?;
    record(
        tx,
        cx,
        "pack_choice",
        &choice.id,
        "chosen",
        None,
        before.map(|b| json!(b)),
        Some(json!(choice)),
    )?;
    Ok(choice)
}

/// Switches an interpretation from a day on. The earlier choice ends on that day.
///
/// # Errors
/// Refusals at `name` and `value` when the pack offers no such reading.
pub fn switch_option(
    tx: &mut Tx<'_>,
    cx: &Cx,
    name: &str,
    value: &str,
    since: Day,
) -> Result<OptionChoice> {
    cx.may("options.switch")?;
    let pack = crate::pack::current(tx)?;
    if !crate::pack::offers(&pack, name, value) {
        return Err(Refusal::at("value", "standards.option_unknown").into());
    }
    let before = store::open_option(tx, name)?;
    if let Some(open) = &before {
        if open.since > since {
            return Err(Refusal::at("since", "standards.option_order")
                .with("day", open.since)
                .into());
        }
        if open.since == since {
            tx.delete::<OptionChoice>(&db::Cell::to_value(&open.id))?;
        } else {
            tx.update(&OptionChoice { until: Some(since), ..open.clone() })?;
        }
    }
    let choice =
        OptionChoice { id: cx.id(), name: name.into(), value: value.into(), since, until: None };
    tx.insert(&choice)?;
    record(
        tx,
        cx,
        "option_choice",
        &choice.id,
        "switched",
        None,
        before.map(|b| json!(b)),
        Some(json!(choice)),
    )?;
    Ok(choice)
}

/// What an officer fills in for an exception.
#[derive(Clone, Debug)]
pub struct NewWaiver {
    pub rule: String,
    pub unit: String,
    pub reason: String,
    pub since: Day,
    pub until: Day,
}

/// The longest exception, in days: two years.
const LONGEST_WAIVER: i32 = 731;

/// Grants an exception.
///
/// # Errors
/// Refusals at `rule`, `reason`, `until`; at `until` too when another exception of the same rule and unit shares a day with it.
pub fn waive(tx: &mut Tx<'_>, cx: &Cx, new: NewWaiver) -> Result<Waiver> {
    cx.may("waivers.write")?;
    let pack = crate::pack::current(tx)?;
    let mut no = Refusals::none();
    no.require(pack.rules.iter().any(|r| r.id == new.rule), "rule", "standards.rule_unknown");
    no.require(new.reason.trim().chars().count() >= 4, "reason", "standards.reason_short");
    no.require(new.until > new.since, "until", "register.dates_order");
    no.require(new.until.0 - new.since.0 <= LONGEST_WAIVER, "until", "standards.waiver_long");
    no.done()?;
    // Two exceptions of one rule and unit side by side would leave open whose end counts.
    let other = store::waivers_of(tx, &new.rule, &new.unit)?
        .into_iter()
        .find(|w| w.since < new.until && new.since < w.until);
    if let Some(other) = other {
        return Err(Refusal::at("until", "standards.waiver_overlap")
            .with("from", other.since)
            .with("until", other.until)
            .into());
    }
    let waiver = Waiver {
        id: cx.id(),
        rule: new.rule,
        unit: new.unit,
        reason: new.reason.trim().to_owned(),
        approver: cx.actor.name().to_owned(),
        since: new.since,
        until: new.until,
    };
    tx.insert(&waiver)?;
    let unit = Some(waiver.unit.clone());
    record(tx, cx, "waiver", &waiver.id, "granted", unit, None, Some(json!(waiver)))?;
    Ok(waiver)
}

/// Ends an exception today, or on its first day's evening when that is today. One that ended already stays as it ended.
///
/// # Errors
/// [`db::Error::Missing`] when there is none.
pub fn end_waiver(tx: &mut Tx<'_>, cx: &Cx, id: &str) -> Result<()> {
    cx.may("waivers.write")?;
    let before = store::waiver(tx, id)?.ok_or(db::Error::Missing)?;
    let today = cx.today().max(before.since.plus_days(1));
    if before.until <= today {
        return Ok(());
    }
    let after = Waiver { until: today, ..before.clone() };
    tx.update(&after)?;
    let unit = Some(after.unit.clone());
    record(tx, cx, "waiver", &after.id, "ended", unit, Some(json!(before)), Some(json!(after)))
}

/// Binds an official text to the chosen pack. The text stays in this deployment's database.
///
/// # Errors
/// A refusal at `text` when quotes of the pack do not stand in it; it names the first clauses that fail.
pub fn bind_text(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<()> {
    cx.may("policy.bind")?;
    let choice = store::pack(tx)?.ok_or(db::Error::Missing)?;
    let pack = crate::pack::current(tx)?;
    let missing = crate::pack::quotes_missing(&pack, text);
    if !missing.is_empty() {
        let some = missing.iter().take(5).cloned().collect::<Vec<_>>().join("、");
        return Err(Refusal::at("text", "standards.text_differs")
            .with("n", missing.len())
            .with("clauses", some)
            .into());
    }
    let bound = BoundText { id: cx.id(), pack: choice.pack, text: text.to_owned(), at: cx.now };
    tx.insert(&bound)?;
    record(
        tx,
        cx,
        "bound_text",
        &bound.id,
        "bound",
        None,
        None,
        Some(json!({ "pack": bound.pack })),
    )
}

#[expect(clippy::too_many_arguments, reason = "an event is made of exactly these")]
fn record(
    tx: &mut Tx<'_>,
    cx: &Cx,
    subject: &'static str,
    id: &RecordId,
    verb: &'static str,
    unit: Option<String>,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<()> {
    tx.record(&cx.stamp(), Event { subject, id: id.0.clone(), verb, unit, before, after })
}

/// The instant as of which knowledge is asked, from a day: the end of that day in Shanghai.
pub fn known_at(day: Day) -> Instant {
    day.plus_days(1).start().plus_millis(-1)
}

/// Notes that a dossier was handed over.
///
/// # Errors
/// Denied.
pub fn take_dossier(tx: &mut Tx<'_>, cx: &Cx, taken: TakenDossier) -> Result<TakenDossier> {
    cx.may("dossier.run")?;
    tx.insert(&taken)?;
    let unit = Some(taken.unit.clone());
    record(tx, cx, "dossier", &taken.id, "taken", unit, None, Some(json!(taken)))?;
    Ok(taken)
}
