//! Who a table speaks of, row by row: an owner with rows, or with a report, is known; any other is unknown and not zero.
use policy::rows::{Rows, Table, UnitKind};

use super::value::Ask;

/// The owner of every row of a table.
pub(crate) fn owners(rows: &Rows, table: Table) -> Vec<&str> {
    use Table as T;
    macro_rules! each {
        ($table:ident, $owner:ident) => {
            rows.$table.iter().map(|r| r.$owner.as_str()).collect()
        };
    }
    match table {
        T::Posts => each!(posts, unit),
        T::Qualifications => each!(qualifications, person),
        T::WorkHistory => each!(work_history, person),
        T::Rooms => each!(rooms, unit),
        T::Facilities => each!(facilities, unit),
        T::Documents => each!(documents, unit),
        T::Lists => each!(lists, unit),
        T::Brands => each!(brands, unit),
        T::Projects => each!(projects, unit),
        T::ProjectStages => each!(project_stages, project),
        T::ProjectPartners => each!(project_partners, project),
        T::ProjectStaff => each!(project_staff, project),
        T::Expenditures => each!(expenditures, project),
        T::Services => each!(services, unit),
        T::Worklogs => each!(worklogs, unit),
        T::FeatureCases => each!(feature_cases, unit),
        T::Supervisors | T::Teams => each!(supervisors, unit),
        T::SupervisionLinks => each!(supervision_links, unit),
        T::Agreements => each!(agreements, person),
        T::Assessments => of_units(rows, true),
        T::Appraisals => of_units(rows, false),
        T::Payments => each!(payments, person),
        T::Trainings => each!(trainings, unit),
        T::Attendances => each!(attendances, person),
        T::Budgets => each!(budgets, unit),
        T::Funds => each!(funds, unit),
        T::Honours => each!(honours, unit),
        T::SchoolServices => each!(school_services, school),
        T::Partnerships => each!(partnerships, unit),
        T::Publicity => each!(publicity, unit),
        T::Contests => each!(contests, unit),
        T::Schools => units(rows, UnitKind::School),
        T::Communities => units(rows, UnitKind::Community),
        T::Units => rows.units.iter().map(|u| u.id.as_str()).collect(),
        T::Modes | T::Verdicts => Vec::new(),
    }
}

fn units(rows: &Rows, kind: UnitKind) -> Vec<&str> {
    rows.units.iter().filter(|u| u.kind == kind).map(|u| u.id.as_str()).collect()
}

/// Subjects of assessments that are units, or those that are persons.
fn of_units(rows: &Rows, wanted: bool) -> Vec<&str> {
    let subjects = rows.assessments.iter().map(|a| a.subject.as_str());
    subjects.filter(|s| rows.units.iter().any(|u| u.id == *s) == wanted).collect()
}

/// Was anything ever said about this owner in this table?
pub(crate) fn known(rows: &Rows, table: Table, owner: &str) -> bool {
    // Appraisals are the assessments of persons and teams the supervisors of a district: one table to those who report.
    let reported = match table {
        Table::Appraisals => Table::Assessments,
        Table::Teams => Table::Supervisors,
        other => other,
    };
    rows.reports.iter().any(|r| r.table == reported && (r.unit == owner || r.unit == "*"))
        || owners(rows, table).contains(&owner)
}

/// Was anything ever said in this table, about anyone? Regions and assessed sites count only while they stand.
pub(crate) fn anyone_known(ask: &Ask, table: Table) -> bool {
    let rows = ask.rows;
    let standing = |kinds: &[UnitKind], id: &str| {
        rows.units.iter().any(|u| u.id == id && kinds.contains(&u.kind) && ask.now(u.from, u.to))
    };
    let counts = |owner: &&str| match table {
        Table::Schools => standing(&[UnitKind::School], owner),
        Table::Communities => {
            let villages = ask.option("count_villages", "true");
            let village = rows.units.iter().any(|u| u.id == **owner && u.village);
            standing(&[UnitKind::Community], owner) && (villages || !village)
        }
        Table::Assessments => standing(&[UnitKind::Station, UnitKind::Studio], owner),
        _ => true,
    };
    rows.reports.iter().any(|r| r.table == table) || owners(rows, table).iter().any(counts)
}
