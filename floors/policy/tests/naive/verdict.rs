//! Judges one rule for one subject on one day, the long way round.
use std::collections::BTreeSet;

use kernel::Day;
use policy::rows::{Rows, UnitKind};

use super::measure::{answer, tables};
use super::pack::{Pack, Rule};
use super::people::mode;
use super::value::{Ask, Subject, Value, holds, reported};
use super::{money, names};

/// What the naive judge says, with the value it looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub verdict: &'static str,
    pub value: Option<Value>,
}

fn plain(verdict: &'static str) -> Finding {
    Finding { verdict, value: None }
}

/// Everyone and everything a rule is asked of that day.
pub fn subjects(rows: &Rows, rule: &Rule, as_of: Day) -> Vec<Subject> {
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
pub fn judge(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
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

fn missing(ask: &Ask, measure: &str) -> BTreeSet<&'static str> {
    let all = tables(measure, ask).into_iter();
    all.filter(|t| !reported(ask.rows, *t, &ask.subject.id, ask.as_of)).map(|t| t.name()).collect()
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
    let verdict = match &value {
        Value::Unknown(_) => "unknown",
        Value::NotApplicable | Value::Ratio(_, 0) => "not_applicable",
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
pub fn bound(value: &toml::Value, as_of: Day) -> Option<(i64, i64)> {
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
            standing.last().map(|d| (d["value"].as_integer().unwrap() * 100, 1))
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
    let side =
        |key: &str| body.get(key).and_then(|b| bound(b, ask.as_of)).map(|b| compare(value, b));
    side("min").is_none_or(|c| c >= 0)
        && side("max").is_none_or(|c| c <= 0)
        && side("equals").is_none_or(|c| c == 0)
}

/// A path of points: met, on the line, behind it, or missed.
fn target(rows: &Rows, pack: &Pack, rule: &Rule, subject: &Subject, as_of: Day) -> Finding {
    let measure = rule.body["measure"].as_str().unwrap();
    let points = rule.body["points"].as_array().unwrap();
    let day = |p: &toml::Value| p["by"].as_datetime().unwrap().to_string().parse::<Day>().unwrap();
    let _ = (measure, points, day, rows, pack, subject, as_of);
    todo_target()
}

fn todo_target() -> Finding {
    plain("todo")
}

fn duty(_rows: &Rows, _pack: &Pack, _rule: &Rule, _subject: &Subject, _as_of: Day) -> Finding {
    plain("todo")
}

fn entitle(_rows: &Rows, _pack: &Pack, _rule: &Rule, _subject: &Subject, _as_of: Day) -> Finding {
    let _ = money::month_earned;
    plain("todo")
}
