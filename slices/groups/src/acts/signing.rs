//! Signing in by oneself: a token for one session and one day, given as a QR code. Nobody sees a name through it.
use access::{Cx, session};
use db::{Result, Tx};
use kernel::{GroupId, Instant, Refusal};

use super::tell;
use crate::look;
use crate::model::{Door, Group, Mark, Member, Presence, Session};
use crate::store;

/// Where the token is sealed.
const PLACE: &str = "group_door.token";

/// Opens the door of a session: answers its token. It closes with the session's day; an earlier token holds no more.
///
/// # Errors
/// Denied; `groups.recorded` when the session has a record; `groups.door_past` when its day is over.
pub fn open(tx: &mut Tx<'_>, cx: &Cx, id: &GroupId, of: &str) -> Result<String> {
    let (group, look) = look::find(tx, cx, id)?;
    look.writes()?;
    let of = store::session(tx, id, of)?.ok_or(db::Error::Missing)?;
    if store::record_of(tx, &of.id)?.is_some() {
        return Err(Refusal::new("groups.recorded").into());
    }
    let closes = of.day.plus_days(1).start();
    if cx.now >= closes {
        return Err(Refusal::new("groups.door_past").into());
    }
    let token = session::token_text(cx.ids.secret());
    let before = store::door(tx, &of.id)?;
    let row = before.as_ref().map_or_else(|| cx.id::<kernel::RecordId>(), |d| d.id.clone());
    let door = Door {
        token: tx.seal(of.id.as_str(), PLACE, row.as_str(), &token)?,
        token_index: session::token_hash(&token),
        id: row,
        session: of.id,
        closes,
        by_account: cx.actor.account().clone(),
        at: cx.now,
    };
    match &before {
        Some(_) => drop(tx.update(&door)?),
        None => tx.insert(&door)?,
    }
    tell(tx, cx, "opened", group.site.as_str(), before.as_ref(), &door)?;
    Ok(token)
}

/// The token of an open door, for whoever leads the session.
///
/// # Errors
/// The engine's fault.
pub fn token(tx: &mut Tx<'_>, of: &Session, now: Instant) -> Result<Option<String>> {
    match store::door(tx, &of.id)?.filter(|d| now < d.closes) {
        Some(d) => tx.open(of.id.as_str(), PLACE, d.id.as_str(), &d.token).map(Some),
        None => Ok(None),
    }
}

/// The session that a token opens now.
///
/// # Errors
/// [`db::Error::Missing`] for a token that is unknown or over.
pub fn behind(tx: &mut Tx<'_>, token: &str, now: Instant) -> Result<(Session, Group)> {
    let index = session::token_hash(token);
    let (_, session, group) = store::door_by(tx, &index)?
        .filter(|(door, _, _)| now < door.closes)
        .ok_or(db::Error::Missing)?;
    Ok((session, group))
}

/// A member signs in with the number given on paper (three digits) or the last two digits of their phone.
///
/// # Errors
/// Missing as [`behind`]; `digits`: `groups.door_digits`, `groups.door_unknown`, `groups.door_several` when two members share a tail;
/// `groups.recorded` when the record stands already.
pub fn sign_in(tx: &mut Tx<'_>, cx: &Cx, token: &str, digits: &str) -> Result<()> {
    let (session, group) = behind(tx, token, cx.now)?;
    if store::record_of(tx, &session.id)?.is_some() {
        return Err(Refusal::at("digits", "groups.door_done").into());
    }
    let digits = digits.trim();
    if !matches!(digits.len(), 2 | 3) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::at("digits", "groups.door_digits").into());
    }
    let day = cx.today();
    let mut found: Vec<Member> = Vec::new();
    for m in store::members(tx, &group.id)?.into_iter().filter(|m| m.enrolled(day)) {
        let same = if digits.len() == 3 {
            m.number.to_string() == digits
        } else {
            let kept =
                tx.open_some(m.owner(), "group_member.tail", m.id.as_str(), m.tail.as_ref())?;
            kept == digits
        };
        if same {
            found.push(m);
        }
    }
    let member = match found.as_slice() {
        [one] => one,
        [] => return Err(Refusal::at("digits", "groups.door_unknown").into()),
        _ => return Err(Refusal::at("digits", "groups.door_several").into()),
    };
    let kept = store::presences_at(tx, &session.id)?;
    if kept.iter().any(|p| p.member == member.id && p.signed_at.is_some()) {
        return Ok(());
    }
    let presence = Presence {
        id: cx.id(),
        session: session.id,
        member: member.id.clone(),
        mark: Mark::Present,
        why: None,
        note: None,
        signed_at: Some(cx.now),
    };
    tx.insert(&presence)?;
    tell(tx, cx, "signed_in", group.site.as_str(), None, &presence)
}
