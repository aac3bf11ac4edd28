//! What is due: answers within five working days, reminders to whoever sent, services that began, statements about room that grew old.
use access::Cx;
use access::care::Lens;
use db::{Result, Tx};
use kernel::{Day, SiteId};
use web::{Due, DueKind, Shell};

use crate::model::{Referral, STALE_DAYS, State};
use crate::store::{self, Which};

/// At most so many referrals of each side are looked at; they are the latest.
const MOST: i64 = 200;
/// Days of service after which feedback is asked for.
pub(crate) const FEEDBACK_DAYS: i32 = 30;

/// Dues in the asker's scope up to a day.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if !cx.actor.can("referrals.read") {
        return Ok(out);
    }
    for r in store::received(tx, cx, Which::All, i64::MAX, MOST)? {
        let own = || vec![("number", r.number.to_string())];
        let (key, by) = match r.state {
            State::Sent | State::Received if cx.actor.can("referrals.answer") => {
                ("referrals.due.answer", r.answer_by)
            }
            State::Accepted => {
                ("referrals.due.start", r.answered_at.map(|at| at.day().plus_days(7)))
            }
            State::InService => {
                ("referrals.due.feedback", r.first_service.map(|d| d.plus_days(FEEDBACK_DAYS)))
            }
            _ => continue,
        };
        if by.is_some_and(|b| b <= until) {
            let at = r.to_site.clone();
            let kind = match r.state {
                State::Sent | State::Received => DueKind::Approval,
                _ => DueKind::Todo,
            };
            let due = due(tx, key, own(), at, by, format!("/referrals/{}", r.id), "inbox")?;
            out.push(Due { kind, person: r.keeper, ..due });
        }
    }
    if cx.actor.can("referrals.write") {
        sent(tx, cx, shell, &mut out)?;
    }
    if cx.actor.can("referrals.answer") {
        old_room(tx, cx, shell, &mut out)?;
    }
    Ok(out)
}

fn sent(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, out: &mut Vec<Due>) -> Result<()> {
    let lens = Lens::of(tx, cx)?;
    let today = cx.today();
    for r in store::sent(tx, &lens, Which::All, today, i64::MAX, MOST)? {
        // Only whoever sent it follows it up.
        if Some(&r.worker) != cx.actor.person() {
            continue;
        }
        let number = ("number", r.number.to_string());
        let href = format!("/referrals/{}", r.id);
        let site = Some(r.site.clone());
        if r.late_on(today) {
            let args = vec![number, ("to", r.to_name.clone())];
            let due = due(tx, "referrals.due.remind", args, site, r.answer_by, href, "send")?;
            out.push(Due { person: Some(r.worker), ..due });
        } else if matches!(
            r.state,
            State::Declined | State::Returned | State::ReReferred | State::FedBack
        ) {
            let args = vec![
                number,
                ("state", word(shell, locale::Lang::Zh, &r)),
                ("state_en", word(shell, locale::Lang::En, &r)),
            ];
            let due = due(tx, "referrals.due.close", args, site, Some(today), href, "send")?;
            out.push(Due { kind: DueKind::Returned, person: Some(r.worker), ..due });
        }
    }
    Ok(())
}

fn word(shell: &Shell, lang: locale::Lang, r: &Referral) -> String {
    shell.catalogue.text(lang, &format!("referrals.state.{}", r.state)).to_owned()
}

fn old_room(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, out: &mut Vec<Due>) -> Result<()> {
    let today = cx.today();
    let mine: Vec<SiteId> = registry::site::under(tx, &cx.actor.scope().path, today)?
        .into_iter()
        .map(|s| s.id)
        .collect();
    for c in store::capacities(tx, "")? {
        let Some(site) = c.site.clone().filter(|s| c.stale_on(today) && mine.contains(s)) else {
            continue;
        };
        let key = format!("referrals.field.{}", c.field);
        let what = |lang| shell.catalogue.text(lang, &key).to_owned();
        let args = vec![("what", what(locale::Lang::Zh)), ("what_en", what(locale::Lang::En))];
        let by = Some(c.confirmed.plus_days(STALE_DAYS));
        let href = "/referrals/capacity".to_owned();
        out.push(due(tx, "referrals.due.capacity", args, Some(site), by, href, "table")?);
    }
    Ok(())
}

fn due(
    tx: &mut Tx<'_>,
    key: &'static str,
    args: Vec<(&'static str, String)>,
    site: Option<SiteId>,
    by: Option<Day>,
    href: String,
    icon: &'static str,
) -> Result<Due> {
    let name = match &site {
        Some(id) => registry::site::find(tx, id)?.map_or_else(String::new, |s| s.short()),
        None => String::new(),
    };
    let clause = "4B.1-2".into();
    Ok(Due { key, args, site, site_name: name, by, href, icon, clause, ..Due::default() })
}
