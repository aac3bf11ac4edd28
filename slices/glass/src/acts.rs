//! Verbs: opening one file in an emergency, and judging afterwards whether it was right.
use access::care::Glass;
use access::notice::{self, Message};
use access::{Cx, factor};
use db::{Event, Result, Tx};
use kernel::{GlassId, Refusal};
use serde_json::json;

use crate::model::{Ask, MINUTES, REVIEW_DAYS};
use crate::store;

/// Opens one file for an hour. Whoever looks after the client, the head of the place and the auditors are told in the same transaction.
///
/// # Errors
/// Refusals at `whom`, `reason`, `words`; `access.step_up` without a fresh second factor; `glass.suspended` while an older look of the
/// account waits for its review.
pub fn open(tx: &mut Tx<'_>, cx: &Cx, ask: &Ask) -> Result<Glass> {
    cx.may("clients.glass")?;
    factor::fresh(cx)?;
    let reason = ask.checked()?;
    if store::neglected(tx, cx, cx.today().plus_days(1 - REVIEW_DAYS).start())? {
        return Err(Refusal::new("glass.suspended").into());
    }
    let whom = ask.whom.trim().to_uppercase();
    let number = whom.parse().unwrap_or(-1);
    let index = tx.blind("client.id_number", &whom)?;
    let client = store::client(tx, cx, number, &index)?
        .ok_or_else(|| Refusal::at("whom", "glass.whom_unknown"))?;
    if let Some(there) = store::open(tx, cx, &client)? {
        return Ok(there);
    }
    let id: GlassId = cx.id();
    let words = ask.words.trim().to_owned();
    let glass = Glass {
        id,
        client,
        account: cx.actor.account().clone(),
        reason,
        words,
        opened_at: cx.now,
        until: cx.now.plus_millis(MINUTES * 60_000),
        reviewed_by: None,
        reviewed_at: None,
        justified: None,
        review: None,
    };
    tx.insert(&glass)?;
    tx.record(&cx.stamp(), said(&glass, "opened", None))?;
    tell(tx, cx, &glass)?;
    Ok(glass)
}

fn tell(tx: &mut Tx<'_>, cx: &Cx, glass: &Glass) -> Result<()> {
    let client = registry::client::find_unguarded(tx, &glass.client)?.ok_or(db::Error::Missing)?;
    let message = Message {
        key: "glass.notice",
        args: vec![
            ("who", cx.actor.name().to_owned()),
            ("n", client.number.to_string()),
            ("at", cx.now.local()),
        ],
        href: format!("/clients/{}", client.id),
        urgent: true,
    };
    for person in registry::client::keepers(tx, &client.id, cx.today())? {
        notice::tell(tx, cx, &person, &message)?;
    }
    let list = Message { href: "/glass".into(), ..message.clone() };
    notice::tell_whoever_can(tx, cx, "clients.assign", &client.path, &list)?;
    notice::tell_whoever_can(tx, cx, "clients.glass_review", &client.path, &list)?;
    // Auditors see who looked and when, never the file: their notice leads to the log.
    let log = Message { href: "/audit".into(), ..message };
    notice::tell_whoever_can(tx, cx, "audit.read", &client.path, &log).map(drop)
}

/// Judges a look. Nobody judges their own.
///
/// # Errors
/// [`db::Error::Missing`] outside the region; refusals `glass.own`, `glass.reviewed`, and at `review` when an unjustified look is not explained.
pub fn review(tx: &mut Tx<'_>, cx: &Cx, id: &str, justified: bool, words: &str) -> Result<Glass> {
    cx.may("clients.glass_review")?;
    let before = store::look(tx, cx, id)?.ok_or(db::Error::Missing)?;
    if before.account == *cx.actor.account() {
        return Err(Refusal::new("glass.own").into());
    }
    if before.reviewed_at.is_some() {
        return Err(Refusal::new("glass.reviewed").into());
    }
    let words = words.trim();
    if !justified && words.is_empty() {
        return Err(Refusal::at("review", "glass.review_why").into());
    }
    let after = Glass {
        reviewed_by: Some(cx.actor.account().clone()),
        reviewed_at: Some(cx.now),
        justified: Some(justified),
        review: (!words.is_empty()).then(|| words.to_owned()),
        ..before.clone()
    };
    tx.update(&after)?;
    tx.record(&cx.stamp(), said(&after, "reviewed", Some(&before)))?;
    let message = Message {
        key: if justified { "glass.notice_right" } else { "glass.notice_wrong" },
        args: vec![("who", cx.actor.name().to_owned())],
        href: "/glass".into(),
        urgent: !justified,
    };
    notice::tell_account(tx, cx, &before.account, &message)?;
    Ok(after)
}

fn said(glass: &Glass, verb: &'static str, before: Option<&Glass>) -> Event {
    Event {
        subject: "glass",
        id: glass.id.0.clone(),
        verb,
        unit: None,
        before: before.map(|b| json!(b)),
        after: Some(json!(glass)),
    }
}
