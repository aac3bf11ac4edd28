//! Measures about work done: projects, services, cases, training held, contests, publicity.
use std::collections::{BTreeMap, BTreeSet};

use kernel::Day;
use policy::rows::{ProjectRow, TrainingRow, UnitKind};

use super::value::{Ask, Value, count, set};

/// Projects of the site that ran on some day of the period.
fn programme<'a>(ask: &'a Ask) -> impl Iterator<Item = &'a ProjectRow> {
    ask.rows
        .projects
        .iter()
        .filter(|p| p.unit == ask.subject.id && ask.touches_period(p.from, p.to))
}

/// Projects by kind (M30, M32).
pub(crate) fn projects_count(ask: &Ask) -> Value {
    let kinds = ask.words("kind");
    count(programme(ask).filter(|p| kinds.as_ref().is_none_or(|k| k.contains(&p.kind))).count())
}

/// Kinds of project in the programme (M32).
pub(crate) fn projects_kinds(ask: &Ask) -> Value {
    set(programme(ask).map(|p| &p.kind).filter(|k| !k.is_empty()))
}

/// Stages of a project on record (M60).
pub(crate) fn stages_reached(ask: &Ask) -> Value {
    let stages =
        ask.rows.project_stages.iter().filter(|s| s.project == ask.subject.id && s.on <= ask.as_of);
    set(stages.map(|s| &s.stage))
}

/// Who has joined a project.
pub(crate) fn partner_sectors(ask: &Ask) -> Value {
    let partners = ask
        .rows
        .project_partners
        .iter()
        .filter(|p| p.project == ask.subject.id && ask.now(p.from, p.to));
    set(partners.map(|p| &p.sector))
}

/// Administrative items among the services: in the plan, or logged as a service (M31).
pub(crate) fn admin_items(ask: &Ask) -> Value {
    let planned = ask
        .rows
        .services
        .iter()
        .filter(|s| s.unit == ask.subject.id && s.admin && ask.in_period(s.on));
    let logged =
        ask.rows.worklogs.iter().filter(|w| w.unit == ask.subject.id && w.admin && w.as_service);
    count(planned.count() + logged.filter(|w| ask.in_period(w.on)).count())
}

/// Feature cases accepted in the period (M61, M62).
pub(crate) fn cases_accepted(ask: &Ask) -> Value {
    let mine = ask.rows.feature_cases.iter().filter(|c| c.unit == ask.subject.id);
    count(mine.filter(|c| c.accepted.is_some_and(|d| ask.in_period(d))).count())
}

/// The calendar days of a training with the tenths held on each.
fn days_of(training: &TrainingRow) -> Vec<Day> {
    let end = training.to.unwrap_or(training.from.plus_days(1));
    (training.from.0..end.0).map(Day).collect()
}

fn trainings<'a>(ask: &'a Ask) -> impl Iterator<Item = &'a TrainingRow> {
    ask.rows.trainings.iter().filter(|t| t.unit == ask.subject.id)
}

/// Tenths of a day of training; a calendar day is never more than one day (M50).
pub(crate) fn days_held(ask: &Ask) -> Value {
    let mut days: BTreeMap<Day, i64> = BTreeMap::new();
    for training in trainings(ask) {
        if training.kind == "visit"
            || ask.word("focus").is_some_and(|f| f != training.focus)
            || ask.word("mode").is_some_and(|m| m != training.mode)
        {
            continue;
        }
        for day in days_of(training).into_iter().filter(|d| ask.in_period(*d)) {
            *days.entry(day).or_default() += training.tenths;
        }
    }
    Value::Number(days.values().map(|t| (*t).min(10)).sum())
}

/// Did any of its days fall in the period?
fn held(ask: &Ask, training: &TrainingRow) -> bool {
    days_of(training).into_iter().any(|d| ask.in_period(d))
}

/// Study visits held in the period (M51).
pub(crate) fn visits_held(ask: &Ask) -> Value {
    count(trainings(ask).filter(|t| t.kind == "visit" && held(ask, t)).count())
}

/// Kinds of training held in the period (M52).
pub(crate) fn kinds_held(ask: &Ask) -> Value {
    set(trainings(ask).filter(|t| held(ask, t)).map(|t| &t.kind))
}

/// Skills contests in the period.
pub(crate) fn contests(ask: &Ask) -> Value {
    count(
        ask.rows
            .contests
            .iter()
            .filter(|c| c.unit == ask.subject.id && ask.in_period(c.on))
            .count(),
    )
}

/// Publications in the period: a site's own, or everything in a district.
pub(crate) fn publicity(ask: &Ask) -> Value {
    let whole = ask.subject.kind == UnitKind::District;
    let mine = ask.rows.publicity.iter().filter(|p| whole || p.unit == ask.subject.id);
    count(mine.filter(|p| ask.in_period(p.on)).count())
}

/// The score of the latest assessment of the year, in hundredths.
pub(crate) fn score(ask: &Ask) -> Value {
    let year = ask.as_of.year();
    let mine =
        ask.rows.assessments.iter().filter(|a| a.subject == ask.subject.id && a.year == year);
    let done = mine.filter(|a| a.completed.is_some_and(|d| d <= ask.as_of));
    match done.max_by_key(|a| a.completed).and_then(|a| a.score) {
        Some(score) => Value::Number(score),
        None => Value::Unknown(BTreeSet::from(["assessments"])),
    }
}
