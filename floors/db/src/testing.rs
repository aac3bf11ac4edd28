//! Databases for tests, on both engines, so that a story is told once and must give the same transcript twice:
//! `for db in db::testing::both(&migrations) { … }`. Behind the feature `testing`.
//!
//! PostgreSQL is a private server made from the machine's own binaries, shared by the tests of one process, and gone with it.
//! `WUSHE_TEST_PG=postgres://…` names a running one instead. Without either a test fails: one that passes silently is a lie.
mod server;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Config, Db, Listener, Migration, Vault};

/// Connections that read, per test database.
const POOL: u32 = 2;

/// A fresh database on each engine: SQLite first.
pub fn both(migrations: &[Migration]) -> Vec<Db> {
    both_with(migrations, &[])
}
/// [`both`], with listeners.
pub fn both_with(migrations: &[Migration], listeners: &[Listener]) -> Vec<Db> {
    urls().iter().map(|url| open(url, migrations, listeners)).collect()
}
/// A fresh SQLite database.
pub fn sqlite(migrations: &[Migration]) -> Db {
    open("sqlite::memory:", migrations, &[])
}
/// A fresh PostgreSQL schema.
pub fn postgres(migrations: &[Migration]) -> Db {
    open(&postgres_url(), migrations, &[])
}
/// An address on each engine: SQLite first.
pub fn urls() -> Vec<String> {
    vec!["sqlite::memory:".to_owned(), postgres_url()]
}
/// The address of a schema nobody has used.
pub fn postgres_url() -> String {
    static SERVER: OnceLock<server::Server> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("WUSHE_TEST_PG")
        .unwrap_or_else(|_| SERVER.get_or_init(server::Server::start).url());
    let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    fresh(&server, &schema);
    let joint = if server.contains('?') { '&' } else { '?' };
    format!("{server}{joint}schema={schema}")
}

/// A vault for tests: the same keys each time.
pub fn vault() -> Vault {
    Vault::new(vec![(1, [7; 32])], [9; 32])
}

#[expect(clippy::panic, reason = "a test without its database must fail, loudly")]
fn open(url: &str, migrations: &[Migration], listeners: &[Listener]) -> Db {
    let config = Config {
        url: url.to_owned(),
        pool: POOL,
        migrations: migrations.to_vec(),
        listeners: listeners.to_vec(),
        vault: vault(),
    };
    Db::open(config).unwrap_or_else(|e| panic!("no test database: {e}"))
}

/// Removes what an earlier process with the same number left on a server that outlives us.
#[expect(clippy::panic, reason = "a test without its database must fail, loudly")]
fn fresh(server: &str, schema: &str) {
    let drop = format!("DROP SCHEMA IF EXISTS {schema} CASCADE");
    crate::pg::aside(|| {
        postgres::Client::connect(server, postgres::NoTls).and_then(|mut c| c.batch_execute(&drop))
    })
    .unwrap_or_else(|e| panic!("no PostgreSQL for tests: {e:?}"));
}
