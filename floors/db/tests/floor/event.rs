//! The log: who changed what, in a chain that shows any later touch.
use db::event::{self, Break, Fault, Head};
use db::{Config, Db, Error, Event, Stamp, Tx, args};
use kernel::Instant;
use serde_json::json;

use crate::world::{Folder, Room, WORLD, add_room, room, rooms, stamp};

/// Hears of rooms and refuses the name 禁.
fn hear(tx: &mut Tx<'_>, stamp: &Stamp, heard: &Event) -> db::Result<()> {
    if heard.subject != "room" {
        return Ok(());
    }
    if heard.id == "禁" {
        return Err(kernel::Refusal::new("room.forbidden").into());
    }
    let n = tx.count("SELECT COUNT(*) FROM heard", args![])? + 1;
    tx.run("INSERT INTO heard (seq, subject) VALUES ($1, $2)", args![n, heard.subject])?;
    tx.record(
        stamp,
        Event {
            subject: "echo",
            id: heard.id.clone(),
            verb: "heard",
            unit: None,
            before: None,
            after: None,
        },
    )
}
fn circle(tx: &mut Tx<'_>, stamp: &Stamp, heard: &Event) -> db::Result<()> {
    tx.record(stamp, heard.clone())
}

#[test]
fn listeners_share_the_transaction() {
    for db in db::testing::both_with(&WORLD, &[hear]) {
        db.write(|tx| add_room(tx, "1", 1)).unwrap();
        let no = db.write(|tx| add_room(tx, "禁", 2));
        assert!(matches!(no, Err(Error::Refused(_))));
        let (rooms, log, heard) = db
            .read(|tx| {
                Ok((
                    rooms(tx)?,
                    event::since(tx, 0, 10)?,
                    tx.count("SELECT COUNT(*) FROM heard", args![])?,
                ))
            })
            .unwrap();
        assert_eq!((rooms.len(), heard), (1, 1));
        let words: Vec<_> =
            log.iter().map(|e| (e.seq, e.subject.as_str(), e.verb.as_str())).collect();
        assert_eq!(words, [(1, "room", "added"), (2, "echo", "heard")]);
    }
}

#[test]
fn listeners_in_a_circle_are_stopped() {
    for db in db::testing::both_with(&WORLD, &[circle]) {
        assert!(matches!(db.write(|tx| add_room(tx, "1", 1)), Err(Error::Broken(_))));
        assert_eq!(db.seq(), 0);
    }
}

#[test]
fn an_entry_says_who_when_what_before_and_after() {
    for db in db::testing::both(&WORLD) {
        let (old, new) = (room("1"), Room { id: "1".into(), name: "新名 \u{1F3E0} \"引\"".into() });
        let (before, after) = (json!(old), json!(new));
        let (b, a) = (before.clone(), after.clone());
        db.write(move |tx| {
            let (before, after) = (Some(b), Some(a));
            let unit = Some("site-9".into());
            tx.record(
                &stamp(77),
                Event { subject: "room", id: "1".into(), verb: "renamed", unit, before, after },
            )
        })
        .unwrap();
        let entry = db.read(|tx| event::of(tx, "room", "1")).unwrap().remove(0);
        assert_eq!(
            (entry.seq, entry.at, entry.account.as_str(), entry.role.as_str()),
            (1, Instant(77), "a-1", "worker")
        );
        assert_eq!(
            (entry.request.as_str(), entry.verb.as_str(), entry.unit.as_deref()),
            ("q-77", "renamed", Some("site-9"))
        );
        assert_eq!((entry.before, entry.after), (Some(before), Some(after)));
        assert_eq!(entry.prev, "0".repeat(64));
    }
}

#[test]
fn the_hash_is_what_the_document_says_and_alike_on_both() {
    // Recomputed by hand from the text of `event/chain.rs`: prev, then each field as 1 ‖ length ‖ text, or 0.
    use sha2::{Digest, Sha256};
    let mut sum = Sha256::new();
    sum.update([0; 32]);
    for field in [
        Some("1"),
        Some("5"),
        Some("a-1"),
        Some("worker"),
        Some("q-5"),
        Some("room"),
        Some("甲"),
        Some("gone"),
        None,
        None,
    ] {
        match field {
            None => sum.update([0]),
            Some(text) => {
                sum.update([1]);
                sum.update((text.len() as u64).to_be_bytes());
                sum.update(text);
            }
        }
    }
    sum.update([1]);
    sum.update(7_u64.to_be_bytes());
    sum.update(r#"{"a":1}"#);
    let expected: [u8; 32] = sum.finalize().into();
    for db in db::testing::both(&WORLD) {
        db.write(|tx| {
            let after = Some(json!({"a": 1}));
            tx.record(
                &stamp(5),
                Event {
                    subject: "room",
                    id: "甲".into(),
                    verb: "gone",
                    unit: None,
                    before: None,
                    after,
                },
            )
        })
        .unwrap();
        assert_eq!(db.head(), Head { seq: 1, hash: expected });
    }
}

#[test]
fn the_log_refuses_every_change() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| add_room(tx, "1", 1)).unwrap();
        for sql in [
            "UPDATE event SET account = 'x'",
            "DELETE FROM event",
            "INSERT INTO event SELECT * FROM event",
            "INSERT OR REPLACE INTO event SELECT seq, at, 'x', role, request, subject, id, verb, unit, before, after, prev, hash FROM event",
            "TRUNCATE event",
        ] {
            let answer = db.write(|tx| tx.run(sql, args![]));
            assert!(matches!(answer, Err(Error::Broken(_))), "{sql}");
        }
        let entry = db.read(|tx| event::of(tx, "room", "1")).unwrap().remove(0);
        assert_eq!(entry.account, "a-1");
    }
}

