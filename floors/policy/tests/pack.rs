//! The pack in the repository loads.
use std::path::Path;

use policy::{Pack, Source};

#[test]
fn probe() {
    let dir = std::env::var("PACK").unwrap();
    let files = Source::read_dir(Path::new(&dir)).unwrap();
    let t = std::time::Instant::now();
    match Pack::load_draft(&files) {
        Ok(p) => println!(
            "{} rules {} clauses {} notes {:?}",
            p.rules.len(),
            p.clauses.len(),
            p.notes.len(),
            t.elapsed()
        ),
        Err(f) => println!("{f:?}"),
    }
}
