//! What must hold between the blocks of a pack: ids once, bounds in the quoted words, options the engine knows, cases both ways.
use std::collections::{HashMap, HashSet};

use kernel::Ratio;

use super::fault::Faults;
use super::model::{Bound, Dated, Modality, Pack, Rule, RuleKind};
use super::node::Node;
use super::number;
use crate::catalogue::Returns;

/// The options (口径) the measures understand, and the values each may take.
pub const OPTIONS: &[(&str, &[&str])] = &[
    ("third_party_head_counts", &["false", "true"]),
    ("supervisor_licensed_overlap", &["true", "false"]),
    ("licensed_means", &["assistant_and_above", "social_worker_and_above"]),
    ("studio_qualified_means", &["certificate", "certificate_or_degree"]),
    ("professional_means", &["certificate", "certificate_or_degree"]),
    ("studio_name_brackets", &["literal", "optional"]),
    ("school_landed", &["agreement_and_service", "agreement"]),
    ("count_national_2023", &["true", "false"]),
    ("count_villages", &["false", "true"]),
    ("allowance_appraisal_year", &["same_year", "latest"]),
    ("allowance_part_month", &["any_day", "full_month", "half_month"]),
    ("budget_scope", &["district_total", "per_site"]),
    ("match_base", &["allocated", "budget_share"]),
    ("purchase_scope", &["each", "combined"]),
];

/// Everything but the cases.
pub(super) fn format(pack: &Pack, faults: &mut Faults) {
    let mut seen: HashSet<&str> = HashSet::new();
    let ids = pack.rules.iter().map(|r| (&r.id, &r.file, r.line));
    for (id, file, line) in ids.chain(pack.notes.iter().map(|n| (&n.id, &n.file, n.line))) {
        if !seen.insert(id) {
            faults.add(file, line, id, "twice", &[]);
        }
    }
    let items = pack.rules.iter().map(|r| (r.clause, &r.item, &r.file, r.line, &r.id));
    for (clause, item, file, line, id) in
        items.chain(pack.notes.iter().map(|n| (n.clause, &n.item, &n.file, n.line, &n.id)))
    {
        if pack.clauses.get(clause).is_some_and(|c| !item.starts_with(&c.id)) {
            faults.add(file, line, &format!("{id}.clause"), "clause_elsewhere", &[("got", item)]);
        }
    }
    for rule in &pack.rules {
        rule_stands(pack, rule, faults);
    }
    for n in &pack.notes {
        for on in &n.on {
            if pack.rule(on).is_none() && !pack.notes.iter().any(|o| &o.id == on) {
                faults.add(
                    &n.file,
                    n.line,
                    &format!("{}.on", n.id),
                    "unknown_rule",
                    &[("got", on)],
                );
            }
        }
        if let Some(name) = &n.option {
            let Some((_, values)) = OPTIONS.iter().find(|(o, _)| o == name) else {
                faults.add(
                    &n.file,
                    n.line,
                    &format!("{}.option", n.id),
                    "unknown_option",
                    &[("got", name)],
                );
                continue;
            };
            let named = n.choices.iter().map(|c| c.value.as_str()).chain(n.default.as_deref());
            for v in named.filter(|v| !values.contains(v)) {
                faults.add(
                    &n.file,
                    n.line,
                    &format!("{}.choices", n.id),
                    "unknown_choice",
                    &[("got", v)],
                );
            }
            if n.default.is_none() {
                faults.add(&n.file, n.line, &format!("{}.default", n.id), "absent", &[]);
            }
        }
    }
}

fn rule_stands(pack: &Pack, rule: &Rule, faults: &mut Faults) {
    let field = |f: &str| format!("{}.{f}", rule.id);
    if rule.on.is_empty() && rule.kind != RuleKind::Permit {
        faults.add(&rule.file, rule.line, &field("applies"), "absent", &[]);
    }
    let measured = rule.call.is_some()
        || rule.grade.is_some()
        || rule.judgement
        || rule.kind == RuleKind::Permit;
    if !measured {
        faults.add(&rule.file, rule.line, &field("measure"), "absent", &[]);
    }
    if rule.kind == RuleKind::Target && rule.points.is_empty() {
        faults.add(&rule.file, rule.line, &field("points"), "absent", &[]);
    }
    if rule.kind == RuleKind::Duty && rule.due.is_none() {
        faults.add(&rule.file, rule.line, &field("due"), "absent", &[]);
    }
    if rule.quote.is_none() && !rule.points.iter().any(|p| p.quote.is_some()) {
        faults.add(&rule.file, rule.line, &field("quote"), "absent", &[]);
    }
    if let Some(call) = &rule.call {
        let entry = call.measure.entry();
        let ratio_of = call.args.get("of").and_then(|a| a.texts().first()).and_then(|m| {
            crate::catalogue::MeasureId::by_name(m).map(crate::catalogue::MeasureId::entry)
        });
        for e in [Some(entry), ratio_of].into_iter().flatten() {
            for on in rule.on.iter().filter(|on| !e.on.is_empty() && !e.on.contains(on)) {
                let args = [("measure", e.name), ("got", on.name())];
                faults.add(&rule.file, rule.line, &field("measure"), "not_asked_of", &args);
            }
        }
        let scale = entry.returns.scale();
        if let Some(note) = &rule.bound_note {
            if !pack.notes.iter().any(|n| &n.id == note) {
                faults.add(
                    &rule.file,
                    rule.line,
                    &field("bound_note"),
                    "unknown_rule",
                    &[("got", note)],
                );
            }
        } else if let (Some(q), true) = (&rule.quote, entry.returns != Returns::Date) {
            for (name, d) in bounds(&rule.bound) {
                in_words(rule, name, d.value, scale, &q.words, faults);
            }
        }
        for p in &rule.points {
            if let Some(q) = p.quote.as_ref().or(rule.quote.as_ref()) {
                in_words(rule, "points", p.min, scale, &q.words, faults);
            }
        }
    }
    if let Some(q) = &rule.quote {
        for d in &rule.amount {
            in_words(rule, "amount", d.value, 100, &q.words, faults);
        }
    }
}

