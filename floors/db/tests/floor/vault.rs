//! What is sealed opens only where it was sealed, under the right keys, and never again once the key is destroyed.
use db::{Config, Db, Error, Vault, args, testing};

fn open(url: &str, vault: Vault) -> Db {
    Db::open(Config { url: url.into(), pool: 1, migrations: vec![], listeners: vec![], vault })
        .unwrap()
}

#[test]
fn a_text_opens_only_where_it_was_sealed() {
    for db in testing::both(&[]) {
        let (one, again, other) = db
            .write(|tx| {
                let one = tx.seal("甲", "note.facts", "1", "老人说夜里睡不着")?;
                let again = tx.seal("甲", "note.facts", "1", "老人说夜里睡不着")?;
                Ok((one, again, tx.seal("乙", "note.facts", "1", "老人说夜里睡不着")?))
            })
            .unwrap();
        assert_eq!(one, again);
        assert_ne!(one, other, "everybody has a key of their own");
        let said = db.read(|tx| tx.open("甲", "note.facts", "1", &one)).unwrap();
        assert_eq!(said, "老人说夜里睡不着");
        for (owner, place, id) in
            [("乙", "note.facts", "1"), ("甲", "note.plan", "1"), ("甲", "note.facts", "2")]
        {
            let moved = db.read(|tx| tx.open(owner, place, id, &one));
            assert!(matches!(moved, Err(Error::Broken(_))), "{owner} {place} {id}");
        }
    }
}

#[test]
fn a_key_made_in_an_act_that_failed_is_no_key() {
    for db in testing::both(&[]) {
        let sealed = db
            .write(|tx| {
                let lost: db::Result<()> = tx.attempt(|tx| {
                    tx.seal("甲", "a.b", "1", "x")?;
                    Err(Error::Missing)
                });
                assert!(lost.is_err());
                tx.seal("甲", "a.b", "1", "x")
            })
            .unwrap();
        assert_eq!(db.read(|tx| tx.open("甲", "a.b", "1", &sealed)).unwrap(), "x");
    }
}

#[test]
fn a_destroyed_key_opens_nothing_and_seals_nothing() {
    for db in testing::both(&[]) {
        let sealed = db.write(|tx| tx.seal("甲", "a.b", "1", "x")).unwrap();
        db.write(|tx| tx.shred("甲")).unwrap();
        assert!(matches!(db.read(|tx| tx.open("甲", "a.b", "1", &sealed)), Err(Error::Refused(_))));
        assert!(matches!(db.write(|tx| tx.seal("甲", "a.b", "1", "y")), Err(Error::Refused(_))));
    }
}

#[test]
fn rotation_keeps_every_text_and_lets_the_old_key_go() {
    for url in testing::urls() {
        // A private file ends with its handle, so the file has a name here.
        let file = std::env::temp_dir().join(format!("wushe-vault-{}.db", std::process::id()));
        let url =
            if url.starts_with("sqlite") { format!("sqlite:{}", file.display()) } else { url };
        let first = open(&url, Vault::new(vec![(1, [1; 32])], [5; 32]));
        let sealed = first.write(|tx| tx.seal("甲", "a.b", "1", "x")).unwrap();
        drop(first);
        let both = open(&url, Vault::new(vec![(1, [1; 32]), (2, [2; 32])], [6; 32]));
        assert_eq!(both.write(|tx| tx.rewrap()).unwrap(), 1);
        drop(both);
        let second = open(&url, Vault::new(vec![(2, [2; 32])], [7; 32]));
        assert_eq!(second.read(|tx| tx.open("甲", "a.b", "1", &sealed)).unwrap(), "x");
        drop(second);
        for wrong in [vec![(2, [3; 32])], vec![(1, [1; 32])]] {
            let vault = Vault::new(wrong, [7; 32]);
            let config =
                Config { url: url.clone(), pool: 1, migrations: vec![], listeners: vec![], vault };
            assert!(Db::open(config).is_err(), "a key file of another district");
        }
        let _ = std::fs::remove_file(&file);
    }
}

#[test]
fn equal_values_have_equal_blind_indexes_and_columns_do_not_mix() {
    for db in testing::both(&[]) {
        assert_eq!(db.read(|tx| tx.blind("client.phone", "16400001234")).unwrap(), "");
        let (a, b, c, d) = db
            .write(|tx| {
                Ok((
                    tx.blind("client.phone", "16400001234")?,
                    tx.blind("client.phone", "16400001234")?,
                    tx.blind("client.phone", "16400001235")?,
                    tx.blind("client.id_number", "16400001234")?,
                ))
            })
            .unwrap();
        assert!(a == b && a != c && a != d && a.len() == 64);
        assert_eq!(db.read(|tx| tx.blind("client.phone", "16400001234")).unwrap(), a);
        let plain = db
            .read(|tx| {
                tx.count("SELECT COUNT(*) FROM data_key WHERE wrapped LIKE '%164%'", args![])
            })
            .unwrap();
        assert_eq!(plain, 0);
    }
}
