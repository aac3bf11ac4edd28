//! 探访率 of a month: per site, per worker, person by person; the rows add up.
use std::collections::HashMap;

use access::Cx;
use db::{Result, Tx};
use kernel::{Day, PersonId, Refusal, RegionId, SiteId};

use crate::model::rate::{InMonth, Rate, by};
use crate::store::due as store;

/// A month's people who were due, each with the site and worker they count for.
#[derive(Clone, Debug)]
pub struct Month {
    pub from: Day,
    pub to: Day,
    pub people: Vec<InMonth>,
}

/// Reads `2026-11`.
///
/// # Errors
/// A refusal at `month`.
pub fn month_of(text: &str) -> std::result::Result<(Day, Day), Refusal> {
    let from: Day =
        format!("{text}-01").parse().map_err(|_| Refusal::at("month", "register.not_a_day"))?;
    Ok((from, from.end_of_month()))
}

/// Who was due in a month within the asker's scope. In the running month one is due by its last day.
///
/// # Errors
/// Denied.
pub fn month(tx: &mut Tx<'_>, cx: &Cx, from: Day, to: Day) -> Result<Month> {
    cx.may("visits.read")?;
    let mut serving: HashMap<RegionId, Option<SiteId>> = HashMap::new();
    let mut people = store::in_month(tx, cx, from, to)?;
    people.retain(|c| c.due_by(to));
    for c in people.iter_mut().filter(|c| c.site.is_none()) {
        let known = match serving.get(&c.region) {
            Some(site) => site.clone(),
            None => {
                let site = registry::site::serving(tx, &c.region, to)?.map(|s| s.id);
                serving.insert(c.region.clone(), site.clone());
                site
            }
        };
        c.site = known;
    }
    Ok(Month { from, to, people })
}

impl Month {
    /// Everybody.
    pub fn total(&self) -> Rate {
        by(&self.people, |_| ()).first().map(|t| t.1).unwrap_or_default()
    }
    /// Per site and, within it, per responsible worker.
    pub fn rows(&self) -> Vec<((Option<SiteId>, Option<PersonId>), Rate)> {
        by(&self.people, |c| (c.site.clone(), c.keeper.clone()))
    }
    /// Per site.
    pub fn sites(&self) -> Vec<(Option<SiteId>, Rate)> {
        by(&self.people, |c| c.site.clone())
    }
}
