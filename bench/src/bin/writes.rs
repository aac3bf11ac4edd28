//! Durable single-record writes: what the db floor keeps of the engine's own speed.
//!
//! Each write is one row and its entry in the event log, acknowledged after the commit is durable. Askers write one after the other, 64
//! at a time, through `Db::act`. Beside it, in the same run and on the same disk, a bare rusqlite loop inserts the same rows in groups of
//! 64 per commit: no askers, no savepoints, no hashing (the hash is given), nothing but the engine. Rounds alternate; medians are told.
//! Last, one asker alone, for how long a write and a small question take.
//!
//! `cargo run --release -p bench --bin writes [-- FOLDER [POSTGRES_URL]]`
use std::path::Path;
use std::time::Instant as Clock;

use db::{Config, Db, Event, Migration, Row, Stamp, args};
use kernel::Instant;

const ASKERS: usize = 64;
const WRITES: usize = 32_000;
const ROUNDS: usize = 9;
const ALONE: usize = 1_000;

db::record! {
    /// A service delivered, about as wide as the real ones.
    pub struct Service in "service" { id: String, site: String, person: String, day: String, minutes: i64, note: Option<String> }
}
const TABLE: &str = "CREATE TABLE service (id TEXT PRIMARY KEY, site TEXT NOT NULL, person TEXT NOT NULL, day TEXT NOT NULL, \
    minutes BIGINT NOT NULL, note TEXT); CREATE INDEX service_site ON service (site, day);";

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Answer<()> {
    let mut given = std::env::args().skip(1);
    let folder = given
        .next()
        .map_or_else(std::env::temp_dir, Into::into)
        .join(format!("wushe-writes-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (mut floor, mut bare) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let url = format!("sqlite:{}", folder.join(format!("floor{round}")).display());
        floor.push(runtime.block_on(asked(&url))?);
        bare.push(inserted(&folder.join(format!("bare{round}")))?);
        println!("round {round}: floor {:.0}/s, bare {:.0}/s", last(&floor), last(&bare));
    }
    // Each round's halves meet the same weather, so the ratio is taken within a round.
    let ratio = median(floor.iter().zip(&bare).map(|(f, b)| f / b).collect());
    let (floor, bare) = (median(floor), median(bare));
    println!(
        "sqlite, {ASKERS} askers: floor {floor:.0}/s, bare {bare:.0}/s, ratio {ratio:.2} (medians)"
    );
    let url = format!("sqlite:{}", folder.join("alone").display());
    println!("sqlite, one asker: {}", runtime.block_on(alone(&url))?);
    if let Some(url) = given.next() {
        println!("postgres, {ASKERS} askers: {:.0}/s", runtime.block_on(asked(&url))?);
        println!("postgres, one asker: {}", runtime.block_on(alone(&url))?);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn open(url: &str) -> db::Result<Db> {
    let migrations = vec![Migration { number: 900, name: "0900_service", sql: TABLE, pg: None }];
    Db::open(Config {
        url: url.to_owned(),
        pool: 4,
        migrations,
        listeners: vec![],
        vault: db::Vault::closed(),
    })
}
fn service(n: usize) -> Service {
    Service {
        id: format!("{:08x}-0000-7000-8000-{n:012x}", n.wrapping_mul(2_654_435_761) & 0xffff_ffff),
        site: format!("site-{}", n % 40),
        person: format!("person-{}", n % 900),
        day: "2026-03-01".into(),
        minutes: 45,
        note: Some("个案面谈，约定下次时间".into()),
    }
}
fn told(n: usize, new: &Service) -> db::Result<(Stamp, Event)> {
    let stamp = Stamp {
        at: Instant(1_700_000_000_000),
        account: "account-1".into(),
        role: "worker".into(),
        request: format!("request-{n}"),
    };
    let after = Some(serde_json::to_value(new)?);
    let unit = Some(new.site.clone());
    Ok((
        stamp,
        Event { subject: "service", id: new.id.clone(), verb: "added", unit, before: None, after },
    ))
}
async fn write(db: &Db, n: usize) -> db::Result<()> {
    db.act(move |tx| {
        let new = service(n);
        tx.insert(&new)?;
        let (stamp, event) = told(n, &new)?;
        tx.record(&stamp, event)
    })
    .await
}

/// Acknowledged writes per second through the floor.
async fn asked(url: &str) -> Answer<f64> {
    let db = open(url)?;
    let start = Clock::now();
    let askers: Vec<_> = (0..ASKERS)
        .map(|asker| {
            let db = db.clone();
            tokio::spawn(async move {
                for n in (asker..WRITES).step_by(ASKERS) {
                    write(&db, n).await?;
                }
                db::Result::Ok(())
            })
        })
        .collect();
    for asker in askers {
        asker.await??;
    }
    let rate = WRITES as f64 / start.elapsed().as_secs_f64();
    let verdict = db.ask(|tx| db::event::verify(tx, 1)).await?;
    if verdict.checked != WRITES as i64 || verdict.broken.is_some() {
        return Err(format!("not every write is in the log: {verdict:?}").into());
    }
    Ok(rate)
}

/// The same rows by the engine alone, in groups, as durable.
fn inserted(file: &Path) -> Answer<f64> {
    // The floor makes the tables, so that both write the same ones.
    drop(open(&format!("sqlite:{}", file.display()))?);
    let conn = rusqlite::Connection::open(file)?;
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON")?;
    let hash = "0".repeat(64);
    let start = Clock::now();
    for first in (0..WRITES).step_by(ASKERS) {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        for n in first..first + ASKERS {
            let s = service(n);
            conn.prepare_cached("INSERT INTO service (id, site, person, day, minutes, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(rusqlite::params![s.id, s.site, s.person, s.day, s.minutes, s.note])?;
            let (stamp, event) = told(n, &s)?;
            conn.prepare_cached(
                "INSERT INTO event (seq, at, account, role, request, subject, id, verb, unit, before, after, prev, hash) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )?
            .execute(rusqlite::params![
                n as i64 + 1,
                stamp.at.0,
                stamp.account,
                stamp.role,
                stamp.request,
                event.subject,
                event.id,
                event.verb,
                event.unit,
                Option::<String>::None,
                event.after.map(|j| j.to_string()),
                hash,
                hash
            ])?;
        }
        conn.execute_batch("COMMIT")?;
    }
    Ok(WRITES as f64 / start.elapsed().as_secs_f64())
}

/// How long one asker waits, alone.
async fn alone(url: &str) -> Answer<String> {
    let db = open(url)?;
    let (mut writes, mut asked, mut read) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..ALONE {
        let start = Clock::now();
        write(&db, WRITES + n).await?;
        writes.push(micros(start));
    }
    const ONE: &str = "SELECT * FROM service WHERE id = $1";
    for n in 0..ALONE {
        let id = service(WRITES + n).id;
        let start = Clock::now();
        let found = db.ask(move |tx| tx.one::<Row>(ONE, args![id])).await?;
        asked.push(micros(start));
        let id = service(WRITES + n).id;
        let start = Clock::now();
        let again = db.read(|tx| tx.one::<Row>(ONE, args![id]))?;
        read.push(micros(start));
        if found.is_none() || again.is_none() {
            return Err("an acknowledged row is not there".into());
        }
    }
    let (writes, asked, read) = (median(writes), median(asked), median(read));
    Ok(format!(
        "p50 of a write {writes:.0} µs, of a question {asked:.0} µs through `ask` and {read:.0} µs on the spot"
    ))
}

fn micros(start: Clock) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}
fn last(all: &[f64]) -> f64 {
    all.last().copied().unwrap_or_default()
}
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
