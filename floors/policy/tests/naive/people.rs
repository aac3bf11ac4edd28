//! Measures about people: staff, supervisors, training attended.
use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use policy::rows::{PostRow, Table, UnitKind};

use super::owners;
use super::value::{Ask, Value, count, holds, set};

/// The certificates that make a licensed social worker.
pub(crate) const LICENSED: [&str; 3] = ["sw_assistant", "sw", "sw_senior"];

/// How the station is run that day: `self` unless its rows say otherwise.
pub(crate) fn mode(ask: &Ask, unit: &str) -> Option<String> {
    let unit = ask.rows.units.iter().find(|u| u.id == unit)?;
    unit.modes.iter().find(|m| ask.now(m.from, m.to)).map(|m| m.mode.clone())
}

fn third_party(ask: &Ask) -> bool {
    mode(ask, &ask.subject.id).as_deref() == Some("third_party")
}

/// Posts held at the unit that day by staff; volunteers and interns are never staff.
fn roster<'a>(ask: &'a Ask) -> impl Iterator<Item = &'a PostRow> {
    ask.rows
        .posts
        .iter()
        .filter(|p| p.unit == ask.subject.id && ask.now(p.from, p.to) && !p.volunteer)
}

/// Does the person hold one of these kinds that day?
fn holds_kind(ask: &Ask, person: &str, kinds: &[String], day: Day) -> bool {
    ask.rows
        .qualifications
        .iter()
        .any(|q| q.person == person && kinds.contains(&q.kind) && holds(day, q.from, q.to))
}

/// Does the person also hold a post at some other unit that day?
fn elsewhere(ask: &Ask, person: &str) -> bool {
    ask.rows.posts.iter().any(|p| {
        p.person == person && p.unit != ask.subject.id && !p.volunteer && ask.now(p.from, p.to)
    })
}

/// Was nothing ever said of this person in the table?
fn unheard(ask: &Ask, table: Table, person: &str) -> bool {
    !owners::known(ask.rows, table, person)
}

/// A person's rows would be needed and were never reported.
fn missing(table: Table) -> Value {
    Value::Unknown(BTreeSet::from([table.name()]))
}

/// Does the person also hold a full-time post at some other unit that day?
fn fulltime_elsewhere(ask: &Ask, person: &str) -> bool {
    ask.rows.posts.iter().any(|p| {
        p.person == person
            && p.unit != ask.subject.id
            && p.fulltime
            && !p.volunteer
            && ask.now(p.from, p.to)
    })
}

/// The certificates asked for, under the readings in use.
fn accepted(ask: &Ask, mut kinds: Vec<String>) -> Vec<String> {
    if !kinds.contains(&"sw".to_owned()) {
        return kinds;
    }
    if ask.option("licensed_means", "social_worker_and_above") {
        kinds.retain(|k| k != "sw_assistant");
    }
    if ask.subject.kind == UnitKind::Studio
        && ask.option("studio_qualified_means", "certificate_or_degree")
    {
        kinds.push("sw_degree".into());
    }
    kinds
}

/// Persons on the roster who fit the filters (M20–M24, M27).
pub(crate) fn staff_count(ask: &Ask) -> Value {
    let roles = ask.words("role");
    let affiliations = ask.words("affiliation");
    let kinds = ask.words("qualification").map(|k| accepted(ask, k));
    let apart =
        ask.option("supervisor_licensed_overlap", "false") || ask.flag("overlap") == Some(false);
    let licensed = kinds.as_ref().is_some_and(|k| k.contains(&"sw".to_owned()));
    let supervisors = spread("supervisor_assistant_city+");
    let mut blank = false;
    let mut persons = BTreeSet::new();
    for post in roster(ask) {
        match &roles {
            Some(roles) if !roles.contains(&post.role) => continue,
            // The head of a third-party station is a street official and no station staff.
            None if post.role == "head"
                && third_party(ask)
                && !ask.option("third_party_head_counts", "true") =>
            {
                continue;
            }
            _ => {}
        }
        if affiliations.as_ref().is_some_and(|a| !a.contains(&post.affiliation)) {
            continue;
        }
        if ask.flag("fulltime").is_some_and(|wanted| wanted != post.fulltime) {
            continue;
        }
        // Full-time at two units is full-time at neither.
        if ask.flag("fulltime") == Some(true) && fulltime_elsewhere(ask, &post.person) {
            continue;
        }
        if apart && licensed && holds_kind(ask, &post.person, &supervisors, ask.as_of) {
            continue;
        }
        if kinds.as_ref().is_some_and(|k| !holds_kind(ask, &post.person, k, ask.as_of)) {
            blank |= unheard(ask, Table::Qualifications, &post.person);
            continue;
        }
        persons.insert(&post.person);
    }
    if blank { missing(Table::Qualifications) } else { count(persons.len()) }
}

