//! Commands that judge: the board in a terminal, packs, the event log.
use std::path::Path;

use db::event;
use kernel::Day;
use policy::{CATALOGUE, Pack, Source};
use standards::live::{self, Question, Snapshot};
use web::Shell;
use web::register::Kind;

use super::{Answer, open};

/// Prints the board, one line a finding; answers `false` when a binding rule fails.
///
/// # Errors
/// No district, no such unit, or the engine's fault.
pub fn check(
    data: &Path,
    db: Option<String>,
    as_of: Option<Day>,
    unit: Option<&str>,
    json: bool,
) -> Answer {
    let shell = open(data, db, false, String::new())?;
    let today = shell.now().day();
    let question = Question { as_of, ..Question::default() };
    let snap = shell.db.read(|tx| live::current(tx, today, &shell, &question))?;
    let wanted = unit.map(|name| called(&shell, &snap, name)).transpose()?;
    let findings: Vec<_> =
        snap.findings.iter().filter(|f| wanted.as_ref().is_none_or(|w| *w == f.unit)).collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        let words = &shell.catalogue;
        for f in &findings {
            let name = snap.units.get(&f.unit).map_or(f.unit.as_str(), |u| u.name.as_str());
            let verdict = words
                .text(locale::Lang::Zh, &format!("web.verdict.{}", f.verdict.name()))
                .to_owned();
            let title = snap.pack.rule(&f.rule).map_or("", |r| r.title.zh.as_str());
            println!("{verdict}\t{name}\t{title}\t{}", f.rule);
        }
    }
    eprintln!(
        "pack {} {:.12} · as_of {} · result {:.12}",
        snap.pack.version, snap.pack.hash, snap.clocks.as_of, snap.hash
    );
    Ok(!findings.iter().any(|f| f.verdict.bad()))
}

/// The unit that goes by a name: `district`, a site's or region's code, id or name.
fn called(
    shell: &Shell,
    snap: &Snapshot,
    name: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let units = snap.units.values();
    let by_name = units.clone().find(|u| {
        u.id == name
            || u.name == name
            || (name == "district" && u.kind == policy::UnitKind::District)
    });
    if let Some(unit) = by_name {
        return Ok(unit.id.clone());
    }
    let cx = access::Cx::system(shell.now(), shell.ids.clone());
    let resolve = shell.resolve();
    let found = shell.db.read(|tx| match resolve(tx, &cx, Kind::Site, name)? {
        Some(id) => Ok(Some(id)),
        None => resolve(tx, &cx, Kind::Region, name),
    })?;
    found.ok_or_else(|| format!("no unit `{name}`").into())
}

fn pack(folder: &Path) -> Result<Result<Pack, policy::Faults>, Box<dyn std::error::Error>> {
    let files = Source::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(Pack::load(&files))
}

fn loaded(folder: &Path) -> Result<Pack, Box<dyn std::error::Error>> {
    pack(folder)?.map_err(|faults| {
        format!("{}: {} faults; run `wushe policy check`", folder.display(), faults.0.len()).into()
    })
}

/// Prints every fault of a pack and runs its cases; with a text, checks its quotes.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn policy_check(folder: &Path, text: Option<&Path>) -> Answer {
    let pack = match pack(folder)? {
        Ok(pack) => pack,
        Err(faults) => {
            for f in &faults.0 {
                let args: Vec<(&str, String)> =
                    f.args.iter().map(|(n, v)| (*n, v.clone())).collect();
                let said = policy::words::say(
                    policy::words::Lang::En,
                    &format!("policy.fault.{}", f.key),
                    &args,
                );
                println!("{}:{} {}: {said}", f.file, f.line, f.field);
            }
            println!("{} faults", faults.0.len());
            return Ok(false);
        }
    };
    let mut good = true;
    let outcomes = policy::testing::run_tests(&pack);
    for o in outcomes.iter().filter(|o| !o.passed()) {
        good = false;
        println!("case failed: {o:?}");
    }
    println!(
        "{} rules, {} notes, {} cases, hash {:.12}",
        pack.rules.len(),
        pack.notes.len(),
        outcomes.len(),
        pack.hash
    );
    if let Some(file) = text {
        let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
        let report = policy::text::check_text(&pack, &text);
        for fault in &report.faults {
            good = false;
            println!("{fault:?}");
        }
        for sentence in &report.uncovered {
            println!("not covered: {sentence:?}");
        }
    }
    Ok(good)
}

/// Prints what differs between two packs; with a district, the units whose verdict changes.
///
/// # Errors
/// A pack with faults, or no district.
pub fn policy_diff(a: &Path, b: &Path, data: Option<&Path>) -> Answer {
    let (a, b) = (loaded(a)?, loaded(b)?);
    let Some(data) = data else {
        println!("{}", serde_json::to_string_pretty(&policy::diff::diff(&a, &b, None))?);
        return Ok(true);
    };
    let shell = open(data, None, false, String::new())?;
    let today = shell.now().day();
    let snap = shell.db.read(|tx| live::current(tx, today, &shell, &Question::default()))?;
    let found = policy::diff::diff(&a, &b, Some((&snap.facts, snap.clocks, &snap.settings)));
    println!("{}", serde_json::to_string_pretty(&found)?);
    Ok(true)
}

/// Walks the hash chain and names the first broken link.
///
/// # Errors
/// The engine's fault.
pub fn audit_verify(data: &Path, db: Option<String>) -> Answer {
    let shell = open(data, db, false, String::new())?;
    let verdict = shell.db.read(|tx| event::verify(tx, 1))?;
    match verdict.broken {
        None => {
            let hash: String = verdict.head.hash.iter().map(|b| format!("{b:02x}")).collect();
            println!("{} events, chain whole, head {} {hash}", verdict.checked, verdict.head.seq);
            Ok(true)
        }
        Some(b) => {
            let why = match b.fault {
                event::Fault::Gap => "entries are missing from here on",
                event::Fault::Prev => "it does not carry the hash of the entry before it",
                event::Fault::Hash => "its fields do not give its hash: it was edited",
                event::Fault::Head => "the log was rewritten or cut off here",
            };
            println!(
                "broken at event {}: {why}; {} events before it are whole",
                b.seq, verdict.checked
            );
            Ok(false)
        }
    }
}

/// Prints the measures a rule may use.
///
/// # Errors
/// None.
pub fn policy_measures() -> Answer {
    for m in CATALOGUE {
        println!("{:32} {}", m.name, m.zh);
    }
    Ok(true)
}
