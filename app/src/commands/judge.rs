//! Commands that judge: the board in a terminal, packs, the event log.
use std::path::Path;

use db::event;
use policy::{CATALOGUE, Pack, Source};

use super::{Answer, open};

/// Walks the hash chain and names the first broken link.
///
/// # Errors
/// The engine's fault.
pub fn audit_verify(data: &Path, db: Option<String>) -> Answer {
    let shell = open(data, db, false, String::new())?;
    let verdict = shell.db.read(|tx| event::verify(tx, 1))?;
    match verdict.broken {
        None => {
            println!("{} events, chain whole, head {} {}", verdict.checked, verdict.head.seq, verdict.head.hash);
            Ok(true)
        }
        Some(b) => {
            let why = match b.fault {
                event::Fault::Gap => "entries are missing from here on",
                event::Fault::Prev => "it does not carry the hash of the entry before it",
                event::Fault::Hash => "its fields do not give its hash: it was edited",
                event::Fault::Head => "the log was rewritten or cut off here",
            };
            println!("broken at event {}: {why}; {} events before it are whole", b.seq, verdict.checked);
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
