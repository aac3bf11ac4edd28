//! A fictional district built through the acts that people use: it feeds the demonstration, tests, screenshots and benchmarks.
//!
//! Nobody in it exists: ID numbers carry the unassignable region 99xxxx, phones the unassigned prefix 164-0000,
//! and no place of the national list bears its names.
pub mod people;
pub mod places;

use db::Result;
use kernel::Day;

/// Builds the demonstration district in an empty database; does nothing when there is one already.
///
/// # Errors
/// The engine's fault, or a refusal that shows that demo and acts disagree.
pub fn build(shell: &web::Shell) -> Result<()> {
    let cx = access::Cx::system(shell.now(), shell.ids.clone());
    shell.db.write(move |tx| {
        if registry::region::root(tx)?.is_some() {
            return Ok(());
        }
        places::build(tx, &cx)?;
        people::accounts(tx, &cx)
    })
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap_or_default()
}

