//! What this slice testifies to the policy: the schools as units, and social work landed at them (2-5c, 2-6c, 2-7d; M03, M06).
//!
//! Silence is not zero: a school's services count as reported from its first placement on, the list of schools from the first school on.
use db::event::Entry;
use db::{Record, Result, Tx};
use kernel::{Day, Instant, OrgId};
use policy::rows::{ReportRow, Rows, SchoolServiceRow, Table, UnitKind, UnitRow};
use registry::org::{Org, OrgKind};

use crate::model::{Placement, SchoolService};
use crate::store;

/// Tables whose changes touch the facts.
pub(crate) const SUBJECTS: &[&str] = &["org", "school_placement", "school_service"];

fn load<R: Record>(tx: &mut Tx<'_>, known: Option<Instant>) -> Result<Vec<R>> {
    let Some(at) = known else {
        return store::whole(tx);
    };
    let mut states = db::event::states_at(tx, &[R::TABLE], at)?;
    states.sort_by(|a, b| a.id.cmp(&b.id));
    states.into_iter().map(|s| Ok(serde_json::from_value(s.after)?)).collect()
}

/// Adds what is known now, or was known at an instant, to the engine's input.
///
/// # Errors
/// The engine's fault, or an entry of the log that does not fit its record.
pub(crate) fn rows(tx: &mut Tx<'_>, known: Option<Instant>, out: &mut Rows) -> Result<()> {
    let mut schools: Vec<Org> = load(tx, known)?;
    schools.retain(|o| o.kind == OrgKind::School);
    let placements: Vec<Placement> = load(tx, known)?;
    let services: Vec<SchoolService> = load(tx, known)?;
    if !schools.is_empty() {
        out.reports.push(ReportRow { table: Table::Schools, unit: "*".into(), through: Day::MAX });
    }
    for school in &schools {
        out.units.push(unit(school));
        let mine: Vec<&Placement> = placements.iter().filter(|p| p.school == school.id).collect();
        testify(school.id.as_str(), &mine, &services, out);
    }
    Ok(())
}

/// Tables of which a few schools can be told anew; the list of schools is the map's.
pub(crate) const TABLES: &[Table] = &[Table::SchoolServices];

/// Whose rows an entry of the log changes: the school of the placement or service. Of bodies only schools are units.
pub(crate) fn owners(entry: &Entry) -> Option<Vec<String>> {
    let states = [&entry.before, &entry.after].into_iter().flatten();
    if entry.subject == "org" {
        let school =
            |s: &serde_json::Value| s.get("kind").and_then(|k| k.as_str()) == Some("school");
        return (!states.into_iter().any(school)).then(Vec::new);
    }
    let mut out = Vec::new();
    for state in states {
        let school = state.get("school")?.as_str()?.to_owned();
        if !out.contains(&school) {
            out.push(school);
        }
    }
    Some(out)
}

/// Adds the rows of these schools as they stand now.
///
/// # Errors
/// The engine's fault.
pub(crate) fn rows_of(tx: &mut Tx<'_>, owners: &[String], out: &mut Rows) -> Result<()> {
    for school in owners {
        let id = OrgId::from(school.as_str());
        let (placements, services) = (store::placements(tx, &id)?, store::services(tx, &id)?);
        testify(school, &placements.iter().collect::<Vec<_>>(), &services, out);
    }
    Ok(())
}

fn testify(school: &str, mine: &[&Placement], services: &[SchoolService], out: &mut Rows) {
    if !mine.is_empty() {
        out.reports.push(ReportRow {
            table: Table::SchoolServices,
            unit: school.to_owned(),
            through: Day::MAX,
        });
    }
    out.school_services.extend(mine.iter().map(|p| SchoolServiceRow {
        id: p.id.0.clone(),
        school: p.school.0.clone(),
        person: p.person.0.clone(),
        first_service: p.first_service(services),
        from: p.since,
        to: p.until,
    }));
}

fn unit(school: &Org) -> UnitRow {
    UnitRow {
        id: school.id.0.clone(),
        kind: UnitKind::School,
        name: school.name.clone(),
        names: Vec::new(),
        short_name: String::new(),
        parent: Some(school.region.0.clone()),
        from: school.since,
        to: school.until,
        modes: Vec::new(),
        village: false,
        purchased_by_government: false,
        professional: false,
        stage: String::new(),
    }
}
