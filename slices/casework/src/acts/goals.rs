//! Needs, goals scored by GAS, and tasks with their owners.
use access::Cx;
use db::{Result, Tx};
use forms::Answers;
use kernel::{CaseId, Day, PersonId, RecordId, Refusal, Refusals};

use super::{say, seal, to_write};
use crate::model::{Case, CaseGoal, CaseNeed, CaseTask, gas};
use crate::store;

/// Needs of a new assessment take the place of the earlier ones.
pub(crate) fn take_needs(tx: &mut Tx<'_>, cx: &Cx, case: &Case, said: &Answers) -> Result<()> {
    store::end_parts(tx, "case_need", &case.id, cx.today())?;
    for (n, row) in said.rows("needs").iter().enumerate() {
        let words = row.get("need").map_or("", String::as_str);
        let id: RecordId = cx.id();
        let Some(words) = seal(tx, case, "case_need.words", id.as_str(), words)? else { continue };
        let place = i64::try_from(n + 1).unwrap_or(i64::MAX);
        let case_file = case.id.clone();
        let need = CaseNeed { id, case_file, place, words, since: cx.today(), until: None };
        tx.insert(&need)?;
        say(tx, cx, "case_need", need.id.as_str(), "added", case, None, Some(&need))?;
    }
    Ok(())
}

/// A need in words.
///
/// # Errors
/// The engine's fault.
pub(crate) fn need_words(tx: &mut Tx<'_>, case: &Case, need: &CaseNeed) -> Result<String> {
    tx.open(case.client.as_str(), "case_need.words", need.id.as_str(), &need.words)
}
/// A goal in words.
///
/// # Errors
/// The engine's fault.
pub(crate) fn statement(tx: &mut Tx<'_>, case: &Case, goal: &CaseGoal) -> Result<String> {
    tx.open(case.client.as_str(), "case_goal.statement", goal.id.as_str(), &goal.statement)
}
/// What is to be done, in words.
///
/// # Errors
/// The engine's fault.
pub(crate) fn task_words(tx: &mut Tx<'_>, case: &Case, task: &CaseTask) -> Result<String> {
    tx.open(case.client.as_str(), "case_task.what", task.id.as_str(), &task.what)
}

/// Goals and tasks of a plan: a goal said again in the same words goes on with its level, others end; tasks that are open are taken anew.
pub(crate) fn take_plan(tx: &mut Tx<'_>, cx: &Cx, case: &Case, said: &Answers) -> Result<()> {
    let mut old = Vec::new();
    for g in store::goals_of(tx, &case.id)?.into_iter().filter(|g| g.until.is_none()) {
        let words = statement(tx, case, &g)?;
        old.push((words, g));
    }
    let cell = |row: &std::collections::BTreeMap<String, String>, name: &str| {
        row.get(name).map_or_else(String::new, |t| t.trim().to_owned())
    };
    for row in said.rows("goals") {
        let words = cell(&row, "statement");
        let due: Option<Day> = cell(&row, "due").parse().ok();
        if let Some(at) = old.iter().position(|(w, _)| *w == words) {
            let (_, before) = old.swap_remove(at);
            let after = CaseGoal { due, ..before.clone() };
            tx.update(&after)?;
            let id = after.id.as_str();
            say(tx, cx, "case_goal", id, "amended", case, Some(&before), Some(&after))?;
            continue;
        }
        let looked = [cell(&row, "indicator"), cell(&row, "target")];
        let indicator = looked.iter().filter(|t| !t.is_empty()).cloned().collect::<Vec<_>>();
        add_goal(tx, cx, case, &words, &indicator.join("："), due, 1)?;
    }
    for (_, before) in old {
        let after = CaseGoal { until: Some(cx.today()), ..before.clone() };
        tx.update(&after)?;
        let id = after.id.as_str();
        say(tx, cx, "case_goal", id, "ended", case, Some(&before), Some(&after))?;
    }
    for task in store::tasks_of(tx, &case.id)?.into_iter().filter(|t| t.done_on.is_none()) {
        tx.delete::<CaseTask>(&db::Cell::to_value(&task.id))?;
        say(tx, cx, "case_task", task.id.as_str(), "removed", case, Some(&task), None)?;
    }
    let street = super::transfer::street_of(&case.path);
    let house = registry::site::colleagues(tx, &street, cx.today())?;
    for row in said.rows("actions") {
        let who = cell(&row, "who");
        let owner = house.iter().find(|(_, name)| *name == who).map(|(id, _)| id.clone());
        let due = cell(&row, "when").parse().ok();
        let said_who = if owner.is_some() { "" } else { who.as_str() };
        add_task(tx, cx, case, &cell(&row, "what"), owner, said_who, due)?;
    }
    Ok(())
}

fn add_goal(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    words: &str,
    indicator: &str,
    due: Option<Day>,
    weight: i64,
) -> Result<()> {
    let id: RecordId = cx.id();
    let Some(statement) = seal(tx, case, "case_goal.statement", id.as_str(), words)? else {
        return Ok(());
    };
    let indicator = seal(tx, case, "case_goal.indicator", id.as_str(), indicator)?;
    let goal = CaseGoal {
        id,
        case_file: case.id.clone(),
        need: None,
        statement,
        indicator,
        due,
        weight,
        level: None,
        levelled_on: None,
        since: cx.today(),
        until: None,
    };
    tx.insert(&goal)?;
    say(tx, cx, "case_goal", goal.id.as_str(), "added", case, None, Some(&goal))
}

