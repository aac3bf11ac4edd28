//! `cargo xtask clauses`: docs/clauses.md, every clause of the founding policy with its place in the house, read from the pack and the code.
//!
//! The pack says what a clause means, which rule judges it by which measure, or which note says why nothing does; its cases are the tests;
//! slices name the clauses they serve where they say what they are. `docs/clauses.toml` adds what neither can say by itself.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::Outcome;
use crate::tree::Tree;

/// Where the page lies.
const PAGE: &str = "docs/clauses.md";
/// The pack of the founding policy.
const PACK: &str = "policy/shangcheng-2022/";
/// Slices of the plan: a note that sends the reader to one that is not there yet says so.
const PLANNED: [&str; 8] = [
    "linkage",
    "projects",
    "funds",
    "supervision",
    "training",
    "assessment",
    "knowledge",
    "cockpit",
];
/// How many clauses the founding policy has.
const ALL: usize = 155;

const HEAD: &str = "# Every clause and its place\n\n\
Made by `cargo xtask clauses` from the pack, the code and `docs/clauses.toml`; `cargo xtask tidy` refuses it when it is not current or a clause has no place.\n\
The sentences are ours: the official text is bound by each deployment and never lies in this repository.\n\
**Rule** names the rule of the pack and its measure; **cases** are the situations under `policy/shangcheng-2022/cases/` that give it a verdict; **note** says why a clause has no\n\
verdict; **screens** are the pages of slices that name the clause, whose story tests are listed with them; **not built yet** names a slice of the plan that the\n\
clause waits for: until it stands, its rule has no records and asks for them.\n";

/// What is known of one clause.
#[derive(Default)]
struct Clause {
    zh: String,
    en: String,
    rules: Vec<String>,
    notes: Vec<String>,
    screens: BTreeSet<String>,
}

