//! The schools of the viewer's scope with coverage (M06) and where social work has landed (M03); one school with agreements and services.
use access::Cx;
use askama::Template;
use axum::extract::Path;
use db::{Result, Tx};
use kernel::{Day, PersonId, Ratio};
use web::{Frame, Req, page};

use super::Page;
use crate::model::{Placement, ServiceKind};
use crate::store;
use crate::view::{self, School};

pub(super) fn person(tx: &mut Tx<'_>, id: &PersonId) -> Result<String> {
    Ok(registry::people::find(tx, id)?.map_or_else(String::new, |p| p.name))
}

/// The beginning of the school year that a day lies in: 1 September.
pub(super) fn school_year(day: Day) -> Day {
    let september = day.start_of_year().plus_months(8);
    if day >= september { september } else { september.plus_years(-1) }
}

struct Line {
    href: String,
    name: String,
    street: String,
    workers: String,
    mode: String,
    until: String,
    soon: bool,
    services: i64,
    pupils: i64,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "schools.html")]
struct List {
    frame: Frame,
    lines: Vec<Line>,
    covered: usize,
    landed: usize,
    all: usize,
    share: String,
    percent: usize,
    year: String,
    opens: bool,
}

fn line(tx: &mut Tx<'_>, req: &Req, s: &School, today: Day) -> Result<Line> {
    let live = s.live(today);
    let mut names = Vec::new();
    for p in &live {
        names.push(person(tx, &p.person)?);
    }
    let (mut services, mut pupils) = (0, 0);
    for (n, reached) in s.counts(school_year(today)).values() {
        services += n;
        pupils += reached;
    }
    let mut modes: Vec<String> =
        live.iter().map(|p| req.t(&format!("schools.mode.{}", p.mode))).collect();
    modes.dedup();
    let until = live.iter().map(|p| p.until.unwrap_or(Day::MAX)).max();
    Ok(Line {
        href: format!("/schools/{}", s.org.id),
        name: s.org.name.clone(),
        street: s.street.clone(),
        workers: names.join("、"),
        mode: modes.join("、"),
        until: until.filter(|d| *d < Day::MAX).map_or_else(String::new, |d| d.to_string()),
        soon: live.iter().any(|p| p.ends_within(today, crate::dues::DAYS)),
        services,
        pupils,
        state: if s.landed(today) {
            "landed"
        } else if s.covered(today) {
            "silent"
        } else {
            "none"
        },
    })
}

pub(super) async fn list(req: Req) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let today = cx.today();
            let schools = view::schools(tx, cx)?;
            let covered = schools.iter().filter(|s| s.covered(today)).count();
            let landed = schools.iter().filter(|s| s.landed(today)).count();
            let all = schools.len();
            let mut lines = Vec::with_capacity(all);
            for s in &schools {
                lines.push(line(tx, &r, s, today)?);
            }
            let n = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            Ok(List {
                frame: Frame::new(&r, "schools.title"),
                share: Ratio::new(n(landed), n(all))
                    .percent()
                    .map_or_else(|| "—".into(), |p| format!("{p}%")),
                percent: (landed * 100).checked_div(all).unwrap_or_default(),
                lines,
                covered,
                landed,
                all,
                year: school_year(today).to_string(),
                opens: r.can("orgs.write"),
            })
        })
        .await?;
    page(&built)
}

struct Agreement {
    id: String,
    worker: String,
    mode: String,
    number: String,
    signed: String,
    span: String,
    state: &'static str,
    landed: bool,
    ends: bool,
    serves: bool,
}

struct Delivered {
    href: String,
    day: String,
    kind: String,
    worker: String,
    minutes: i64,
    pupils: i64,
    notes: String,
}

#[derive(Template)]
#[template(path = "school.html")]
struct One {
    frame: Frame,
    id: String,
    street: String,
    state: &'static str,
    agreements: Vec<Agreement>,
    counts: Vec<(String, i64, i64)>,
    total: (i64, i64),
    year: String,
    /// The services one by one, for those who deliver them; others read counts.
    rows: Option<Vec<Delivered>>,
    writes: bool,
}

