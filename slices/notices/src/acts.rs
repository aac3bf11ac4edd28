//! Verbs: adding, pausing and removing webhooks; subscribing to a calendar and ending it; what a calendar holds.
use access::{Actor, Cx};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use db::{Event, Result, Tx};
use kernel::{RecordId, Refusal, Refusals};
use serde_json::json;
use sha2::{Digest, Sha256};
use web::Shell;

use crate::ics::Entry;
use crate::model::{CalendarFeed, Delivery, Webhook, check_url};
use crate::outbox::SECRET;
use crate::store;

/// How far ahead a calendar looks, in days.
const AHEAD: i32 = 120;
/// More webhooks than this are a mistake.
const MOST_WEBHOOKS: usize = 20;

/// Adds a webhook; answers it and its secret, which is shown once.
///
/// # Errors
/// Denied; refusals at `url` and `note`.
pub fn add(
    tx: &mut Tx<'_>,
    cx: &Cx,
    hosts: &[String],
    url: &str,
    note: &str,
    urgent_only: bool,
) -> Result<(Webhook, String)> {
    cx.may("accounts.manage")?;
    let mut no = Refusals::none();
    if let Err(r) = check_url(url, hosts) {
        no.push(r);
    }
    no.require(url.len() <= 500, "url", "webhooks.too_long");
    no.require(note.chars().count() <= 80, "note", "webhooks.too_long");
    no.require(!note.trim().is_empty(), "note", "register.missing");
    let all = store::webhooks(tx)?;
    if all.iter().any(|w| w.url == url) {
        no.push(Refusal::at("url", "webhooks.twice"));
    }
    no.require(all.len() < MOST_WEBHOOKS, "url", "webhooks.too_many");
    no.done()?;
    let id: RecordId = cx.id();
    let secret = format!("{SECRET}{}", STANDARD.encode(cx.ids.secret()));
    let hook = Webhook {
        secret: tx.seal(id.as_str(), "webhook.secret", id.as_str(), &secret)?,
        id,
        url: url.to_owned(),
        note: note.trim().to_owned(),
        urgent_only,
        paused_at: None,
        at: cx.now,
    };
    tx.insert(&hook)?;
    log(
        tx,
        cx,
        "webhook",
        &hook.id,
        "added",
        json!({ "url": hook.url, "urgent_only": urgent_only }),
    )?;
    Ok((hook, secret))
}

/// Stops or goes on calling a webhook.
///
/// # Errors
/// Denied; missing.
pub fn pause(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId, paused: bool) -> Result<()> {
    cx.may("accounts.manage")?;
    let hook: Webhook = tx.find(&db::Cell::to_value(id))?.ok_or(db::Error::Missing)?;
    tx.update(&Webhook { paused_at: paused.then_some(cx.now), ..hook })?;
    log(tx, cx, "webhook", id, if paused { "paused" } else { "resumed" }, json!({}))
}

