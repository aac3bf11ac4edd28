//! Residents by the sheet: one declaration gives import its template, its pasting from Excel, its dry run with what is wrong with each cell, and its undo.
//!
//! A sheet takes new residents in and changes nobody: each row goes through [`crate::acts::take_in`], which searches before it creates.
use std::sync::LazyLock;

use registry::people::Sex;
use web::register::{Field, Intake, Kind, Register};

use crate::acts::import;
use crate::model::{Category, LONGEST_NAME, Source};

const FIELDS: &[Field] = &[
    Field::must("name", Kind::Text(LONGEST_NAME)),
    Field::may("sex", Kind::Choice(Sex::WORDS)),
    Field::may("birth", Kind::Day),
    Field::may("id_number", Kind::IdNumber),
    Field::may("phone", Kind::Text(30)),
    Field::must("region", Kind::Region),
    Field::may("building", Kind::Text(60)),
    Field::may("door", Kind::Text(30)),
    Field::may("external_id", Kind::Text(60)),
    Field::may("categories", Kind::Many(Category::WORDS)),
    Field::may("categories_since", Kind::Day),
    Field::may("source", Kind::Choice(Source::WORDS)),
    Field::may("worker", Kind::Person),
    Field::may("since", Kind::Day),
    Field::may("anyway", Kind::Flag),
];

static RESIDENTS: LazyLock<Register> = LazyLock::new(|| {
    Register::intake(
        ("residents", import::SUBJECT),
        FIELDS,
        "clients.write",
        Intake { take: import::take, undo: import::undo, told: import::told },
    )
});

/// The register that import finds here.
pub fn registers() -> Vec<&'static Register> {
    vec![&RESIDENTS]
}
