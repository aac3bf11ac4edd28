//! Two packs side by side: clauses restated anew, rules come and gone, bounds changed, and, given facts, whose verdict changes.
use std::collections::HashMap;

use serde::Serialize;

use crate::facts::Facts;
use crate::mirror::Change;
use crate::pack::{Pack, Rule};
use crate::run::Engine;
use crate::verdict::{Clocks, Settings, Verdict};

/// What happened to a clause or a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Added,
    Removed,
    Changed,
}

/// A clause or rule that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub id: String,
    pub what: What,
    /// Fields that differ: `bound`, `when`, `modality`, …
    pub fields: Vec<&'static str>,
}

/// Everything that differs between two packs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PackDiff {
    pub clauses: Vec<Difference>,
    pub rules: Vec<Difference>,
    /// Filled when facts were given.
    pub verdicts: Vec<Change>,
}

/// Compares two packs; with facts and clocks, also the verdicts they give.
pub fn diff(before: &Pack, after: &Pack, facts: Option<(&Facts, Clocks, &Settings)>) -> PackDiff {
    let clauses = compare(
        before.clauses.iter().map(|c| (c.id.as_str(), c)),
        after.clauses.iter().map(|c| (c.id.as_str(), c)),
        |a, b| {
            let mut f = Vec::new();
            if a.heading != b.heading {
                f.push("heading");
            }
            if a.says != b.says {
                f.push("says");
            }
            f
        },
    );
    let rules = compare(
        before.rules.iter().map(|r| (r.id.as_str(), r)),
        after.rules.iter().map(|r| (r.id.as_str(), r)),
        |a, b| fields(before, a, after, b),
    );
    let verdicts = facts
        .map(|(f, clocks, settings)| verdicts(before, after, f, clocks, settings))
        .unwrap_or_default();
    PackDiff { clauses, rules, verdicts }
}

fn compare<'a, T: 'a>(
    before: impl Iterator<Item = (&'a str, &'a T)>,
    after: impl Iterator<Item = (&'a str, &'a T)>,
    fields: impl Fn(&T, &T) -> Vec<&'static str>,
) -> Vec<Difference> {
    let mut old: HashMap<&str, &T> = before.collect();
    let mut out = Vec::new();
    for (id, new) in after {
        match old.remove(id) {
            None => {
                out.push(Difference { id: id.to_owned(), what: What::Added, fields: Vec::new() })
            }
            Some(was) => {
                let fields = fields(was, new);
                if !fields.is_empty() {
                    out.push(Difference { id: id.to_owned(), what: What::Changed, fields });
                }
            }
        }
    }
    out.extend(old.into_keys().map(|id| Difference {
        id: id.to_owned(),
        what: What::Removed,
        fields: Vec::new(),
    }));
    out.sort_by(|a, b| (a.what, &a.id).cmp(&(b.what, &b.id)));
    out
}

fn fields(pa: &Pack, a: &Rule, pb: &Pack, b: &Rule) -> Vec<&'static str> {
    let mut f = Vec::new();
    let mut note = |differs: bool, name| {
        if differs {
            f.push(name);
        }
    };
    let points =
        |r: &Rule| r.points.iter().map(|p| (p.by, p.min, p.call.clone())).collect::<Vec<_>>();
    note(
        pa.clause_of(a).map(|c| &c.id) != pb.clause_of(b).map(|c| &c.id) || a.item != b.item,
        "clause",
    );
    note(a.bound != b.bound || points(a) != points(b) || a.amount != b.amount, "bound");
    note(a.call != b.call, "measure");
    note(a.on != b.on || a.who != b.who, "applies");
    note(a.when != b.when, "when");
    note(a.modality != b.modality, "modality");
    note(a.severity != b.severity, "severity");
    note(a.title != b.title, "title");
    note(a.quote != b.quote, "quote");
    note(a.due != b.due, "due");
    note(a.evidence != b.evidence, "evidence");
    note(a.remedy != b.remedy, "remedy");
    note((a.from, a.to) != (b.from, b.to), "in_force");
    f
}

fn verdicts(
    before: &Pack,
    after: &Pack,
    f: &Facts,
    clocks: Clocks,
    settings: &Settings,
) -> Vec<Change> {
    let (ea, eb) =
        (Engine::new(before, f, clocks, settings), Engine::new(after, f, clocks, settings));
    let (ba, bb) = (ea.board(), eb.board());
    let mut old: HashMap<(&str, &str), Verdict> =
        ba.verdicts(&ea).map(|(r, u, v)| ((r, u), v)).collect();
    let mut out = Vec::new();
    let change = |rule: &str, unit: &str, before, after| Change {
        rule: rule.to_owned(),
        unit: unit.to_owned(),
        before,
        after,
    };
    for (r, u, v) in bb.verdicts(&eb) {
        let was = old.remove(&(r, u)).unwrap_or_default();
        if was != v {
            out.push(change(r, u, was, v));
        }
    }
    out.extend(old.into_iter().map(|((r, u), v)| change(r, u, v, Verdict::Absent)));
    out.sort();
    out
}