/// Levels of an evaluation go to the goals of the same words.
pub(crate) fn take_levels(tx: &mut Tx<'_>, cx: &Cx, case: &Case, said: &Answers) -> Result<()> {
    let goals: Vec<_> =
        store::goals_of(tx, &case.id)?.into_iter().filter(|g| g.until.is_none()).collect();
    let rows = said.rows("goals");
    for before in goals {
        let words = statement(tx, case, &before)?;
        let Some(row) = rows.iter().find(|r| r.get("statement").is_some_and(|s| *s == words))
        else {
            continue;
        };
        let number = |name: &str| row.get(name).and_then(|t| t.parse::<i64>().ok());
        let after = CaseGoal {
            level: number("level").or(before.level),
            weight: number("weight").unwrap_or(before.weight),
            levelled_on: Some(cx.today()),
            ..before.clone()
        };
        tx.update(&after)?;
        let id = after.id.as_str();
        say(tx, cx, "case_goal", id, "levelled", case, Some(&before), Some(&after))?;
    }
    Ok(())
}

/// How a goal is weighed, scored, and which need it answers.
#[derive(Clone, Debug)]
pub struct Scoring {
    pub level: Option<i64>,
    pub weight: i64,
    pub need: Option<RecordId>,
}

/// Scores a goal between evaluations.
///
/// # Errors
/// Refusals `casework.level`, `casework.weight`; as [`super::find`].
pub fn score(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &CaseId,
    goal: &RecordId,
    said: Scoring,
) -> Result<CaseGoal> {
    let seen = to_write(tx, cx, id)?;
    let before = store::goals_of(tx, id)?
        .into_iter()
        .find(|g| g.id == *goal && g.until.is_none())
        .ok_or(db::Error::Missing)?;
    let mut no = Refusals::none();
    no.require(said.level.is_none_or(|l| (-2..=2).contains(&l)), "level", "casework.choose");
    no.require((1..=10).contains(&said.weight), "weight", "casework.weight_range");
    no.done()?;
    let known = store::needs_of(tx, id)?;
    let need = said.need.filter(|n| known.iter().any(|k| k.id == *n));
    let levelled_on =
        if said.level == before.level { before.levelled_on } else { Some(cx.today()) };
    let after =
        CaseGoal { level: said.level, weight: said.weight, need, levelled_on, ..before.clone() };
    tx.update(&after)?;
    say(tx, cx, "case_goal", goal.as_str(), "scored", &seen.case, Some(&before), Some(&after))?;
    Ok(after)
}

/// The T-score of the live goals that have a level; `None` before the first.
pub fn t_of(goals: &[CaseGoal]) -> Option<f64> {
    let levelled: Vec<(i64, i64)> = goals
        .iter()
        .filter(|g| g.until.is_none())
        .filter_map(|g| Some((g.weight, g.level?)))
        .collect();
    gas::t_score(&levelled)
}

fn add_task(
    tx: &mut Tx<'_>,
    cx: &Cx,
    case: &Case,
    what: &str,
    owner: Option<PersonId>,
    owner_words: &str,
    due: Option<Day>,
) -> Result<Option<CaseTask>> {
    let id: RecordId = cx.id();
    let Some(what) = seal(tx, case, "case_task.what", id.as_str(), what)? else { return Ok(None) };
    let owner_words = seal(tx, case, "case_task.owner_words", id.as_str(), owner_words)?;
    let task = CaseTask {
        id,
        case_file: case.id.clone(),
        goal: None,
        what,
        owner,
        owner_words,
        due,
        since: cx.today(),
        done_on: None,
    };
    tx.insert(&task)?;
    say(tx, cx, "case_task", task.id.as_str(), "added", case, None, Some(&task))?;
    Ok(Some(task))
}

/// A task beside the plan's.
#[derive(Clone, Debug)]
pub struct NewTask {
    pub what: String,
    /// Somebody of the house, or else in words.
    pub owner: Option<PersonId>,
    pub owner_words: String,
    pub due: Option<Day>,
}

/// Adds a task.
///
/// # Errors
/// A refusal `casework.what_missing`; as [`super::find`].
pub fn new_task(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, new: NewTask) -> Result<CaseTask> {
    let seen = to_write(tx, cx, id)?;
    add_task(tx, cx, &seen.case, &new.what, new.owner, &new.owner_words, new.due)?
        .ok_or_else(|| Refusal::at("what", "casework.what_missing").into())
}

/// Notes a task as done, or as open again.
///
/// # Errors
/// As [`super::find`].
pub fn tick(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId, task: &RecordId) -> Result<CaseTask> {
    let seen = to_write(tx, cx, id)?;
    let before =
        store::tasks_of(tx, id)?.into_iter().find(|t| t.id == *task).ok_or(db::Error::Missing)?;
    let done_on = if before.done_on.is_some() { None } else { Some(cx.today()) };
    let after = CaseTask { done_on, ..before.clone() };
    tx.update(&after)?;
    let verb = if done_on.is_some() { "done" } else { "opened_again" };
    say(tx, cx, "case_task", task.as_str(), verb, &seen.case, Some(&before), Some(&after))?;
    Ok(after)
}

/// The live goals of a case whose content is seen.
///
/// # Errors
/// As [`super::find`].
pub fn of(tx: &mut Tx<'_>, cx: &Cx, id: &CaseId) -> Result<Vec<CaseGoal>> {
    let seen = super::find(tx, cx, id)?;
    seen.sight.file()?;
    Ok(store::goals_of(tx, id)?.into_iter().filter(|g| g.until.is_none()).collect())
}
