//! The one-time link: made by the sender, opened by one browser that knows the code, revocable, every knock noted. It answers one referral and
//! makes neither account nor session.
use access::Cx;
use db::{Event, Result, Tx};
use kernel::{RecordId, ReferralId, Refusal};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::answer::{Answer, answer_as, opened};
use super::write::mine;
use super::{By, packet};
use crate::model::{
    LINK_DAYS, Link, LinkEnd, Look, LookKind, MOST_LINK_DAYS, Packet, Referral, State, Step,
};
use crate::store;

/// A link as its maker sees it, once.
#[derive(Clone, Debug)]
pub struct Made {
    pub link: Link,
    /// 256 bits, hexadecimal.
    pub token: String,
    /// Told by phone, never sent with the link.
    pub code: String,
}

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// The longest name a browser is noted under.
const AGENT: usize = 120;

/// Makes a link for a partner without an account; earlier links of the referral are revoked.
///
/// # Errors
/// Denied, missing; refusals when the receiver is a site, the referral was not sent or has ended, or at `days`.
pub fn make(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, days: Option<i64>) -> Result<Made> {
    let (r, _) = mine(tx, cx, id)?;
    if r.to_org.is_none() {
        return Err(Refusal::new("referrals.link.site").into());
    }
    if r.state == State::Draft || r.state.ended() {
        return Err(Refusal::new("referrals.link.not_open").into());
    }
    let days = days.unwrap_or(LINK_DAYS);
    if !(1..=MOST_LINK_DAYS).contains(&days) {
        let no = Refusal::at("days", "register.not_a_number");
        return Err(no.with("least", 1).with("most", MOST_LINK_DAYS).into());
    }
    revoke_all(tx, cx, &r)?;
    let token = hex(&cx.ids.secret());
    let [a, b, c, d, ..] = cx.ids.secret();
    let code = format!("{:04}", u32::from_be_bytes([a, b, c, d]) % 10_000);
    let link = Link {
        id: cx.id(),
        referral: r.id.clone(),
        hash: hash(&[&token]),
        code: hash(&[&token, &code]),
        until: cx.now.plus_millis(days * DAY),
        made_by: cx.actor.account().clone(),
        made_at: cx.now,
        bound: None,
        bound_at: None,
        wrong: 0,
        revoked_at: None,
    };
    tx.insert(&link)?;
    happened(tx, cx, "made", &r, &link)?;
    Ok(Made { link, token, code })
}

/// Revokes the live links of a referral.
///
/// # Errors
/// Denied, missing.
pub fn revoke(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId) -> Result<()> {
    let (r, _) = mine(tx, cx, id)?;
    revoke_all(tx, cx, &r)
}

pub(crate) fn revoke_all(tx: &mut Tx<'_>, cx: &Cx, r: &Referral) -> Result<()> {
    for link in store::links(tx, &r.id)? {
        if link.revoked_at.is_none() {
            let gone = Link { revoked_at: Some(cx.now), ..link };
            tx.update(&gone)?;
            happened(tx, cx, "revoked", r, &gone)?;
        }
    }
    Ok(())
}

/// What a knock finds.
#[derive(Clone, Debug)]
pub enum Door {
    /// No such link, or another browser's: the two look alike.
    Nothing,
    /// It does not open any more. Said in words only to the browser that used it before.
    Dead(LinkEnd),
    /// It asks for the code.
    Code,
    /// The sender recalled the referral.
    Withdrawn,
    /// The packet.
    Open(Box<Referral>, Box<Packet>, Vec<(Step, String)>),
}

/// A knock by a browser; `secret` is what it keeps for this link, empty when it keeps none.
///
/// # Errors
/// The engine's fault.
pub fn knock(tx: &mut Tx<'_>, cx: &Cx, token: &str, secret: &str, agent: &str) -> Result<Door> {
    let Some((link, r)) = behind(tx, token)? else { return Ok(Door::Nothing) };
    let known = holds(&link, secret);
    if r.state == State::Withdrawn && known {
        look(tx, cx, &link, LookKind::Dead, agent)?;
        return Ok(Door::Withdrawn);
    }
    if let Some(end) = link.ended(cx.now) {
        look(tx, cx, &link, LookKind::Dead, agent)?;
        return Ok(if known { Door::Dead(end) } else { Door::Nothing });
    }
    if known {
        look(tx, cx, &link, LookKind::Read, agent)?;
        return shown(tx, &r);
    }
    if link.bound.is_some() {
        look(tx, cx, &link, LookKind::OtherBrowser, agent)?;
        return Ok(Door::Nothing);
    }
    look(tx, cx, &link, LookKind::Opened, agent)?;
    Ok(Door::Code)
}

/// Tries the code. When it is right, this browser alone holds the link from now on: answers the secret it must keep.
///
/// # Errors
/// [`db::Error::Missing`] when the link does not open. A wrong code is no error, or its count would be undone with the act: it is `None`.
pub fn unlock(
    tx: &mut Tx<'_>,
    cx: &Cx,
    token: &str,
    code: &str,
    agent: &str,
) -> Result<Option<String>> {
    let (link, r) = behind(tx, token)?.ok_or(db::Error::Missing)?;
    if link.ended(cx.now).is_some() || link.bound.is_some() {
        return Err(db::Error::Missing);
    }
    let right = bool::from(hash(&[token, code.trim()]).as_bytes().ct_eq(link.code.as_bytes()));
    if !right {
        tx.update(&Link { wrong: link.wrong + 1, ..link.clone() })?;
        look(tx, cx, &link, LookKind::CodeWrong, agent)?;
        return Ok(None);
    }
    let secret = hex(&cx.ids.secret());
    let bound = Link { bound: Some(hash(&[&secret])), bound_at: Some(cx.now), ..link };
    tx.update(&bound)?;
    look(tx, cx, &bound, LookKind::Bound, agent)?;
    happened(tx, cx, "bound", &r, &bound)?;
    if r.state == State::Sent {
        opened(tx, cx, &by(&bound, &r, ""), &r)?;
    }
    Ok(Some(secret))
}

