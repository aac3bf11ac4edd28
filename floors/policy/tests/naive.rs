//! The engine and the naive judge must say the same of every district.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]
#[path = "naive/mod.rs"]
mod naive;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use naive::value::Value;
use naive::{dice, pack, random, verdict};
use policy::catalogue::Returns;
use policy::explain::{Line, Term};
use policy::{Clocks, Engine, Facts, Measured, Pack, Settings, Source};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/shangcheng-2022")
}

/// Random districts are worth nothing if they never come near a rule.
#[test]
fn random_districts_meet_and_break_every_rule() {
    let pack = pack::read(&folder());
    let mut seen: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for seed in 0..3000 {
        let d = random::district(seed);
        for rule in &pack.rules {
            for subject in verdict::subjects(&d.rows, rule, d.as_of) {
                let found = verdict::judge(&d.rows, &pack, rule, &subject, d.as_of).verdict;
                *seen.entry(&rule.id).or_default().entry(found).or_default() += 1;
            }
        }
    }
    let good = BTreeSet::from(["pass", "met", "on_track"]);
    let bad = BTreeSet::from(["fail", "warn", "missed", "behind", "not_yet"]);
    for rule in &pack.rules {
        let found = &seen[rule.id.as_str()];
        println!("{} {found:?}", rule.id);
        assert!(found.keys().any(|v| good.contains(v)), "{} is never met: {found:?}", rule.id);
        assert!(
            rule.id == "station.optional" || found.keys().any(|v| bad.contains(v)),
            "{} is never broken: {found:?}",
            rule.id
        );
    }
}

/// Readings a district may choose, one value each beside the default.
const READINGS: [(&str, &[&str]); 10] = [
    ("third_party_head_counts", &["false", "true"]),
    ("licensed_means", &["assistant_and_above", "social_worker_and_above"]),
    ("studio_qualified_means", &["certificate", "certificate_or_degree"]),
    ("professional_means", &["certificate", "certificate_or_degree"]),
    ("studio_name_brackets", &["literal", "optional"]),
    ("school_landed", &["agreement_and_service", "agreement"]),
    ("count_national_2023", &["true", "false"]),
    ("count_villages", &["false", "true"]),
    ("allowance_appraisal_year", &["same_year", "latest"]),
    ("allowance_part_month", &["any_day", "full_month", "half_month"]),
];

fn districts() -> u64 {
    std::env::var("NAIVE_DISTRICTS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// The engine's value in the naive judge's terms, or `None` where the two show different things by design.
fn plain(value: &Measured) -> Option<Value> {
    Some(match value {
        Measured::Number { n } => Value::Number(*n),
        Measured::Ratio { of, to } => Value::Ratio(*of, *to),
        Measured::Set { kinds } => Value::Set(kinds.iter().cloned().collect()),
        Measured::Day { day } => Value::Date(*day),
        Measured::Text { text } => Value::Text(text.clone()),
        Measured::Unknown { .. } | Measured::NotApplicable => return None,
    })
}

/// Do the two values say the same? The engine keeps only the kinds a rule asks for.
fn same(rule: &pack::Rule, ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Set(ours), Value::Set(theirs)) => {
            let asked = |k: &&String| {
                ["includes", "any_of", "stages"].iter().any(|key| {
                    let list = rule.body.get(*key).and_then(toml::Value::as_array);
                    list.is_some_and(|l| l.iter().any(|v| v.as_str() == Some(k)))
                })
            };
            ours.iter().filter(asked).eq(theirs.iter().filter(asked))
        }
        _ => ours == theirs,
    }
}

/// The rows that name this unit or person in the tables the rule reads, to print beside a difference.
fn rows_about(rows: &policy::Rows, rule: &pack::Rule, id: &str) -> String {
    let all = serde_json::to_value(rows).unwrap();
    let tables = verdict::tables_of(rule);
    let mut out = String::new();
    for (table, list) in all.as_object().unwrap() {
        for row in list.as_array().unwrap().iter().filter(|_| tables.contains(&table.as_str())) {
            let text = row.to_string();
            if text.contains(&format!("\"{id}\"")) || text.contains("\"*\"") {
                out.push_str(&format!("    {table}: {text}\n"));
            }
        }
    }
    out
}

/// Compares one pack on many districts and returns the differences, the first few told in full.
fn differences(pack_files: &[Source], ours: &pack::Pack, seeds: u64) -> Vec<String> {
    let compiled = Pack::load_draft(pack_files).unwrap_or_else(|faults| panic!("{faults}"));
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for seed in 0..seeds {
        let d = random::district(seed);
        let mut dice = dice::Dice::new(seed ^ 0xD1CE);
        let mut chosen = ours.options.clone();
        for (name, values) in READINGS {
            if chosen.contains_key(name) && dice.chance(30) {
                chosen.insert(name.into(), (*dice.pick(values)).into());
            }
        }
        let judge = pack::Pack { rules: Vec::new(), options: chosen.clone() };
        let settings = Settings { options: chosen, waivers: Vec::new() };
        let facts = Facts::from_rows(&d.rows);
        let engine = Engine::new(&compiled, &facts, Clocks::on(d.as_of), &settings);
        let board = engine.board();
        // A full pass takes quicker ways than a single question; both must say the same.
        let passed: BTreeMap<_, _> =
            board.verdicts(&engine).map(|(rule, unit, v)| ((rule, unit), v.name())).collect();
        for rule in &ours.rules {
            for subject in verdict::subjects(&d.rows, rule, d.as_of) {
                let said = verdict::judge(&d.rows, &judge, rule, &subject, d.as_of);
                let finding = engine.finding(&rule.id, &subject.id);
                let theirs = finding.as_ref().map_or("absent", |f| f.verdict.name());
                let at = (rule.id.as_str(), subject.id.as_str());
                assert_eq!(
                    passed.get(&at).copied().unwrap_or("absent"),
                    theirs,
                    "seed {seed} {at:?}"
                );
                let value = finding.as_ref().and_then(|f| plain(&f.value));
                let agree = match (&said.value, &value) {
                    (Some(a), Some(b)) if said.verdict != "unknown" => same(rule, a, b),
                    _ => true,
                };
                if said.verdict != theirs || !agree {
                    let head = format!(
                        "seed {seed}, {}, {} of {}: naive {} {:?}, engine {theirs} {:?}",
                        d.as_of,
                        rule.id,
                        subject.id,
                        said.verdict,
                        said.value,
                        finding.map(|f| f.value)
                    );
                    // The rows are told once per rule: writing them out costs more than judging.
                    let tail = if told.insert(&rule.id) {
                        rows_about(&d.rows, rule, &subject.id)
                    } else {
                        String::new()
                    };
                    found.push(format!("{head}\n{tail}"));
                }
            }
        }
    }
    found
}

