//! What this slice shows elsewhere: on a site's page, on a client's page and timeline, in the search.
use access::Cx;
use access::care::Sight;
use db::{Result, Tx};
use kernel::{ClientId, SiteId};
use web::{Card, Found, Load, Moment};

use crate::look::{self, phase_of};
use crate::model::Phase;
use crate::model::figures::Figures;
use crate::store;

/// Running groups of everybody under whoever assigns clients, of oneself for others.
///
/// # Errors
/// The engine's fault.
pub(crate) fn load(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Load>> {
    let Some(of) = web::load_of(cx) else { return Ok(Vec::new()) };
    let all = store::loads(tx, &cx.actor.scope().path, &of, cx.today())?;
    let load = |(person, count)| Load { person, key: "groups.load", count, href: "/groups".into() };
    Ok(all.into_iter().map(load).collect())
}

/// Groups that a site runs and ran.
pub(crate) fn of_site(tx: &mut Tx<'_>, cx: &Cx, site: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("groups.read") {
        return Ok(None);
    }
    let groups = store::of_site(tx, cx, site)?;
    if groups.is_empty() {
        return Ok(None);
    }
    let (mut running, mut closed, mut times) = (0, 0, 0);
    let year = cx.today().start_of_year();
    for g in &groups {
        match phase_of(&store::phases(tx, &g.id)?) {
            Phase::Closed => closed += 1,
            Phase::Preparing => {}
            _ => running += 1,
        }
        let mut records = store::records(tx, &g.id)?;
        records.retain(|r| r.day >= year);
        let members = store::members(tx, &g.id)?;
        times += Figures::of(&records, &members, &store::presences(tx, &g.id)?).person_times();
    }
    Ok(Some(Card {
        title: "groups.title",
        href: "/groups?phase=all".into(),
        rows: vec![
            ("groups.card.running".into(), running.to_string()),
            ("groups.card.closed".into(), closed.to_string()),
            ("groups.card.times".into(), times.to_string()),
        ],
    }))
}

/// The groups a client is or was in. Which groups somebody attends is part of their file.
pub(crate) fn of_client(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    sight: Sight,
) -> Result<Option<Card>> {
    if !sight.file || !cx.actor.can("groups.read") {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for (group, member) in store::of_client(tx, client)? {
        let came = store::attended(tx, &member.id, i64::MAX)?.len();
        let held = store::records(tx, &group.id)?.len();
        rows.push((group.name, format!("{came} / {held}")));
    }
    Ok((!rows.is_empty()).then(|| Card { title: "groups.title", href: "/groups".into(), rows }))
}

/// Sessions a client attended. The link leads on for those who may read the group.
pub(crate) fn moments(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    most: usize,
) -> Result<Vec<Moment>> {
    let mut out = Vec::new();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    for (group, member) in store::of_client(tx, client)? {
        let opens = cx.actor.can("groups.read") && look::of(tx, cx, &group)?.content;
        for (session, record) in store::attended(tx, &member.id, limit)? {
            let href = if opens {
                format!("/groups/{}/sessions/{}", group.id, session.id)
            } else {
                String::new()
            };
            out.push(Moment {
                day: record.day,
                at: record.at,
                kind: "groups.moment.session",
                text: format!("{} · {}", group.name, session.theme),
                href,
                icon: "users-group",
            });
        }
    }
    out.sort_by_key(|m| std::cmp::Reverse((m.day, m.at)));
    out.truncate(most);
    Ok(out)
}

/// At most so many hits.
const MOST: i64 = 8;

/// Groups whose name holds the words.
pub(crate) fn search(tx: &mut Tx<'_>, cx: &Cx, words: &str) -> Result<Vec<Found>> {
    let words = words.trim();
    if words.is_empty() || !cx.actor.can("groups.read") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for g in store::search(tx, cx, words, MOST)? {
        let detail = registry::site::find(tx, &g.site)?.map_or_else(String::new, |s| s.name);
        out.push(Found {
            kind: "groups.found",
            href: format!("/groups/{}", g.id),
            label: g.name,
            detail,
            icon: "users-group",
        });
    }
    Ok(out)
}