/// Holders of these posts who also hold one elsewhere (M25).
pub(crate) fn staff_concurrent(ask: &Ask) -> Value {
    let roles = ask.words("role");
    let except = ask.args.get("except_when").and_then(toml::Value::as_table);
    let mut persons = BTreeSet::new();
    for post in roster(ask) {
        if roles.as_ref().is_some_and(|r| !r.contains(&post.role)) {
            continue;
        }
        if let Some(except) = except {
            let same_mode = except
                .get("operator")
                .is_none_or(|o| o.as_str() == mode(ask, &ask.subject.id).as_deref());
            let same_role = except.get("role").is_none_or(|r| {
                r.as_array().unwrap().iter().any(|r| r.as_str() == Some(&post.role))
            });
            if same_mode && same_role {
                continue;
            }
        }
        if elsewhere(ask, &post.person) {
            persons.insert(&post.person);
        }
    }
    count(persons.len())
}

/// `talent_city+` is that rank and every higher one; `supervisor_assistant_city+` is an assistant or a supervisor of city rank or above.
pub(crate) fn spread(word: &str) -> Vec<String> {
    let above = |stem: &str| ["city", "province", "nation"].map(|l| format!("{stem}_{l}")).to_vec();
    match word {
        "talent_city+" => above("talent"),
        "supervisor_city+" => above("supervisor"),
        "supervisor_assistant_city+" => {
            let mut all = above("supervisor");
            all.push("supervisor_assistant".into());
            all
        }
        plain => vec![plain.to_owned()],
    }
}

/// Holders of these posts with none of the qualifications (M26).
pub(crate) fn staff_unqualified(ask: &Ask) -> Value {
    let roles = ask.words("role");
    let kinds: Vec<String> = ask.words("any_of").unwrap().iter().flat_map(|w| spread(w)).collect();
    let mut persons = BTreeSet::new();
    for post in roster(ask) {
        if roles.as_ref().is_some_and(|r| !r.contains(&post.role)) {
            continue;
        }
        if !holds_kind(ask, &post.person, &kinds, ask.as_of) {
            if unheard(ask, Table::Qualifications, &post.person) {
                return missing(Table::Qualifications);
            }
            persons.insert(&post.person);
        }
    }
    count(persons.len())
}

/// The longest community experience among those in post, in whole years (M28).
pub(crate) fn max_experience(ask: &Ask) -> Value {
    let mut most = 0;
    for post in roster(ask) {
        if unheard(ask, Table::WorkHistory, &post.person) {
            return missing(Table::WorkHistory);
        }
        // The day asked about counts to its end, and a day worked twice over counts once.
        let tomorrow = ask.as_of.plus_days(1);
        let mut days = BTreeSet::new();
        for work in ask
            .rows
            .work_history
            .iter()
            .filter(|w| w.person == post.person && w.kind == "community")
        {
            days.extend(work.from.0..work.to.unwrap_or(tomorrow).min(tomorrow).0);
        }
        let start = tomorrow.plus_days(-i32::try_from(days.len()).unwrap());
        most = most.max(start.years_until(tomorrow));
    }
    Value::Number(most.into())
}

/// Distinct persons of these supervisor ranks (M04).
pub(crate) fn supervisors_count(ask: &Ask) -> Value {
    let levels = ask.words("levels");
    let mut persons = BTreeSet::new();
    for s in
        ask.rows.supervisors.iter().filter(|s| s.unit == ask.subject.id && ask.now(s.from, s.to))
    {
        let ranks =
            |l: &Vec<String>| l.iter().map(|l| format!("supervisor_{l}")).collect::<Vec<_>>();
        if levels.as_ref().is_none_or(|l| {
            l.contains(&s.level) || holds_kind(ask, &s.person, &ranks(l), ask.as_of)
        }) {
            persons.insert(&s.person);
        }
    }
    count(persons.len())
}

