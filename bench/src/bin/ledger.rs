//! The service ledger over a year of a district: the report per unit × month × kind, and what writing a service costs.
//!
//! A million services of 120 sites are loaded by direct inserts. The report is asked through the floor, warm, and must take at most 50 ms;
//! the same figures are asked of the rows by one GROUP BY (and one for distinct persons) in bare SQLite, in the same run, and must be equal.
//! Then services are recorded one after the other through `ledger::record`, each durable, beside bare inserts of the same rows.
//!
//! `cargo run --release -p bench --bin ledger [-- FOLDER [SERVICES]]`
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};

use access::Cx;
use db::{Config, Db};
use kernel::{Day, Ids, Instant};
use ledger::report::{self, Part};
use ledger::{NewService, ServiceKind};
use rusqlite::{Connection, params};

const SITES: usize = 120;
const PEOPLE: usize = 400;
const CLIENTS: usize = 40_000;
const ROUNDS: usize = 31;
const WRITES: usize = 400;
/// What the report may take, warm.
const LIMIT: Duration = Duration::from_millis(50);
/// 2026-12-31 09:00 in Shanghai.
const NOW: i64 = 1_798_678_800_000;

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Answer<()> {
    let mut given = std::env::args().skip(1);
    let folder = given
        .next()
        .map_or_else(std::env::temp_dir, Into::into)
        .join(format!("wushe-ledger-{}", std::process::id()));
    let services: usize = given.next().map_or(Ok(1_000_000), |n| n.parse())?;
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("district.db");
    drop(open(&file)?);
    let start = Clock::now();
    load(&file, services)?;
    println!("loaded {services} services in {:.1?}", start.elapsed());
    let db = open(&file)?;
    read(&db, &file)?;
    write(&db, &file)?;
    drop(db);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn open(file: &Path) -> db::Result<Db> {
    let migrations = [registry::MIGRATIONS, access::MIGRATIONS, ledger::MIGRATIONS].concat();
    let url = format!("sqlite:{}", file.display());
    let vault = db::Vault::new(vec![(1, [7; 32])], [9; 32]);
    Db::open(Config { url, pool: 4, migrations, listeners: vec![], vault })
}

fn day(n: usize) -> Day {
    Day::of(2026, 1, 1).unwrap_or_default().plus_days(i32::try_from(n % 365).unwrap_or_default())
}
/// A number that looks like chance and is the same each time.
fn dice(n: usize, salt: u64) -> usize {
    let mut x = (n as u64).wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((x ^ (x >> 31)) >> 8).unwrap_or_default()
}

fn load(file: &Path, services: usize) -> Answer<()> {
    let mut c = Connection::open(file)?;
    c.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;")?;
    let tx = c.transaction()?;
    tx.execute(
        "INSERT INTO region (id, kind, code, name, parent, path, since) VALUES ('d', 'district', 'd', 'd', NULL, '/d/', '2020-01-01')",
        [],
    )?;
    for n in 0..SITES {
        let (street, site) = (format!("r{n:03}"), format!("site{n:03}"));
        tx.execute(
            "INSERT INTO region (id, kind, code, name, parent, path, since) VALUES (?1, 'street', ?1, ?1, 'd', ?2, '2020-01-01')",
            params![street, format!("/d/{street}/")],
        )?;
        tx.execute(
            "INSERT INTO site (id, code, kind, name, region, since) VALUES (?1, ?1, 'station', ?1, ?2, '2020-01-01')",
            params![site, street],
        )?;
    }
    for n in 0..PEOPLE {
        tx.execute("INSERT INTO person (id, name) VALUES (?1, ?1)", params![format!("p{n:04}")])?;
    }
    for n in 0..CLIENTS {
        let region = format!("r{:03}", n % SITES);
        tx.execute(
            "INSERT INTO client (id, number, name, region, path, restricted, grade, state, since)
             VALUES (?1, ?2, ?1, ?3, ?4, 0, 'low', 'active', '2026-01-01')",
            params![format!("k{n:05}"), i64::try_from(n)?, region, format!("/d/{region}/")],
        )?;
    }
    {
        let mut service = tx.prepare(
            "INSERT INTO service (id, kind, source, source_id, site, region, path, day, month, minutes, person_times, unnamed, project, at)
             VALUES (?1, ?2, 'visit', ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1)",
        )?;
        let mut worker = tx.prepare(
            "INSERT INTO service_worker (id, service, person, day, minutes) VALUES (?1, ?1, ?2, ?3, ?4)",
        )?;
        let mut client = tx.prepare(
            "INSERT INTO service_client (id, service, client, day) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for n in 0..services {
            let id = format!("{:08x}-{n:08}", dice(n, 1) & 0xffff_ffff);
            let at = dice(n, 2) % SITES;
            let kinds = ServiceKind::WORDS;
            let kind = kinds.get(dice(n, 3) % kinds.len()).copied().unwrap_or("visit");
            let on = day(dice(n, 4)).to_string();
            let minutes = i64::try_from(15 + dice(n, 5) % 120)?;
            let region = format!("r{at:03}");
            let named = 1 + usize::from(dice(n, 6).is_multiple_of(3));
            let unnamed = if kind == "activity" { i64::try_from(dice(n, 7) % 30)? } else { 0 };
            let project = (dice(n, 8).is_multiple_of(4)).then(|| format!("project{at:03}"));
            service.execute(params![
                id,
                kind,
                format!("site{at:03}"),
                region,
                format!("/d/{region}/"),
                on,
                on.get(..7),
                minutes,
                i64::try_from(named)? + unnamed,
                unnamed,
                project
            ])?;
            worker.execute(params![id, format!("p{:04}", dice(n, 9) % PEOPLE), on, minutes])?;
            for k in 0..named {
                // The clients of a site are every 120th; two of one service are never the same.
                let of = (dice(n, 10) / 2 * 2 + k) % (CLIENTS / SITES) * SITES + at;
                client.execute(params![format!("{id}-{k}"), id, format!("k{of:05}"), on])?;
            }
        }
    }
    // The sums that the floor would have kept, counted from the rows by its definition.
    for kind in ["s.kind", "'all'"] {
        tx.execute_batch(&format!(
            "INSERT INTO service_month_client (site, month, kind, client, times)
               SELECT s.site, s.month, {kind}, k.client, COUNT(*) FROM service_client k JOIN service s ON s.id = k.service
               GROUP BY s.site, s.month, {kind}, k.client;
             INSERT INTO service_month (site, month, kind, path, services, minutes, person_times, persons)
               SELECT s.site, s.month, {kind}, s.path, COUNT(*), SUM(s.minutes), SUM(s.person_times), SUM(s.unnamed)
               FROM service s GROUP BY s.site, s.month, {kind};"
        ))?;
    }
    tx.execute_batch(
        "UPDATE service_month SET persons = persons + (SELECT COUNT(*) FROM service_month_client c
           WHERE c.site = service_month.site AND c.month = service_month.month AND c.kind = service_month.kind);",
    )?;
    tx.commit()?;
    c.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
fn timed<T>(rounds: usize, mut f: impl FnMut() -> Answer<T>) -> Answer<(T, Duration)> {
    let mut answer = f()?;
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let start = Clock::now();
        answer = f()?;
        times.push(start.elapsed());
    }
    Ok((answer, median(times)))
}

