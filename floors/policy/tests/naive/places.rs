//! Measures about places: names, rooms, signs, documents, coverage, honours.
use std::collections::BTreeSet;

use policy::rows::UnitKind;

use super::value::{Ask, Value, count, set};

/// The registered name that day; a dated name beats the present one.
pub(crate) fn unit_name(ask: &Ask) -> Value {
    let Some(unit) = ask.unit() else { return Value::NotApplicable };
    let dated = unit.names.iter().find(|n| ask.now(n.from, n.to));
    let name = dated.map_or(&unit.name, |n| &n.name);
    if name.is_empty() {
        Value::Unknown(BTreeSet::from(["units"]))
    } else {
        Value::Text(name.clone())
    }
}

/// Functions over all rooms; one room may carry several (M10, M11).
pub(crate) fn rooms(ask: &Ask) -> Value {
    let rooms = ask.rows.rooms.iter().filter(|r| r.unit == ask.subject.id && ask.now(r.from, r.to));
    set(rooms.flat_map(|r| &r.functions))
}

/// Facilities, display blocks, plaques, logos and signs in place (M13–M15, M18, M19).
pub(crate) fn facilities(ask: &Ask) -> Value {
    let all =
        ask.rows.facilities.iter().filter(|f| f.unit == ask.subject.id && ask.now(f.from, f.to));
    set(all.map(|f| &f.kind))
}

/// Documents of a class in force; a repealed one does not count (M12).
pub(crate) fn documents(ask: &Ask) -> Value {
    let class = ask.word("class");
    let all =
        ask.rows.documents.iter().filter(|d| d.unit == ask.subject.id && ask.now(d.from, d.to));
    set(all.filter(|d| class.is_none_or(|c| c == d.class)).map(|d| &d.kind))
}

/// Lists whose latest version has items, and is fresh where that is asked (M07).
pub(crate) fn lists(ask: &Ask) -> Value {
    let fresh = ask.args.get("fresh_days").and_then(toml::Value::as_integer);
    let mut kinds = BTreeSet::new();
    let mine =
        || ask.rows.lists.iter().filter(|l| l.unit == ask.subject.id && ask.now(l.updated, l.to));
    for list in mine() {
        let latest = mine().filter(|l| l.kind == list.kind).max_by_key(|l| l.updated).unwrap();
        let age = i64::from(ask.as_of.0 - latest.updated.0);
        if latest.items >= 1 && fresh.is_none_or(|days| age <= days) {
            kinds.insert(list.kind.clone());
        }
    }
    Value::Set(kinds)
}

/// Stations and studios standing in a district that day.
fn sites<'a>(ask: &'a Ask) -> Vec<&'a str> {
    let wanted = |k| matches!(k, UnitKind::Station | UnitKind::Studio);
    ask.rows
        .units
        .iter()
        .filter(|u| wanted(u.kind) && ask.now(u.from, u.to))
        .map(|u| u.id.as_str())
        .collect()
}

/// Brands of a site, or of all sites of a district (M08).
pub(crate) fn brands(ask: &Ask) -> Value {
    let whole = ask.subject.kind == UnitKind::District;
    let mine = |unit: &String| *unit == ask.subject.id || whole;
    count(ask.rows.brands.iter().filter(|b| mine(&b.unit) && ask.now(b.from, b.to)).count())
}

/// Sites holding a designation, each once whatever its levels (M01, M02).
pub(crate) fn honours(ask: &Ask) -> Value {
    let kind = ask.word("kind").map(|k| UnitKind::by_name(k).unwrap());
    let levels = ask.words("levels");
    let mut held = BTreeSet::new();
    for h in ask.rows.honours.iter().filter(|h| ask.now(h.from, h.to)) {
        let unit = ask.rows.units.iter().find(|u| u.id == h.unit);
        if kind.is_some_and(|k| unit.is_none_or(|u| u.kind != k)) {
            continue;
        }
        if ask.word("honour").is_some_and(|w| w != h.honour)
            || levels.as_ref().is_some_and(|l| !l.contains(&h.level))
        {
            continue;
        }
        held.insert(&h.unit);
    }
    count(held.len())
}

/// Schools where the service has landed: an agreement in force, and a service on record unless the option waives it (M03).
fn landed<'a>(ask: &'a Ask) -> BTreeSet<&'a String> {
    let waived = ask.option("school_landed", "agreement");
    let rows = ask.rows.school_services.iter().filter(|s| ask.now(s.from, s.to));
    let served = rows
        .filter(|s| waived || s.first_service.is_some_and(|d| d <= ask.as_of))
        .map(|s| &s.school);
    // A school closed by then is no school.
    served
        .filter(|id| ask.rows.units.iter().any(|u| u.id == **id && ask.now(u.from, u.to)))
        .collect()
}

pub(crate) fn schools_served(ask: &Ask) -> Value {
    count(landed(ask).len())
}

/// Schools reached over all schools (M06).
pub(crate) fn schools_coverage(ask: &Ask) -> Value {
    let served = landed(ask);
    let schools =
        ask.rows.units.iter().filter(|u| u.kind == UnitKind::School && ask.now(u.from, u.to));
    let (mut of, mut to) = (0, 0);
    for school in schools {
        to += 1;
        of += i64::from(served.contains(&school.id));
    }
    Value::Ratio(of, to)
}

/// Communities with an open studio over all communities (M05).
pub(crate) fn studio_coverage(ask: &Ask) -> Value {
    let villages = ask.option("count_villages", "true");
    let (mut of, mut to) = (0, 0);
    for community in
        ask.rows.units.iter().filter(|u| u.kind == UnitKind::Community && ask.now(u.from, u.to))
    {
        if community.village && !villages {
            continue;
        }
        to += 1;
        let open = |u: &&policy::rows::UnitRow| {
            u.kind == UnitKind::Studio
                && u.parent.as_ref() == Some(&community.id)
                && ask.now(u.from, u.to)
        };
        of += i64::from(ask.rows.units.iter().any(|u| open(&u)));
    }
    Value::Ratio(of, to)
}

/// Sites assessed this year over all sites (M80).
pub(crate) fn units_assessed(ask: &Ask) -> Value {
    let (mut of, mut to) = (0, 0);
    for site in sites(ask) {
        to += 1;
        let year = ask.as_of.year();
        let done = |a: &policy::rows::AssessmentRow| {
            a.subject == site && a.year == year && a.completed.is_some_and(|d| d <= ask.as_of)
        };
        of += i64::from(ask.rows.assessments.iter().any(done));
    }
    Value::Ratio(of, to)
}

/// Practice bases with a university, of a station or of the whole district.
pub(crate) fn bases(ask: &Ask) -> Value {
    let whole = ask.subject.kind == UnitKind::District;
    let rows = ask.rows.partnerships.iter().filter(|p| whole || p.unit == ask.subject.id);
    count(rows.filter(|p| ask.now(p.from, p.to)).count())
}
