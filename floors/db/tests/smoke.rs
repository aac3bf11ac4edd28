//! The least a database does: keep what was acted, forget what was refused, and link the log.
use db::{Config, Db, Error, Event, Migration, Stamp, args};
use kernel::Instant;

db::record! { pub struct Post in "post" { id: String, name: String, minutes: Option<i64> } }

#[test]
fn acts_questions_and_the_log() {
    let migration = Migration {
        number: 900,
        name: "0900_post",
        sql: "CREATE TABLE post (id TEXT PRIMARY KEY, name TEXT NOT NULL, minutes BIGINT)",
        pg: None,
    };
    let db = Db::open(Config {
        url: "sqlite::memory:".into(),
        pool: 2,
        migrations: vec![migration],
        listeners: vec![],
    })
    .unwrap();
    let stamp =
        Stamp { at: Instant(1), account: "a".into(), role: "r".into(), request: "q".into() };
    let event = |after: Option<serde_json::Value>| Event {
        subject: "post",
        id: "1".into(),
        verb: "added",
        unit: None,
        before: None,
        after,
    };
    let (s, e) = (stamp.clone(), event(Some(serde_json::json!({"id": "1"}))));
    db.write(move |tx| {
        tx.insert(&Post { id: "1".into(), name: "x".into(), minutes: None })?;
        tx.record(&s, e)
    })
    .unwrap();
    let e = event(None);
    let refused: db::Result<()> = db.write(move |tx| {
        tx.insert(&Post { id: "2".into(), name: "x".into(), minutes: Some(3) })?;
        tx.record(&stamp, e)?;
        Err(Error::Missing)
    });
    assert!(matches!(refused, Err(Error::Missing)));
    let panicked = db.write(|tx| -> db::Result<()> {
        tx.run("DELETE FROM post", args![])?;
        panic!("oh");
    });
    assert!(matches!(panicked, Err(Error::Broken(_))));
    let (rows, verdict) = db
        .read(|tx| Ok((tx.all::<Post>("SELECT * FROM post", args![])?, db::event::verify(tx, 1)?)))
        .unwrap();
    assert_eq!(rows, [Post { id: "1".into(), name: "x".into(), minutes: None }]);
    assert_eq!((verdict.checked, verdict.broken, db.seq()), (1, None, 1));
    assert!(db.read(|tx| tx.run("DELETE FROM post", args![])).is_err());
}