type Key = (String, String, String);
type Figures = (i64, i64, i64, i64);

/// The report by one GROUP BY over the rows, and one for distinct persons.
fn bare(c: &Connection) -> Answer<BTreeMap<Key, Figures>> {
    let mut out = BTreeMap::new();
    let mut sums = c.prepare_cached(
        "SELECT site, month, kind, COUNT(*), SUM(minutes), SUM(person_times), SUM(unnamed) FROM service WHERE withdrawn IS NULL
         GROUP BY site, month, kind",
    )?;
    let mut rows = sums.query([])?;
    while let Some(r) = rows.next()? {
        out.insert((r.get(0)?, r.get(1)?, r.get(2)?), (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?));
    }
    let mut named = c.prepare_cached(
        "SELECT s.site, s.month, s.kind, COUNT(DISTINCT k.client) FROM service s JOIN service_client k ON k.service = s.id
         WHERE s.withdrawn IS NULL GROUP BY s.site, s.month, s.kind",
    )?;
    let mut rows = named.query([])?;
    while let Some(r) = rows.next()? {
        let key: Key = (r.get(0)?, r.get(1)?, r.get(2)?);
        if let Some(f) = out.get_mut(&key) {
            f.3 += r.get::<_, i64>(3)?;
        }
    }
    Ok(out)
}

