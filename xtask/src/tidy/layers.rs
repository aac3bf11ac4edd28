//! Floors lean only on floors before them; slices lean on floors and never on one another.
use crate::tree::Tree;

/// Lowest first.
const FLOORS: [&str; 11] = [
    "kernel",
    "db",
    "policy",
    "locale",
    "papers",
    "papers-pdf",
    "registry",
    "access",
    "forms",
    "ledger",
    "web",
];

pub(super) fn leans(tree: &Tree) -> Vec<String> {
    let mut bad = Vec::new();
    for file in tree.files.iter().filter(|f| f.name() == "Cargo.toml") {
        let home = file.home();
        let Some((kind, name)) = home.split_once('/') else { continue };
        if file.path != format!("{home}/Cargo.toml") {
            continue;
        }
        let table: toml::Table = match toml::from_str(&file.text) {
            Ok(table) => table,
            Err(why) => {
                bad.push(format!("{}: {why}", file.path));
                continue;
            }
        };
        let mine = FLOORS.iter().position(|f| *f == name);
        if kind == "floors" && mine.is_none() {
            bad.push(format!("{home}: a floor without a place in the order"));
        }
        let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
        for dependency in dependencies.into_iter().flat_map(toml::Table::keys) {
            if tree.has(&format!("slices/{dependency}/Cargo.toml")) {
                bad.push(format!(
                    "{home} leans on the slice `{dependency}`; share it through a floor, an id or an event"
                ));
            }
            let theirs = FLOORS.iter().position(|f| f == dependency);
            if kind == "floors" && theirs.zip(mine).is_some_and(|(theirs, mine)| theirs >= mine) {
                bad.push(format!("{home} leans upward on `{dependency}`"));
            }
        }
    }
    bad
}

#[cfg(test)]
mod tests {
    use super::leans;
    use crate::tree::Tree;

    #[test]
    fn a_slice_may_not_lean_on_a_slice_nor_a_floor_upward() {
        let good = [
            ("floors/db/Cargo.toml", "[dependencies]\nkernel.workspace = true"),
            (
                "slices/sites/Cargo.toml",
                "[dependencies]\nweb.workspace = true\n[dev-dependencies]\ndemo.workspace = true",
            ),
        ];
        assert!(leans(&Tree::of(&good)).is_empty());
        let bad = [
            ("floors/db/Cargo.toml", "[dependencies]\nweb.workspace = true"),
            ("floors/extra/Cargo.toml", "[dependencies]"),
            ("slices/sites/Cargo.toml", "[dependencies]\ntoday.workspace = true"),
            ("slices/today/Cargo.toml", "[dependencies]"),
        ];
        let said = leans(&Tree::of(&bad)).join("\n");
        assert!(said.contains("floors/db leans upward on `web`"), "{said}");
        assert!(said.contains("floors/extra: a floor without a place"), "{said}");
        assert!(said.contains("slices/sites leans on the slice `today`"), "{said}");
    }
}