/// Takes the guard off, does what an intruder with the file would do, and says what a walk then finds.
fn after_tampering(db: &Db, sql: &'static str) -> Option<Break> {
    for guard in [
        "DROP TRIGGER event_never_updated",
        "DROP TRIGGER event_never_deleted",
        "DROP TRIGGER event_never_changed ON event",
    ] {
        let _ = db.write(move |tx| tx.run(guard, args![]));
    }
    let touched = db.write(move |tx| tx.run(sql, args![])).unwrap();
    assert!(touched > 0, "{sql}");
    db.read(|tx| event::verify(tx, 1)).unwrap().broken
}

#[test]
fn every_touch_is_named() {
    for (sql, seq, fault) in [
        ("UPDATE event SET account = 'x' WHERE seq = 3", 3, Fault::Hash),
        ("UPDATE event SET after = NULL WHERE seq = 5", 5, Fault::Hash),
        ("UPDATE event SET unit = '' WHERE seq = 1", 1, Fault::Hash),
        ("UPDATE event SET account = role, role = account WHERE seq = 2", 2, Fault::Hash),
        ("UPDATE event SET at = at + 1 WHERE seq = 4", 4, Fault::Hash),
        ("UPDATE event SET hash = prev WHERE seq = 4", 4, Fault::Hash),
        ("UPDATE event SET prev = hash WHERE seq = 4", 4, Fault::Prev),
        ("DELETE FROM event WHERE seq = 3", 3, Fault::Gap),
        ("DELETE FROM event WHERE seq = 1", 1, Fault::Gap),
        ("DELETE FROM event WHERE seq >= 4", 4, Fault::Head),
        ("DELETE FROM event", 1, Fault::Head),
    ] {
        for db in db::testing::both(&WORLD) {
            for n in 1..=6 {
                db.write(move |tx| add_room(tx, &n.to_string(), n)).unwrap();
            }
            let whole = db.read(|tx| event::verify(tx, 1)).unwrap();
            assert_eq!((whole.checked, whole.head, whole.broken), (6, db.head(), None));
            assert_eq!(after_tampering(&db, sql), Some(Break { seq, fault }), "{sql}");
        }
    }
}

#[test]
fn a_walk_may_begin_anywhere_and_spans_pages() {
    for db in db::testing::both(&WORLD) {
        db.write(|tx| (0..1203).try_for_each(|n| add_room(tx, &n.to_string(), n))).unwrap();
        for (from, checked) in [(1, 1203), (-5, 1203), (600, 604), (1203, 1), (1204, 0)] {
            let verdict = db.read(|tx| event::verify(tx, from)).unwrap();
            assert_eq!((verdict.checked, verdict.broken), (checked, None), "from {from}");
        }
        assert!(
            db.read(|tx| event::verify(tx, 1300)).unwrap().broken.is_some(),
            "nothing to begin from"
        );
    }
}

#[test]
fn a_head_noted_outside_shows_a_log_cut_off_or_rewritten_at_rest() {
    let folder = Folder::new("cut");
    let open = || {
        let url = format!("sqlite:{}", folder.file().display());
        Db::open(Config {
            url,
            pool: 1,
            migrations: WORLD.to_vec(),
            listeners: vec![],
            vault: db::testing::vault(),
        })
        .unwrap()
    };
    let db = open();
    for n in 1..=6 {
        db.write(move |tx| add_room(tx, &n.to_string(), n)).unwrap();
    }
    let noted = db.head();
    after_tampering(&db, "DELETE FROM event WHERE seq > 4");
    drop(db);
    let db = open();
    assert_eq!(
        db.read(|tx| event::verify(tx, 1)).unwrap().broken,
        None,
        "a cut at rest is a shorter whole log"
    );
    let found = db.read(|tx| event::verify_against(tx, 1, &[noted])).unwrap().broken;
    assert_eq!(found, Some(Break { seq: 5, fault: Fault::Head }));
    for n in 7..=8 {
        db.write(move |tx| add_room(tx, &n.to_string(), n)).unwrap();
    }
    let found = db.read(|tx| event::verify_against(tx, 1, &[noted])).unwrap().broken;
    assert_eq!(
        found,
        Some(Break { seq: 6, fault: Fault::Head }),
        "as long as before, but not the same"
    );
}

#[test]
fn what_was_known_then() {
    for db in db::testing::both(&WORLD) {
        let tell = |at,
                    subject: &'static str,
                    id: &'static str,
                    verb: &'static str,
                    after: Option<i64>| {
            let after = after.map(|v| json!({"v": v}));
            let unit = Some("site-1".to_owned());
            db.write(move |tx| {
                tx.record(
                    &stamp(at),
                    Event { subject, id: id.into(), verb, unit, before: None, after },
                )
            })
            .unwrap();
        };
        tell(10, "room", "a", "added", Some(1));
        tell(20, "post", "a", "added", Some(2));
        tell(20, "room", "b", "added", Some(3));
        tell(30, "room", "a", "amended", Some(4));
        tell(40, "room", "b", "removed", None);
        tell(50, "room", "b", "added", Some(5));
        let known = |at| {
            let states =
                db.read(|tx| event::states_at(tx, &["room", "post"], Instant(at))).unwrap();
            states
                .iter()
                .map(|s| format!("{}/{}={}", s.subject, s.id, s.after["v"]))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(known(9), "");
        assert_eq!(known(10), "room/a=1");
        assert_eq!(known(25), "room/a=1 room/b=3 post/a=2");
        assert_eq!(known(39), "room/b=3 room/a=4 post/a=2");
        assert_eq!(known(40), "room/a=4 post/a=2");
        assert_eq!(known(99), "room/a=4 room/b=5 post/a=2");
    }
}
