//! What is due in group work: plans to approve, records of sessions that were held, the report after the last one. Derived, never stored.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, PersonId};
use web::{Due, DueKind, Shell};

use crate::acts::plan::standing;
use crate::look;
use crate::model::{Group, Phase, ReviewStep, WorkerRole};
use crate::store;

/// Dues in the asker's scope up to a day: what the asker leads, and what a head or deputy has to see to.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if !cx.actor.can("groups.write") {
        return Ok(out);
    }
    let approves = cx.actor.can("groups.approve");
    for g in store::groups(tx, cx)? {
        let look = look::of(tx, cx, &g)?;
        if !look.writes || look.phase == Phase::Closed {
            continue;
        }
        let lead = store::workers(tx, &g.id)?
            .into_iter()
            .find(|w| w.role == WorkerRole::Lead && w.until.is_none())
            .map(|w| w.person);
        let mine = lead.as_ref() == cx.actor.person();
        let site = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.short());
        let base = |href: String| of_group(&g, &site, lead.clone(), href);
        if approves && !mine && standing(&store::reviews(tx, &g.id)?) == Some(ReviewStep::Submitted)
        {
            out.push(Due {
                key: "groups.due.review",
                icon: "clipboard-check",
                kind: DueKind::Approval,
                ..base(format!("/groups/{}", g.id))
            });
        }
        let records = store::records(tx, &g.id)?;
        let sessions = store::sessions(tx, &g.id)?;
        let mut open = false;
        for s in sessions.iter().filter(|s| !records.iter().any(|r| r.session == s.id)) {
            open = true;
            if s.day > until || !look.leads {
                continue;
            }
            let mut due = base(format!("/groups/{}/sessions/{}", g.id, s.id));
            due.args.push(("n", s.number.to_string()));
            out.push(Due {
                key: if s.day > cx.today() { "groups.due.session" } else { "groups.due.record" },
                // Within 24 hours of the session.
                by: Some(if s.day > cx.today() { s.day } else { s.day.plus_days(1) }),
                time: (s.day >= cx.today()).then(|| s.begins.clone()),
                icon: "users-group",
                ..due
            });
        }
        let held = i64::try_from(records.len()).unwrap_or_default();
        if !open && held >= g.planned && look.leads && !store::reported(tx, &g.id)? {
            let last = records.iter().map(|r| r.day).max();
            out.push(Due {
                key: "groups.due.report",
                by: last.map(|d| d.plus_days(14)),
                icon: "file-text",
                ..base(format!("/groups/{}/report", g.id))
            });
        }
    }
    Ok(out)
}

fn of_group(g: &Group, site: &str, lead: Option<PersonId>, href: String) -> Due {
    Due {
        args: vec![("name", g.name.clone())],
        site: Some(g.site.clone()),
        site_name: site.to_owned(),
        href,
        person: lead,
        ..Due::default()
    }
}