fn read(db: &Db, file: &Path) -> Answer<()> {
    let months =
        || -> Answer<_> { Ok(db.read(|tx| report::months(tx, "/d/", "2026-01", "2026-12"))?) };
    let (floor, kept) = timed(ROUNDS, months)?;
    let c = Connection::open(file)?;
    let (rows, grouped) = timed(3, || bare(&c))?;
    let told: BTreeMap<Key, Figures> = floor
        .iter()
        .map(|m| {
            let kind = m.kind.map_or("all", ServiceKind::as_str).to_owned();
            (
                (m.site.0.clone(), m.month.clone(), kind),
                (m.services, m.minutes, m.person_times, m.persons),
            )
        })
        .collect();
    if told != rows {
        return Err("the report and the rows disagree".into());
    }
    println!(
        "report, {} cells of {SITES} units x 12 months: {kept:.2?} warm (limit {LIMIT:?}); raw GROUP BY {grouped:.2?}, {:.0} times as long",
        told.len(),
        grouped.as_secs_f64() / kept.as_secs_f64()
    );
    let month = Part::of("/d/", day(0), day(30));
    let one = Part { site: Some("site007".into()), ..Part::of("/d/", day(0), day(364)) };
    let worker = Part { person: Some("p0007".into()), ..month.clone() };
    for (name, part) in
        [("a district's month", month), ("a site's year", one), ("a worker's month", worker)]
    {
        let (_, sum) = timed(5, || Ok(db.read(|tx| report::sum(tx, &part))?))?;
        let (_, list) = timed(5, || Ok(db.read(|tx| report::list(tx, &part, None, 40))?))?;
        println!(
            "{name}: sum with distinct persons from the rows {sum:.2?}, first page of rows {list:.2?}"
        );
    }
    if kept > LIMIT {
        return Err(format!("the report took {kept:?}").into());
    }
    Ok(())
}

fn write(db: &Db, file: &Path) -> Answer<()> {
    let ids = Arc::new(Ids::new([5; 32]));
    let cx = Cx::system(Instant(NOW), ids);
    let mut times = Vec::with_capacity(WRITES);
    for n in 0..WRITES {
        let at = n % SITES;
        let new = NewService {
            kind: ServiceKind::Visit,
            source: "bench",
            source_id: format!("b{n}"),
            site: format!("site{at:03}").into(),
            region: format!("r{at:03}").into(),
            path: format!("/d/r{at:03}/"),
            day: day(n),
            minutes: 45,
            workers: vec![(format!("p{:04}", n % PEOPLE).into(), 45)],
            clients: vec![format!("k{:05}", n % (CLIENTS / SITES) * SITES + at).into()],
            unnamed: 0,
            project: None,
            need: None,
            field: None,
        };
        let cx = cx.clone();
        let start = Clock::now();
        db.write(move |tx| ledger::record(tx, &cx, new))?;
        times.push(start.elapsed());
    }
    let floor = median(times);
    let c = Connection::open(file)?;
    c.execute_batch("PRAGMA synchronous = FULL;")?;
    let mut times = Vec::with_capacity(WRITES);
    for n in 0..WRITES {
        let (id, at, on) = (format!("raw{n}"), n % SITES, day(n).to_string());
        let start = Clock::now();
        let tx = c.unchecked_transaction()?;
        tx.prepare_cached(
            "INSERT INTO service (id, kind, source, source_id, site, region, path, day, month, minutes, person_times, unnamed, at)
             VALUES (?1, 'visit', 'bench', ?1, ?2, ?3, ?4, ?5, ?6, 45, 1, 0, 1)",
        )?
        .execute(params![id, format!("site{at:03}"), format!("r{at:03}"), format!("/d/r{at:03}/"), on, on.get(..7)])?;
        tx.prepare_cached("INSERT INTO service_worker (id, service, person, day, minutes) VALUES (?1, ?1, ?2, ?3, 45)")?
            .execute(params![id, format!("p{:04}", n % PEOPLE), on])?;
        tx.prepare_cached(
            "INSERT INTO service_client (id, service, client, day) VALUES (?1, ?1, ?2, ?3)",
        )?
        .execute(params![
            id,
            format!("k{:05}", n % (CLIENTS / SITES) * SITES + at),
            on
        ])?;
        tx.commit()?;
        times.push(start.elapsed());
    }
    let raw = median(times);
    println!(
        "one service written, durable, with its month's sums and its event: {floor:.2?}; the same rows by bare inserts {raw:.2?}, ratio {:.2}",
        floor.as_secs_f64() / raw.as_secs_f64()
    );
    Ok(())
}
