//! What residents say elsewhere: what runs out and what waits on the day's list, consents on the client's page, the file's own history on the timeline.
use access::Cx;
use access::care::{Lens, Sight};
use db::{Result, Tx};
use kernel::{ClientId, Day};
use registry::client::Client;
use registry::consent::Scope;
use web::{Card, Due, DueKind, Moment, Shell};

use crate::acts::{assign, risk};
use crate::store;

/// What runs out is said so many days before.
const AHEAD: i32 = 30;
/// So many are named one by one; the rest are one line.
const NAMED: usize = 5;

/// Consents and categories that run out for those one answers for, and requests that wait for one's word.
///
/// # Errors
/// The engine's fault.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if cx.actor.can("clients.assign") || cx.actor.can("cases.approve") {
        let own = cx.actor.account();
        let n = assign::waiting(tx, cx)?.iter().filter(|(r, ..)| r.asked_by != *own).count();
        if n > 0 {
            out.push(Due {
                key: "clients.due.requests",
                args: vec![("n", n.to_string())],
                href: "/clients/requests".into(),
                icon: "checkbox",
                kind: DueKind::Approval,
                ..Due::default()
            });
        }
    }
    let Some(me) = cx.actor.person().filter(|_| cx.actor.can("clients.write")).cloned() else {
        return Ok(out);
    };
    let lens = Lens::of(tx, cx)?;
    let say = |lang, key: &str| shell.catalogue.text(lang, key).to_owned();
    let ends = until.min(cx.today().plus_days(AHEAD));
    // One line for a person, whatever runs out.
    let mut consents: Vec<(Client, Vec<Scope>, Day)> = Vec::new();
    for (client, scope, by) in store::due::consents_ending(tx, cx, &me, ends)? {
        match consents.iter_mut().find(|c| c.0.id == client.id) {
            Some(c) => c.1.push(scope),
            None => consents.push((client, vec![scope], by)),
        }
    }
    for (client, scopes, by) in consents.iter().take(NAMED) {
        let Some(sight) = lens.sight(tx, client)? else { continue };
        let words = |lang, sep: &str| {
            let all: Vec<String> =
                scopes.iter().map(|s| say(lang, &format!("clients.scope.{s}"))).collect();
            all.join(sep)
        };
        out.push(Due {
            key: if *by <= cx.today() { "clients.due.consent_over" } else { "clients.due.consent" },
            args: vec![
                ("who", sight.label(client)),
                ("what", words(locale::Lang::Zh, "、")),
                ("what_en", words(locale::Lang::En, ", ")),
            ],
            site: client.site.clone(),
            by: Some(*by),
            href: format!("/clients/{}/consents", client.id),
            icon: "clipboard-check",
            person: Some(me.clone()),
            ..Due::default()
        });
    }
    if consents.len() > NAMED {
        out.push(Due {
            key: "clients.due.consents",
            args: vec![("n", (consents.len() - NAMED).to_string())],
            by: consents.get(NAMED).map(|c| c.2),
            href: "/clients?worker=me&consents=1".into(),
            icon: "clipboard-check",
            person: Some(me.clone()),
            ..Due::default()
        });
    }
    for (client, category, by) in
        store::due::categories_ending(tx, cx, &me, ends)?.iter().take(NAMED)
    {
        let Some(sight) = lens.sight(tx, client)? else { continue };
        let key = format!("clients.category.{category}");
        out.push(Due {
            key: "clients.due.category",
            args: vec![
                ("who", sight.label(client)),
                ("what", say(locale::Lang::Zh, &key)),
                ("what_en", say(locale::Lang::En, &key)),
            ],
            site: client.site.clone(),
            by: Some(*by),
            href: format!("/clients/{}", client.id),
            icon: "calendar",
            person: Some(me.clone()),
            ..Due::default()
        });
    }
    Ok(out)
}

/// What the client agrees to today, and what runs out within thirty days.
///
/// # Errors
/// The engine's fault.
pub(crate) fn client_card(
    tx: &mut Tx<'_>,
    cx: &Cx,
    client: &ClientId,
    sight: Sight,
) -> Result<Option<Card>> {
    if !sight.file || !sight.name {
        return Ok(None);
    }
    let (today, soon) = (cx.today(), cx.today().plus_days(AHEAD));
    let all = store::consents(tx, client)?;
    let mut rows = Vec::new();
    for scope in Scope::ALL {
        let live = all.iter().filter(|c| c.scope == *scope && c.holds_on(today));
        // The one that lasts longest counts; without an end it lasts.
        let Some(last) = live.map(|c| c.until.map_or(Day(i32::MAX), |u| u)).max() else { continue };
        let value = match last {
            Day(i32::MAX) => "✓".to_owned(),
            day if day <= soon => format!("⚠ {day}"),
            day => format!("✓ {day}"),
        };
        rows.push((format!("clients.scope.{scope}"), value));
    }
    if rows.is_empty() {
        rows.push(("clients.card.no_consent".to_owned(), String::new()));
    }
    let href = format!("/clients/{client}/consents");
    Ok(Some(Card { title: "clients.tab.consents", href, rows }))
}

/// The file's own history: grades, consents given and taken back, who took it on, categories. The viewer may read the file.
///
/// # Errors
/// The engine's fault.
pub(crate) fn moments(tx: &mut Tx<'_>, _: &Cx, id: &ClientId, most: usize) -> Result<Vec<Moment>> {
    let moment = |day: Day, at, kind, text: String, href: String, icon| Moment {
        day,
        at,
        kind,
        text,
        href,
        icon,
    };
    let mut out = Vec::new();
    for g in risk::history(tx, id)?.into_iter().filter(|g| g.risk.client == *id) {
        let key = match g.risk.grade {
            registry::client::RiskGrade::Critical => "clients.moment.critical",
            registry::client::RiskGrade::High => "clients.moment.high",
            registry::client::RiskGrade::Medium => "clients.moment.medium",
            registry::client::RiskGrade::Low => "clients.moment.low",
        };
        let href = format!("/clients/{id}");
        out.push(moment(g.risk.day, g.risk.at, key, g.reason, href, "alert-triangle"));
    }
    for c in store::consents(tx, id)?.into_iter().filter(|c| c.client == *id) {
        let href = format!("/clients/{id}/consents");
        let (given, taken_back) = match c.scope {
            Scope::Service => ("clients.moment.service", "clients.moment.service_back"),
            Scope::Information => ("clients.moment.information", "clients.moment.information_back"),
            Scope::Sensitive => ("clients.moment.sensitive", "clients.moment.sensitive_back"),
            Scope::Photos => ("clients.moment.photos", "clients.moment.photos_back"),
            Scope::Sharing => ("clients.moment.sharing", "clients.moment.sharing_back"),
            Scope::Publicity => ("clients.moment.publicity", "clients.moment.publicity_back"),
        };
        let with = c.partner.clone().unwrap_or_default();
        out.push(moment(
            c.since,
            c.since.start(),
            given,
            with.clone(),
            href.clone(),
            "clipboard-check",
        ));
        if let Some(on) = c.withdrawn_on {
            out.push(moment(on, on.start(), taken_back, with, href, "x"));
        }
    }
    for a in registry::client::assignments_of(tx, id)? {
        let name = registry::people::find(tx, &a.person)?.map_or_else(String::new, |p| p.name);
        let href = format!("/clients/{id}");
        out.push(moment(
            a.since,
            a.since.start(),
            "clients.moment.assigned",
            name,
            href,
            "user-check",
        ));
    }
    out.sort_by_key(|m| std::cmp::Reverse((m.day, m.at)));
    out.truncate(most);
    Ok(out)
}
