//! What is due at schools: agreements that run out, schools without a service for a month. Derived, never stored.
use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use web::{Due, Shell};

use crate::store;

/// Days before an agreement's end, and days without a service, after which it is told.
pub(crate) const DAYS: i32 = 30;

/// Dues in the asker's scope: agreements for who signs them, services for who is placed.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _shell: &Shell, _until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    let (writes, serves) = (cx.actor.can("schools.write"), cx.actor.can("schools.serve"));
    if !writes && !serves {
        return Ok(out);
    }
    let today = cx.today();
    for school in store::schools(tx, cx, today)? {
        let services = store::services(tx, &school.id)?;
        for p in store::placements(tx, &school.id)? {
            if !p.period().holds_on(today) {
                continue;
            }
            let due = |key, by: Option<Day>, href: String| Due {
                key,
                args: vec![("school", school.name.clone())],
                by,
                href,
                icon: "school",
                clause: "2-5c".into(),
                person: Some(p.person.clone()),
                ..Due::default()
            };
            if writes && p.ends_within(today, DAYS) {
                out.push(due("schools.due.ending", p.until, format!("/schools/{}", school.id)));
            }
            let last = services.iter().filter(|s| s.placement == p.id).map(|s| s.day).max();
            let since = last.unwrap_or(p.since);
            if cx.actor.person() == Some(&p.person) && today >= since.plus_days(DAYS) {
                let href = format!("/schools/placements/{}/services/new", p.id);
                out.push(due("schools.due.silent", Some(since.plus_days(DAYS)), href));
            }
        }
    }
    Ok(out)
}