fn agreement(tx: &mut Tx<'_>, cx: &Cx, req: &Req, s: &School, p: &Placement) -> Result<Agreement> {
    let today = cx.today();
    let until = p.until.map_or_else(|| "…".to_owned(), |d| d.to_string());
    let holds = p.period().holds_on(today);
    let mine = cx.actor.person() == Some(&p.person) || cx.actor.can("schools.write");
    Ok(Agreement {
        id: p.id.0.clone(),
        worker: person(tx, &p.person)?,
        mode: req.t(&format!("schools.mode.{}", p.mode)),
        number: p.number.clone().unwrap_or_default(),
        signed: p.signed_on.to_string(),
        span: format!("{} – {until}", p.since),
        state: if holds && p.ends_within(today, crate::dues::DAYS) {
            "soon"
        } else if holds {
            "live"
        } else if p.since > today {
            "ahead"
        } else {
            "ended"
        },
        landed: p.landed(&s.services, today),
        ends: req.can("schools.write"),
        serves: holds && mine && req.can("schools.serve"),
    })
}

pub(super) async fn school(req: Req, Path(id): Path<String>) -> Page {
    let r = req.clone();
    let built = req
        .ask(move |tx, cx| {
            let s = view::school(tx, cx, &id)?;
            let today = cx.today();
            let mut agreements = Vec::new();
            for p in &s.placements {
                agreements.push(agreement(tx, cx, &r, &s, p)?);
            }
            let counts = s.counts(school_year(today));
            let counts: Vec<(String, i64, i64)> = ServiceKind::ALL
                .iter()
                .filter_map(|k| {
                    let (n, pupils) = counts.get(k)?;
                    Some((r.t(&format!("schools.kind.{k}")), *n, *pupils))
                })
                .collect();
            let total = counts.iter().fold((0, 0), |t, c| (t.0 + c.1, t.1 + c.2));
            let rows = if r.can("schools.serve") {
                let mut rows = Vec::new();
                for d in &s.services {
                    let mut notes = String::new();
                    if crate::acts::reads_notes(cx, d) {
                        let id = d.id.as_str();
                        notes = tx.open_some(id, "school_service.notes", id, d.notes.as_ref())?;
                    }
                    let own = cx.actor.person() == Some(&d.person) || r.can("schools.write");
                    rows.push(Delivered {
                        href: if own {
                            format!("/schools/services/{}", d.id)
                        } else {
                            String::new()
                        },
                        day: d.day.to_string(),
                        kind: r.t(&format!("schools.kind.{}", d.kind)),
                        worker: person(tx, &d.person)?,
                        minutes: d.minutes,
                        pupils: d.pupils,
                        notes,
                    });
                }
                Some(rows)
            } else {
                None
            };
            Ok(One {
                frame: Frame::titled(&r, s.org.name.clone()).under(r.t("schools.title")),
                street: s.street.clone(),
                state: if s.landed(today) {
                    "landed"
                } else if s.covered(today) {
                    "silent"
                } else {
                    "none"
                },
                agreements,
                counts,
                total,
                year: school_year(today).to_string(),
                rows,
                writes: r.can("schools.write"),
                id: s.org.id.0,
            })
        })
        .await?;
    page(&built)
}

/// An agreement stands on the page of its school: what a number of the board rests on leads here.
pub(super) async fn placement(req: Req, Path(id): Path<String>) -> Page {
    let found = req.ask(move |tx, cx| store::placement(tx, cx, &id)).await?;
    let placement = found.ok_or(db::Error::Missing)?;
    Ok(req.redirect(&format!("/schools/{}", placement.school), ""))
}

#[cfg(test)]
mod tests {
    use super::school_year;

    #[test]
    fn the_school_year_begins_in_september() {
        let year = |d: &str| school_year(d.parse().unwrap()).to_string();
        assert_eq!(year("2026-11-23"), "2026-09-01");
        assert_eq!(year("2026-08-31"), "2025-09-01");
        assert_eq!(year("2026-09-01"), "2026-09-01");
    }
}
