//! `cargo xtask tidy`: the rules of the house that the compiler does not know. Each rule reads the tree and answers sentences.
use std::path::Path;

use crate::{Outcome, tree::Tree};

mod code;
mod layers;
mod pages;
mod papers;
pub(crate) use papers::migration;
mod words;

type Rule = fn(&Tree) -> Vec<String>;

const RULES: [Rule; 11] = [
    layers::leans,
    code::says_what_it_is,
    code::not_too_long,
    code::sql_in_store,
    papers::migrations,
    papers::named_paths,
    words::both_languages,
    words::keys_exist,
    pages::templates,
    pages::styles,
    crate::clauses::current,
];

pub(crate) fn run(root: &Path) -> Outcome {
    let tree = Tree::read(root)?;
    let problems: Vec<String> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    for problem in &problems {
        eprintln!("tidy: {problem}");
    }
    if problems.is_empty() {
        println!("tidy: {} files, nothing to say", tree.files.len());
        Ok(())
    } else {
        Err(format!("tidy: {} problem(s)", problems.len()).into())
    }
}
