//! `cargo xtask new-slice` and `new-migration`: the shape of the house, so that nobody copies by hand.
use std::{fs, path::Path};

use crate::{Outcome, tidy, tree::Tree};

/// The files of a slice and what each says of itself.
const SHAPE: [(&str, &str); 5] = [
    ("model.rs", "Nouns and what they refuse. Pure."),
    ("store.rs", "All the SQL of this slice, nothing else."),
    ("acts.rs", "Verbs: check the right, load, decide, keep with the event."),
    ("pages.rs", "What a person sees: template structs and thin handlers."),
    ("api.rs", "What a machine sees: wire structs and thin handlers."),
];

/// A slice that compiles and passes tidy, with everything still to say.
pub(crate) fn slice(root: &Path, name: &str) -> Outcome {
    if !is_name(name) {
        return Err(format!("`{name}`: a slice is called by small letters and underscores").into());
    }
    let home = root.join("slices").join(name);
    if home.exists() {
        return Err(format!("slices/{name} exists").into());
    }
    for folder in ["src", "templates", "migrations", "locale", "tests"] {
        fs::create_dir_all(home.join(folder))?;
    }
    let mut lib = format!(
        "//! {name}: what it is, which clauses it serves.\n//!\n//! Reading order: [`model`] the nouns, `acts` the verbs, `store` the SQL, then the two faces `pages` and `api`.\n"
    );
    let mut modules: Vec<&str> =
        SHAPE.iter().map(|(file, _)| file.trim_end_matches(".rs")).collect();
    modules.sort_unstable();
    for module in modules {
        let public = if module == "model" { "pub " } else { "" };
        lib.push_str(&format!("{public}mod {module};\n"));
    }
    lib.push_str(
        "\n/// This slice's sentences.\npub const LOCALES: locale::Texts = locale::texts!();\n",
    );
    fs::write(home.join("src/lib.rs"), lib)?;
    for (file, says) in SHAPE {
        fs::write(home.join("src").join(file), format!("//! {says}\n"))?;
    }
    for (language, title) in [("zh-CN", name), ("en", name)] {
        fs::write(
            home.join("locale").join(format!("{language}.toml")),
            format!("\"{name}.title\" = \"{title}\"\n"),
        )?;
    }
    fs::write(
        home.join("askama.toml"),
        "[general]\ndirs = [\"templates\", \"../../floors/web/templates\"]\n",
    )?;
    fs::write(home.join("Cargo.toml"), manifest(name))?;
    enrol(root, name)?;
    println!(
        "slices/{name} is there. Next: its first migration (cargo xtask new-migration {name} <title>), `slice()` in src/lib.rs, and one line in app/src/slices.rs."
    );
    Ok(())
}

fn manifest(name: &str) -> String {
    let mut text = format!("[package]\nname = \"{name}\"\n");
    for key in ["edition", "version", "license", "publish"] {
        text.push_str(&format!("{key}.workspace = true\n"));
    }
    text.push_str("\n[dependencies]\n");
    for floor in ["access", "db", "kernel", "locale", "web"] {
        text.push_str(&format!("{floor}.workspace = true\n"));
    }
    text.push_str("askama.workspace = true\n\n[lints]\nworkspace = true\n");
    text
}

/// Names the crate once for the workspace, before the demo, as the other slices are.
fn enrol(root: &Path, name: &str) -> Outcome {
    let path = root.join("Cargo.toml");
    let text = fs::read_to_string(&path)?;
    let line = format!("{name} = {{ path = \"slices/{name}\" }}\n");
    let anchor = "demo = { path = \"demo\" }\n";
    if !text.contains(anchor) {
        return Err("Cargo.toml: the line of `demo` is gone; name the slice in [workspace.dependencies] by hand".into());
    }
    fs::write(path, text.replacen(anchor, &format!("{line}{anchor}"), 1))?;
    Ok(())
}

/// An empty migration under the next global number, in a slice or a floor.
pub(crate) fn migration(root: &Path, owner: &str, title: &str) -> Outcome {
    if !is_name(title) {
        return Err(
            format!("`{title}`: a migration is called by small letters and underscores").into()
        );
    }
    let home = ["slices", "floors"]
        .iter()
        .map(|kind| root.join(kind).join(owner))
        .find(|home| home.join("Cargo.toml").exists())
        .ok_or_else(|| format!("there is no slice or floor `{owner}`"))?;
    let number = next_number(&Tree::read(root)?);
    let file = home.join("migrations").join(format!("{number:04}_{title}.sql"));
    fs::create_dir_all(home.join("migrations"))?;
    fs::write(&file, "-- What changes, and why. Forward only; never edited after a release.\n")?;
    println!("{}", file.display());
    Ok(())
}

fn next_number(tree: &Tree) -> u32 {
    tree.files
        .iter()
        .filter_map(|f| tidy::migration(f)?.0.parse::<u32>().ok())
        .max()
        .map_or(1, |last| last + 1)
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::{is_name, migration, next_number, slice};
    use crate::tree::Tree;

    #[test]
    fn numbers_count_over_all_crates() {
        let tree = Tree::of(&[
            ("slices/a/migrations/0007_a.sql", ""),
            ("floors/access/migrations/0011_b.pg.sql", ""),
            ("docs/0099_x.sql", ""),
        ]);
        assert_eq!(next_number(&tree), 12);
        assert_eq!(next_number(&Tree::default()), 1);
        assert!(is_name("group_work") && !is_name("Group") && !is_name("2nd") && !is_name("../up"));
    }

    #[test]
    fn a_fresh_slice_is_tidy() {
        let root = env::temp_dir().join(format!("xtask-fresh-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("slices")).unwrap();
        fs::write(
            root.join("Cargo.toml"),
            "[workspace.dependencies]\ndemo = { path = \"demo\" }\n",
        )
        .unwrap();
        slice(&root, "referrals").unwrap();
        assert!(slice(&root, "referrals").is_err(), "a slice is not made twice");
        migration(&root, "referrals", "referral").unwrap();
        migration(&root, "referrals", "closure").unwrap();
        assert!(root.join("slices/referrals/migrations/0002_closure.sql").exists());
        assert!(migration(&root, "nobody", "x").is_err());
        assert!(
            fs::read_to_string(root.join("Cargo.toml"))
                .unwrap()
                .contains("referrals = { path = \"slices/referrals\" }\ndemo")
        );
        crate::tidy::run(&root).unwrap();
        fs::remove_dir_all(&root).unwrap();
    }
}
