//! What both engines must do alike: arguments, rows, refusals, savepoints, panics, snapshots.
use crate::world::{Post, Room, WORLD, add_room, post, room, rooms};
use db::{Db, Error, Row, Value, args};

#[test]
fn arguments_are_bound_by_number_and_rows_read_alike() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| {
            tx.insert(&room("1"))?;
            tx.insert(&post("p", "1", 5))?;
            // Out of order, and the second twice: position is not the number.
            let touched = tx.run(
                "UPDATE post SET note = $2, minutes = $1 WHERE id = $3 AND $2 <> ''",
                args![7_i64, "记", "p"],
            )?;
            assert_eq!(touched, 1);
            Ok(())
        })
        .unwrap();
        let found: Post =
            db.read(|tx| tx.one("SELECT * FROM post WHERE id = $1", args!["p"])).unwrap().unwrap();
        assert_eq!(found, Post { note: Some("记".into()), minutes: 7, ..post("p", "1", 0) });
        let row: Row = db
            .read(|tx| {
                tx.one(
                    "SELECT COUNT(*) AS n, SUM(minutes) AS s, MAX(note) AS m, 1 AS one, minutes = 7 AS yes, \
                     EXISTS (SELECT 1 FROM room WHERE id = 'x') AS no, NULL AS nil, SUM(minutes) * 100000000 AS big, \
                     -SUM(minutes) AS less, COALESCE(SUM(CASE WHEN minutes > 100 THEN minutes ELSE 0 END), 0) AS zero FROM post \
                     GROUP BY minutes",
                    args![],
                )
            })
            .unwrap()
            .unwrap();
        assert_eq!(row.get::<i64>("n").unwrap(), 1);
        assert_eq!(row.get::<i64>("s").unwrap(), 7);
        assert_eq!(row.get::<String>("m").unwrap(), "记");
        assert_eq!(row.get::<i64>("one").unwrap(), 1);
        assert!(row.get::<bool>("yes").unwrap());
        assert!(!row.get::<bool>("no").unwrap());
        assert_eq!(row.get::<Value>("nil").unwrap(), Value::Null);
        assert_eq!(row.get::<i64>("big").unwrap(), 700_000_000);
        assert_eq!(row.get::<i64>("less").unwrap(), -7);
        assert_eq!(row.get::<i64>("zero").unwrap(), 0);
        assert!(row.get::<i64>("m").is_err(), "a text is no number");
        assert!(row.get::<i64>("absent").is_err());
        assert_eq!(
            db.read(|tx| tx.count("SELECT COUNT(*) FROM post WHERE note LIKE $1", args!["%记%"]))
                .unwrap(),
            1
        );
        assert_eq!(
            db.read(|tx| tx.count("SELECT COUNT(*) FROM room WHERE 'a' LIKE 'A'", args![]))
                .unwrap(),
            0
        );
        assert!(
            db.read(|tx| tx.count("SELECT minutes / 2.0 FROM post", args![])).is_err(),
            "no fraction passes for a number"
        );
        assert!(
            db.read(|tx| tx.count("SELECT COUNT(*) FROM post WHERE id = $1", args![])).is_err(),
            "an argument too few"
        );
    }
}

#[test]
fn text_is_ordered_by_code_point_on_both() {
    for db in db::testing::both(&WORLD) {
        let order = db
            .write(|tx| {
                ["b", "A", "a", "B", "一", "_", "Z", "é"]
                    .iter()
                    .try_for_each(|id| tx.insert(&room(id)))?;
                rooms(tx)
            })
            .unwrap();
        assert_eq!(order, ["A", "B", "Z", "_", "a", "b", "é", "一"]);
    }
}

#[test]
fn records_are_inserted_found_updated_and_deleted() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| {
            tx.insert(&room("1"))?;
            assert_eq!(tx.find::<Room>(&"1".into_value())?, Some(room("1")));
            assert!(tx.update(&Room { id: "1".into(), name: "新".into() })?);
            assert!(!tx.update(&room("2"))?);
            assert_eq!(tx.find::<Room>(&"1".into_value())?.map(|r| r.name), Some("新".into()));
            assert!(tx.delete::<Room>(&"1".into_value())?);
            assert!(!tx.delete::<Room>(&"1".into_value())?);
            Ok(())
        })
        .unwrap();
    }
}
trait IntoValue {
    fn into_value(self) -> Value;
}
impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

#[test]
fn a_no_leaves_nothing_and_its_neighbours_stay() {
    for db in db::testing::both(&WORLD) {
        std::thread::scope(|scope| {
            for n in 0..24_i64 {
                let db = &db;
                scope.spawn(move || {
                    let answer = db.write(move |tx| {
                        add_room(tx, &format!("{n:02}"), n)?;
                        match n % 3 {
                            0 => Ok(n),
                            1 => Err(Error::Missing),
                            _ => panic!("act {n}"),
                        }
                    });
                    match n % 3 {
                        0 => assert_eq!(answer.unwrap(), n),
                        1 => assert!(matches!(answer, Err(Error::Missing))),
                        _ => assert!(matches!(answer, Err(Error::Broken(why)) if why == format!("panic: act {n}"))),
                    }
                });
            }
        });
        let (kept, verdict) = db.read(|tx| Ok((rooms(tx)?, db::event::verify(tx, 1)?))).unwrap();
        assert_eq!(kept, ["00", "03", "06", "09", "12", "15", "18", "21"]);
        assert_eq!((verdict.checked, verdict.broken), (8, None));
        assert_eq!(db.seq(), 8);
    }
}

