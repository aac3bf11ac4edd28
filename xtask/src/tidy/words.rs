//! Rules about sentences: said in both languages with the same places to fill, and none asked for that nobody says.
use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{File, Tree};

type Sentences = BTreeMap<String, String>;

/// What stands before a key written out in code and templates, and how many texts come before the key.
const CALLS: [(&str, usize); 7] = [
    (".t(\"", 0),
    (".tf1(\"", 0),
    (".tf2(\"", 0),
    (".fill(\"", 0),
    ("Refusal::new(\"", 0),
    ("Refusal::at(\"", 1),
    ("key: \"", 0),
];

pub(super) fn both_languages(tree: &Tree) -> Vec<String> {
    let mut bad = Vec::new();
    let mut homes: BTreeMap<String, BTreeMap<&str, Sentences>> = BTreeMap::new();
    for file in locale_files(tree) {
        match toml::from_str::<Sentences>(&file.text) {
            Ok(sentences) => {
                homes.entry(file.home()).or_default().insert(file.name(), sentences);
            }
            Err(why) => bad.push(format!("{}: {why}", file.path)),
        }
    }
    let none = Sentences::new();
    for (home, languages) in &homes {
        let zh = languages.get("zh-CN.toml").unwrap_or(&none);
        let en = languages.get("en.toml").unwrap_or(&none);
        for key in zh.keys().filter(|key| !en.contains_key(*key)) {
            bad.push(format!("{home}/locale/en.toml: `{key}` is missing"));
        }
        for (key, sentence) in en {
            match zh.get(key) {
                None => bad.push(format!("{home}/locale/zh-CN.toml: `{key}` is missing")),
                Some(first) if places(first) != places(sentence) => {
                    bad.push(format!(
                        "{home}/locale: `{key}` has other {{places}} in the two languages"
                    ));
                }
                Some(_) => {}
            }
        }
    }
    bad
}

/// Keys that code and templates write out must be said by some crate. Keys put together at run time are not seen here.
pub(super) fn keys_exist(tree: &Tree) -> Vec<String> {
    let said: BTreeSet<String> = locale_files(tree)
        .filter_map(|f| toml::from_str::<Sentences>(&f.text).ok())
        .flat_map(Sentences::into_keys)
        .collect();
    let mut bad = Vec::new();
    for file in &tree.files {
        let product = file.path.starts_with("floors/")
            || file.path.starts_with("slices/")
            || file.path.starts_with("app/");
        let source = match file.ending() {
            "rs" if file.under("src") => file.product(),
            "html" if file.under("templates") => &file.text,
            _ => continue,
        };
        if !product {
            continue;
        }
        for (number, line) in source.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for key in keys(line).filter(|key| !said.contains(*key)) {
                bad.push(format!("{}:{}: nobody says `{key}`", file.path, number + 1));
            }
        }
    }
    bad
}

fn locale_files(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files.iter().filter(|f| {
        f.under("locale") && !f.under("src") && matches!(f.name(), "zh-CN.toml" | "en.toml")
    })
}

fn keys(line: &str) -> impl Iterator<Item = &str> {
    CALLS.iter().flat_map(move |(call, before)| {
        line.match_indices(call).filter_map(move |(at, _)| {
            let text = line.get(at + call.len()..)?;
            // Texts and what stands between them alternate: the wanted text is the 2·before-th piece.
            let mut pieces = text.split('"');
            let key = pieces.nth(before * 2)?;
            // A key has a dot; with a brace or a space it is a pattern or something else.
            (key.contains('.')
                && !key.ends_with('.')
                && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')))
            .then_some(key)
        })
    })
}

/// The `{names}` to fill.
fn places(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::{both_languages, keys_exist};
    use crate::tree::Tree;

    const ZH: &str = "\"a.one\" = \"一 {n}\"\n\"a.two\" = \"二\"\n";

    #[test]
    fn both_languages_say_the_same() {
        let en = "\"a.one\" = \"one {m}\"\n\"a.three\" = \"three\"\n";
        let tree = Tree::of(&[("slices/a/locale/zh-CN.toml", ZH), ("slices/a/locale/en.toml", en)]);
        let said = both_languages(&tree).join("\n");
        assert!(said.contains("slices/a/locale/en.toml: `a.two` is missing"), "{said}");
        assert!(said.contains("slices/a/locale/zh-CN.toml: `a.three` is missing"), "{said}");
        assert!(said.contains("`a.one` has other {places}"), "{said}");
        let same = Tree::of(&[("slices/a/locale/zh-CN.toml", ZH), ("slices/a/locale/en.toml", ZH)]);
        assert!(both_languages(&same).is_empty());
    }

    #[test]
    fn a_key_that_nobody_says_is_found() {
        let tree = Tree::of(&[
            ("slices/a/locale/zh-CN.toml", ZH),
            (
                "slices/a/src/pages.rs",
                "//! A.\nlet x = req.t(\"a.one\");\nlet y = cx.t(\"a.gone\");\nlet z = map.get(\"a.other\");\n",
            ),
            ("slices/a/src/acts.rs", "//! A.\nErr(Refusal::at(\"name.x\", \"a.none\"))\n"),
            (
                "slices/a/templates/page.html",
                "{{ frame.t(\"a.two\") }} {{ frame.tf1(\"a.lost\", \"n\", 1) }}",
            ),
        ]);
        let said = keys_exist(&tree);
        assert_eq!(
            said,
            [
                "slices/a/src/pages.rs:3: nobody says `a.gone`",
                "slices/a/src/acts.rs:2: nobody says `a.none`",
                "slices/a/templates/page.html:1: nobody says `a.lost`"
            ]
        );
    }
}
