//! Gathering: every slice answers from its own tables.
use access::Cx;
use db::{Result, Tx};
use web::{Due, Shell};

use crate::model;

/// What is due in the actor's scope, the most pressing first.
///
/// # Errors
/// The engine's fault.
pub fn gather(tx: &mut Tx<'_>, cx: &Cx, shell: &Shell) -> Result<Vec<Due>> {
    let until = cx.today().plus_days(model::AHEAD);
    let mut all = Vec::new();
    for ask in shell.slices.iter().filter_map(|s| s.dues) {
        all.extend(ask(tx, cx, shell, until)?);
    }
    model::sort(&mut all, cx.today());
    Ok(all)
}
