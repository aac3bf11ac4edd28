//! Asking every slice what it can testify, and turning it into facts and the units that pages show.
use std::collections::HashMap;
use std::sync::Arc;

use db::{Result, Tx};
use kernel::Instant;
use policy::rows::PersonRow;
use policy::{Facts, Rows, UnitKind};
use web::Shell;

use super::Unit;

/// The facts of a district, and its units as pages show them.
#[derive(Clone)]
pub(super) struct Gathered {
    pub(super) facts: Arc<Facts>,
    pub(super) units: Arc<HashMap<String, Unit>>,
}

/// Everything every slice says, and the slices whose tables no other slice speaks of.
pub(super) fn gather(
    tx: &mut Tx<'_>,
    shell: &Shell,
    known: Option<Instant>,
) -> Result<(Gathered, Vec<&'static str>)> {
    let mut said: Vec<(&'static str, Rows)> = Vec::new();
    for slice in shell.slices.iter() {
        let Some(source) = slice.facts else { continue };
        let mut own = Rows::default();
        (source.rows)(tx, known, &mut own)?;
        said.push((slice.name, own));
    }
    let alone = |slice: &web::Slice| {
        let others = said.iter().filter(|(name, _)| *name != slice.name);
        slice.facts_of.is_some_and(|of| {
            others.into_iter().all(|(_, own)| !of.tables.iter().any(|t| own.speaks_of(*t)))
        })
    };
    let alone = shell.slices.iter().filter(|s| alone(s)).map(|s| s.name).collect();
    let mut rows = Rows::default();
    said.into_iter().for_each(|(_, own)| rows.append(own));
    let paths: HashMap<String, String> =
        registry::region::all(tx)?.into_iter().map(|r| (r.id.0, r.path)).collect();
    let parents: HashMap<&str, Option<&str>> =
        rows.units.iter().map(|u| (u.id.as_str(), u.parent.as_deref())).collect();
    let path_of = |id: &str| {
        let mut at = Some(id);
        // A chain of parents is at most a handful long; the bound keeps a loop in the data from hanging a page.
        for _ in 0..8 {
            let here = at?;
            if let Some(path) = paths.get(here) {
                return Some(path.clone());
            }
            at = parents.get(here).copied().flatten();
        }
        None
    };
    let facts = Facts::from_rows(&rows);
    let prefixes = own_prefixes(tx)?;
    let mut units: HashMap<String, Unit> = rows
        .units
        .iter()
        .map(|u| {
            let unit = Unit {
                id: u.id.clone(),
                kind: u.kind,
                short: shorten(&facts.label(&u.id), &prefixes),
                name: facts.label(&u.id),
                parent: u.parent.clone(),
                path: path_of(&u.id).unwrap_or_default(),
                village: u.village,
            };
            (u.id.clone(), unit)
        })
        .collect();
    let district = registry::region::root(tx)?.map_or_else(String::new, |r| r.path);
    units.extend(rows.persons.iter().map(|p| (p.id.clone(), person(p, &district))));
    Ok((Gathered { facts: Arc::new(facts), units: Arc::new(units) }, alone))
}

/// A person, of whom rules are asked too: agreements, appraisals, grades. What comes of it is the bureau's to see, so it lies at the
/// district and under no street.
pub(super) fn person(p: &PersonRow, district: &str) -> Unit {
    Unit {
        id: p.id.clone(),
        kind: UnitKind::Person,
        short: p.name.clone(),
        name: p.name.clone(),
        parent: None,
        path: district.to_owned(),
        village: false,
    }
}

/// What every official name here begins with: city and district, or the district alone.
fn own_prefixes(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let Some(district) = registry::region::root(tx)? else { return Ok(Vec::new()) };
    let city = registry::region::ancestor(tx, &district, registry::region::RegionKind::City)?;
    Ok(city
        .map(|c| format!("{}{}", c.name, district.name))
        .into_iter()
        .chain([district.name])
        .collect())
}

fn shorten(name: &str, prefixes: &[String]) -> String {
    let cut =
        prefixes.iter().find_map(|p| name.strip_prefix(p.as_str())).filter(|rest| !rest.is_empty());
    cut.unwrap_or(name).to_owned()
}
