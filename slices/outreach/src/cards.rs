//! What visits say elsewhere: on the day's list, on a site's page, on a client's page and timeline.
use std::collections::BTreeMap;

use access::Cx;
use access::care::{Lens, Sight};
use db::{Result, Tx};
use kernel::{ClientId, Day, PersonId, SiteId};
use web::{Card, Due, DueKind, Load, Moment, Shell};

use crate::acts::{plan, rate, visit};
use crate::model::activity::Standing as Stands;
use crate::model::due::Standing;
use crate::model::visit::Outcome;
use crate::store;
use crate::view::{self, Names};

/// Visits are put before a person this many days ahead.
const AHEAD: i32 = 7;
/// So many are named one by one; the rest are one line.
const NAMED: usize = 8;

/// Visits that are due: one's own by name, those of the people one answers for as a number.
pub(crate) fn dues(tx: &mut Tx<'_>, cx: &Cx, _: &Shell, until: Day) -> Result<Vec<Due>> {
    let mut out = Vec::new();
    if !cx.actor.can("visits.write") {
        return Ok(out);
    }
    let today = cx.today();
    let soon = until.min(today.plus_days(AHEAD));
    let mut all: Vec<Standing> = store::due::standings(tx, cx)?;
    all.retain(|s| s.due() <= soon || s.planned.is_some_and(|p| p <= soon));
    all.sort_by_key(Standing::due);
    let (mine, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|s| s.mine);
    let (lens, mut names) = (Lens::of(tx, cx)?, Names::default());
    for s in mine.iter().take(NAMED) {
        let Some(sight) = lens.sight(tx, &s.client)? else { continue };
        // What is planned for a day stands in the day's schedule; what is due stands among what is to be done.
        out.push(Due {
            kind: if s.planned.is_some() { DueKind::Schedule } else { DueKind::Todo },
            key: "visits.due.visit",
            args: vec![("who", sight.label(&s.client))],
            whom: view::place(tx, &mut names, &s.client, &s.building)?,
            site: s.client.site.clone(),
            site_name: names.region(tx, &s.client.region)?,
            by: Some(s.planned.unwrap_or_else(|| s.due())),
            person: cx.actor.person().cloned(),
            href: format!("/visits/new?client={}", s.client.id),
            icon: "map-pin",
            action: "visits.go",
            ..Due::default()
        });
    }
    let mut line = |key, n: usize, by, href: &str| {
        if n > 0 {
            out.push(Due {
                key,
                args: vec![("n", n.to_string())],
                by,
                href: href.to_owned(),
                icon: "map-pin",
                ..Due::default()
            });
        }
    };
    line(
        "visits.due.more",
        mine.len().saturating_sub(NAMED),
        mine.get(NAMED).map(Standing::due),
        "/visits?show=week",
    );
    let late = others.iter().filter(|s| s.due() < today).count();
    let first = others.first().map(Standing::due);
    line("visits.due.late", late, first, "/visits?who=all&show=late");
    let waiting = store::offline::waiting(tx, cx)?.len();
    line("offline.due.waiting", waiting, Some(today), "/visits/conflicts");
    for n in store::consultation::to_follow(tx, cx, soon)? {
        out.push(Due {
            key: "consultations.due.follow",
            args: vec![("field", n.field.to_string()), ("day", n.day.to_string())],
            site: Some(n.site),
            by: n.follow_on,
            person: cx.actor.person().cloned(),
            href: format!("/consultations/{}", n.id),
            icon: "phone",
            ..Due::default()
        });
    }
    if cx.actor.can("activities.write") {
        activities(tx, cx, soon, &mut out)?;
    }
    Ok(out)
}

/// Visits overdue and still due this month by responsible worker: everybody's under whoever assigns clients, one's own for others.
pub(crate) fn load(tx: &mut Tx<'_>, cx: &Cx) -> Result<Vec<Load>> {
    let Some(of) = web::load_of(cx) else { return Ok(Vec::new()) };
    let (today, end) = (cx.today(), cx.today().end_of_month());
    let mut counts: BTreeMap<PersonId, (i64, i64)> = BTreeMap::new();
    for (keeper, due) in store::due::loads(tx, &cx.actor.scope().path, &of, today)? {
        let (late, soon) = counts.entry(keeper).or_default();
        if due < today {
            *late += 1;
        } else if due <= end {
            *soon += 1;
        }
    }
    let load = |person: &PersonId, key, count, show: &str| Load {
        person: person.clone(),
        key,
        count,
        href: format!("/visits?show={show}"),
    };
    Ok(counts
        .iter()
        .flat_map(|(person, (late, soon))| {
            [
                load(person, "visits.load.late", *late, "late"),
                load(person, "visits.load.month", *soon, "all"),
            ]
        })
        .collect())
}

