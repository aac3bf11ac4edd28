//! The verbs, by who does them: writing and sending, answering, the link for partners without an account, saying what room there is.
pub mod answer;
pub mod enclose;
pub mod link;
pub mod room;
pub mod write;

use access::Cx;
use access::care::{self, Sight};
use db::{Event, Result, Tx};
use kernel::ReferralId;
use registry::client::Client;
use serde_json::json;

use crate::model::{Packet, Referral, State, Step};
use crate::store;

/// How the viewer stands to a referral.
#[derive(Clone, Debug)]
pub struct Stand {
    /// The client and how much of them is seen; `None`: the viewer is not on the sender's side.
    pub sender: Option<(Client, Sight)>,
    /// The viewer answers for the receiving site, or took the person over.
    pub receiver: bool,
    /// The viewer decides for the receiving site.
    pub answers: bool,
}

impl Stand {
    /// May read what was written and said: the sender with the file, the receiver while it is shared.
    pub fn reads(&self, r: &Referral) -> bool {
        self.sender.as_ref().is_some_and(|(_, s)| s.file) || (self.receiver && r.state.shared())
    }
    /// May do the sender's steps.
    pub fn writes(&self) -> bool {
        self.sender.as_ref().is_some_and(|(_, s)| s.file && s.writes)
    }
}

/// A referral the viewer sends, has to do with, or receives.
///
/// # Errors
/// [`db::Error::Missing`] for everybody else.
pub fn find(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId) -> Result<(Referral, Stand)> {
    let r = store::unguarded(tx, id)?.ok_or(db::Error::Missing)?;
    let sender = match care::find(tx, cx, &r.client) {
        Ok(seen) => Some(seen),
        Err(db::Error::Missing) => None,
        Err(e) => return Err(e),
    };
    let (receiver, answers) = receives(tx, cx, &r)?;
    if sender.is_none() && !receiver {
        return Err(db::Error::Missing);
    }
    Ok((r, Stand { sender, receiver, answers }))
}

/// (receives, decides)
fn receives(tx: &mut Tx<'_>, cx: &Cx, r: &Referral) -> Result<(bool, bool)> {
    let (Some(site), Some(path), Some(_)) = (&r.to_site, &r.to_path, r.sent_at) else {
        return Ok((false, false));
    };
    if let Some(person) = cx.actor.person()
        && store::avoids(tx, &r.client, person)?
    {
        return Ok((false, false));
    }
    let decides = cx.actor.can("referrals.answer") && cx.actor.scope().covers(path, Some(site));
    let keeps = r.keeper.is_some() && r.keeper.as_ref() == cx.actor.person();
    Ok((decides || keeps, decides))
}

/// Opens the packet. Callers have asked [`find`] or hold the link.
pub(crate) fn packet(tx: &mut Tx<'_>, r: &Referral) -> Result<Packet> {
    let text =
        tx.open_some(r.client.as_str(), "referral.packet", r.id.as_str(), r.packet.as_ref())?;
    if text.is_empty() {
        return Err(db::Error::Missing);
    }
    Ok(serde_json::from_str(&text)?)
}

/// What was said at a step.
pub(crate) fn words(tx: &mut Tx<'_>, r: &Referral, step: &Step) -> Result<String> {
    tx.open_some(r.client.as_str(), "referral_step.words", step.id.as_str(), step.words.as_ref())
}

/// Who makes a step.
#[derive(Clone, Debug)]
pub(crate) struct By {
    pub(crate) who: String,
    pub(crate) account: Option<kernel::AccountId>,
    pub(crate) link: Option<kernel::RecordId>,
}

impl By {
    pub(crate) fn actor(cx: &Cx) -> Self {
        Self {
            who: cx.actor.name().to_owned(),
            account: Some(cx.actor.account().clone()),
            link: None,
        }
    }
}

/// Keeps a state reached: the step and the event in one act.
pub(crate) fn reach(
    tx: &mut Tx<'_>,
    cx: &Cx,
    by: &By,
    before: &Referral,
    after: &Referral,
    said: &str,
    detail: Option<String>,
) -> Result<()> {
    tx.update(after)?;
    note(tx, cx, by, after, said, detail)?;
    happened(tx, cx, after.state.as_str(), Some(before), after)
}

pub(crate) fn note(
    tx: &mut Tx<'_>,
    cx: &Cx,
    by: &By,
    r: &Referral,
    said: &str,
    detail: Option<String>,
) -> Result<()> {
    let id: kernel::RecordId = cx.id();
    let words = tx.seal_some(r.client.as_str(), "referral_step.words", id.as_str(), said)?;
    tx.insert(&Step {
        id,
        referral: r.id.clone(),
        state: r.state,
        at: cx.now,
        account: by.account.clone(),
        who: by.who.clone(),
        link: by.link.clone(),
        words,
        detail,
    })
}

pub(crate) fn happened(
    tx: &mut Tx<'_>,
    cx: &Cx,
    verb: &'static str,
    before: Option<&Referral>,
    after: &Referral,
) -> Result<()> {
    let event = Event {
        subject: "referral",
        id: after.id.0.clone(),
        verb,
        unit: Some(after.site.0.clone()),
        before: before.map(|b| json!(b)),
        after: Some(json!(after)),
    };
    tx.record(&cx.stamp(), event)
}

/// A referral moved to a state that may follow.
pub(crate) fn moved(r: &Referral, to: State) -> Result<Referral> {
    r.state.to(to)?;
    Ok(Referral { state: to, ..r.clone() })
}