/// Kinds of mentor on the district's team (M40).
pub(crate) fn team_kinds(ask: &Ask) -> Value {
    let team =
        ask.rows.supervisors.iter().filter(|s| s.unit == ask.subject.id && ask.now(s.from, s.to));
    set(team.map(|s| &s.source).filter(|s| !s.is_empty()))
}

/// Supervisors looking after the studio (M53).
pub(crate) fn contacts(ask: &Ask) -> Value {
    let links = ask
        .rows
        .supervision_links
        .iter()
        .filter(|l| l.unit == ask.subject.id && ask.now(l.from, l.to));
    count(links.map(|l| &l.person).collect::<BTreeSet<_>>().len())
}

/// The first day in the window on which the supervisor's agreement was signed (M42).
pub(crate) fn agreement_signed(ask: &Ask) -> Value {
    let mine = ask.rows.agreements.iter().filter(|a| a.person == ask.subject.id);
    Value::Date(mine.filter_map(|a| a.signed).filter(|day| ask.in_period(*day)).min())
}

/// The first day on which the year's appraisal was complete in every dimension (M43).
pub(crate) fn assessed(ask: &Ask) -> Value {
    let dims = ask.words("dims").unwrap_or_default();
    let year = ask.as_of.year();
    let mine =
        ask.rows.assessments.iter().filter(|a| a.subject == ask.subject.id && a.year == year);
    let whole = mine.filter(|a| dims.iter().all(|d| a.dims.contains(d)));
    Value::Date(whole.filter_map(|a| a.completed).filter(|day| *day <= ask.as_of).min())
}

/// Whole years without a gap up to now (M41).
pub(crate) fn term_years(ask: &Ask) -> Value {
    let mut mine: Vec<_> = ask
        .rows
        .agreements
        .iter()
        .filter(|a| a.person == ask.subject.id && a.from <= ask.as_of)
        .collect();
    mine.sort_by_key(|a| a.from);
    let mut start: Option<Day> = None;
    let mut end = Day::MIN;
    for a in mine {
        if start.is_none() || a.from > end {
            start = Some(a.from);
            end = Day::MIN;
        }
        end = end.max(a.to.unwrap_or(Day::MAX));
    }
    match start {
        Some(start) if end > ask.as_of => {
            // The day asked about counts to its end.
            Value::Number(start.years_until(ask.as_of.plus_days(1).min(end)).into())
        }
        _ => Value::Number(0),
    }
}

/// Tenths of a day attended in the period; one calendar day never counts more than once.
fn attended(ask: &Ask, person: &str) -> i64 {
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    for a in ask.rows.attendances.iter().filter(|a| a.person == person && ask.in_period(a.on)) {
        *days.entry(a.on).or_default() += a.tenths;
    }
    days.values().map(|t| (*t).min(10)).sum()
}

/// Training days a person attended, in tenths.
pub(crate) fn days_attended(ask: &Ask) -> Value {
    Value::Number(attended(ask, &ask.subject.id))
}

/// Staff who attended less than `min` days.
pub(crate) fn short_staff(ask: &Ask) -> Value {
    let min = ask.args.get("min").and_then(toml::Value::as_integer).unwrap() * 10;
    if roster(ask).any(|p| unheard(ask, Table::Attendances, &p.person)) {
        return missing(Table::Attendances);
    }
    let persons: BTreeSet<_> =
        roster(ask).map(|p| &p.person).filter(|p| attended(ask, p) < min).collect();
    count(persons.len())
}

/// Executing staff of a project, distinct by person, volunteers left out (M74).
fn team<'a>(ask: &'a Ask) -> BTreeSet<&'a String> {
    let rows = ask.rows.project_staff.iter();
    rows.filter(|s| s.project == ask.subject.id && !s.volunteer && ask.now(s.from, s.to))
        .map(|s| &s.person)
        .collect()
}

pub(crate) fn project_staff_total(ask: &Ask) -> Value {
    count(team(ask).len())
}

pub(crate) fn project_staff_professional(ask: &Ask) -> Value {
    let mut kinds: Vec<String> = LICENSED.map(str::to_owned).to_vec();
    if ask.option("professional_means", "certificate_or_degree") {
        kinds.push("sw_degree".into());
    }
    let (holders, others): (Vec<_>, Vec<_>) =
        team(ask).into_iter().partition(|p| holds_kind(ask, p, &kinds, ask.as_of));
    if others.iter().any(|p| unheard(ask, Table::Qualifications, p)) {
        return missing(Table::Qualifications);
    }
    count(holders.len())
}
