//! What is due in cases and reports, and what cases show on other pages. Sentences name a case by its number and nobody by name.
use access::Cx;
use access::care::Sight;
use db::{Result, Tx};
use kernel::{ClientId, Day, SiteId};
use web::{Card, Due, DueKind, Found, Load, Moment, Shell};

use crate::acts::{notes, reports};
use crate::model::report::Rung;
use crate::model::{RequestKind, clock};
use crate::store::{self, Asked};

/// The most cases whose clocks are read for one person's day.
const MOST: i64 = 500;

/// Dues of the asker up to a day: the clocks of their own cases, requests that wait for them, records to supervise, reports on their rung.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if cx.actor.can("cases.write") && cx.actor.person().is_some() {
        own(tx, cx, until, &mut out)?;
    }
    if cx.actor.can("cases.approve") {
        for q in store::waiting(tx, cx)? {
            if q.asked_by == *cx.actor.account() {
                continue;
            }
            let Some(case) = store::find_unguarded(tx, &q.case_file)? else { continue };
            let key = match q.kind {
                RequestKind::Opening => "casework.due.opening",
                RequestKind::Closure => "casework.due.closure",
                RequestKind::Transfer => "casework.due.transfer",
                RequestKind::LowerRisk => "casework.due.lower_risk",
            };
            let by = kernel::calendar::plus_working(q.at.day(), 5);
            out.push(due(key, case.number(), Some(by), "/cases/inbox".into(), "inbox"));
        }
    }
    if let Some(person) = cx.actor.person().cloned() {
        for q in store::offered(tx, person.as_str())? {
            let Some(case) = store::find_unguarded(tx, &q.case_file)? else { continue };
            out.push(due(
                "casework.due.offered",
                case.number(),
                None,
                "/cases/inbox".into(),
                "inbox",
            ));
        }
    }
    if cx.actor.can("cases.supervise") {
        let n = store::to_review(tx, cx, 100)?.len();
        if n > 0 {
            let mut one =
                due("casework.due.review", String::new(), None, "/cases/supervision".into(), "eye");
            one.args = vec![("n", n.to_string())];
            out.push(one);
        }
    }
    if cx.actor.can("reports.write") {
        ladder(tx, cx, &mut out)?;
    }
    Ok(out)
}

fn own(tx: &mut Tx<'_>, cx: &Cx, until: Day, out: &mut Vec<Due>) -> Result<()> {
    for stage in ["open", "follow_up"] {
        let asked = Asked { stage: stage.into(), mine: true, ..Asked::default() };
        for line in store::list(tx, cx, &asked, MOST, 0)? {
            for c in clock::running(&line.face) {
                if c.by > until || c.key == "approval" {
                    continue;
                }
                let key = match c.key {
                    "response" => "casework.due.response",
                    "decision" => "casework.due.decision",
                    "assessment" => "casework.due.assessment",
                    "plan" => "casework.due.plan",
                    "review" => "casework.due.plan_review",
                    "contact" => "casework.due.contact",
                    "follow_up" => "casework.due.follow_up",
                    _ => "casework.due.crisis",
                };
                let href = crate::pages::clock_href(line.case.id.as_str(), c.key);
                let mut one = due(key, line.case.number(), Some(c.by), href, "folder");
                if c.key == "contact" {
                    one.kind = DueKind::Schedule;
                }
                one.person = cx.actor.person().cloned();
                one.site = Some(line.case.site.clone());
                if let Some(site) = registry::site::find(tx, &line.case.site)? {
                    one.site_name = site.short();
                }
                out.push(one);
            }
        }
    }
    Ok(())
}

/// Reports whose police were not told: the station at once, the street after two hours, the district after a day; the reporter always.
fn ladder(tx: &mut Tx<'_>, cx: &Cx, out: &mut Vec<Due>) -> Result<()> {
    for row in reports::list(tx, cx)? {
        if !row.waits() {
            continue;
        }
        let (_, sight) = reports::find(tx, cx, &row.id)?;
        let wide = cx.actor.can("reports.reporter");
        let street = !wide && !cx.actor.can("cases.approve") && !cx.actor.can("cases.supervise");
        let mine = match row.rung(cx.now) {
            Rung::Station => sight.mine || !(wide || street),
            Rung::Street => sight.mine || !wide,
            Rung::District => true,
        };
        if mine {
            let href = format!("/reports/{}", row.id);
            let mut one = due(
                "casework.due.report",
                String::new(),
                Some(row.found_at.day()),
                href,
                "alert-triangle",
            );
            one.args = vec![("number", row.number()), ("n", row.minutes(cx.now).to_string())];
            out.push(one);
        }
    }
    Ok(())
}

