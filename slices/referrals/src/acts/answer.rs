//! The receiver's verbs: open, accept, decline, return, name a better place, begin, feed back. The same acts serve accounts and links.
use access::Cx;
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::{Day, PersonId, ReferralId, Refusal};

use super::{By, find, moved, reach};
use crate::model::{Referral, State};

/// What the receiver says.
#[derive(Clone, Debug)]
pub enum Answer {
    /// 受理; a site may name who takes the person over.
    Accept { keeper: Option<PersonId> },
    /// 不受理
    Decline { reason: String },
    /// 退回
    Return { reason: String },
    /// 建议再转
    ReRefer { to: String, reason: String },
    /// 开始服务
    Start { on: Day },
    /// 反馈
    FeedBack { text: String },
}

impl Answer {
    /// The state it leads to.
    pub const fn leads(&self) -> State {
        match self {
            Self::Accept { .. } => State::Accepted,
            Self::Decline { .. } => State::Declined,
            Self::Return { .. } => State::Returned,
            Self::ReRefer { .. } => State::ReReferred,
            Self::Start { .. } => State::InService,
            Self::FeedBack { .. } => State::FedBack,
        }
    }
}

/// The longest answer, in characters.
const MOST: usize = 2000;

/// Notes that the receiver opened it; nothing happens when it was opened before.
///
/// # Errors
/// [`db::Error::Missing`] for whoever does not receive it.
pub fn open(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId) -> Result<Referral> {
    let (r, stand) = find(tx, cx, id)?;
    if !stand.receiver {
        return Err(db::Error::Missing);
    }
    if r.state == State::Sent { opened(tx, cx, &By::actor(cx), &r) } else { Ok(r) }
}

pub(crate) fn opened(tx: &mut Tx<'_>, cx: &Cx, by: &By, r: &Referral) -> Result<Referral> {
    let after = Referral { opened_at: Some(cx.now), ..moved(r, State::Received)? };
    reach(tx, cx, by, r, &after, "", None)?;
    Ok(after)
}

/// Answers as somebody with an account. Accepting, declining, returning and naming another place are the head's; whoever took the person
/// over says when the service began and what came of it.
///
/// # Errors
/// Denied, missing; a refusal where the referral stands, or at `keeper`, `reason`, `re_refer_to`, `on`, `text`.
pub fn answer(tx: &mut Tx<'_>, cx: &Cx, id: &ReferralId, said: &Answer) -> Result<Referral> {
    let (r, stand) = find(tx, cx, id)?;
    if !stand.receiver {
        // The sender sees the referral and still may not answer for the receiver.
        return if stand.sender.is_some() {
            Err(Refusal::new("access.denied").into())
        } else {
            Err(db::Error::Missing)
        };
    }
    if !stand.answers && !matches!(said, Answer::Start { .. } | Answer::FeedBack { .. }) {
        return Err(Refusal::new("access.denied").into());
    }
    if let (Answer::Accept { keeper: Some(keeper) }, Some(path)) = (said, &r.to_path) {
        let staff = registry::site::colleagues(tx, path, cx.today())?;
        if !staff.iter().any(|(p, _)| p == keeper) || crate::store::avoids(tx, &r.client, keeper)? {
            return Err(Refusal::at("keeper", "register.person_unknown").into());
        }
    }
    answer_as(tx, cx, &By::actor(cx), r, said)
}

pub(crate) fn answer_as(
    tx: &mut Tx<'_>,
    cx: &Cx,
    by: &By,
    r: Referral,
    said: &Answer,
) -> Result<Referral> {
    // Whoever answers has opened it.
    let before = if r.state == State::Sent { opened(tx, cx, by, &r)? } else { r };
    let mut after = moved(&before, said.leads())?;
    let (words, detail) = match said {
        Answer::Accept { keeper } => {
            after.keeper.clone_from(keeper);
            (String::new(), None)
        }
        Answer::Decline { reason } | Answer::Return { reason } => (must("reason", reason)?, None),
        Answer::ReRefer { to, reason } => {
            let to = to.trim();
            if to.is_empty() {
                return Err(Refusal::at("re_refer_to", "register.missing").into());
            }
            let to: String = to.chars().take(120).collect();
            (must("reason", reason)?, Some(to))
        }
        Answer::Start { on } => {
            let sent = before.sent_at.map_or(*on, kernel::Instant::day);
            if *on > cx.today() || *on < sent {
                return Err(Refusal::at("on", "referrals.start_day").into());
            }
            after.first_service = Some(*on);
            (String::new(), Some(on.to_string()))
        }
        Answer::FeedBack { text } => (must("text", text)?, None),
    };
    if before.state.waits() {
        after.answered_at = Some(cx.now);
    }
    reach(tx, cx, by, &before, &after, &words, detail)?;
    tell_sender(tx, cx, &after)?;
    Ok(after)
}

fn must(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::at(field, "referrals.reason_missing").into());
    }
    if text.chars().count() > MOST {
        return Err(Refusal::at(field, "register.too_long").with("n", MOST).into());
    }
    Ok(text.to_owned())
}

fn tell_sender(tx: &mut Tx<'_>, cx: &Cx, r: &Referral) -> Result<()> {
    let key = match r.state {
        State::Accepted => "referrals.notice.accepted",
        State::Declined => "referrals.notice.declined",
        State::Returned => "referrals.notice.returned",
        State::ReReferred => "referrals.notice.re_referred",
        State::InService => "referrals.notice.in_service",
        _ => "referrals.notice.fed_back",
    };
    let message = Message {
        key,
        args: vec![("number", r.number.to_string())],
        href: format!("/referrals/{}", r.id),
        urgent: false,
    };
    notice::tell(tx, cx, &r.worker, &message)
}
