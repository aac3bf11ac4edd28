//! Clients, people and places as a page names them, asked once each.
use std::collections::HashMap;

use access::Cx;
use access::care::{Lens, Sight};
use db::{Result, Tx};
use kernel::{Day, PersonId, RegionId, SiteId};
use registry::client::{Client, RiskGrade};
use web::{Choice, Req};

use crate::model::due::Standing;
use crate::store;

/// Names of what ids point to.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    fn of(&mut self, id: &str, ask: impl FnOnce() -> Result<String>) -> Result<String> {
        if let Some(name) = self.0.get(id) {
            return Ok(name.clone());
        }
        let name = ask()?;
        self.0.insert(id.to_owned(), name.clone());
        Ok(name)
    }
    pub(crate) fn region(&mut self, tx: &mut Tx<'_>, id: &RegionId) -> Result<String> {
        self.of(id.as_str(), || registry::region::name_of(tx, id))
    }
    pub(crate) fn person(&mut self, tx: &mut Tx<'_>, id: &PersonId) -> Result<String> {
        self.of(id.as_str(), || {
            Ok(registry::people::find(tx, id)?.map_or_else(|| "—".into(), |p| p.name))
        })
    }
    pub(crate) fn site(&mut self, tx: &mut Tx<'_>, id: &SiteId) -> Result<String> {
        self.of(id.as_str(), || {
            Ok(registry::site::find(tx, id)?.map_or_else(|| "—".into(), |s| s.short()))
        })
    }
    pub(crate) fn people(&mut self, tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<String> {
        let names: Result<Vec<String>> = ids.iter().map(|id| self.person(tx, id)).collect();
        Ok(names?.join("、"))
    }
}

/// One client of a list of visits.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub id: String,
    pub label: String,
    pub place: String,
    pub grade: &'static str,
    pub colour: &'static str,
    pub due: Day,
    /// Days past the due day; negative before it.
    pub late: i32,
    pub last: Option<Day>,
    pub planned: Option<Day>,
    /// Who is to go when it is planned, else who is responsible.
    pub keeper: String,
    pub writes: bool,
}

/// The colour of a risk grade.
pub(crate) const fn colour(grade: RiskGrade) -> &'static str {
    match grade {
        RiskGrade::Critical => "red",
        RiskGrade::High => "yellow",
        RiskGrade::Medium => "blue",
        RiskGrade::Low => "green",
    }
}

/// Community and building, as one walks to them.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    names: &mut Names,
    client: &Client,
    building: &str,
) -> Result<String> {
    let region = names.region(tx, &client.region)?;
    Ok(if building.is_empty() { region } else { format!("{region} {building}") })
}

/// A standing as a line; nothing when the client may not be seen after all.
pub(crate) fn line(
    tx: &mut Tx<'_>,
    cx: &Cx,
    lens: &Lens,
    names: &mut Names,
    s: &Standing,
) -> Result<Option<Line>> {
    let Some(sight) = lens.sight(tx, &s.client)? else { return Ok(None) };
    let due = s.due();
    Ok(Some(Line {
        id: s.client.id.0.clone(),
        label: sight.label(&s.client),
        // Whoever may not know the name may not know the door either.
        place: if sight.name {
            place(tx, names, &s.client, &s.building)?
        } else {
            names.region(tx, &s.client.region)?
        },
        grade: s.client.grade.as_str(),
        colour: colour(s.client.grade),
        late: cx.today().0 - due.0,
        due,
        last: s.last_met,
        planned: s.planned,
        keeper: match (store::due::open_turn(tx, &s.client.id)?, &s.keeper) {
            (Some(turn), _) => {
                let going = store::due::turn_workers(tx, &turn.id)?;
                names.people(tx, &going)?
            }
            (None, Some(p)) => names.person(tx, p)?,
            (None, None) => String::new(),
        },
        writes: sight.writes && cx.actor.can("visits.write"),
    }))
}

/// A client's address for whoever may know it: community, building, door.
pub(crate) fn address(
    tx: &mut Tx<'_>,
    names: &mut Names,
    client: &Client,
    sight: Sight,
) -> Result<String> {
    if !sight.name {
        return names.region(tx, &client.region);
    }
    let household = match &client.household {
        Some(id) => registry::client::household(tx, id)?,
        None => None,
    };
    let Some(h) = household else { return names.region(tx, &client.region) };
    let door = tx.open_some(h.id.as_str(), "household.door", h.id.as_str(), h.door.as_ref())?;
    let at = place(tx, names, client, h.building.as_deref().unwrap_or_default())?;
    Ok(if door.is_empty() { at } else { format!("{at} {door}") })
}

/// The words of a closed set as choices; the locale key is `prefix.word`.
pub(crate) fn words(req: &Req, prefix: &str, all: &[&'static str]) -> Vec<Choice> {
    all.iter()
        .map(|w| Choice { value: (*w).to_owned(), label: req.t(&format!("{prefix}.{w}")) })
        .collect()
}

/// Words joined with commas as words people read.
pub(crate) fn said(req: &Req, prefix: &str, joined: &str) -> String {
    joined
        .split(',')
        .filter(|w| !w.is_empty())
        .map(|w| req.t(&format!("{prefix}.{w}")))
        .collect::<Vec<_>>()
        .join("、")
}
