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

use naive::{pack, random, verdict};

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