pub(crate) fn run(root: &Path) -> Outcome {
    let tree = Tree::read(root)?;
    let (page, problems) = page(&tree);
    fs::write(root.join(PAGE), page)?;
    if problems.is_empty() {
        println!("{PAGE}: {ALL} clauses, each with its place");
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}

/// Tidy's rule: the page is current and every clause has a place.
pub(crate) fn current(tree: &Tree) -> Vec<String> {
    if !tree.has(PACK) {
        return Vec::new();
    }
    let (page, mut problems) = page(tree);
    let kept = tree.files.iter().find(|f| f.path == PAGE).map_or("", |f| f.text.as_str());
    if kept != page {
        problems.push(format!("{PAGE}: not current; run `cargo xtask clauses`"));
    }
    problems
}

fn page(tree: &Tree) -> (String, Vec<String>) {
    let mut problems = Vec::new();
    let mut order: Vec<String> = Vec::new();
    let mut clauses: BTreeMap<String, Clause> = BTreeMap::new();
    let cases = cases(tree);
    let more = more(tree, &mut problems);
    for file in tree.files.iter().filter(|f| f.path.starts_with(PACK) && f.ending() == "md") {
        for (ids, text) in file.text.lines().filter_map(sentence) {
            for id in ids {
                let letters: Vec<&String> = more.keys().filter(|k| lettered(k, &id)).collect();
                let own = if letters.is_empty() {
                    vec![id]
                } else {
                    letters.into_iter().cloned().collect()
                };
                for id in own {
                    if !order.contains(&id) {
                        order.push(id.clone());
                    }
                    let c = clauses.entry(id).or_default();
                    let slot = if text.chars().any(han) { &mut c.zh } else { &mut c.en };
                    if slot.is_empty() {
                        text.clone_into(slot);
                    }
                }
            }
        }
    }
    for (clause, kind, line) in blocks(tree, &cases, &mut problems) {
        match clauses.get_mut(&clause) {
            Some(c) if kind == "note" => c.notes.push(line),
            Some(c) => c.rules.push(line),
            // A heading's own block speaks of the clauses under it.
            None => {
                let under = |id: &str| {
                    id.strip_prefix(clause.as_str()).is_some_and(|r| r.starts_with(['-', '.']))
                };
                let mut any = false;
                for (_, c) in clauses.iter_mut().filter(|(id, _)| under(id)) {
                    any = true;
                    if kind == "note" {
                        c.notes.push(line.clone());
                    }
                }
                if !any {
                    problems.push(format!("{PACK}: a block of the unknown clause {clause}"));
                }
            }
        }
    }
    screens(tree, &order, &mut clauses);
    for (id, extra) in &more {
        let Some(c) = clauses.get_mut(id) else {
            problems.push(format!("docs/clauses.toml: no clause {id}"));
            continue;
        };
        let text = |key: &str| extra.get(key).and_then(Value::as_str).unwrap_or_default();
        for (key, slot) in [("zh", &mut c.zh), ("en", &mut c.en)] {
            if !text(key).is_empty() {
                text(key).clone_into(slot);
            }
        }
        if !text("rule").is_empty() {
            c.rules.push(format!("as `{}`", text("rule")));
        }
        if !text("note").is_empty() {
            c.notes.push(text("note").to_owned());
        }
    }
    if order.len() != ALL {
        problems.push(format!("{PACK}: {} clauses restated, {ALL} expected", order.len()));
    }
    let mut out = HEAD.to_owned();
    let mut part = String::new();
    for id in &order {
        let Some(c) = clauses.get(id) else { continue };
        if c.zh.is_empty() || c.en.is_empty() {
            problems.push(format!("{id}: not restated in both languages"));
        }
        if c.rules.is_empty() && c.notes.is_empty() && c.screens.is_empty() {
            problems.push(format!("{id}: no rule, no note, no screen"));
        }
        let chapter = id.split('-').next().unwrap_or_default();
        if chapter != part {
            chapter.clone_into(&mut part);
            out.push_str(&format!("\n## {chapter}\n\n"));
        }
        out.push_str(&format!("- **{id}** {} / {}\n", c.zh, c.en));
        for (name, lines) in [("rule", &c.rules), ("note", &c.notes)] {
            for line in lines {
                out.push_str(&format!("  - {name}: {line}\n"));
            }
        }
        let waits = waits(tree, &c.notes);
        if !waits.is_empty() {
            out.push_str(&format!("  - not built yet: {}\n", waits.join(", ")));
        }
        for screen in &c.screens {
            out.push_str(&format!("  - screens: {screen}\n"));
        }
    }
    (out, problems)
}

/// Slices that the notes send to and that are not there.
fn waits(tree: &Tree, notes: &[String]) -> Vec<&'static str> {
    let named = |name: &str| {
        let word = |w: &str| w == name;
        notes.iter().any(|n| n.split(|c: char| !c.is_ascii_alphabetic()).any(word))
    };
    let built = |name: &str| {
        let lib = format!("slices/{name}/src/lib.rs");
        tree.files.iter().any(|f| f.path == lib)
    };
    PLANNED.into_iter().filter(|name| named(name) && !built(name)).collect()
}

/// `- **4A.1-1、4A.1-2** sentence`
fn sentence(line: &str) -> Option<(Vec<String>, &str)> {
    let (ids, text) = line.strip_prefix("- **")?.split_once("**")?;
    let ids = ids.split(['、', ',']).map(|i| i.trim().to_owned()).collect();
    Some((ids, text.trim()))
}

/// Is `2-5a` one of the letters of `2-5`?
fn lettered(id: &str, of: &str) -> bool {
    id.strip_prefix(of)
        .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_lowercase()))
}

fn han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn more(tree: &Tree, problems: &mut Vec<String>) -> BTreeMap<String, Table> {
    let Some(file) = tree.files.iter().find(|f| f.path == "docs/clauses.toml") else {
        return BTreeMap::new();
    };
    match toml::from_str::<BTreeMap<String, Table>>(&file.text) {
        Ok(more) => more,
        Err(why) => {
            problems.push(format!("docs/clauses.toml: {why}"));
            BTreeMap::new()
        }
    }
}

