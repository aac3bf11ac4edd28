//! The registers of this slice: one declaration each gives the form, the API, the sheet of import and export, and the checks.
//!
//! [`checks`] refuses what cannot be true. What the policy judges (too few people, a missing room) is kept as it is and judged there.
mod checks;
mod fields;
#[path = "registers/store.rs"]
mod sql;

use std::sync::LazyLock;

use access::Cx;
use db::{Result, Tx};
use registry::people::{Person, Qualification, WorkHistory};
use web::register::{Object, Parent, Register, Spec, text};

use crate::model::{Designation, Facility, Operation, Post, Room, RuleDoc, Site};
use crate::store::{self, every, of_site};

static ALL: LazyLock<Vec<Register>> = LazyLock::new(|| {
    vec![
        Register::of::<registry::org::Org>(Spec {
            name: "orgs",
            parent: Parent::None,
            fields: fields::ORG,
            keys: &["name"],
            write: "orgs.write",
            of_parent: sql::ORGS_OF_PARENT,
            every: sql::ORGS_EVERY,
            admit: |_, _, _| Ok(None),
            check: checks::org,
            logged: Object::clone,
        }),
        Register::of::<Site>(Spec {
            name: "sites",
            parent: Parent::None,
            fields: fields::SITE,
            keys: &["code"],
            write: "sites.write",
            of_parent: sql::SITES_OF_PARENT,
            every: store::EVERY_SITE,
            admit: admit_site_itself,
            check: checks::site,
            logged: Object::clone,
        }),
        Register::of::<Person>(Spec {
            name: "people",
            parent: Parent::None,
            fields: fields::PERSON,
            keys: &["external_id"],
            write: "people.write",
            of_parent: sql::PEOPLE_OF_PARENT,
            every: store::EVERY_PERSON,
            admit: admit_person,
            check: checks::person,
            logged: masked,
        }),
        Register::of::<Operation>(Spec {
            name: "operations",
            fields: fields::OPERATION,
            keys: &["since"],
            write: "sites.write",
            of_parent: of_site!("operation"),
            every: every!("operation"),
            check: checks::operation,
            ..OF_SITE
        }),
        Register::of::<Post>(Spec {
            name: "posts",
            fields: fields::POST,
            keys: &["person", "role", "since"],
            write: "sites.write",
            of_parent: of_site!("post"),
            every: every!("post"),
            check: checks::post,
            ..OF_SITE
        }),
        Register::of::<Room>(Spec {
            name: "rooms",
            fields: fields::ROOM,
            keys: &["name", "since"],
            of_parent: of_site!("room"),
            every: every!("room"),
            ..OF_SITE
        }),
        Register::of::<Facility>(Spec {
            name: "facilities",
            fields: fields::FACILITY,
            keys: &["kind", "name", "since"],
            of_parent: of_site!("facility"),
            every: every!("facility"),
            ..OF_SITE
        }),
        Register::of::<RuleDoc>(Spec {
            name: "documents",
            fields: fields::DOCUMENT,
            keys: &["title", "version"],
            of_parent: of_site!("rule_doc"),
            every: every!("rule_doc"),
            ..OF_SITE
        }),
        Register::of::<Designation>(Spec {
            name: "designations",
            fields: fields::DESIGNATION,
            keys: &["honour", "level", "since"],
            write: "designations.write",
            of_parent: of_site!("designation"),
            every: every!("designation"),
            ..OF_SITE
        }),
        Register::of::<Qualification>(Spec {
            name: "qualifications",
            fields: fields::QUALIFICATION,
            keys: &["kind", "level", "since"],
            of_parent: sql::QUALIFICATIONS_OF_PARENT,
            every: store::EVERY_QUALIFICATION,
            check: checks::qualification,
            ..OF_PERSON
        }),
        Register::of::<WorkHistory>(Spec {
            name: "work_history",
            fields: fields::WORK,
            keys: &["kind", "place", "since"],
            of_parent: sql::WORK_HISTORY_OF_PARENT,
            every: store::EVERY_WORK,
            check: checks::work,
            ..OF_PERSON
        }),
    ]
});

/// What the registers of a site's own facts share.
const OF_SITE: Spec = Spec {
    name: "",
    parent: Parent::Site,
    fields: &[],
    keys: &[],
    write: "sites.write_own",
    of_parent: "",
    every: "",
    admit: admit_site,
    check: checks::within_site,
    logged: Object::clone,
};

/// What the registers of what a person holds share.
const OF_PERSON: Spec =
    Spec { parent: Parent::Person, write: "people.write", admit: admit_person, ..OF_SITE };

/// Every register of this slice. An import reads sheets in this order: what others point to comes first.
pub fn registers() -> Vec<&'static Register> {
    ALL.iter().collect()
}

/// The register of this name.
pub fn register(name: &str) -> Option<&'static Register> {
    ALL.iter().find(|r| r.name == name)
}

/// The register that keeps this table.
pub fn of_subject(subject: &str) -> Option<&'static Register> {
    ALL.iter().find(|r| r.subject == subject)
}

fn admit_site(tx: &mut Tx<'_>, cx: &Cx, site: &str) -> Result<Option<String>> {
    store::site(tx, cx, site)?.map(|s| Some(s.id.0)).ok_or(db::Error::Missing)
}

/// A new site has no id yet: its check asks the region and the right to open.
fn admit_site_itself(tx: &mut Tx<'_>, cx: &Cx, site: &str) -> Result<Option<String>> {
    if site.is_empty() { Ok(None) } else { admit_site(tx, cx, site) }
}

/// A new person has no id yet: their check asks whose file it is.
fn admit_person(tx: &mut Tx<'_>, cx: &Cx, person: &str) -> Result<Option<String>> {
    if person.is_empty() {
        return Ok(None);
    }
    store::person(tx, cx, person)?.map(|p| Some(p.id.0)).ok_or(db::Error::Missing)
}

/// A person as the event log keeps them.
fn masked(o: &Object) -> Object {
    let mut out = o.clone();
    for (column, mask) in [
        ("id_number", kernel::numbers::mask_id as fn(&str) -> String),
        ("phone", kernel::numbers::mask_phone),
    ] {
        let plain = text(o, column);
        if !plain.is_empty() {
            out.insert(column.into(), mask(plain).into());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_a_column_and_every_key_a_field() {
        for r in registers() {
            for key in r.keys {
                assert!(r.field(key).is_some(), "{}: {key}", r.name);
            }
            assert!(access::matrix::capabilities().unwrap().contains(&r.write), "{}", r.name);
            assert!(std::ptr::eq(register(r.name).unwrap(), r));
            assert!(std::ptr::eq(of_subject(r.subject).unwrap(), r));
        }
    }
}
