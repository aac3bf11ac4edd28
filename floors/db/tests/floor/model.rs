//! Any sequence of acts, refusals, panics and undone attempts leaves what a plain map says, and a whole log.
use std::collections::BTreeMap;

use db::{Cell, Db, Error, Row, Tx, args, event};
use proptest::prelude::*;

use crate::world::{Room, WORLD, event as entry, stamp};

/// One step inside an act.
#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8),
    Remove(u8),
    /// Steps under a savepoint, kept or undone.
    Attempt(Vec<Step>, bool),
}
/// How an act ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Keep,
    Refuse,
    Panic,
    Rehearse,
}
type Model = (BTreeMap<String, String>, i64);

fn step() -> impl Strategy<Value = Step> {
    let leaf = prop_oneof![
        (0..6_u8, any::<u8>()).prop_map(|(k, v)| Step::Put(k, v)),
        (0..6_u8).prop_map(Step::Remove)
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        (prop::collection::vec(inner, 0..4), any::<bool>())
            .prop_map(|(steps, keep)| Step::Attempt(steps, keep))
    })
}
fn end() -> impl Strategy<Value = End> {
    prop_oneof![4 => Just(End::Keep), 1 => Just(End::Refuse), 1 => Just(End::Panic), 1 => Just(End::Rehearse)]
}

fn expect(model: &mut Model, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Put(k, v) => {
                model.0.insert(k.to_string(), format!("{k} {v}"));
                model.1 += 1;
            }
            Step::Remove(k) => {
                if model.0.remove(&k.to_string()).is_some() {
                    model.1 += 1;
                }
            }
            Step::Attempt(inner, keep) => {
                let mut tried = model.clone();
                expect(&mut tried, inner);
                if *keep {
                    *model = tried;
                }
            }
        }
    }
}
fn perform(tx: &mut Tx<'_>, steps: &[Step]) -> db::Result<()> {
    for step in steps {
        match step {
            Step::Put(k, v) => {
                let room = Room { id: k.to_string(), name: format!("{k} {v}") };
                if !tx.update(&room)? {
                    tx.insert(&room)?;
                }
                tx.record(&stamp(1), entry("room", &room.id, "put", Some(&room)))?;
            }
            Step::Remove(k) => {
                if tx.delete::<Room>(&k.to_string().to_value())? {
                    tx.record(&stamp(1), entry("room", &k.to_string(), "removed", None::<&Room>))?;
                }
            }
            Step::Attempt(inner, keep) => {
                let answer = tx.attempt(|tx| {
                    perform(tx, inner)?;
                    if *keep { Ok(()) } else { Err(Error::Stale) }
                });
                if *keep {
                    answer?;
                }
            }
        }
    }
    Ok(())
}
fn play(db: &Db, acts: Vec<(Vec<Step>, End)>) {
    let mut model: Model = Default::default();
    for (steps, end) in acts {
        let mut after = model.clone();
        expect(&mut after, &steps);
        let act = move |tx: &mut Tx<'_>| {
            perform(tx, &steps)?;
            match end {
                End::Refuse => Err(Error::Missing),
                End::Panic => panic!("as told"),
                End::Keep | End::Rehearse => Ok(()),
            }
        };
        let answer = if matches!(end, End::Rehearse) { db.rehearse(act) } else { db.write(act) };
        match end {
            End::Keep => {
                answer.unwrap();
                model = after;
            }
            End::Rehearse => answer.unwrap(),
            End::Refuse => assert!(matches!(answer, Err(Error::Missing))),
            End::Panic => assert!(matches!(answer, Err(Error::Broken(_)))),
        }
    }
    let (rows, verdict) = db
        .read(|tx| {
            Ok((tx.all::<Row>("SELECT id, name FROM room", args![])?, event::verify(tx, 1)?))
        })
        .unwrap();
    let found: BTreeMap<String, String> =
        rows.iter().map(|r| (r.at(0).unwrap(), r.at(1).unwrap())).collect();
    assert_eq!(found, model.0);
    assert_eq!((verdict.checked, verdict.broken, db.seq()), (model.1, None, model.1));
    // What the log knows last is what the table has.
    let states = db.read(|tx| event::states_at(tx, &["room"], kernel::Instant(1))).unwrap();
    let known: BTreeMap<String, String> = states
        .iter()
        .map(|s| (s.id.clone(), s.after["name"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(known, model.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rows_and_log_equal_the_model(acts in prop::collection::vec((prop::collection::vec(step(), 0..6), end()), 1..16)) {
        for db in db::testing::both(&WORLD) {
            play(&db, acts.clone());
        }
    }
}
