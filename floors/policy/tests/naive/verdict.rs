//! Judges one rule for one subject on one day, the long way round.
use std::collections::BTreeSet;

use kernel::Day;
use policy::rows::{Rows, Table, UnitKind};

use super::measure::{answer, reads, tables};
use super::pack::{Pack, Rule};
use super::people::mode;
use super::value::{Ask, Subject, Value, holds};
use super::{money, names, owners};

/// What the naive judge says, with the value it looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: &'static str,
    pub(crate) value: Option<Value>,
}

fn plain(verdict: &'static str) -> Finding {
    Finding { verdict, value: None }
}

/// Everyone and everything a rule is asked of that day.
pub(crate) fn subjects(rows: &Rows, rule: &Rule, as_of: Day) -> Vec<Subject> {
    let mut found = BTreeSet::new();
    for &kind in &rule.kinds {
        match kind {
            UnitKind::Supervisor => {
                for s in rows.supervisors.iter().filter(|s| holds(as_of, s.from, s.to)) {
                    found.insert(Subject { kind, id: s.person.clone() });
                }
            }
            UnitKind::Person => {
                for p in &rows.persons {
                    found.insert(Subject { kind, id: p.id.clone() });
                }
            }
            _ => {
                for u in rows.units.iter().filter(|u| u.kind == kind && holds(as_of, u.from, u.to))
                {
                    found.insert(Subject { kind, id: u.id.clone() });
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The finding of a rule for a subject.
pub(crate) fn judge(
    rows: &Rows,
    pack: &Pack,
    rule: &Rule,
    subject: &Subject,
    as_of: Day,
) -> Finding {
    match rule.block.as_str() {
        "target" => target(rows, pack, rule, subject, as_of),
        "duty" => duty(rows, pack, rule, subject, as_of),
        "entitle" => entitle(rows, pack, rule, subject, as_of),
        _ => require(rows, pack, rule, subject, as_of),
    }
}

/// Does the rule's condition hold? `None`: it cannot be told.
fn concerned(rows: &Rows, rule: &Rule, ask: &Ask) -> Option<bool> {
    let Some(when) = rule.body.get("when").and_then(toml::Value::as_table) else {
        return Some(true);
    };
    for (key, wanted) in when {
        let holds = match key.as_str() {
            "operator" => mode(ask, &ask.subject.id)? == wanted.as_str().unwrap(),
            "purchased_by_government" => {
                ask.unit()?.purchased_by_government == wanted.as_bool().unwrap()
            }
            "professional" => ask.unit()?.professional == wanted.as_bool().unwrap(),
            "kind" => {
                rows.projects.iter().find(|p| p.id == ask.subject.id)?.kind
                    == wanted.as_str().unwrap()
            }
            other => panic!("condition {other}"),
        };
        if !holds {
            return Some(false);
        }
    }
    Some(true)
}

/// Measures a district adds up from what many owners report.
const ADDED_UP: [&str; 8] = [
    "honours.count",
    "schools.served",
    "schools.coverage",
    "communities.studio_coverage",
    "brands.count",
    "university.bases",
    "publicity.count",
    "assessment.units_assessed",
];

/// The tables in which nobody ever said anything about the subject.
fn missing(ask: &Ask, measure: &str) -> BTreeSet<&'static str> {
    let added_up = ask.subject.kind == UnitKind::District && ADDED_UP.contains(&measure);

    let said = |t: &Table| {
        if added_up {
            owners::anyone_known(ask, *t)
        } else {
            owners::known(ask.rows, *t, &ask.subject.id)
        }
    };
    tables(measure, ask).into_iter().filter(|t| !said(t)).map(Table::name).collect()
}

/// Names of the tables a rule looks at, and of those that say whom it concerns.
pub(crate) fn tables_of(rule: &Rule) -> Vec<&'static str> {
    let body = &rule.body;
    let text = |v: Option<&toml::Value>| v.and_then(toml::Value::as_str).map(str::to_owned);
    let inner = |key: &str, sub: &str| text(body.get(key).and_then(|t| t.get(sub)));
    let names = [
        text(body.get("measure")),
        inner("args", "of"),
        inner("args", "to"),
        inner("done_by", "measure"),
    ];
    let mut tables: Vec<&str> =
        names.iter().flatten().flat_map(|name| reads(name)).map(|t| t.name()).collect();
    tables.extend(["units", "reports", "projects"]);
    if rule.block == "entitle" {
        tables.extend(["posts", "supervisors", "assessments", "payments"]);
    }
    tables
}

fn require(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
    let empty = toml::Table::new();
    let args = rule.body.get("args").and_then(toml::Value::as_table).unwrap_or(&empty);
    let ask = Ask { rows, options: &pack.options, args, subject, as_of };
    match concerned(rows, rule, &ask) {
        Some(true) => {}
        Some(false) => return plain("not_applicable"),
        None => return plain("unknown"),
    }
    let measure = rule.body["measure"].as_str().unwrap();
    let gaps = missing(&ask, measure);
    if !gaps.is_empty() {
        return Finding { verdict: "unknown", value: Some(Value::Unknown(gaps)) };
    }
    let value = answer(measure, &ask);
    let staged = rule.body.contains_key("includes_until");
    let verdict = match &value {
        Value::Unknown(_) => "unknown",
        // A project without a present stage on record cannot be held to its stages.
        _ if staged && ask.unit().is_some_and(|u| u.stage.is_empty()) => "unknown",
        Value::NotApplicable | Value::Ratio(_, 0) => "not_applicable",
        _ if stage_unknown(rule, &ask) => "unknown",
        value if meets(rule, &ask, value) => "pass",
        _ if rule.body.get("modality").and_then(toml::Value::as_str).unwrap_or("must")
            == "must" =>
        {
            "fail"
        }
        _ => "warn",
    };
    Finding { verdict, value: Some(value) }
}

/// A bound as `of / to`: 3, "75%", "1:1"; or the yuan of a dated list on that day, in fen.
pub(crate) fn bound(value: &toml::Value, as_of: Day) -> Option<(i64, i64)> {
    match value {
        toml::Value::Integer(n) => Some((*n, 1)),
        toml::Value::String(s) if s.ends_with('%') => {
            Some((s.trim_end_matches('%').parse().unwrap(), 100))
        }
        toml::Value::String(s) => {
            s.split_once(':').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap()))
        }
        toml::Value::Array(dated) => {
            let standing = dated.iter().filter(|d| {
                d["from"].as_datetime().unwrap().to_string().parse::<Day>().unwrap() <= as_of
            });
            standing
                .max_by_key(|d| d["from"].as_datetime().unwrap().to_string())
                .map(|d| (d["value"].as_integer().unwrap() * 100, 1))
        }
        other => panic!("bound {other}"),
    }
}

/// `value` against `of / to`, exactly: negative, zero or positive.
fn compare(value: &Value, (of, to): (i64, i64)) -> i128 {
    let (n, d) = match value {
        Value::Number(n) => (*n, 1),
        Value::Ratio(n, d) => (*n, *d),
        other => panic!("{other:?} against a number"),
    };
    i128::from(n) * i128::from(to) - i128::from(of) * i128::from(d)
}

/// Days are kept in tenths, scores in hundredths; packs write whole ones.
fn scale(measure: &str) -> i64 {
    match measure {
        "training.days_held" | "training.days_attended" => 10,
        "assessment.score" => 100,
        _ => 1,
    }
}

/// A project whose present stage is not on record cannot be judged by its stages.
fn stage_unknown(rule: &Rule, ask: &Ask) -> bool {
    let Some(stages) = rule.body.get("stages").and_then(toml::Value::as_array) else {
        return false;
    };
    let present = &ask.unit().unwrap().stage;
    !stages.iter().any(|s| s.as_str() == Some(present))
}

/// Does the value meet the rule's bound?
fn meets(rule: &Rule, ask: &Ask, value: &Value) -> bool {
    let body = &rule.body;
    let words = |key: &str| -> Option<Vec<&str>> {
        Some(body.get(key)?.as_array()?.iter().map(|v| v.as_str().unwrap()).collect())
    };
    if let Value::Set(set) = value {
        if let Some(all) = words("includes") {
            return all.iter().all(|w| set.contains(*w));
        }
        if let Some(any) = words("any_of") {
            return any.iter().any(|w| set.contains(*w));
        }
        let stages = words("stages").unwrap();
        let present = &ask.unit().unwrap().stage;
        return stages.iter().take_while(|s| *s != present).all(|s| set.contains(*s));
    }
    if let Value::Text(name) = value {
        return names::fits(ask, body["matches"].as_str().unwrap(), name);
    }
    let scale = scale(body["measure"].as_str().unwrap());
    let side = |key: &str| {
        let (of, to) = bound(body.get(key)?, ask.as_of)?;
        Some(compare(value, (of * scale, to)))
    };
    side("min").is_none_or(|c| c >= 0)
        && side("max").is_none_or(|c| c <= 0)
        && side("equals").is_none_or(|c| c == 0)
}

/// The day a TOML date names.
fn day(value: &toml::Value) -> Day {
    value.as_datetime().unwrap().to_string().parse().unwrap()
}

fn modality(rule: &Rule) -> &str {
    rule.body.get("modality").and_then(toml::Value::as_str).unwrap_or("must")
}

/// A path of points. A point already past keeps its number as a floor; the next one is approached along a straight line.
fn target(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
    let measure = rule.body["measure"].as_str().unwrap();
    let missed = if modality(rule) == "must" { "missed" } else { "behind" };
    let mut before: Option<(Day, (i64, i64))> = None;
    let mut below_a_floor = false;
    let mut seen = None;
    for point in rule.body["points"].as_array().unwrap() {
        let args = point_args(pack, rule, point);
        let ask = Ask { rows, options: &pack.options, args: &args, subject, as_of };
        let gaps = missing(&ask, measure);
        if !gaps.is_empty() {
            return Finding { verdict: "unknown", value: Some(Value::Unknown(gaps)) };
        }
        let value = answer(measure, &ask);
        match value {
            Value::Unknown(_) => return Finding { verdict: "unknown", value: Some(value) },
            Value::Ratio(_, 0) => return Finding { verdict: "not_applicable", value: Some(value) },
            _ => {}
        }
        let (by, min) = (day(&point["by"]), bound(&point["min"], as_of).unwrap());
        let reached = compare(&value, min) >= 0;
        if by > as_of {
            let verdict = match before {
                _ if below_a_floor => missed,
                _ if reached => "met",
                None => "not_yet",
                Some(before) if on_line(&value, before, (by, min), as_of) => "on_track",
                Some(_) => "behind",
            };
            return Finding { verdict, value: Some(value) };
        }
        if by == as_of {
            return plain(if reached { "met" } else { missed });
        }
        // Later points ask for more, so only the last floor matters.
        below_a_floor = !reached;
        before = Some((by, min));
        seen = Some(value);
    }
    Finding { verdict: if below_a_floor { missed } else { "met" }, value: seen }
}

/// The arguments of a point: the target's own, the point's, and the reading of the 2023 goal (note n.count-national-2023).
fn point_args(pack: &Pack, rule: &Rule, point: &toml::Value) -> toml::Table {
    let mut args =
        rule.body.get("args").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    args.extend(point.get("args").and_then(toml::Value::as_table).cloned().unwrap_or_default());
    if rule.id == "t.supervisors"
        && day(&point["by"]).year() == 2023
        && pack.options["count_national_2023"] == "false"
    {
        args.insert("levels".into(), toml::Value::Array(vec!["province".into(), "city".into()]));
    }
    args
}

/// Is the value on or above the straight line from the last point to the next?
fn on_line(
    value: &Value,
    (start, low): (Day, (i64, i64)),
    (by, min): (Day, (i64, i64)),
    as_of: Day,
) -> bool {
    let (gone, whole) = (i128::from(as_of.0 - start.0), i128::from(by.0 - start.0));
    let (n, d) = match value {
        Value::Number(n) => (i128::from(*n), 1),
        Value::Ratio(n, d) => (i128::from(*n), i128::from(*d)),
        other => panic!("{other:?} on a line"),
    };
    // n/d >= low + (min - low) * gone/whole, multiplied out. Both bounds share one denominator.
    let below = i128::from(min.1);
    let (low, high) = (i128::from(low.0) * below / i128::from(low.1), i128::from(min.0));
    n * below * whole >= (low * whole + (high - low) * gone) * d
}

/// A yearly duty: done, or still to be done by its day.
fn duty(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
    let done_by = rule.body["done_by"].as_table().unwrap();
    let mut args = done_by.get("args").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    args.entry("period").or_insert_with(|| "year".into());
    let ask = Ask { rows, options: &pack.options, args: &args, subject, as_of };
    let measure = done_by["measure"].as_str().unwrap();
    let gaps = missing(&ask, measure);
    if !gaps.is_empty() {
        return Finding { verdict: "unknown", value: Some(Value::Unknown(gaps)) };
    }
    let value = answer(measure, &ask);
    let done = match &value {
        Value::Date(found) => found.is_some(),
        Value::Ratio(_, 0) => return Finding { verdict: "not_applicable", value: Some(value) },
        Value::Unknown(_) => return Finding { verdict: "unknown", value: Some(value) },
        other => {
            let scale = scale(measure);
            let (of, to) = bound(&done_by["min"], as_of).unwrap();
            compare(other, (of * scale, to)) >= 0
        }
    };
    let (month, last) = rule.body["due"].as_str().unwrap().split_once('-').unwrap();
    let due =
        Day::of(as_of.year().try_into().unwrap(), month.parse().unwrap(), last.parse().unwrap())
            .unwrap();
    // A day is asked about at its end, so on the day due itself the work should be done.
    let verdict = match (done, as_of < due) {
        (true, _) => "met",
        (false, true) => "not_yet",
        (false, false) => "missed",
    };
    Finding { verdict, value: Some(value) }
}

/// A right: the allowance of a supervisor, or the grade of a head or deputy.
fn entitle(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
    let args = toml::Table::new();
    let ask = Ask { rows, options: &pack.options, args: &args, subject, as_of };
    if let Some(grants) = rule.body.get("grants") {
        return grade(&ask, rule, grants["grade"].as_str().unwrap());
    }

    let earned = money::month_earned(&ask);
    if earned == Some(false) {
        return plain("not_applicable");
    }
    let due = bound(&rule.body["amount"], as_of);
    let Some((due, _)) = due else { return plain("not_applicable") };
    let said = |table| owners::known(rows, table, &subject.id);
    if earned.is_none() {
        // The appraisal that decides is still to come, or nobody ever reported one.
        return plain(if said(Table::Appraisals) { "not_yet" } else { "unknown" });
    }
    if !said(Table::Payments) {
        return plain("unknown");
    }
    let value = money::paid(&ask);
    let verdict = match () {
        () if value == Value::Number(due) => "pass",
        () if as_of < as_of.end_of_month() => "not_yet",
        () => "fail",
    };
    Finding { verdict, value: Some(value) }
}

/// Holders of the role at a unit run that way must carry the grade on that post.
fn grade(ask: &Ask, rule: &Rule, wanted: &str) -> Finding {
    let who = rule.body["who"].as_table().unwrap();
    let mut posts = ask.rows.posts.iter().filter(|p| {
        p.person == ask.subject.id
            && !p.volunteer
            && ask.now(p.from, p.to)
            && p.role == who["role"].as_str().unwrap()
            && ask.rows.units.iter().any(|u| {
                u.id == p.unit && Some(u.kind) == UnitKind::by_name(who["unit"].as_str().unwrap())
            })
            && mode(ask, &p.unit).as_deref() == who["operator"].as_str()
    });
    let Some(first) = posts.next() else { return plain("absent") };
    let grades: Vec<&str> = std::iter::once(first).chain(posts).map(|p| p.grade.as_str()).collect();
    let verdict = if grades.iter().all(|g| *g == wanted) { "pass" } else { "fail" };
    plain(verdict)
}