/// Rules and the verdicts that cases give them: rule → verdict → how many.
fn cases(tree: &Tree) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut out: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let folder = format!("{PACK}cases/");
    for file in tree.files.iter().filter(|f| f.path.starts_with(&folder)) {
        let Ok(table) = toml::from_str::<Table>(&file.text) else { continue };
        let tests = table.get("test").and_then(Value::as_array).cloned().unwrap_or_default();
        for expect in tests.iter().filter_map(|t| t.get("expect").and_then(Value::as_table)) {
            for (key, verdict) in expect {
                let rule = key.rsplit('/').next().unwrap_or(key).to_owned();
                let verdict = verdict.as_str().unwrap_or_default().to_owned();
                *out.entry(rule).or_default().entry(verdict).or_default() += 1;
            }
        }
    }
    out
}

/// Every block of the pack: (clause, kind, what the page says of it).
fn blocks(
    tree: &Tree,
    cases: &BTreeMap<String, BTreeMap<String, usize>>,
    problems: &mut Vec<String>,
) -> Vec<(String, String, String)> {
    let mut out = Vec::new();
    for file in tree.files.iter().filter(|f| f.path.starts_with(PACK) && f.ending() == "md") {
        let mut heading = String::new();
        for piece in pieces(&file.text) {
            let text = match piece {
                Piece::Heading(id) => {
                    heading = id;
                    continue;
                }
                Piece::Block(text) => text,
            };
            let table = match toml::from_str::<Table>(&text) {
                Ok(table) => table,
                Err(why) => {
                    problems.push(format!("{}: {why}", file.path));
                    continue;
                }
            };
            for (kind, list) in &table {
                for block in list.as_array().into_iter().flatten() {
                    let text = |k: &str| block.get(k).and_then(Value::as_str).unwrap_or_default();
                    let clause = if text("clause").is_empty() { &heading } else { text("clause") };
                    let said = match kind.as_str() {
                        "test" => continue,
                        "note" => {
                            let says = block.get("text").and_then(|t| t.get("zh"));
                            format!(
                                "`{}` {}",
                                text("id"),
                                says.and_then(Value::as_str).unwrap_or_default()
                            )
                        }
                        _ => rule(kind, block, cases.get(text("id"))),
                    };
                    out.push((clause.to_owned(), kind.clone(), said));
                }
            }
        }
    }
    out
}

fn rule(kind: &str, block: &Value, cases: Option<&BTreeMap<String, usize>>) -> String {
    let text = |k: &str| block.get(k).and_then(Value::as_str).unwrap_or_default();
    let done = block.get("done_by").and_then(|d| d.get("measure")).and_then(Value::as_str);
    let measure = done.unwrap_or(text("measure"));
    let measure = if measure.is_empty() { String::new() } else { format!(", measure `{measure}`") };
    let cases = cases.map_or_else(String::new, |c| {
        let all: Vec<String> = c.iter().map(|(v, n)| format!("{v} ×{n}")).collect();
        format!("; cases: {}", all.join(", "))
    });
    format!("{kind} `{}`{measure}{cases}", text("id"))
}

enum Piece {
    /// The id of a heading, `{#4A.1}`.
    Heading(String),
    /// The text of a fenced block.
    Block(String),
}

fn pieces(text: &str) -> Vec<Piece> {
    let (mut out, mut block) = (Vec::new(), None::<String>);
    for line in text.lines() {
        match &mut block {
            None if line.starts_with("```toml") => block = Some(String::new()),
            None => {
                let id = line.starts_with('#').then(|| line.split_once("{#")).flatten();
                if let Some((_, rest)) = id {
                    out.push(Piece::Heading(rest.trim_end_matches('}').to_owned()));
                }
            }
            Some(_) if line.starts_with("```") => out.extend(block.take().map(Piece::Block)),
            Some(b) => {
                b.push_str(line);
                b.push('\n');
            }
        }
    }
    out
}

