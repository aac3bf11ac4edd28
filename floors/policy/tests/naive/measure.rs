//! A measure by its name, and the tables without whose report it has no answer.
use std::collections::BTreeSet;

use policy::rows::Table;

use super::value::{Ask, Value};
use super::{money, people, places, works};

/// The tables a measure reads, as the catalogue lists them.
pub(crate) fn reads(name: &str) -> &'static [Table] {
    use Table as T;
    match name {
        "staff.unqualified" => &[T::Posts],
        "staff.count" => &[T::Posts],
        "staff.concurrent" => &[T::Posts],
        "staff.max_experience_years" => &[T::Posts],
        "rooms.kinds" => &[T::Rooms],
        "facilities.kinds" | "signage.kinds" => &[T::Facilities],
        "documents.kinds" => &[T::Documents],
        "lists.current" => &[T::Lists],
        "brands.count" => &[T::Brands],
        "projects.count" | "projects.kinds" => &[T::Projects],
        "projects.stages_reached" => &[T::ProjectStages],
        "projects.partner_sectors" => &[T::ProjectPartners],
        "services.admin_items" => &[T::Services],
        "cases.accepted" => &[T::FeatureCases],
        "supervision.team_kinds" => &[T::Supervisors],
        "supervision.contacts" => &[T::SupervisionLinks],
        "supervision.agreement_signed" | "supervision.term_years" => &[T::Agreements],
        "supervision.assessed" => &[T::Appraisals],
        "assessment.score" => &[T::Assessments],
        "supervisors.count" => &[T::Supervisors],
        "allowance.due" => &[T::Supervisors, T::Assessments],
        "allowance.paid" => &[T::Payments],
        "training.days_held" | "training.visits_held" | "training.kinds_held" => &[T::Trainings],
        "training.days_attended" => &[T::Attendances],
        "training.short_staff" => &[T::Posts],
        "budget.district" => &[T::Budgets],
        "funds.district_allocated"
        | "funds.street_match"
        | "funds.station_purchase"
        | "funds.venture" => &[T::Funds],
        "project.staff_total" => &[T::ProjectStaff],
        "project.staff_professional" => &[T::ProjectStaff],
        "project.labour_cost" => &[T::Expenditures],
        "honours.count" => &[T::Honours],
        "schools.served" => &[T::SchoolServices],
        "schools.coverage" => &[T::Schools, T::SchoolServices],
        "communities.studio_coverage" => &[T::Communities, T::Units],
        "assessment.units_assessed" => &[T::Assessments],
        "university.bases" => &[T::Partnerships],
        "publicity.count" => &[T::Publicity],
        "contests.count" => &[T::Contests],
        _ => &[],
    }
}

/// The answer as if every table were complete.
pub(crate) fn answer(name: &str, ask: &Ask) -> Value {
    match name {
        "unit.name" => places::unit_name(ask),
        "staff.count" => people::staff_count(ask),
        "staff.concurrent" => people::staff_concurrent(ask),
        "staff.unqualified" => people::staff_unqualified(ask),
        "staff.max_experience_years" => people::max_experience(ask),
        "rooms.kinds" => places::rooms(ask),
        "facilities.kinds" | "signage.kinds" => places::facilities(ask),
        "documents.kinds" => places::documents(ask),
        "lists.current" => places::lists(ask),
        "brands.count" => places::brands(ask),
        "projects.count" => works::projects_count(ask),
        "projects.kinds" => works::projects_kinds(ask),
        "projects.stages_reached" => works::stages_reached(ask),
        "projects.partner_sectors" => works::partner_sectors(ask),
        "services.admin_items" => works::admin_items(ask),
        "cases.accepted" => works::cases_accepted(ask),
        "supervision.team_kinds" => people::team_kinds(ask),
        "supervision.contacts" => people::contacts(ask),
        "supervision.agreement_signed" => people::agreement_signed(ask),
        "supervision.assessed" => people::assessed(ask),
        "supervision.term_years" => people::term_years(ask),
        "supervisors.count" => people::supervisors_count(ask),
        "allowance.paid" => money::paid(ask),
        "training.days_held" => works::days_held(ask),
        "training.visits_held" => works::visits_held(ask),
        "training.kinds_held" => works::kinds_held(ask),
        "training.days_attended" => people::days_attended(ask),
        "training.short_staff" => people::short_staff(ask),
        "budget.district" => money::budget(ask),
        "funds.district_allocated" => money::fund(ask, "district_allocated"),
        "funds.street_match" => money::fund(ask, "street_match"),
        "funds.station_purchase" => money::fund(ask, "station_purchase"),
        "funds.venture" => money::fund(ask, "venture"),
        "project.staff_total" => people::project_staff_total(ask),
        "project.staff_professional" => people::project_staff_professional(ask),
        "project.labour_cost" => money::labour_cost(ask),
        "project.funds" => money::project_funds(ask),
        "ratio" => ratio(ask),
        "honours.count" => places::honours(ask),
        "schools.served" => places::schools_served(ask),
        "schools.coverage" => places::schools_coverage(ask),
        "communities.studio_coverage" => places::studio_coverage(ask),
        "assessment.units_assessed" => places::units_assessed(ask),
        "assessment.score" => works::score(ask),
        "university.bases" => places::bases(ask),
        "publicity.count" => works::publicity(ask),
        "contests.count" => works::contests(ask),
        other => panic!("no naive measure {other}"),
    }
}

/// One measure over another; nothing below the line is not applicable.
fn ratio(ask: &Ask) -> Value {
    let side = |name: &str| answer(ask.word(name).unwrap(), ask);
    match (side("of"), side("to")) {
        (Value::Unknown(a), Value::Unknown(b)) => Value::Unknown(a.union(&b).copied().collect()),
        (Value::Unknown(a), _) | (_, Value::Unknown(a)) => Value::Unknown(a),
        (Value::Number(of), Value::Number(to)) => Value::Ratio(of, to),
        (a, b) => panic!("ratio of {a:?} to {b:?}"),
    }
}

/// The tables read by a measure with these arguments.
pub(crate) fn tables(name: &str, ask: &Ask) -> BTreeSet<Table> {
    if name == "ratio" {
        let of = reads(ask.word("of").unwrap());
        let to = reads(ask.word("to").unwrap());
        return of.iter().chain(to).copied().collect();
    }
    reads(name).iter().copied().collect()
}
