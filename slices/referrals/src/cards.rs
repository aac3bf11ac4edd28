//! What other pages show of referrals: a site's card, a client's card and timeline, search by number.
use access::Cx;
use access::care::Sight;
use db::{Result, Tx};
use kernel::{ClientId, SiteId};
use web::{Card, Found, Matter, Moment};

use crate::model::State;
use crate::{acts, dues, store};

/// What a site sent and received.
///
/// # Errors
/// The engine's fault.
pub(crate) fn site(tx: &mut Tx<'_>, cx: &Cx, site: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("referrals.read") {
        return Ok(None);
    }
    let [sent, received, waiting, late] = store::counts(tx, site, cx.today())?;
    let rows = [
        ("referrals.card.sent", sent),
        ("referrals.card.received", received),
        ("referrals.card.waiting", waiting),
        ("referrals.card.late", late),
    ];
    Ok(Some(Card {
        title: "referrals.title",
        href: "/referrals".into(),
        rows: rows.into_iter().map(|(k, n)| (k.to_owned(), n.to_string())).collect(),
    }))
}

/// How often a client was referred, and when last.
///
/// # Errors
/// The engine's fault.
pub(crate) fn client(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    sight: Sight,
) -> Result<Option<Card>> {
    if !cx.actor.can("referrals.read") {
        return Ok(None);
    }
    let all = store::of_client(tx, client, 100)?;
    let mut rows = vec![("referrals.card.times".to_owned(), all.len().to_string())];
    if let Some(last) = all.first() {
        rows.push(("referrals.card.latest".into(), last.at.day().to_string()));
        if sight.file {
            rows.push(("referrals.fact.to".into(), last.to_name.clone()));
        }
    }
    let href = match all.first() {
        Some(last) => format!("/referrals/{}", last.id),
        None => format!("/referrals/new?client={client}"),
    };
    Ok(Some(Card { title: "referrals.title", href, rows }))
}

/// The referrals of a client, for a viewer who reads the file.
///
/// # Errors
/// The engine's fault.
pub(crate) fn moments(
    tx: &mut Tx<'_>,
    _: &Cx,
    client: &ClientId,
    most: usize,
) -> Result<Vec<Moment>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let all = store::of_client(tx, client, limit)?;
    Ok(all
        .into_iter()
        .map(|r| {
            let at = r.sent_at.unwrap_or(r.at);
            Moment {
                day: at.day(),
                at,
                kind: "referrals.moment",
                text: r.to_name,
                href: format!("/referrals/{}", r.id),
                icon: "send",
            }
        })
        .collect())
}

/// The referrals of a client with the clock that runs in each, for a viewer who reads the file.
///
/// # Errors
/// The engine's fault.
pub(crate) fn matters(tx: &mut Tx<'_>, cx: &Cx, client: &ClientId) -> Result<Vec<Matter>> {
    if !cx.actor.can("referrals.read") {
        return Ok(Vec::new());
    }
    Ok(store::of_client(tx, client, 100)?
        .into_iter()
        .map(|r| {
            let (clock, by) = match r.state {
                s if s.waits() => ("referrals.clock.answer", r.answer_by),
                State::Accepted => {
                    ("referrals.clock.start", r.answered_at.map(|at| at.day().plus_days(7)))
                }
                State::InService => (
                    "referrals.clock.feedback",
                    r.first_service.map(|d| d.plus_days(dues::FEEDBACK_DAYS)),
                ),
                _ => ("", None),
            };
            Matter {
                state: format!("referrals.state.{}", r.state),
                since: r.sent_at.unwrap_or(r.at).day(),
                clock,
                by,
                href: format!("/referrals/{}", r.id),
                text: r.to_name,
            }
        })
        .collect())
}

/// A referral by its short number, as `12` or `转介 12`.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    let typed = words.trim().trim_start_matches("转介").trim_start_matches('#').trim();
    let Ok(number) = typed.parse::<i64>() else { return Ok(Vec::new()) };
    if !cx.actor.can("referrals.read") {
        return Ok(Vec::new());
    }
    let Some(r) = store::numbered(tx, number)? else { return Ok(Vec::new()) };
    match acts::find(tx, cx, &r.id) {
        Ok(_) => Ok(vec![Found {
            kind: "referrals.found",
            label: format!("转介 {number}"),
            detail: r.to_name,
            href: format!("/referrals/{}", r.id),
            icon: "send",
        }]),
        Err(db::Error::Missing) => Ok(Vec::new()),
        Err(e) => Err(e),
    }
}