/// Slices that name a clause where they say what they are, with their first doors and their tests.
fn screens(tree: &Tree, order: &[String], clauses: &mut BTreeMap<String, Clause>) {
    for lib in tree
        .files
        .iter()
        .filter(|f| f.path.starts_with("slices/") && f.path.ends_with("/src/lib.rs"))
    {
        let home = lib.home();
        let name = home.trim_start_matches("slices/");
        let mut doors: Vec<&str> = lib
            .product()
            .split("href: \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        doors.dedup();
        let tests: Vec<&str> = tree
            .files
            .iter()
            .filter(|f| f.path.starts_with(&format!("{home}/tests/")) && f.ending() == "rs")
            .map(|f| f.path.as_str())
            .filter(|p| p.contains("story"))
            .collect();
        let said = format!(
            "{name} {} — {}",
            doors.join(" "),
            tests.first().copied().unwrap_or("no story")
        );
        let sources = tree
            .files
            .iter()
            .filter(|f| f.path.starts_with(&format!("{home}/src/")) && f.ending() == "rs");
        for line in sources.flat_map(|f| f.product().lines()).map(str::trim_start) {
            if !line.starts_with("//") {
                continue;
            }
            for id in named(line, order) {
                if let Some(c) = clauses.get_mut(&id) {
                    c.screens.insert(said.clone());
                }
            }
        }
    }
}

/// Ids a comment names; `4A.1-1 … 4A.3-18` names all between.
fn named(line: &str, order: &[String]) -> Vec<String> {
    let words: Vec<&str> = line
        .split(|c: char| !(c.is_ascii_alphanumeric() || ".-…–".contains(c)))
        .map(|w| w.trim_matches(['.', '-']))
        .filter(|w| !w.is_empty())
        .collect();
    let at = |w: &str| order.iter().position(|id| id == w);
    let mut out = Vec::new();
    for (n, word) in words.iter().enumerate() {
        let Some(here) = at(word) else { continue };
        out.push((*word).to_owned());
        let next = words.get(n + 1).filter(|w| **w == "…" || **w == "–");
        if let Some(end) = next.and(words.get(n + 2)).and_then(|w| at(w)) {
            out.extend(order.get(here..=end).unwrap_or_default().iter().cloned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_clauses_and_stretches_of_them() {
        let order: Vec<String> =
            ["4A.1-1", "4A.1-2", "4A.1-3", "2-5a"].iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(named("//! x (4A.1-3, 2-5a; M03).", &order), ["4A.1-3", "2-5a"]);
        assert_eq!(
            named("//! 4A.1-1 … 4A.1-3.", &order),
            ["4A.1-1", "4A.1-1", "4A.1-2", "4A.1-3", "4A.1-3"]
        );
        assert!(lettered("2-5a", "2-5") && !lettered("2-5", "2-5") && !lettered("2-5ab", "2-5"));
    }

    #[test]
    fn a_note_that_sends_to_a_slice_that_is_not_there_says_so() {
        let notes = ["人才见 supervision 与 training。".to_owned(), "fundsX".to_owned()];
        let tree = Tree::of(&[("slices/training/src/lib.rs", "//! x")]);
        assert_eq!(waits(&tree, &notes), ["supervision"]);
    }

    #[test]
    fn a_page_that_is_behind_and_a_clause_without_a_place_are_said() {
        let pack = "## 一 {#1}\n- **1-1** 一句。\n\n- **1-1** One.\n\n```toml\n[[require]]\nid = \"r\"\nclause = \"1-1\"\nmeasure = \"m\"\n```\n";
        let tree = Tree::of(&[("policy/shangcheng-2022/01.md", pack), (PAGE, "old")]);
        let said = current(&tree).join("\n");
        assert!(said.contains("not current") && said.contains("155 expected"), "{said}");
        let bare =
            Tree::of(&[("policy/shangcheng-2022/01.md", "- **1-1** 一句。\n- **1-1** One.\n")]);
        assert!(current(&bare).iter().any(|p| p.contains("1-1: no rule, no note, no screen")));
    }
}
