//! Opening: migrations, two handles on one database, faults of the engine, backups, keys.
use db::{Config, Db, Error, Migration, args, event};
use kernel::Instant;
use serde_json::json;

use crate::world::{Folder, WORLD, add_room, rooms, stamp};

fn try_open(url: &str, migrations: &[Migration]) -> db::Result<Db> {
    Db::open(Config {
        url: url.into(),
        pool: 2,
        migrations: migrations.to_vec(),
        listeners: vec![],
        vault: db::testing::vault(),
    })
}
fn why(answer: db::Result<Db>) -> String {
    answer.err().map(|e| e.to_string()).unwrap_or_default()
}
/// An address on each engine that may be opened again and again.
fn lasting(folder: &Folder) -> [String; 2] {
    [format!("sqlite:{}", folder.file().display()), db::testing::postgres_url()]
}
const fn extra(number: u32, name: &'static str, sql: &'static str) -> Migration {
    Migration { number, name, sql, pg: None }
}

#[test]
fn migrations_go_forward_once() {
    for url in lasting(&Folder::new("forward")) {
        let more = extra(
            901,
            "0901_more",
            "CREATE TABLE more (id TEXT PRIMARY KEY); INSERT INTO more (id) VALUES ('x');",
        );
        try_open(&url, &WORLD).unwrap().write(|tx| add_room(tx, "1", 1)).unwrap();
        for _ in 0..2 {
            let db = try_open(&url, &[more, WORLD[0]]).unwrap();
            assert_eq!(db.read(|tx| tx.count("SELECT COUNT(*) FROM more", args![])).unwrap(), 1);
            assert_eq!((db.read(rooms).unwrap().len(), db.seq()), (1, 1));
        }
        let said = why(try_open(&url, &WORLD));
        assert!(said.contains("newer than this program") && said.contains("0901_more"), "{said}");
        let edited = extra(901, "0901_more", "CREATE TABLE more (id TEXT PRIMARY KEY);");
        let said = why(try_open(&url, &[WORLD[0], edited]));
        assert!(
            said.contains("edited after it was applied") && said.contains("0901_more"),
            "{said}"
        );
        let said = why(try_open(&url, &[WORLD[0], more, extra(901, "0901_other", "")]));
        assert!(said.contains("share number 901"), "{said}");
        try_open(&url, &[WORLD[0], more]).unwrap();
    }
}

#[test]
fn a_failed_migration_leaves_everything_as_it_was() {
    for url in lasting(&Folder::new("failed")) {
        try_open(&url, &WORLD).unwrap();
        let bad = extra(902, "0902_bad", "CREATE TABLE two (id TEXT); CREATE TABLE two (id TEXT);");
        let good = extra(901, "0901_good", "CREATE TABLE one (id TEXT PRIMARY KEY);");
        let said = why(try_open(&url, &[WORLD[0], good, bad]));
        assert!(said.contains("0902_bad"), "{said}");
        let db = try_open(&url, &WORLD).unwrap();
        assert!(db.read(|tx| tx.count("SELECT COUNT(*) FROM one", args![])).is_err());
    }
}

#[test]
fn an_engine_may_have_its_own_text() {
    let own = Migration {
        number: 901,
        name: "0901_own",
        sql: "CREATE TABLE lite (id TEXT)",
        pg: Some("CREATE TABLE pg (id TEXT)"),
    };
    let tables = ["lite", "pg"];
    for (db, table) in db::testing::both(&[own]).iter().zip(tables) {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(db.read(|tx| tx.count(&sql, args![])).unwrap(), 0);
    }
}

#[test]
fn an_address_is_refused_without_being_repeated() {
    for url in [
        "mysql://u:secret@h/d",
        "sqlite:",
        "/tmp/x",
        "postgres://u:secret@h/d?schema=a%22b",
        "postgres://u@h/d?schema=pg_x",
    ] {
        let said = why(try_open(url, &[]));
        assert!(!said.is_empty() && !said.contains("secret"), "{said}");
    }
    assert!(why(try_open("sqlite:/no/such/folder/d.sqlite", &[])).contains("/no/such/folder"));
}

#[test]
fn a_file_that_is_not_a_database_is_refused_and_left_alone() {
    let folder = Folder::new("other");
    let file = folder.file();
    std::fs::write(&file, "这不是数据库。".repeat(200)).unwrap();
    assert!(!why(try_open(&format!("sqlite:{}", file.display()), &WORLD)).is_empty());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "这不是数据库。".repeat(200));
}

#[test]
fn two_handles_write_one_chain() {
    for url in lasting(&Folder::new("two")) {
        let (one, two) = (try_open(&url, &WORLD).unwrap(), try_open(&url, &WORLD).unwrap());
        std::thread::scope(|scope| {
            for (name, db) in [("one", &one), ("two", &two)] {
                scope.spawn(move || {
                    for n in 0..40 {
                        db.write(move |tx| add_room(tx, &format!("{name} {n}"), n)).unwrap();
                    }
                });
            }
        });
        let verdict = one.read(|tx| event::verify(tx, 1)).unwrap();
        assert_eq!((verdict.checked, verdict.broken), (80, None));
    }
}

