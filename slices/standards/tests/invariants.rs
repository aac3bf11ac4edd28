//! What must hold of every number on the demonstration district: its rows add up to it, and the log alone gives the same verdicts.

use std::collections::BTreeMap;

use policy::catalogue::Returns;
use policy::{Engine, Facts, Measured, Rows};
use standards::live::{self, Question};
use story::{day, house};

/// Verdicts by (rule, unit).
type Verdicts = BTreeMap<(String, String), &'static str>;

#[test]
fn every_count_is_its_rows_and_the_log_gives_the_same_verdicts() {
    let h = house();
    demo::build(&h.shell, demo::Scale::Small).unwrap();
    let (shell, today) = (h.shell.clone(), h.cx().today());
    let snap = h.read(move |tx| live::current(tx, today, &shell, &Question::default()));
    assert!(snap.findings.len() > 1000, "{}", snap.findings.len());

    let engine = snap.engine();
    let (mut counted, mut sets, mut wrong) = (0, 0, Vec::new());
    for f in &snap.findings {
        let e = engine.explain(&f.rule, &f.unit).unwrap();
        assert_eq!((e.verdict, &e.value), (f.verdict, &f.value), "{} {}", f.rule, f.unit);
        for term in &e.terms {
            let at = format!("{} {} {}", f.rule, e.unit_name, term.measure);
            if term.rejected.iter().any(|l| l.because.is_none()) {
                wrong.push(format!("{at}: a row not counted without a reason"));
            }
            match &term.value {
                Measured::Number { n } if term.returns == Returns::Count => {
                    counted += 1;
                    if i64::try_from(term.counted.len()).unwrap() != *n {
                        wrong.push(format!("{at}: {n} from {} rows", term.counted.len()));
                    }
                }
                Measured::Set { kinds } if !kinds.is_empty() => {
                    sets += 1;
                    if term.counted.is_empty() {
                        wrong.push(format!("{at}: {kinds:?} from no row"));
                    }
                }
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {counted}: {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(counted > 200 && sets > 100, "{counted} {sets}");

    // What is known now, read from the event log, and the tables: the same verdicts.
    let (sources, now) = (h.shell.slices.clone(), h.shell.now());
    let rows = h.read(move |tx| {
        let mut rows = Rows::default();
        for source in sources.iter().filter_map(|s| s.facts) {
            (source.rows)(tx, Some(now), &mut rows)?;
        }
        Ok(rows)
    });
    let facts = Facts::from_rows(&rows);
    let replayed = Engine::new(&snap.pack, &facts, snap.clocks, &snap.settings);
    let board = replayed.board();
    let from_log: Verdicts = board
        .verdicts(&replayed)
        .map(|(rule, unit, v)| ((rule.to_owned(), unit.to_owned()), v.name()))
        .collect();
    let from_tables: Verdicts = snap
        .findings
        .iter()
        .map(|f| ((f.rule.clone(), f.unit.clone()), f.verdict.name()))
        .collect();
    assert_eq!(from_log, from_tables);
    assert_eq!(board.hash(&replayed), snap.hash);
}

/// Before the district was entered nothing was known of it, on whatever day one asks about.
#[test]
fn nothing_was_known_before_it_was_entered() {
    let h = house();
    demo::build(&h.shell, demo::Scale::Small).unwrap();
    let (shell, today) = (h.shell.clone(), h.cx().today());
    let question = Question { known: Some(day("2026-11-22")), ..Question::default() };
    let snap = h.read(move |tx| live::current(tx, today, &shell, &question));
    let stations = snap.findings.iter().filter(|f| f.kind == policy::UnitKind::Station).count();
    assert_eq!(stations, 0);
}
