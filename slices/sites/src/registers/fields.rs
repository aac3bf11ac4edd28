//! The fields of each register, in the order in which forms and sheets show them.
use registry::org::OrgKind;
use registry::people::{Level, QualificationKind, Sex, WorkKind};
use web::register::Field;
use web::register::Kind::{
    Choice, Day, IdNumber, Long, Many, Org, Person, Phone, Region, Site, Text, Uscc, Whole,
};

use crate::model::{
    Affiliation, DocClass, DocKind, Employment, FacilityKind, Grade, Honour, Host, Mode,
    NamingBasis, PostRole, SiteKind,
};

/// What a room can serve as (4A.2-4).
pub(crate) const FUNCTIONS: &[&str] = &["worker", "case", "group", "multi", "archive", "other"];
/// The largest room or site anyone enters, in square metres.
const AREA: i64 = 100_000;

pub(super) const ORG: &[Field] = &[
    Field::must("kind", Choice(OrgKind::WORDS)),
    Field::must("name", Text(80)),
    Field::may("uscc", Uscc),
    Field::must("region", Region),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const SITE: &[Field] = &[
    Field::must("code", Text(40)),
    Field::must("kind", Choice(SiteKind::WORDS)),
    Field::must("name", Text(80)),
    Field::must("region", Region),
    Field::may("parent", Site),
    Field::may("basis", Choice(NamingBasis::WORDS)),
    Field::may("label", Text(30)),
    Field::may("address", Text(120)),
    Field::may("host", Choice(Host::WORDS)),
    Field::may("area", Whole(1, AREA)),
    Field::may("phone", Text(30)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const PERSON: &[Field] = &[
    Field::may("external_id", Text(40)),
    Field::must("name", Text(30)),
    Field::may("sex", Choice(Sex::WORDS)),
    Field::may("birth", Day),
    Field::may("id_number", IdNumber),
    Field::may("phone", Phone),
    Field::must("home", Region),
    Field::may("note", Long(500)),
];
pub(super) const OPERATION: &[Field] = &[
    Field::must("mode", Choice(Mode::WORDS)),
    Field::may("operator", Org),
    Field::may("contract", Text(60)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const POST: &[Field] = &[
    Field::may("external_id", Text(40)),
    Field::must("person", Person),
    Field::must("role", Choice(PostRole::WORDS)),
    Field::must("employment", Choice(Employment::WORDS)),
    Field::may("affiliation", Choice(Affiliation::WORDS)),
    Field::may("grade", Choice(Grade::WORDS)),
    Field::may("duty", Long(300)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const ROOM: &[Field] = &[
    Field::must("name", Text(40)),
    Field::must("functions", Many(FUNCTIONS)),
    Field::may("area", Whole(1, AREA)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const FACILITY: &[Field] = &[
    Field::must("kind", Choice(FacilityKind::WORDS)),
    Field::may("name", Text(60)),
    Field::may("place", Text(60)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const DOCUMENT: &[Field] = &[
    Field::must("class", Choice(DocClass::WORDS)),
    Field::must("kind", Choice(DocKind::WORDS)),
    Field::must("title", Text(80)),
    Field::may("version", Text(20)),
    Field::may("signer", Text(30)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const DESIGNATION: &[Field] = &[
    Field::must("honour", Choice(Honour::WORDS)),
    Field::must("level", Choice(Level::WORDS)),
    Field::may("year", Whole(2000, 2100)),
    Field::may("doc_no", Text(60)),
    Field::may("note", Text(120)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const QUALIFICATION: &[Field] = &[
    Field::may("external_id", Text(40)),
    Field::must("kind", Choice(QualificationKind::WORDS)),
    Field::may("level", Choice(Level::WORDS)),
    Field::may("number", Text(40)),
    Field::may("issuer", Text(60)),
    Field::must("since", Day),
    Field::may("until", Day),
];
pub(super) const WORK: &[Field] = &[
    Field::must("kind", Choice(WorkKind::WORDS)),
    Field::must("place", Text(60)),
    Field::must("since", Day),
    Field::may("until", Day),
];