/// Activities that are coming up, and those that were held and have no summary yet. One without a record is asked for after its day.
fn activities(tx: &mut Tx<'_>, cx: &Cx, soon: Day, out: &mut Vec<Due>) -> Result<()> {
    let today = cx.today();
    for a in store::activity::between(tx, cx, today.plus_days(-60), soon, 200)? {
        let (kind, key, by, href) = match a.standing() {
            Stands::Planned if a.day >= today => {
                (DueKind::Schedule, "activities.due.hold", a.day, "")
            }
            Stands::Planned => (DueKind::Todo, "activities.due.record", a.day, "/record"),
            Stands::Held => {
                (DueKind::Todo, "activities.due.close", a.day.plus_days(14), "/closing")
            }
            Stands::Closed | Stands::Cancelled => continue,
        };
        out.push(Due {
            kind,
            key,
            args: vec![("title", a.title.clone())],
            whom: a.place.clone(),
            site: Some(a.site.clone()),
            site_name: String::new(),
            by: Some(by),
            time: (kind == DueKind::Schedule).then(|| a.time.clone()),
            href: format!("/activities/{}{href}", a.id),
            icon: "flag",
            ..Due::default()
        });
    }
    Ok(())
}

/// 探访率 of the month on a site's page.
pub(crate) fn site(tx: &mut Tx<'_>, cx: &Cx, id: &SiteId) -> Result<Option<Card>> {
    if !cx.actor.can("visits.read") {
        return Ok(None);
    }
    let from = cx.today().start_of_month();
    let month = rate::month(tx, cx, from, from.end_of_month())?;
    let Some((_, rate)) = month.sites().into_iter().find(|(s, _)| s.as_ref() == Some(id)) else {
        return Ok(None);
    };
    Ok(Some(Card {
        title: "visits.rate.title",
        href: format!("/visits/rate?site={id}"),
        rows: vec![
            ("visits.rate.percent".into(), format!("{} %", rate.percent())),
            ("visits.rate.due".into(), rate.due.to_string()),
            ("visits.rate.met".into(), rate.met.to_string()),
        ],
    }))
}

/// The last and the next visit on a client's page.
pub(crate) fn client(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &ClientId,
    sight: Sight,
) -> Result<Option<Card>> {
    if !cx.actor.can("visits.read") {
        return Ok(None);
    }
    let Some(s) = store::due::standing(tx, cx, id)? else { return Ok(None) };
    let (met, all) = store::visit::count_of(tx, id)?;
    let day = |d: Option<Day>| d.map_or_else(|| "—".to_owned(), |d| d.to_string());
    let mut rows = vec![
        ("visits.last".to_owned(), day(s.last_met)),
        ("visits.next".to_owned(), s.due().to_string()),
        ("visits.every".to_owned(), s.every().to_string()),
        ("visits.times".to_owned(), format!("{met} / {all}")),
    ];
    if sight.file {
        let open = store::visit::open_needs(tx, id)?.len();
        if open > 0 {
            rows.push(("visits.needs.open".to_owned(), open.to_string()));
        }
    }
    Ok(Some(Card { title: "visits.title", href: format!("/visits/of/{id}"), rows }))
}

/// Visits on a client's timeline. The viewer may read the file.
pub(crate) fn moments(tx: &mut Tx<'_>, cx: &Cx, id: &ClientId, most: usize) -> Result<Vec<Moment>> {
    if !cx.actor.can("visits.read") {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    for v in store::visit::of_client(tx, id, most)? {
        let said = visit::plain(tx, &v)?;
        out.push(Moment {
            day: v.day,
            at: v.at,
            kind: if v.outcome == Outcome::Met {
                "visits.moment.met"
            } else {
                "visits.moment.tried"
            },
            text: said.note.chars().take(80).collect(),
            href: format!("/visits/{}", v.id),
            icon: "map-pin",
        });
    }
    Ok(out)
}

/// Whose standings a page shows.
pub(crate) fn whose(cx: &Cx, asked: &str) -> plan::Whose {
    match asked {
        "all" => plan::Whose::Everybody,
        "me" => plan::Whose::Mine,
        "" if cx.actor.can("clients.place") || !cx.actor.can("visits.write") => {
            plan::Whose::Everybody
        }
        "" => plan::Whose::Mine,
        person => plan::Whose::Of(person.into()),
    }
}
