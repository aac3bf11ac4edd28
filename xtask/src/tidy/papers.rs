//! Rules about numbers and names on paper: migrations are numbered once for all, the map names what exists.
use std::collections::BTreeMap;

use crate::tree::{File, Tree};

/// Is this a migration, and under which number and title?
pub(crate) fn migration(file: &File) -> Option<(&str, &str)> {
    let stem = file.name().strip_suffix(".sql")?;
    let stem = stem.strip_suffix(".pg").unwrap_or(stem);
    file.under("migrations").then(|| stem.split_once('_').unwrap_or((stem, "")))
}

pub(super) fn migrations(tree: &Tree) -> Vec<String> {
    let mut seen: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    let mut bad = Vec::new();
    for file in &tree.files {
        let Some((number, title)) = migration(file) else { continue };
        if number.len() != 4 || !number.bytes().all(|b| b.is_ascii_digit()) {
            bad.push(format!("{}: a migration begins with four digits", file.path));
        }
        let home = file.home();
        match seen.get(number) {
            // The PostgreSQL text of the same migration stands beside it.
            Some((same, there)) if *same == title && *there == home => {}
            Some((_, there)) => {
                bad.push(format!("migration {number} twice: in {there} and {}", file.path))
            }
            None => {
                seen.insert(number, (title, home));
            }
        }
    }
    bad
}

/// Paths in backticks in ARCHITECTURE.md, when they begin with a folder of ours.
pub(super) fn named_paths(tree: &Tree) -> Vec<String> {
    let Some(map) = tree.files.iter().find(|f| f.path == "ARCHITECTURE.md") else {
        return Vec::new();
    };
    let tops: Vec<&str> =
        tree.files.iter().filter_map(|f| Some(f.path.split_once('/')?.0)).collect();
    map.text
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|word| word.split(['#', ':']).next().unwrap_or_default())
        .filter(|word| word.split_once('/').is_some_and(|(top, _)| tops.contains(&top)))
        .filter(|word| !word.contains(['<', '*', '{', '…', ' ', '\n']) && !word.contains("NNNN"))
        .filter(|word| !tree.has(word))
        .map(|word| format!("ARCHITECTURE.md names `{word}`, which does not exist"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{migrations, named_paths};
    use crate::tree::Tree;

    #[test]
    fn a_migration_number_is_used_once() {
        let good = [
            ("slices/a/migrations/0003_a.sql", ""),
            ("slices/a/migrations/0003_a.pg.sql", ""),
            ("slices/b/migrations/0004_b.sql", ""),
        ];
        assert!(migrations(&Tree::of(&good)).is_empty());
        let bad = [
            ("slices/a/migrations/0003_a.sql", ""),
            ("slices/b/migrations/0003_b.sql", ""),
            ("slices/b/migrations/5_c.sql", ""),
        ];
        let said = migrations(&Tree::of(&bad)).join("\n");
        assert!(
            said.contains("migration 0003 twice: in slices/a and slices/b/migrations/0003_b.sql"),
            "{said}"
        );
        assert!(said.contains("5_c.sql: a migration begins with four digits"), "{said}");
    }

    #[test]
    fn the_map_names_what_exists() {
        let tree = Tree::of(&[
            ("floors/db/src/lib.rs", ""),
            (
                "ARCHITECTURE.md",
                "See `floors/db`, `floors/db/src/lib.rs`, `floors/<name>/src`, `GET /sites`, `floors/gone.rs`.",
            ),
        ]);
        assert_eq!(
            named_paths(&tree),
            ["ARCHITECTURE.md names `floors/gone.rs`, which does not exist"]
        );
    }
}