/// Removes a webhook, and what was still on its way to it.
///
/// # Errors
/// Denied; missing.
pub fn remove(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<()> {
    cx.may("accounts.manage")?;
    if !tx.delete::<Webhook>(&db::Cell::to_value(id))? {
        return Err(db::Error::Missing);
    }
    store::drop_deliveries(tx, id)?;
    log(tx, cx, "webhook", id, "removed", json!({}))
}

/// Sends a webhook a message that says nothing, to see whether it arrives.
///
/// # Errors
/// Denied; missing.
pub fn ping(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<RecordId> {
    cx.may("accounts.manage")?;
    let hook: Webhook = tx.find(&db::Cell::to_value(id))?.ok_or(db::Error::Missing)?;
    let delivery = Delivery {
        id: cx.id(),
        webhook: hook.id,
        kind: "ping".into(),
        said: String::new(),
        href: String::new(),
        urgent: false,
        at: cx.now,
        tries: 0,
        next_at: Some(cx.now),
        done_at: None,
        answer: None,
    };
    tx.insert(&delivery)?;
    Ok(delivery.id)
}

/// Tries a message again now that was given up or waits.
///
/// # Errors
/// Denied; missing, also when the receiver took it.
pub fn again(tx: &mut Tx<'_>, cx: &Cx, id: &RecordId) -> Result<RecordId> {
    cx.may("accounts.manage")?;
    let found: Option<Delivery> = tx.find(&db::Cell::to_value(id))?;
    let delivery = found.filter(|d| d.done_at.is_none()).ok_or(db::Error::Missing)?;
    let webhook = delivery.webhook.clone();
    tx.update(&Delivery { tries: 0, next_at: Some(cx.now), ..delivery })?;
    Ok(webhook)
}

/// Subscribes to one's own calendar under the hat worn now; an earlier address of one's own stops working. Answers the new address's token,
/// which is shown once.
///
/// # Errors
/// Denied.
pub fn subscribe(tx: &mut Tx<'_>, cx: &Cx) -> Result<String> {
    cx.may("home")?;
    store::drop_feeds(tx, cx.actor.account())?;
    let token = access::session::token_text(cx.ids.secret());
    let feed = CalendarFeed {
        id: cx.id(),
        token: access::session::token_hash(&token),
        account: cx.actor.account().clone(),
        role_grant: cx.actor.grant().clone(),
        at: cx.now,
    };
    tx.insert(&feed)?;
    log(tx, cx, "calendar_feed", &feed.id, "minted", json!({}))?;
    Ok(token)
}

/// Ends one's own calendar: its address stops working.
///
/// # Errors
/// Denied.
pub fn unsubscribe(tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    cx.may("home")?;
    if let Some(feed) = store::feed_of(tx, cx.actor.account())? {
        store::drop_feeds(tx, cx.actor.account())?;
        log(tx, cx, "calendar_feed", &feed.id, "ended", json!({}))?;
    }
    Ok(())
}

/// What a calendar's address shows now; `None` when it is nobody's, or its account or hat has ended.
///
/// Clients go by their pseudonym: a calendar lies on phones and with providers.
///
/// # Errors
/// The engine's fault.
pub fn calendar(
    tx: &mut Tx<'_>,
    system: &Cx,
    shell: &Shell,
    token: &str,
) -> Result<Option<Vec<Entry>>> {
    let Some(feed) = store::feed(tx, &access::session::token_hash(token))? else { return Ok(None) };
    let (Some(account), Some(grant)) =
        (access::find_account(tx, &feed.account)?, access::find_grant(tx, &feed.role_grant)?)
    else {
        return Ok(None);
    };
    let Some(actor) = Actor::load(tx, &account, &grant, false, system.today())? else {
        return Ok(None);
    };
    let cx = Cx { actor, ..system.clone() };
    let names = store::names(tx, &cx)?;
    let mut out = Vec::new();
    for due in web::dues(tx, &cx, shell, cx.today().plus_days(AHEAD))? {
        let Some(day) = due.by else { continue };
        let args: Vec<(&str, String)> = due.args.iter().map(|(n, v)| (*n, v.clone())).collect();
        let mut summary = shell.catalogue.fill(locale::Lang::Zh, due.key, &args);
        if !due.whom.is_empty() {
            summary = format!("{summary} {}", due.whom);
        }
        let uid = Sha256::digest(format!("{}\n{}\n{}", due.key, due.href, feed.account));
        out.push(Entry {
            uid: uid.iter().take(16).map(|b| format!("{b:02x}")).collect(),
            day,
            time: due.time,
            summary: pseudonymous(summary, &names),
            place: pseudonymous(due.site_name, &names),
        });
    }
    Ok(Some(out))
}

/// A text in which every known client's name has become the client's pseudonym. `names` holds the longest first.
fn pseudonymous(mut text: String, names: &[(String, String)]) -> String {
    for (name, pseudonym) in names {
        if text.contains(name.as_str()) {
            text = text.replace(name.as_str(), pseudonym);
        }
    }
    text
}

fn log(
    tx: &mut Tx<'_>,
    cx: &Cx,
    subject: &'static str,
    id: &RecordId,
    verb: &'static str,
    after: serde_json::Value,
) -> Result<()> {
    let event =
        Event { subject, id: id.0.clone(), verb, unit: None, before: None, after: Some(after) };
    tx.record(&cx.stamp(), event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_pseudonyms_the_longest_first() {
        let names =
            [("周桂英".to_owned(), "案主2".to_owned()), ("周桂".to_owned(), "案主1".to_owned())];
        let text = pseudonymous("走访周桂英、周桂家".into(), &names);
        assert_eq!(text, "走访案主2、案主1家");
    }
}