#[test]
fn an_attempt_is_undone_alone() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| {
            add_room(tx, "1", 1)?;
            let twice = tx.attempt(|tx| add_room(tx, "1", 2));
            assert!(matches!(twice, Err(Error::Broken(_))), "a key given twice");
            let no: db::Result<()> = tx.attempt(|tx| {
                add_room(tx, "2", 3)?;
                tx.attempt(|tx| add_room(tx, "3", 4))?;
                Err(Error::Stale)
            });
            assert!(matches!(no, Err(Error::Stale)));
            tx.attempt(|tx| add_room(tx, "4", 5))
        })
        .unwrap();
        let (kept, verdict) = db.read(|tx| Ok((rooms(tx)?, db::event::verify(tx, 1)?))).unwrap();
        assert_eq!(kept, ["1", "4"]);
        assert_eq!((verdict.checked, verdict.broken), (2, None));
    }
}

#[test]
fn a_swallowed_fault_undoes_the_act_on_both() {
    for db in db::testing::both(&WORLD) {
        let answer = db.write(|tx| {
            add_room(tx, "1", 1)?;
            let _ = tx.insert(&post("p", "no such room", 1));
            Ok(())
        });
        assert!(matches!(answer, Err(Error::Broken(_))));
        let after = db.write(|tx| tx.run("SELECT nonsense", args![]).or(Ok(0)));
        assert!(matches!(after, Err(Error::Broken(_))));
        assert!(db.read(rooms).unwrap().is_empty());
        db.write(|tx| add_room(tx, "2", 1)).unwrap();
    }
}

#[test]
fn an_act_cannot_end_the_transaction_that_holds_it() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| add_room(tx, "0", 1)).unwrap();
        let answer = db.write(|tx| {
            add_room(tx, "1", 1)?;
            let _ = tx.run("ROLLBACK", args![]);
            add_room(tx, "2", 1)
        });
        assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
        assert_eq!(db.read(rooms).unwrap(), ["0"]);
        db.write(|tx| add_room(tx, "3", 1)).unwrap();
        assert_eq!(db.read(|tx| db::event::verify(tx, 1)).unwrap().checked, 2);
    }
}

#[test]
fn a_rehearsal_answers_and_leaves_nothing() {
    for db in db::testing::both(&WORLD) {
        let seen = db
            .rehearse(|tx| {
                add_room(tx, "1", 1)?;
                rooms(tx)
            })
            .unwrap();
        assert_eq!(seen, ["1"]);
        assert_eq!((db.read(rooms).unwrap().len(), db.seq()), (0, 0));
        db.write(|tx| add_room(tx, "1", 1)).unwrap();
        assert_eq!(db.read(|tx| db::event::verify(tx, 1)).unwrap().checked, 1);
    }
}

#[test]
fn a_question_cannot_write_and_sees_one_moment() {
    for db in db::testing::both(&WORLD) {
        assert!(db.read(|tx| tx.insert(&room("1"))).is_err());
        let other = db.clone();
        let (before, after) = db
            .read(move |tx| {
                let before = rooms(tx)?;
                let done =
                    std::thread::spawn(move || other.write(|tx| add_room(tx, "1", 1))).join();
                done.unwrap()?;
                Ok((before, rooms(tx)?))
            })
            .unwrap();
        assert_eq!(before, after);
        assert_eq!(db.read(rooms).unwrap(), ["1"]);
        let broken: db::Result<()> = db.read(|_| panic!("oh"));
        assert!(matches!(broken, Err(Error::Broken(_))));
    }
}

#[test]
fn an_act_asked_within_an_act_is_refused_and_not_waited_for() {
    for db in db::testing::both(&WORLD) {
        let inner = db.clone();
        let answer = db.write(move |_| inner.write(|tx| add_room(tx, "1", 1)));
        assert!(matches!(answer, Err(Error::Broken(_))));
    }
}

#[test]
fn a_nul_is_refused_on_both() {
    for db in db::testing::both(&WORLD) {
        let answer = db.write(|tx| tx.insert(&room("a\0b")));
        assert!(matches!(answer, Err(Error::Refused(_))), "{answer:?}");
    }
}

#[test]
fn async_askers_are_answered_alike() {
    async fn story(db: &Db) {
        let acts = (0..50).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { db.act(move |tx| add_room(tx, &format!("{n:02}"), n)).await })
        });
        for act in acts.collect::<Vec<_>>() {
            act.await.unwrap().unwrap();
        }
        assert_eq!(db.ask(rooms).await.unwrap().len(), 50);
        assert_eq!(db.rehearse_async(|tx| tx.run("DELETE FROM room", args![])).await.unwrap(), 50);
        assert_eq!(db.ask(rooms).await.unwrap().len(), 50);
        let broken: db::Result<()> = db.act(|_| panic!("oh")).await;
        assert!(matches!(broken, Err(Error::Broken(_))));
    }
    // Opened, asked on the spot and closed inside the runtime, as `main` does, and on its workers, as handlers do.
    async fn all() {
        for db in db::testing::both(&WORLD) {
            story(&db).await;
            assert_eq!(db.read(rooms).unwrap().len(), 50);
        }
    }
    for threads in [1, 2] {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(threads).build().unwrap();
        runtime.block_on(all());
        runtime.block_on(async { tokio::spawn(all()).await.unwrap() });
    }
    // A runtime of one thread may ask too, as tests do; only opening and `read` would hold it up.
    for db in db::testing::both(&WORLD) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(story(&db));
    }
}

#[test]
fn the_last_number_is_told() {
    for db in db::testing::both(&WORLD) {
        let watch = db.watch();
        assert_eq!(*watch.borrow(), 0);
        db.write(|tx| add_room(tx, "1", 1)).unwrap();
        assert!(watch.has_changed().unwrap());
        assert_eq!((*watch.borrow(), db.seq()), (1, 1));
    }
}
