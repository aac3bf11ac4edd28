//! Rules about source files: they say what they are, stay short, and keep SQL in one place.
use crate::tree::{File, Tree};

/// Lines. Aim for 300; past this a file has become two.
const LONGEST: usize = 500;

/// How a statement begins in a string: after a quote, at the start of its line, or inside a bracket.
const STATEMENTS: [&str; 6] =
    ["SELECT ", "INSERT INTO ", "INSERT OR ", "UPDATE ", "DELETE FROM ", "WITH RECURSIVE "];

pub(super) fn says_what_it_is(tree: &Tree) -> Vec<String> {
    tree.ending("rs")
        .filter(|f| !f.text.starts_with("//!"))
        .map(|f| format!("{}: does not say what it is (`//!` first)", f.path))
        .collect()
}

pub(super) fn not_too_long(tree: &Tree) -> Vec<String> {
    tree.files
        .iter()
        .filter(|f| matches!(f.ending(), "rs" | "html" | "ts" | "css"))
        .map(|f| (f, f.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(f, lines)| format!("{}: {lines} lines, {LONGEST} at most", f.path))
        .collect()
}

/// The db floor is made of SQL; everywhere else it stands in `store.rs` or a folder `store`.
pub(super) fn sql_in_store(tree: &Tree) -> Vec<String> {
    tree.ending("rs")
        .filter(|f| f.path.starts_with("slices/") || f.path.starts_with("floors/"))
        .filter(|f| f.under("src") && !f.path.starts_with("floors/db/"))
        .filter(|f| f.name() != "store.rs" && !f.under("store"))
        .filter_map(|f| Some(format!("{}:{}: SQL outside store.rs", f.path, sql_line(f)?)))
        .collect()
}

fn sql_line(file: &File) -> Option<usize> {
    let at = file.product().lines().position(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
            && STATEMENTS.iter().any(|word| {
                line.starts_with(word)
                    || line.contains(&format!("\"{word}"))
                    || line.contains(&format!("({word}"))
            })
    })?;
    Some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::{not_too_long, says_what_it_is, sql_in_store};
    use crate::tree::Tree;

    #[test]
    fn a_file_says_what_it_is() {
        let tree = Tree::of(&[("a/src/lib.rs", "//! A.\n"), ("a/src/b.rs", "use a;\n")]);
        assert_eq!(says_what_it_is(&tree), ["a/src/b.rs: does not say what it is (`//!` first)"]);
    }

    #[test]
    fn a_file_ends_in_time() {
        let long = "\n".repeat(501);
        let tree = Tree::of(&[("a.css", &long), ("b.ts", "\n"), ("c.toml", &long)]);
        assert_eq!(not_too_long(&tree), ["a.css: 501 lines, 500 at most"]);
    }

    #[test]
    fn sql_stands_in_the_store() {
        let sql = "//! A.\nconst A: &str = \"SELECT 1\";\n";
        let tree = Tree::of(&[
            ("slices/a/src/store.rs", sql),
            ("slices/a/src/acts.rs", sql),
            ("floors/db/src/tx.rs", sql),
            (
                "floors/access/src/actor.rs",
                "//! A.\n// UPDATE of a row\nlet a = \"please SELECT one\";\n",
            ),
            ("floors/access/src/session.rs", "//! A.\n\"\n    UPDATE session\n\"\n"),
            (
                "slices/a/src/model.rs",
                "//! A.\n#[cfg(test)]\nmod tests { const B: &str = \"SELECT 1\"; }\n",
            ),
        ]);
        assert_eq!(
            sql_in_store(&tree),
            [
                "slices/a/src/acts.rs:2: SQL outside store.rs",
                "floors/access/src/session.rs:3: SQL outside store.rs"
            ]
        );
    }
}
