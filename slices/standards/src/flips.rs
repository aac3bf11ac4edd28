//! What differs between two judgements: an option's preview and a what-if question answer with it.
use std::collections::HashMap;

use access::Cx;
use policy::Verdict;

use crate::live::{Snapshot, gravity, sees};

/// A verdict that differs between two judgements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flip {
    pub(crate) unit: String,
    pub(crate) unit_name: String,
    pub(crate) rule: String,
    pub(crate) before: Verdict,
    pub(crate) after: Verdict,
}

/// What differs in the actor's scope, turns for the worse first.
pub(crate) fn flips(cx: &Cx, before: &Snapshot, after: &Snapshot) -> Vec<Flip> {
    let mut earlier: HashMap<(&str, &str), Verdict> =
        before.findings.iter().map(|f| ((f.unit.as_str(), f.rule.as_str()), f.verdict)).collect();
    let mut found: Vec<(&str, &str, Verdict, Verdict)> = Vec::new();
    for f in &after.findings {
        let was = earlier.remove(&(f.unit.as_str(), f.rule.as_str())).unwrap_or(Verdict::Absent);
        if was != f.verdict {
            found.push((&f.unit, &f.rule, was, f.verdict));
        }
    }
    found.extend(earlier.into_iter().map(|((u, r), was)| (u, r, was, Verdict::Absent)));
    let name = |id: &str| {
        let unit = after.units.get(id).or_else(|| before.units.get(id));
        unit.filter(|u| sees(cx, u)).map(|u| u.short.clone())
    };
    let mut out: Vec<Flip> = found
        .into_iter()
        .filter_map(|(unit, rule, before, after)| {
            let (unit_name, unit, rule) = (name(unit)?, unit.to_owned(), rule.to_owned());
            Some(Flip { unit, unit_name, rule, before, after })
        })
        .collect();
    out.sort_by(|a, b| {
        let key = |f: &Flip| {
            (
                gravity(f.after),
                gravity(f.before),
                f.unit_name.clone(),
                f.unit.clone(),
                f.rule.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    out
}
