//! The 2022 pack of Shangcheng loads without a fault, and every one of its cases holds.
#![expect(clippy::panic, reason = "a test stops at the first surprise")]
use std::path::Path;

use policy::words::{Lang, say};
use policy::{Pack, Source, run_tests};

fn pack() -> Pack {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/shangcheng-2022");
    let files = Source::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    Pack::load(&files).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn loads_without_a_fault_and_every_case_holds() {
    let pack = pack();
    let cases = run_tests(&pack);
    let misses: Vec<String> = cases
        .iter()
        .flat_map(|c| {
            c.misses.iter().map(move |m| {
                format!("{}:{} {}: {}", c.file, c.line, c.name, say(Lang::Zh, &m.key, &m.args))
            })
        })
        .collect();
    assert!(misses.is_empty(), "{misses:#?}");
    assert!(cases.len() >= 70, "{} cases only", cases.len());
}

#[test]
fn every_rule_speaks_both_languages_and_says_what_to_do() {
    let pack = pack();
    for rule in &pack.rules {
        assert!(!rule.title.zh.is_empty() && !rule.title.en.is_empty(), "{} has no title", rule.id);
        let Some(clause) = pack.clause_of(rule) else { panic!("{} stands in no clause", rule.id) };
        assert!(
            rule.item.starts_with(&clause.id),
            "{} says {} inside {}",
            rule.id,
            rule.item,
            clause.id
        );
        let remedy = rule.remedy.as_ref();
        let told = remedy.is_some_and(|r| !r.zh.is_empty() && !r.en.is_empty());
        assert!(told || rule.kind == policy::pack::RuleKind::Permit, "{} has no remedy", rule.id);
    }
    for clause in &pack.clauses {
        assert!(
            !clause.says.zh.is_empty() && !clause.says.en.is_empty(),
            "{} is not restated",
            clause.id
        );
    }
    for note in &pack.notes {
        assert!(
            !note.text.zh.is_empty() && !note.text.en.is_empty(),
            "{} is not said in both languages",
            note.id
        );
        let open = note.choices.iter().all(|c| !c.zh.is_empty() && !c.en.is_empty());
        assert!(
            open && note.option.is_some() == (note.choices.len() > 1),
            "{} offers no choice",
            note.id
        );
    }
}
