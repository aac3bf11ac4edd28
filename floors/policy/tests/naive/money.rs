//! Measures about money, all in fen.
use std::collections::BTreeSet;

use kernel::Day;

use super::value::{Ask, Value, holds};

/// Lines of the year's budget for these uses (M70).
pub(crate) fn budget(ask: &Ask) -> Value {
    let uses = ask.words("uses");
    let year = ask.as_of.year();
    let mut sum = 0;
    for line in ask.rows.budgets.iter().filter(|b| b.unit == ask.subject.id && b.year == year) {
        let approved = line.on.is_none_or(|d| d <= ask.as_of);
        if approved && uses.as_ref().is_none_or(|u| u.contains(&line.r#use)) {
            sum += line.amount;
        }
    }
    Value::Number(sum)
}

/// Money of one kind moved in the period on the unit's own account (M71, M72).
pub(crate) fn fund(ask: &Ask, kind: &str) -> Value {
    let together =
        ask.option("purchase_scope", "combined") && ["station_purchase", "venture"].contains(&kind);
    let mine =
        ask.rows.funds.iter().filter(|f| (together || f.unit == ask.subject.id) && f.kind == kind);
    Value::Number(mine.filter(|f| ask.in_period(f.on)).map(|f| f.amount).sum())
}

/// Labour cost spent on the project so far (M75).
pub(crate) fn labour_cost(ask: &Ask) -> Value {
    let mine =
        ask.rows.expenditures.iter().filter(|e| e.project == ask.subject.id && e.kind == "labour");
    Value::Number(mine.filter(|e| e.basis != "plan" && e.on <= ask.as_of).map(|e| e.amount).sum())
}

/// The approved contract amount (M75).
pub(crate) fn project_funds(ask: &Ask) -> Value {
    match ask.rows.projects.iter().find(|p| p.id == ask.subject.id).and_then(|p| p.funds) {
        Some(funds) => Value::Number(funds),
        None => Value::Unknown(BTreeSet::from(["projects"])),
    }
}

/// Allowance paid for the month asked about.
pub(crate) fn paid(ask: &Ask) -> Value {
    let month = ask.as_of.start_of_month();
    let mine = ask
        .rows
        .payments
        .iter()
        .filter(|p| p.person == ask.subject.id && p.month.start_of_month() == month);
    Value::Number(mine.map(|p| p.amount).sum())
}

/// Does the month earn the allowance? Full-time social workers on the team, in a project of district level or above,
/// whose appraisal passed; two projects earn it once (M44).
pub(crate) fn month_earned(ask: &Ask) -> Option<bool> {
    let (first, last) = (ask.as_of.start_of_month(), ask.as_of.end_of_month());
    let days: Vec<Day> = (first.0..=last.0).map(Day).collect();
    let qualifies = |day: &Day| {
        ask.rows.supervisors.iter().any(|s| {
            s.person == ask.subject.id
                && s.fulltime
                && s.social_worker
                && ["district", "city", "province", "nation"].contains(&s.project_level.as_str())
                && holds(*day, s.from, s.to)
        })
    };
    let good = days.iter().filter(|d| qualifies(d)).count();
    let enough = if ask.option("allowance_part_month", "full_month") {
        good == days.len()
    } else if ask.option("allowance_part_month", "half_month") {
        good * 2 >= days.len()
    } else {
        good >= 1
    };
    if enough { appraised(ask) } else { Some(false) }
}

/// Did the appraisal that decides this month pass? `None`: it is still to come.
fn appraised(ask: &Ask) -> Option<bool> {
    let passed = |r: &str| ["pass", "good", "excellent"].contains(&r);
    let mine = || ask.rows.assessments.iter().filter(|a| a.subject == ask.subject.id);
    let done = |day: Option<Day>| day.is_some_and(|d| d <= ask.as_of);
    if ask.option("allowance_appraisal_year", "latest") {
        let latest = mine().filter(|a| done(a.completed)).max_by_key(|a| (a.year, a.completed));
        return latest.map(|a| passed(&a.result));
    }
    let year = ask.as_of.year();
    let decided =
        mine().filter(|a| a.year == year && done(a.completed)).max_by_key(|a| a.completed);
    decided.map(|a| passed(&a.result))
}