/// Fails with the number of differences per rule and the first of each in full.
fn agree(found: &[String]) {
    let mut per_rule: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
    for f in found {
        let rule = f.split(", ").nth(2).unwrap().split(" of ").next().unwrap();
        per_rule.entry(rule).or_insert((0, f)).0 += 1;
    }
    let told: String = per_rule
        .iter()
        .map(|(rule, (n, first))| format!("{rule}: {n} times, first {first}"))
        .collect();
    assert!(found.is_empty(), "{} differences\n{told}", found.len());
}

/// Every rule of the 2022 pack, every subject, every district.
#[test]
fn the_engine_agrees_with_the_naive_judge() {
    let files = Source::read_dir(&folder()).unwrap();
    agree(&differences(&files, &pack::read(&folder()), districts()));
}

/// The measures that pack has no rule for.
#[test]
fn the_other_measures_agree_too() {
    let text = include_str!("naive/extra.md");
    let files = [Source { name: "extra.md".into(), text: text.into() }];
    agree(&differences(&files, &pack::of_text(text), districts() / 4));
}

/// What the rows listed under a number come to, where the number is a sum of rows.
fn come_to(term: &Term) -> Option<(i64, i64)> {
    let len = |n: usize| i64::try_from(n).unwrap();
    let amount = |l: &Line| l.n.unwrap();
    match (term.returns, &term.value) {
        // What is due is worked out from a rate, not added up.
        (Returns::Money, Measured::Number { n }) if term.measure != "allowance.due" => {
            Some((*n, term.counted.iter().map(amount).sum()))
        }
        (Returns::Days, Measured::Number { n }) => {
            // One calendar day is at most one day, however many sessions.
            let mut days: BTreeMap<_, i64> = BTreeMap::new();
            for l in &term.counted {
                *days.entry(l.from).or_default() += amount(l);
            }
            Some((*n, days.into_values().map(|d| d.min(10)).sum()))
        }
        (Returns::Count, Measured::Number { n }) => Some((*n, len(term.counted.len()))),
        // A share: the rows counted are what is above the line, with those that lack it they are what is below.
        (Returns::Ratio, Measured::Ratio { of, to }) if term.measure != "ratio" => {
            assert_eq!(*of, len(term.counted.len()), "{}", term.measure);
            let lacks = |l: &&Line| {
                let key = l.because.as_ref().map_or("", |b| b.key.as_str());
                l.record.table != "school_services"
                    && [".no_studio", ".no_service", ".not_assessed"]
                        .iter()
                        .any(|k| key.ends_with(k))
            };
            Some((*to, of + len(term.rejected.iter().filter(lacks).count())))
        }
        _ => None,
    }
}

/// Every number explains itself: the rows listed under it add up to it.
#[test]
fn the_rows_under_a_number_add_up_to_it() {
    let extra = Source { name: "extra.md".into(), text: include_str!("naive/extra.md").into() };
    let packs = [Source::read_dir(&folder()).unwrap(), vec![extra]];
    let packs = packs.map(|files| Pack::load_draft(&files).unwrap_or_else(|f| panic!("{f}")));
    let mut summed: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..600 {
        let d = random::district(seed);
        let facts = Facts::from_rows(&d.rows);
        for pack in &packs {
            let engine = Engine::new(pack, &facts, Clocks::on(d.as_of), &Settings::default());
            let board = engine.board();
            for (rule, unit, _) in board.verdicts(&engine) {
                for term in engine.explain(rule, unit).unwrap().terms {
                    let Some((shown, sum)) = come_to(&term) else { continue };
                    assert_eq!(shown, sum, "seed {seed}, {rule} of {unit}: {term:#?}");
                    if shown > 0 {
                        *summed.entry(term.measure).or_default() += 1;
                    }
                }
            }
        }
    }
    for measure in [
        "budget.district",
        "funds.street_match",
        "funds.station_purchase",
        "funds.venture",
        "project.labour_cost",
        "project.funds",
        "allowance.paid",
        "training.days_held",
        "communities.studio_coverage",
        "schools.coverage",
        "assessment.units_assessed",
        "staff.count",
    ] {
        assert!(summed.get(measure).is_some_and(|n| *n > 20), "{measure}: {summed:?}");
    }
}
