//! Gathering: every slice answers from its own tables, the ledger says what was done, the registry who is looked after by whom.
use access::Cx;
use db::{Result, Tx};
use kernel::{Day, PersonId};
use ledger::report::{self, Part};
use registry::client::RiskGrade;
use web::{Due, Load, Shell};

use crate::model::{self, Press, press};
use crate::store;

/// What is due in the actor's scope, the most pressing first.
///
/// # Errors
/// The engine's fault.
pub fn gather(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell) -> Result<Vec<Due>> {
    let mut all = web::dues(tx, cx, shell, cx.today().plus_days(model::AHEAD))?;
    model::sort(&mut all, cx.today());
    Ok(all)
}

/// Somebody who has not been visited for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unvisited {
    pub name: String,
    pub href: String,
    pub grade: RiskGrade,
    /// Days since the last visit, or since the file was opened.
    pub days: i32,
    pub never: bool,
}

/// What somebody has in hand this month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mine {
    pub clients: i64,
    pub loads: Vec<Load>,
    pub services: i64,
    pub minutes: i64,
    pub unvisited: Vec<Unvisited>,
}

/// A colleague's load, as a head sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    pub person: PersonId,
    pub name: String,
    pub clients: i64,
    /// One for each of [`Team::kinds`].
    pub loads: Vec<i64>,
    pub services: i64,
    pub minutes: i64,
    pub overdue: i64,
}

/// The team of a station head (or of whoever assigns clients), with the risk of those served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Team {
    /// Locale keys of the kinds of work in hand.
    pub kinds: Vec<&'static str>,
    pub people: Vec<Colleague>,
    pub grades: Vec<(RiskGrade, i64)>,
}

fn loads(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell) -> Result<Vec<Load>> {
    let mut all = Vec::new();
    for ask in shell.slices.iter().filter_map(|s| s.load) {
        all.extend(ask(tx, cx)?);
    }
    Ok(all)
}

fn this_month(cx: &Cx) -> Part {
    let today = cx.today();
    Part::of(&cx.actor.scope().path, today.start_of_month(), today)
}

/// One's own work in hand; nothing for accounts that stand for nobody or serve nobody.
///
/// # Errors
/// The engine's fault.
pub fn mine(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell) -> Result<Option<Mine>> {
    let Some(me) = cx.actor.person().filter(|_| cx.actor.can("worklog.write")).cloned() else {
        return Ok(None);
    };
    let mut out = Mine { clients: store::assigned(tx, cx, &me)?, ..Mine::default() };
    out.loads = loads(tx, cx, shell)?;
    out.loads.retain(|l| l.person == me);
    for h in report::hours(tx, &Part { person: Some(me.clone()), ..this_month(cx) })? {
        out.services += h.services;
        out.minutes += h.minutes;
    }
    let today = cx.today();
    for (client, last) in store::assigned_with_visit(tx, cx, &me)? {
        let since: Day = last.unwrap_or(client.since);
        let days = today.0 - since.0;
        if days > model::UNVISITED {
            out.unvisited.push(Unvisited {
                href: format!("/clients/{}", client.id),
                name: client.name,
                grade: client.grade,
                days,
                never: last.is_none(),
            });
        }
    }
    out.unvisited.sort_by(|a, b| (b.days, &a.name).cmp(&(a.days, &b.name)));
    Ok(Some(out))
}

/// Everybody's load under whoever assigns clients; `None` for others. Overdue work is what `dues` say of each.
///
/// # Errors
/// The engine's fault.
pub fn team(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell, dues: &[Due]) -> Result<Option<Team>> {
    if !cx.actor.can("clients.assign") {
        return Ok(None);
    }
    let today = cx.today();
    let all = loads(tx, cx, shell)?;
    let mut kinds: Vec<&'static str> = all.iter().map(|l| l.key).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let clients = store::assigned_counts(tx, cx)?;
    let hours = report::hours(tx, &this_month(cx))?;
    let people = registry::site::colleagues(tx, &cx.actor.scope().path, today)?
        .into_iter()
        .map(|(person, name)| {
            let mine = hours.iter().filter(|h| h.person == person);
            let (services, minutes) =
                mine.fold((0, 0), |(s, m), h| (s + h.services, m + h.minutes));
            let late =
                |d: &&Due| d.person.as_ref() == Some(&person) && press(d, today) == Press::Late;
            Colleague {
                clients: clients.iter().find(|(p, _)| *p == person).map_or(0, |(_, n)| *n),
                loads: kinds
                    .iter()
                    .map(|k| {
                        let of = all.iter().filter(|l| l.person == person && l.key == *k);
                        of.map(|l| l.count).sum()
                    })
                    .collect(),
                services,
                minutes,
                overdue: i64::try_from(dues.iter().filter(late).count()).unwrap_or(i64::MAX),
                person,
                name,
            }
        })
        .collect();
    let mut people: Vec<Colleague> = people;
    // Whoever has most in hand first; those without work at the end, by name as before.
    people.sort_by_key(|p| std::cmp::Reverse(p.clients + p.loads.iter().sum::<i64>()));
    Ok(Some(Team { kinds, people, grades: store::grades(tx, cx)? }))
}
