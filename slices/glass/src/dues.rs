//! What is due: looks that wait for their review.
use access::Cx;
use access::notice::{self, Message};
use db::{Result, Tx};
use kernel::Day;
use web::{Due, Shell};

use crate::model::REVIEW_DAYS;
use crate::store;

/// The most looks that one round reminds of.
const MOST: i64 = 100;

/// Reminds the reviewers once of each look whose days of review have passed.
///
/// # Errors
/// The engine's fault.
pub(crate) fn sweep(tx: &mut Tx<'_>, cx: &Cx) -> Result<usize> {
    let step = "glass.overdue";
    let before = cx.today().plus_days(1 - REVIEW_DAYS).start();
    let mut told = 0;
    for (glass, path) in store::forgotten(tx, before, step, MOST)? {
        if notice::first_time(tx, cx, glass.id.as_str(), step)? {
            let message = Message {
                key: "glass.notice_overdue",
                args: vec![("at", glass.opened_at.local())],
                href: format!("/glass#look-{}", glass.id),
                urgent: true,
            };
            notice::tell_whoever_can(tx, cx, "clients.glass_review", &path, &message)?;
            told += 1;
        }
    }
    Ok(told)
}

pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _: &Shell, until: Day) -> Result<Vec<Due>> {
    if !cx.actor.can("clients.glass_review") {
        return Ok(Vec::new());
    }
    let looks = store::looks(tx, cx, 200)?;
    let waiting = looks
        .into_iter()
        .filter(|(g, _, _)| g.reviewed_at.is_none() && g.account != *cx.actor.account());
    Ok(waiting
        .map(|(g, _, who)| {
            let by = g.opened_at.day().plus_days(REVIEW_DAYS);
            Due {
                key: "glass.due",
                args: vec![("who", who)],
                by: Some(by),
                href: format!("/glass#look-{}", g.id),
                icon: "shield-lock",
                ..Due::default()
            }
        })
        .filter(|due| due.by.is_some_and(|by| by <= until))
        .collect())
}
