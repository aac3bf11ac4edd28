//! How the book is sorted, and how versions and faults are named. Pure.
use forms::{Fault, Form, form::OWN};
use kernel::{Refusal, Refusals};

/// The shelves of the book, in order. What is on none of them stands last.
pub const SHELVES: [&str; 7] =
    ["casework", "group", "community", "visit", "supervision", "scale", "quality"];

/// The shelf of a form: a bureau's own word for a field of work goes to `other`.
pub fn shelf(form: &Form) -> &'static str {
    SHELVES.into_iter().find(|s| *s == form.field).unwrap_or("other")
}

/// The order in which work comes to the forms of a shelf; a bureau's own stand after these.
const ORDER: [&str; 35] = [
    "intake",
    "consent",
    "assessment",
    "service_plan",
    "contact_note",
    "case_conference",
    "evaluation",
    "closure",
    "follow_up",
    "referral",
    "crisis_plan",
    "mandatory_report",
    "group_plan",
    "group_screening",
    "group_contract",
    "session_plan",
    "session_record",
    "group_report",
    "activity_plan",
    "activity_summary",
    "deliberation",
    "visit",
    "consultation",
    "supervision_session",
    "gas",
    "barthel",
    "lawton",
    "phq9",
    "phq2",
    "gad7",
    "gad2",
    "gds15",
    "who5",
    "lsns6",
    "ucla3",
];

/// Where a form stands on its shelf.
pub fn place_of(form: &Form) -> usize {
    ORDER.iter().position(|id| *id == form.id).unwrap_or(ORDER.len())
}

/// The number a version goes by: the bureau's own are counted from one.
pub const fn number(version: i64) -> i64 {
    if version >= OWN { version - OWN + 1 } else { version }
}

/// Faults as refusals at `line:place`, so that page and API say them alike.
pub fn refusals(faults: Vec<Fault>) -> Refusals {
    let at = |f: Fault| {
        let place = f.refusal.field.clone().unwrap_or_default();
        Refusal { field: Some(format!("{}:{place}", f.line)), ..f.refusal }
    };
    Refusals(faults.into_iter().map(at).collect())
}

/// Line and place of a refusal that [`refusals`] made.
pub fn place(field: &str) -> (usize, &str) {
    field
        .split_once(':')
        .and_then(|(line, place)| Some((line.parse().ok()?, place)))
        .unwrap_or((0, field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_places() {
        assert_eq!((number(3), number(OWN), number(OWN + 4)), (3, 1, 5));
        let faults = Form::load("id = \"X\"\nversion = 1\n").unwrap_err();
        let no = refusals(faults);
        let (line, _) = place(no.0[0].field.as_deref().unwrap());
        assert!(line >= 1);
        assert_eq!(place("kind"), (0, "kind"));
    }

    #[test]
    fn every_shipped_form_has_its_shelf() {
        for form in forms::Library::shipped().all() {
            assert_ne!(shelf(&form), "other", "{}", form.id);
        }
    }
}
