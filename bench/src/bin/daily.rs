//! What a worker feels all day: a case with 200 records opened, a visit saved.
//!
//! The page of the case is asked of the router as its worker asks it, look noted and everything unsealed; beside it, in the same run, the
//! page that draws nothing and the bare reading of the same rows. A visit is recorded through its act, durable, with its service, the
//! month's sums and the events; beside it the same rows are inserted bare into the same file.
//!
//! `cargo run --release -p bench --bin daily [-- FOLDER]`
use std::path::Path;
use std::time::{Duration, Instant};

use casework::acts::{notes, opening};
use casework::model::{CaseKind, CaseSource, ContactMode};
use db::{Config, Db};
use outreach::acts::visit;
use outreach::model::visit::Draft;
use rusqlite::{Connection, params};
use story::House;

const RECORDS: usize = 200;
const ROUNDS: usize = 60;
const VISITS: usize = 300;
/// What opening the case may take at the median.
const LIMIT: Duration = Duration::from_millis(10);

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Answer<()> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, Into::into)
        .join(format!("wushe-daily-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("district.db");
    let listeners = wushe::slices::all().iter().flat_map(|s| s.listens).copied().collect();
    let db = Db::open(Config {
        url: format!("sqlite:{}", file.display()),
        pool: 4,
        migrations: wushe::slices::migrations(),
        listeners,
        vault: db::Vault::new(vec![(1, [7; 32])], [9; 32]),
    })?;
    let house = House::on(db);
    house.cast();
    let case = case(&house)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let opened = runtime.block_on(open(&house, &case))?;
    bare_reading(&file, &case)?;
    save(&house, &file)?;
    drop(house);
    std::fs::remove_dir_all(&folder)?;
    if opened > LIMIT {
        return Err(format!("the case took {opened:.2?}, the limit is {LIMIT:?}").into());
    }
    Ok(())
}

/// A case with its contacts, two a day.
fn case(house: &House) -> Answer<String> {
    let client = house.client("周桂英", "1948-03-05", "worker");
    let case = house.act("worker", move |tx, cx| {
        let case = opening::open(
            tx,
            cx,
            opening::NewCase {
                client,
                kind: CaseKind::General,
                source: CaseSource::Visit,
                day: cx.today().plus_days(-110),
                origin: None,
            },
        )?;
        for n in 0..RECORDS {
            let day = cx.today().plus_days(-i32::try_from(n / 2).unwrap_or_default());
            let facts = format!(
                "第 {n} 次：血压平稳，说起女儿周末要来，灯和插座已经换好，愿意去听合唱队。"
            );
            notes::add(tx, cx, &case.id, notes::NewNote::of(day, ContactMode::Home, 30, &facts))?;
        }
        Ok(case.id)
    })?;
    Ok(case.0)
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

async fn open(house: &House, case: &str) -> Answer<Duration> {
    let mut worker = house.signed_in("worker").await;
    let path = format!("/cases/{case}");
    let (mut busy, mut idle) = (Vec::new(), Vec::new());
    let mut weight = 0;
    for _ in 0..ROUNDS {
        let at = Instant::now();
        let page = worker.get(&path).await;
        busy.push(at.elapsed());
        weight = page.bytes.len();
        if page.body.matches("血压平稳").count() < RECORDS {
            return Err(format!("the page does not show every record: {}", page.status).into());
        }
        let at = Instant::now();
        worker.get("/healthz").await;
        idle.push(at.elapsed());
    }
    busy.sort();
    let worst = busy.get(busy.len() * 99 / 100).copied().unwrap_or_default();
    let (busy, idle) = (median(busy), median(idle));
    println!(
        "a case with {RECORDS} records, {} KiB: p50 {busy:.2?}, p99 {worst:.2?} (limit {LIMIT:?}); a page that draws nothing {idle:.2?}",
        weight / 1024
    );
    Ok(busy)
}

/// The rows alone, still sealed.
fn bare_reading(file: &Path, case: &str) -> Answer<()> {
    let c = Connection::open(file)?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let at = Instant::now();
        let mut rows = c.prepare_cached(
            "SELECT * FROM contact_note WHERE case_file = ?1 ORDER BY day DESC, serial DESC",
        )?;
        let n = rows
            .query_map([case], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(8)?)))?
            .count();
        times.push(at.elapsed());
        if n != RECORDS {
            return Err(format!("{n} rows").into());
        }
    }
    println!("the same rows read bare from SQLite: {:.2?}", median(times));
    Ok(())
}

