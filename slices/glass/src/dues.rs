//! What is due: looks that wait for their review.
use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use web::{Due, Shell};

use crate::model::REVIEW_DAYS;
use crate::store;

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
