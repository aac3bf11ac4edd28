//! Reads the pack's rules for itself: the fenced TOML of each chapter, nothing checked, nothing compiled.
use std::path::Path;

use policy::rows::UnitKind;

use super::value::Options;

/// A rule as it stands in the pack.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    /// `require`, `prohibit`, `target`, `duty` or `entitle`.
    pub(crate) block: String,
    pub(crate) kinds: Vec<UnitKind>,
    pub(crate) body: toml::Table,
}

/// The rules that give verdicts, and the default of every option.
pub(crate) struct Pack {
    pub(crate) rules: Vec<Rule>,
    pub(crate) options: Options,
}

/// Reads all chapters of a pack, in order of their names.
pub(crate) fn read(folder: &Path) -> Pack {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let mut pack = Pack { rules: Vec::new(), options: Options::new() };
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "md")) {
        fences(&mut pack, &std::fs::read_to_string(file).unwrap());
    }
    pack
}

/// Reads a pack that is one text.
pub(crate) fn of_text(text: &str) -> Pack {
    let mut pack = Pack { rules: Vec::new(), options: Options::new() };
    fences(&mut pack, text);
    pack
}

fn fences(pack: &mut Pack, text: &str) {
    for fence in text.split("```toml\n").skip(1) {
        let table: toml::Table = fence.split("```").next().unwrap().parse().unwrap();
        for (block, items) in table {
            for item in items.as_array().unwrap() {
                take(pack, &block, item.as_table().unwrap());
            }
        }
    }
}

fn take(pack: &mut Pack, block: &str, body: &toml::Table) {
    if let (Some(option), Some(default)) = (body.get("option"), body.get("default")) {
        pack.options.insert(option.as_str().unwrap().into(), default.as_str().unwrap().into());
    }
    if !["require", "prohibit", "target", "duty", "entitle"].contains(&block) {
        return;
    }
    let named = |value: &toml::Value| match value {
        toml::Value::String(s) => vec![UnitKind::by_name(s).unwrap()],
        toml::Value::Array(a) => {
            a.iter().map(|v| UnitKind::by_name(v.as_str().unwrap()).unwrap()).collect()
        }
        other => panic!("{other}"),
    };
    let who = || body.get("who").and_then(|w| w.get("kind")).map(named);
    let kinds = body.get("applies").or(body.get("level")).map(named).or_else(who).unwrap();
    let id = body.get("id").unwrap().as_str().unwrap().into();
    pack.rules.push(Rule { id, block: block.into(), kinds, body: body.clone() });
}