/// A floor of one reads out of words that ask for the thing without a number.
fn in_words(rule: &Rule, name: &str, value: Ratio, scale: i64, words: &str, faults: &mut Faults) {
    let plain = Ratio::new(value.of / scale, value.to);
    let same = |r: &Ratio| {
        i128::from(r.of) * i128::from(plain.to) == i128::from(plain.of) * i128::from(r.to)
    };
    let stand = number::in_words(words);
    let bare_one = name == "min" && plain.of == plain.to && stand.is_empty();
    if bare_one && rule.modality != Modality::Must {
        return;
    }
    if !stand.iter().any(same) {
        let shown =
            if plain.to == 1 { plain.of.to_string() } else { format!("{}/{}", plain.of, plain.to) };
        let args = [("value", shown.as_str()), ("words", words)];
        faults.add(&rule.file, rule.line, &format!("{}.{name}", rule.id), "not_in_words", &args);
    }
}

fn bounds(b: &Bound) -> Vec<(&'static str, &Dated)> {
    match b {
        Bound::Range { min, max } => {
            min.iter().map(|d| ("min", d)).chain(max.iter().map(|d| ("max", d))).collect()
        }
        Bound::Equals(e) => e.iter().map(|d| ("equals", d)).collect(),
        _ => Vec::new(),
    }
}

/// Does the rule give verdicts that can go both ways?
pub(crate) fn gives_verdicts(rule: &Rule) -> bool {
    rule.kind != RuleKind::Permit && rule.modality != Modality::May && !rule.judgement
}

/// Every rule needs a case that passes and one that does not.
pub(super) fn cases(pack: &Pack, faults: &mut Faults) {
    let mut good: HashMap<&str, bool> = HashMap::new();
    let mut bad: HashMap<&str, bool> = HashMap::new();
    for t in &pack.tests {
        if t.body.get("kind").and_then(Node::str) != Some("coverage")
            && let Err(b) = crate::testing::world::build(t)
        {
            faults.add(
                &t.file,
                b.line,
                &format!("{}.{}", t.name, b.field),
                "shape",
                &[("what", &b.what)],
            );
        }
        for (key, verdict) in t.body.get("expect").map(Node::entries).unwrap_or_default() {
            let rule = key.rsplit_once('/').map_or(key.as_str(), |(_, r)| r);
            if pack.rule(rule).is_none() {
                faults.add(
                    &t.file,
                    t.line,
                    &format!("{}.expect", t.name),
                    "unknown_rule",
                    &[("got", rule)],
                );
            }
            match verdict.str() {
                Some("pass" | "met" | "on_track") => good.insert(rule, true),
                Some("fail" | "warn" | "missed" | "behind") => bad.insert(rule, true),
                _ => None,
            };
        }
    }
    for rule in pack.rules.iter().filter(|r| gives_verdicts(r)) {
        for (found, key) in [(&good, "no_passing_case"), (&bad, "no_failing_case")] {
            if !found.contains_key(rule.id.as_str()) {
                faults.add(&rule.file, rule.line, &rule.id, key, &[]);
            }
        }
    }
}

/// A lower pack may tighten a rule of an upper one; loosening it needs a stated `basis`.
pub fn check_layers(upper: &Pack, lower: &Pack) -> Faults {
    let mut faults = Faults::default();
    for low in &lower.rules {
        let Some(up) = upper.rule(&low.id) else { continue };
        if low.basis.is_some() || lower.layer < upper.layer {
            continue;
        }
        let weaker = up.modality == Modality::Must && low.modality != Modality::Must;
        if weaker || looser(&up.bound, &low.bound) {
            faults.add(&low.file, low.line, &low.id, "loosened", &[("pack", &upper.id)]);
        }
    }
    faults
}

fn looser(up: &Bound, low: &Bound) -> bool {
    let last = |d: &[Dated]| d.last().map(|d| d.value);
    let below = |a: Option<Ratio>, b: Option<Ratio>| match (a, b) {
        (Some(a), Some(b)) => a.cmp_to(b).is_some_and(std::cmp::Ordering::is_lt),
        (None, Some(_)) => true,
        _ => false,
    };
    match (up, low) {
        (Bound::Range { min: um, max: ux }, Bound::Range { min: lm, max: lx }) => {
            below(last(lm), last(um))
                || match (last(ux), last(lx)) {
                    (Some(u), Some(l)) => u.cmp_to(l).is_some_and(std::cmp::Ordering::is_lt),
                    (Some(_), None) => true,
                    _ => false,
                }
        }
        (Bound::Includes(u), Bound::Includes(l)) => u.iter().any(|k| !l.contains(k)),
        (Bound::AnyOf(u), Bound::AnyOf(l)) => l.iter().any(|k| !u.contains(k)),
        (Bound::None, _) => false,
        (u, l) => u != l,
    }
}