fn due(key: &'static str, case: String, by: Option<Day>, href: String, icon: &'static str) -> Due {
    Due { key, args: vec![("case", case)], by, href, icon, ..Due::default() }
}

/// Open cases of everybody under whoever assigns clients, of oneself for others.
///
/// # Errors
/// The engine's fault.
pub(crate) fn load(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Load>> {
    let Some(of) = web::load_of(cx) else { return Ok(Vec::new()) };
    let all = store::loads(tx, &cx.actor.scope().path, &of, cx.today())?;
    let load = |(person, count)| Load {
        person,
        key: "casework.load",
        count,
        href: "/cases?stage=open&mine=1".into(),
    };
    Ok(all.into_iter().map(load).collect())
}

/// The client's cases on the client's page.
///
/// # Errors
/// The engine's fault.
pub(crate) fn client_card(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    _sight: Sight,
) -> Result<Option<Card>> {
    if !cx.actor.can("cases.read") {
        return Ok(None);
    }
    let all = store::of_client(tx, client)?;
    let Some(latest) = all.first() else {
        let writes = cx.actor.can("cases.write");
        let href = format!("/cases/new?client={client}");
        let rows = vec![("casework.card.none".to_owned(), String::new())];
        return Ok(writes.then_some(Card { title: "casework.title", href, rows }));
    };
    let rows = all
        .iter()
        .take(5)
        .map(|c| {
            let span = c.closed_on.map_or_else(String::new, |d| format!(" – {d}"));
            (
                format!("casework.stage.{}", c.stage),
                format!("{} · {}{span}", c.number(), c.opened_on),
            )
        })
        .collect();
    Ok(Some(Card { title: "casework.title", href: format!("/cases/{}", latest.id), rows }))
}

/// How many cases a site has at each stage: numbers, for whoever may count.
///
/// # Errors
/// The engine's fault.
pub(crate) fn card(tx: &mut Tx<'_>, cx: &Cx, site: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("cases.counts") {
        return Ok(None);
    }
    let rows: Vec<(String, String)> = store::tally(tx, site.as_str())?
        .into_iter()
        .map(|(stage, n)| (format!("casework.stage.{stage}"), n.to_string()))
        .collect();
    Ok((!rows.is_empty()).then_some(Card { title: "casework.title", href: "/cases".into(), rows }))
}

/// What happened in a client's cases. The caller has seen the file.
///
/// # Errors
/// The engine's fault.
pub(crate) fn moments(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    most: usize,
) -> Result<Vec<Moment>> {
    if !cx.actor.can("cases.read") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for case in store::of_client(tx, client)? {
        for n in store::notes_of(tx, &case.id)?.into_iter().take(most) {
            let said = notes::words(tx, &case, &n)?;
            out.push(Moment {
                day: n.day,
                at: n.at,
                kind: "casework.note.kind",
                text: said.facts.chars().take(80).collect(),
                href: format!("/cases/{}/process", case.id),
                icon: "notebook",
            });
        }
        out.push(Moment {
            day: case.opened_on,
            at: case.opened_on.start(),
            kind: "casework.opened.kind",
            text: case.number(),
            href: format!("/cases/{}", case.id),
            icon: "folder",
        });
    }
    out.sort_by_key(|m| std::cmp::Reverse((m.day, m.at)));
    out.truncate(most);
    Ok(out)
}

/// Cases by number, or by the client's name for whoever knows names.
///
/// # Errors
/// The engine's fault.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    if !cx.actor.can("cases.read") {
        return Ok(Vec::new());
    }
    let asked = Asked { words: words.to_owned(), ..Asked::default() };
    let mut out = Vec::new();
    for line in store::list(tx, cx, &asked, 8, 0)? {
        let (client, sight) = access::care::find(tx, cx, &line.case.client)?;
        out.push(Found {
            kind: "casework.title",
            label: line.case.number(),
            detail: sight.label(&client),
            href: format!("/cases/{}", line.case.id),
            icon: "folder",
        });
    }
    Ok(out)
}
