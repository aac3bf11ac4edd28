//! A fictional district built through the acts that people use: it feeds the demonstration, tests, screenshots and benchmarks.
//!
//! Nobody in it exists: ID numbers carry the unassignable region 99xxxx, phones the unassigned prefix 164-0000,
//! and no place of the national list bears its names.
pub mod people;
pub mod places;

mod build;
mod evidence;
mod names;
mod stations;
mod studios;
mod year;

use access::Cx;
use db::{Result, Tx};
use kernel::Day;

use crate::build::Builder;

/// How much of a year is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// What pages and tests need: some two hundred clients of one street.
    Small,
    /// 20,000 clients, 3,000 cases, 200,000 services over the whole district, for load and training.
    Large,
}

/// Builds the demonstration district in an empty database; does nothing when there is one already.
///
/// # Errors
/// The engine's fault, or a refusal that shows that demo and acts disagree.
pub fn build(shell: &web::Shell, scale: Scale) -> Result<()> {
    let cx = Cx::system(shell.now(), shell.ids.clone());
    let by = cx.clone();
    let made = shell.db.write(move |tx| {
        if registry::region::root(tx)?.is_some() {
            return Ok(false);
        }
        places::build(tx, &cx)?;
        standards::acts::choose_pack(tx, &cx, "shangcheng-2022", None)?;
        let mut b = Builder::default();
        b.first_studio = true;
        district(&mut b, tx, &cx)?;
        people::accounts(tx, &cx, &b.named)?;
        Ok(true)
    })?;
    if made {
        evidence::build(shell, &by)?;
        year::build(shell, &by, scale)?;
    }
    Ok(())
}

fn district(b: &mut Builder, tx: &mut Tx<'_>, cx: &Cx) -> Result<()> {
    let district = registry::region::root(tx)?.ok_or(db::Error::Missing)?;
    let streets = registry::region::children(tx, &district.id)?;
    let mut stations = Vec::new();
    for (n, street) in streets.iter().enumerate() {
        stations.push(stations::build(b, tx, cx, n, street)?);
    }
    // The head of one station who also helps out at the next one: a concurrent post (4A.3-12).
    if let (Some(person), Some(next)) = (b.head_elsewhere.take(), stations.get(7)) {
        b.post(tx, cx, next, &person, "worker", "part_time", "", "", "2023-01-01")?;
    }
    for (n, honour) in [(0, "city"), (4, "province"), (2, "city"), (10, "city"), (12, "province")] {
        if let Some(site) = stations.get(n) {
            let year = (2022 + n % 4).to_string();
            let since = format!("{year}-11-30");
            b.keep(
                tx,
                cx,
                "designations",
                site.as_str(),
                &[
                    ("honour", "demonstration"),
                    ("level", honour),
                    ("year", &year),
                    ("doc_no", "虚构〔2022〕21号"),
                    ("since", &since),
                ],
            )?;
        }
    }
    let mut n = 0;
    for street in &streets {
        for community in registry::region::children(tx, &street.id)? {
            studios::build(b, tx, cx, n, &community)?;
            n += 1;
        }
    }
    Ok(())
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap_or_default()
}