/// Answers through the link, as somebody who says their name.
///
/// # Errors
/// [`db::Error::Missing`] when the link does not open for this browser; refusals as for an account, and at `who`.
pub fn answer(
    tx: &mut Tx<'_>,
    cx: &Cx,
    token: &str,
    secret: &str,
    who: &str,
    said: &Answer,
    agent: &str,
) -> Result<Referral> {
    let (link, r) = behind(tx, token)?.ok_or(db::Error::Missing)?;
    if link.ended(cx.now).is_some() || !holds(&link, secret) || !r.state.shared() {
        return Err(db::Error::Missing);
    }
    let who = who.trim();
    if who.is_empty() {
        return Err(Refusal::at("who", "register.missing").into());
    }
    // Only sites name who takes the person over.
    let said = match said {
        Answer::Accept { .. } => &Answer::Accept { keeper: None },
        other => other,
    };
    look(tx, cx, &link, LookKind::Answered, agent)?;
    let by = by(&link, &r, who);
    answer_as(tx, cx, &by, r, said)
}

/// A file that goes along, for the browser that holds the link.
///
/// # Errors
/// [`db::Error::Missing`] when the link does not open for this browser, or there is no such file.
pub fn enclosed(
    tx: &mut Tx<'_>,
    cx: &Cx,
    token: &str,
    secret: &str,
    n: usize,
    agent: &str,
) -> Result<(Referral, crate::model::Enclosed)> {
    let (link, r) = behind(tx, token)?.ok_or(db::Error::Missing)?;
    if link.ended(cx.now).is_some() || !holds(&link, secret) || !r.state.shared() {
        return Err(db::Error::Missing);
    }
    let one = super::enclose::nth(&packet(tx, &r)?, n)?;
    look(tx, cx, &link, LookKind::Read, agent)?;
    Ok((r, one))
}

fn by(link: &Link, r: &Referral, who: &str) -> By {
    let who: String = who.chars().filter(|c| !c.is_control()).take(40).collect();
    let who = if who.is_empty() { r.to_name.clone() } else { format!("{} · {who}", r.to_name) };
    By { who, account: None, link: Some(link.id.clone()) }
}

/// The link of a token and its referral.
fn behind(tx: &mut Tx<'_>, token: &str) -> Result<Option<(Link, Referral)>> {
    let Some(link) = store::link(tx, &hash(&[token]))? else { return Ok(None) };
    let r = store::unguarded(tx, &link.referral)?.ok_or(db::Error::Missing)?;
    Ok(Some((link, r)))
}

fn holds(link: &Link, secret: &str) -> bool {
    let kept = link.bound.as_deref().unwrap_or_default();
    !secret.is_empty() && bool::from(hash(&[secret]).as_bytes().ct_eq(kept.as_bytes()))
}

fn shown(tx: &mut Tx<'_>, r: &Referral) -> Result<Door> {
    let packet = packet(tx, r)?;
    let mut steps = Vec::new();
    for step in store::steps(tx, &r.id)? {
        // What the sender wrote to themselves stays with them.
        if step.state.side() == crate::model::Side::Receiver {
            let words = super::words(tx, r, &step)?;
            steps.push((step, words));
        }
    }
    Ok(Door::Open(Box::new(r.clone()), Box::new(packet), steps))
}

fn look(tx: &mut Tx<'_>, cx: &Cx, link: &Link, what: LookKind, agent: &str) -> Result<()> {
    let agent = agent.chars().filter(|c| !c.is_control()).take(AGENT).collect();
    tx.insert(&Look { id: cx.id(), link: link.id.clone(), at: cx.now, what, agent })?;
    let event = Event {
        subject: "referral_link",
        id: link.id.0.clone(),
        verb: what.as_str(),
        unit: None,
        before: None,
        after: Some(json!({ "referral": link.referral })),
    };
    tx.record(&cx.stamp(), event)
}

fn happened(tx: &mut Tx<'_>, cx: &Cx, verb: &'static str, r: &Referral, link: &Link) -> Result<()> {
    let event = Event {
        subject: "referral_link",
        id: link.id.0.clone(),
        verb,
        unit: Some(r.site.0.clone()),
        before: None,
        after: Some(json!({ "referral": r.id, "until": link.until })),
    };
    tx.record(&cx.stamp(), event)
}

/// The name of the cookie that holds a link's secret: it says nothing of the token.
pub(crate) fn cookie(token: &str) -> String {
    format!("r-{}", hash(&["cookie", token]).get(..16).unwrap_or_default())
}

fn hash(parts: &[&str]) -> String {
    let mut all = Sha256::new();
    for part in parts {
        all.update((part.len() as u64).to_be_bytes());
        all.update(part);
    }
    hex(&all.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A link by its row, for the sender's page.
pub(crate) fn of(tx: &mut Tx<'_>, r: &Referral) -> Result<Vec<(Link, Vec<Look>)>> {
    let mut out = Vec::new();
    for link in store::links(tx, &r.id)? {
        let id: RecordId = link.id.clone();
        out.push((link, store::looks(tx, &id)?));
    }
    Ok(out)
}
