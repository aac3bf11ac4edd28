//! What was acknowledged is there after a kill and after a full disk.
//!
//! This program starts itself again as a storm of writers, kills that with SIGKILL, opens the file and compares. `WUSHE_KILLS` sets the
//! number of kills. A kill cannot tell `synchronous=FULL` from `NORMAL`: that the setting holds is asserted whenever a file is opened.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use db::{Config, Db, Error, Event, Migration, Row, Stamp, args, event};
use kernel::Instant;

const KILLS: usize = 50;
const WRITERS: usize = 8;

fn open(file: &Path) -> Db {
    let sql = "CREATE TABLE droplet (id TEXT PRIMARY KEY, text TEXT NOT NULL)";
    let migrations = vec![Migration { number: 900, name: "0900_droplet", sql, pg: None }];
    Db::open(Config {
        url: format!("sqlite:{}", file.display()),
        pool: 1,
        migrations,
        listeners: vec![],
        vault: db::testing::vault(),
    })
    .unwrap()
}

/// The child: writes from many threads for ever, says each id after it was acknowledged.
#[test]
#[ignore = "started by the other tests, with a file in WUSHE_STORM"]
fn storm() {
    let db = open(std::env::var_os("WUSHE_STORM").expect("WUSHE_STORM names the file").as_ref());
    let round = std::env::var("WUSHE_ROUND").expect("WUSHE_ROUND sets the round apart");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (db, round) = (&db, &round);
            scope.spawn(move || {
                let mut doubtful = false;
                for n in 0_u64.. {
                    let id = format!("{round}.{writer}.{n}");
                    let key = id.clone();
                    let answer = db.write(move |tx| {
                        tx.run(
                            "INSERT INTO droplet (id, text) VALUES ($1, $2)",
                            args![key, "水".repeat(60)],
                        )?;
                        let stamp = Stamp {
                            at: Instant(1),
                            account: "a".into(),
                            role: "r".into(),
                            request: key.clone(),
                        };
                        let event = Event {
                            subject: "droplet",
                            id: key,
                            verb: "fell",
                            unit: None,
                            before: None,
                            after: None,
                        };
                        tx.record(&stamp, event)
                    });
                    match answer {
                        Ok(()) => say(&format!("ack {id}")),
                        // Asked once more: the writer must have stopped, not merely failed.
                        Err(Error::Unknown(why)) if !doubtful => {
                            say(&format!("unknown {why}"));
                            doubtful = true;
                        }
                        Err(e) => {
                            say(&format!("no {e}"));
                            return;
                        }
                    }
                }
            });
        }
    });
}
/// One whole line at once, past the test runner's own keeping of output.
fn say(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stderr().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn start(file: &Path, round: usize, prelude: &str) -> Child {
    Command::new("sh")
        .args(["-c", &format!("{prelude} exec \"$0\" storm --exact --ignored --nocapture")])
        .arg(std::env::current_exe().unwrap())
        .env("WUSHE_STORM", file)
        .env("WUSHE_ROUND", round.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}
/// Everything acknowledged is there, the log is whole, and each row has its entry.
fn compare(file: &Path, acked: &BTreeSet<String>) -> usize {
    let db = open(file);
    let (rows, logged, verdict) = db
        .read(|tx| {
            let ids = |rows: Vec<Row>| {
                rows.iter().map(|r| r.at::<String>(0)).collect::<db::Result<BTreeSet<_>>>()
            };
            let rows = tx.all("SELECT id FROM droplet", args![])?;
            let logged = tx.all("SELECT id FROM event", args![])?;
            Ok((ids(rows)?, ids(logged)?, event::verify(tx, 1)?))
        })
        .unwrap();
    let lost: Vec<_> = acked.difference(&rows).collect();
    assert!(lost.is_empty(), "{} acknowledged rows are lost: {lost:?}", lost.len());
    assert_eq!(verdict.broken, None);
    assert_eq!((rows.len(), verdict.checked), (logged.len(), rows.len() as i64));
    assert_eq!(rows, logged);
    let sound: Row = db
        .read(|tx| tx.one("SELECT integrity_check FROM pragma_integrity_check", args![]))
        .unwrap()
        .unwrap();
    assert_eq!(sound.at::<String>(0).unwrap(), "ok");
    rows.len()
}
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("wushe-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn every_acknowledged_act_outlives_a_kill() {
    let kills = std::env::var("WUSHE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let folder = folder("kill9");
    let file = folder.join("d.sqlite");
    let mut acked = BTreeSet::new();
    for round in 0..kills {
        let before = acked.len();
        let mut child = start(&file, round, "");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        // The kill falls a little later each round, and always into a running storm.
        for line in lines.by_ref().take(20 + 17 * (round % 30)) {
            acked.insert(
                line.unwrap().strip_prefix("ack ").expect("only acknowledgements").to_owned(),
            );
        }
        std::thread::sleep(Duration::from_micros(137 * (round as u64 % 11)));
        child.kill().unwrap();
        child.wait().unwrap();
        // What was said before the kill reached the pipe whole, for a line is one write.
        acked.extend(
            lines.map_while(Result::ok).filter_map(|l| l.strip_prefix("ack ").map(str::to_owned)),
        );
        assert!(acked.len() > before + 10, "round {round} was no storm");
        compare(&file, &acked);
    }
    let kept = compare(&file, &acked);
    say(&format!("{kills} kills: {} acknowledged, {kept} kept, 0 lost", acked.len()));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_full_disk_is_answered_as_unknown_and_stops_the_writer() {
    let folder = folder("full");
    let file = folder.join("d.sqlite");
    // No file may pass 2,000 blocks of 512 bytes; a write beyond is answered with an error and not with the signal.
    let mut child = start(&file, 0, "trap '' XFSZ; ulimit -f 2000;");
    let lines: Vec<String> =
        BufReader::new(child.stderr.take().unwrap()).lines().map(|l| l.unwrap()).collect();
    child.wait().unwrap();
    let acked: BTreeSet<String> =
        lines.iter().filter_map(|l| l.strip_prefix("ack ").map(str::to_owned)).collect();
    let unknown = lines.iter().filter(|l| l.starts_with("unknown ")).count();
    let no = lines.iter().filter(|l| l.starts_with("no ")).collect::<Vec<_>>();
    assert!(acked.len() > 50, "the disk filled too early: {lines:?}");
    assert!(unknown > 0 && no.len() == WRITERS, "{unknown} unknown, {no:?}");
    assert!(no.iter().all(|l| l.contains("waits to be opened anew")), "{no:?}");
    compare(&file, &acked);
    std::fs::remove_dir_all(folder).unwrap();
}