#[test]
fn a_private_database_goes_with_its_last_handle() {
    let db = db::testing::sqlite(&WORLD);
    let file: String = db
        .read(|tx| {
            tx.one::<db::Row>("SELECT file FROM pragma_database_list", args![])?.unwrap().at(0)
        })
        .unwrap();
    assert!(std::path::Path::new(&file).exists(), "{file}");
    let other = db.clone();
    drop(db);
    other.write(|tx| add_room(tx, "1", 1)).unwrap();
    drop(other);
    assert!(!std::path::Path::new(&file).parent().unwrap().exists());
}

#[test]
fn a_cut_connection_is_answered_and_made_anew() {
    let db = db::testing::postgres(&WORLD);
    db.write(|tx| add_room(tx, "1", 1)).unwrap();
    let answer = db.write(|tx| {
        add_room(tx, "2", 2)?;
        tx.count("SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pg_backend_pid())) x", args![])
    });
    assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
    db.write(|tx| add_room(tx, "3", 3)).unwrap();
    for _ in 0..2 {
        // Both readers in turn.
        let cut = db.read(|tx| {
            tx.count(
                "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pg_backend_pid())) x",
                args![],
            )
        });
        assert!(cut.is_err());
        assert_eq!(db.read(rooms).unwrap(), ["1", "3"]);
    }
    assert_eq!(db.read(|tx| event::verify(tx, 1)).unwrap().checked, 2);
}

#[test]
fn a_backup_is_a_whole_database() {
    let folder = Folder::new("backup");
    let copy = folder.0.join("copy.sqlite");
    let db = db::testing::sqlite(&WORLD);
    for n in 0..20 {
        db.write(move |tx| add_room(tx, &n.to_string(), n)).unwrap();
    }
    // Others go on writing meanwhile.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            (20..60).for_each(|n| db.write(move |tx| add_room(tx, &n.to_string(), n)).unwrap())
        });
        db.backup(&copy).unwrap();
    });
    assert!(db.backup(&copy).is_err(), "never over a file that is there");
    let left: Vec<_> =
        std::fs::read_dir(&folder.0).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert_eq!(left, ["copy.sqlite"], "one file, nothing half-made");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&copy.metadata().unwrap().permissions()) & 0o777,
        0o600
    );
    let copied = try_open(&format!("sqlite:{}", copy.display()), &WORLD).unwrap();
    let (kept, verdict) =
        copied.read(|tx| Ok((rooms(tx)?.len() as i64, event::verify(tx, 1)?))).unwrap();
    assert!((20..=60).contains(&kept));
    assert_eq!((verdict.checked, verdict.broken), (kept, None));
    copied.write(|tx| add_room(tx, "after", 1)).unwrap();
    let said = db::testing::postgres(&WORLD).backup(&folder.0.join("pg")).unwrap_err().to_string();
    assert!(said.contains("pg_dump"), "{said}");
}

#[test]
fn a_key_is_done_once() {
    for db in db::testing::both(&WORLD) {
        let ask = |at: i64,
                   key: &'static str,
                   hash: &'static str,
                   id: &'static str,
                   account: &'static str| {
            db.write(move |tx| {
                let who = db::Stamp { account: account.into(), ..stamp(at) };
                tx.once(&who, key, hash, |tx| {
                    if id == "no" {
                        return Err(Error::Stale);
                    }
                    add_room(tx, id, 1)?;
                    Ok(json!({"id": id}))
                })
            })
        };
        assert_eq!(ask(1, "k", "h", "1", "a").unwrap(), (json!({"id": "1"}), false));
        assert_eq!(ask(2, "k", "h", "1", "a").unwrap(), (json!({"id": "1"}), true));
        let Err(Error::Refused(no)) = ask(3, "k", "h2", "2", "a") else {
            panic!("another request under one key")
        };
        assert_eq!(no.0[0].key, "db.idempotency_mismatch");
        assert_eq!(
            ask(4, "k", "h2", "2", "b").unwrap(),
            (json!({"id": "2"}), false),
            "another account's key"
        );
        assert!(matches!(ask(5, "n", "h", "no", "a"), Err(Error::Stale)));
        assert_eq!(
            ask(6, "n", "h", "3", "a").unwrap(),
            (json!({"id": "3"}), false),
            "a refusal keeps no key"
        );
        assert_eq!(db.read(rooms).unwrap(), ["1", "2", "3"]);
        assert_eq!(db.write(|tx| tx.forget_keys(Instant(5))).unwrap(), 2);
    }
}
