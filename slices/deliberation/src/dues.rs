//! What is due: notices to be posted, meetings, actions that are late, resolutions to be reported back.
use access::Cx;
use db::{Result, Tx};
use kernel::Day;
use web::{Due, DueKind, Shell};

use crate::{store, view};

/// At most so many issues are looked at.
const MOST: i64 = 300;

/// Dues in the asker's scope up to a day.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if !cx.actor.can("deliberation.write") {
        return Ok(out);
    }
    for issue in store::issues(tx, cx, "", "", MOST)? {
        if issue.state.ended() {
            continue;
        }
        let last = store::latest_meeting(tx, &issue.id)?;
        let actions = store::actions(tx, &issue.id)?;
        let (next, by) = view::next(&issue, last.as_ref(), &actions);
        if next.is_empty() || by.is_some_and(|b| b > until) {
            continue;
        }
        let site = registry::site::find(tx, &issue.site)?;
        let meeting = next == "deliberation.next.meet";
        out.push(Due {
            key: sentence(next),
            kind: if meeting { DueKind::Schedule } else { DueKind::Todo },
            person: Some(issue.worker.clone()),
            args: vec![("title", issue.title.clone())],
            site: Some(issue.site.clone()),
            site_name: site.map_or_else(String::new, |s| s.short()),
            by,
            href: format!("/deliberations/{}", issue.id),
            icon: "message-2",
            clause: "4B.1-9".into(),
            ..Due::default()
        });
    }
    Ok(out)
}

/// The due of a next step.
fn sentence(next: &str) -> &'static str {
    match next {
        "deliberation.next.screen" => "deliberation.due.screen",
        "deliberation.next.schedule" => "deliberation.due.schedule",
        "deliberation.next.notice" => "deliberation.due.notice",
        "deliberation.next.meet" => "deliberation.due.meet",
        "deliberation.next.resolve" => "deliberation.due.resolve",
        "deliberation.next.execute" => "deliberation.due.execute",
        "deliberation.next.act" => "deliberation.due.act",
        "deliberation.next.feed_back" => "deliberation.due.feed_back",
        "deliberation.next.evaluate" => "deliberation.due.evaluate",
        _ => "deliberation.due.archive",
    }
}
