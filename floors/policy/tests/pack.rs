//! The pack in the repository loads.
use std::path::Path;

use policy::{Pack, Source};

#[test]
fn probe() {
    let dir = std::env::var("PACK").unwrap();
    let files = Source::read_dir(Path::new(&dir)).unwrap();
    let t = std::time::Instant::now();
    let p = match Pack::load(&files) {
        Ok(p) => {
            println!(
                "{} rules {} clauses {} notes {:?}",
                p.rules.len(),
                p.clauses.len(),
                p.notes.len(),
                t.elapsed()
            );
            p
        }
        Err(f) => {
            println!("{f}");
            Pack::load_draft(&files).unwrap()
        }
    };
    let mut n = 0;
    for o in policy::run_tests(&p) {
        n += 1;
        for m in &o.misses {
            println!(
                "{}:{} {} -> {}",
                o.file,
                o.line,
                o.name,
                policy::words::say(policy::words::Lang::Zh, &m.key, &m.args)
            );
        }
    }
    println!("{n} cases");
}