fn save(house: &House, file: &Path) -> Answer<()> {
    let clients: Vec<_> = (0..20).map(|_| house.client("程素琴", "1950-01-01", "worker")).collect();
    let cx = house.cx_of("worker");
    let mut times = Vec::with_capacity(VISITS);
    for client in clients.iter().cycle().take(VISITS) {
        let draft = Draft {
            client: client.0.clone(),
            minutes: "30".into(),
            normal: true,
            note: "精神好，药盒按时清空。".into(),
            ..Draft::default()
        };
        let cx = cx.clone();
        let at = Instant::now();
        house.shell.db.write(move |tx| visit::record(tx, &cx, &draft))?;
        times.push(at.elapsed());
    }
    let act = median(times);
    let c = Connection::open(file)?;
    c.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let mut times = Vec::with_capacity(VISITS);
    for n in 0..VISITS {
        let id = format!("raw{n:04}");
        let at = Instant::now();
        let tx = c.unchecked_transaction()?;
        for sql in RAW {
            tx.prepare_cached(sql)?.execute(params![id])?;
        }
        tx.commit()?;
        times.push(at.elapsed());
    }
    let raw = median(times);
    println!(
        "a visit saved by its act, durable: p50 {act:.2?}; the same rows by bare inserts, durable: {raw:.2?}; ratio {:.2}",
        act.as_secs_f64() / raw.as_secs_f64()
    );
    Ok(())
}

/// The rows of a visit again under another id, each from the first that stands.
const RAW: [&str; 8] = [
    "INSERT INTO visit SELECT ?1, client, site, region, path, day, time, minutes, way, planned, outcome, state, help, note, next_on, by_account, at,
       withdrawn, withdrawn_why FROM visit WHERE id = (SELECT MIN(id) FROM visit)",
    "INSERT INTO visit_worker SELECT ?1, ?1, person FROM visit_worker WHERE id = (SELECT MIN(id) FROM visit_worker)",
    "INSERT INTO service (id, kind, source, source_id, site, region, path, day, month, minutes, person_times, unnamed, at)
       SELECT ?1, kind, source, ?1, site, region, path, day, month, minutes, person_times, unnamed, at FROM service
       WHERE id = (SELECT MIN(id) FROM service)",
    "INSERT INTO service_worker SELECT ?1, ?1, person, day, minutes FROM service_worker WHERE id = (SELECT MIN(id) FROM service_worker)",
    "INSERT INTO service_client SELECT ?1, ?1, client, day FROM service_client WHERE id = (SELECT MIN(id) FROM service_client)",
    "UPDATE service_month SET services = services + 1 WHERE kind IN ('visit', 'all') AND ?1 <> ''",
    "INSERT INTO event SELECT (SELECT MAX(seq) + 1 FROM event), at, account, role, request, subject, ?1, verb, unit, before, after, prev, hash || ?1
       FROM event WHERE seq = (SELECT MAX(seq) FROM event WHERE subject = 'visit')",
    "INSERT INTO event SELECT (SELECT MAX(seq) + 1 FROM event), at, account, role, request, subject, ?1, verb, unit, before, after, prev, hash || ?1 || 's'
       FROM event WHERE seq = (SELECT MAX(seq) FROM event WHERE subject = 'service')",
];
