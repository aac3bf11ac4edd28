//! Runs the cases of a pack: a situation, the verdicts it must give, and the reasons it must show.
//!
//! A case names a `unit` (or `project`s, or a `district`), any tables of [`crate::rows::Rows`] with the owner left out, and `expect`,
//! whose keys are `rule` for the case's own unit or `unit/rule` for another. A table that is named, even empty, counts as reported; one
//! that is not named was never reported. `kind = "coverage"` walks the quarters and asks that every rule has exactly one bound.
pub(crate) mod world;

use std::collections::BTreeMap;

use kernel::Day;
use serde::Serialize;

use crate::explain::Say;
use crate::pack::{Bound, Dated, Pack, RuleKind, Test};
use crate::plan::{on, stands};
use crate::run::Engine;
use crate::verdict::{Clocks, Settings, Verdict};
use crate::words::Lang;

/// How a case went.
#[derive(Clone, Debug, Serialize)]
pub struct TestOutcome {
    pub name: String,
    pub file: String,
    pub line: usize,
    /// Empty when the case holds.
    pub misses: Vec<Say>,
}
impl TestOutcome {
    /// Does the case hold?
    pub fn passed(&self) -> bool {
        self.misses.is_empty()
    }
}

/// Runs every case of a pack.
pub fn run_tests(pack: &Pack) -> Vec<TestOutcome> {
    pack.tests
        .iter()
        .map(|t| TestOutcome {
            name: t.name.clone(),
            file: t.file.clone(),
            line: t.line,
            misses: run(pack, t),
        })
        .collect()
}

fn miss(key: &str, args: Vec<(&'static str, String)>) -> Say {
    Say { key: format!("policy.test.{key}"), args }
}

fn run(pack: &Pack, t: &Test) -> Vec<Say> {
    if t.body.get("kind").and_then(|k| k.str()) == Some("coverage") {
        return coverage(pack, t);
    }
    let w = match world::build(t) {
        Ok(w) => w,
        Err(e) => return vec![miss("broken", vec![("what", e.what)])],
    };
    let facts = w.facts();
    let clocks = Clocks { as_of: w.as_of, known_at: None, law_at: w.law_at };
    let settings = Settings { options: w.options.clone(), waivers: w.waivers.clone() };
    let mut engine = Engine::new(pack, &facts, clocks, &settings);
    for (measure, value) in &w.given {
        if let Some(owner) = facts.owner(&w.subject) {
            engine.given.insert((*measure, owner), *value);
        }
    }
    let mut out = Vec::new();
    for (key, want) in &w.expect {
        let (unit, rule) = key.rsplit_once('/').unwrap_or((&w.subject, key));
        let got = engine.verdict(rule, unit);
        if Some(got) != Verdict::by_name(want) {
            let args =
                vec![("rule", key.clone()), ("want", want.clone()), ("got", got.name().to_owned())];
            out.push(miss("verdict", args));
        }
    }
    for (key, want) in &w.why {
        let (unit, rule) = key.rsplit_once('/').unwrap_or((&w.subject, key));
        let reasons = engine.explain(rule, unit).map(|e| e.reasons(Lang::Zh)).unwrap_or_default();
        if !reasons.iter().any(|r| r.contains(want)) {
            let args =
                vec![("rule", key.clone()), ("want", want.clone()), ("got", reasons.join("; "))];
            out.push(miss("reason", args));
        }
    }
    out
}

/// On the first day of every quarter each rule that stands must have exactly one value for each dated bound.
fn coverage(pack: &Pack, t: &Test) -> Vec<Say> {
    let day = |key: &str| match t.body.get(key).map(|n| &n.val) {
        Some(crate::pack::node::Val::Date(d)) => Some(*d),
        _ => None,
    };
    let (Some(mut at), Some(end)) = (day("from"), day("to")) else {
        return vec![miss("broken", vec![("what", "from, to".to_owned())])];
    };
    let mut out = Vec::new();
    while at <= end {
        for rule in pack.rules.iter().filter(|r| r.kind != RuleKind::Permit && stands(pack, r, at))
        {
            let none = Vec::new();
            let sides: [&Vec<Dated>; 3] = match &rule.bound {
                Bound::Range { min, max } => [min, max, &rule.amount],
                Bound::Equals(e) => [e, &none, &rule.amount],
                _ => [&rule.amount, &none, &none],
            };
            for side in sides.into_iter().filter(|s| !s.is_empty()) {
                let n = side.iter().filter(|d| d.from <= at && d.to.is_none_or(|t| at < t)).count();
                if n != 1 || on(side, at).is_none() {
                    let args = vec![
                        ("rule", rule.id.clone()),
                        ("day", at.to_string()),
                        ("n", n.to_string()),
                    ];
                    out.push(miss("coverage", args));
                }
            }
        }
        at = at.plus_months(3);
    }
    out
}

/// A case as facts and expectations.
pub(crate) struct World {
    pub rows: crate::rows::Rows,
    pub as_of: Day,
    pub law_at: Option<Day>,
    /// The unit that unnamed expectations are about.
    pub subject: String,
    pub given: Vec<(crate::catalogue::MeasureId, crate::measure::Value)>,
    pub expect: BTreeMap<String, String>,
    pub why: BTreeMap<String, String>,
    pub options: crate::verdict::Options,
    pub waivers: Vec<crate::verdict::Waiver>,
}
impl World {
    fn facts(&self) -> crate::facts::Facts {
        crate::facts::Facts::from_rows(&self.rows)
    }
}
