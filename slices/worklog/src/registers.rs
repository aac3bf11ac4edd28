//! The register of this slice: what a site's plan, contract or assessment lists as services of a year.
use std::sync::LazyLock;

use access::Cx;
use db::{Result, Tx};
use kernel::{Refusal, Refusals};
use web::register::Kind::{Choice, Flag, Text, Whole};
use web::register::{Field, Object, Parent, Register, Spec, text};

use crate::model::{ItemSource, ServiceItem};
use crate::store;

const ITEM: &[Field] = &[
    Field::must("year", Whole(2015, 2100)),
    Field::must("title", Text(80)),
    Field::must("source", Choice(ItemSource::WORDS)),
    Field::may("admin", Flag),
];

static ALL: LazyLock<Vec<Register>> = LazyLock::new(|| {
    vec![Register::of::<ServiceItem>(Spec {
        name: "service_items",
        parent: Parent::Site,
        fields: ITEM,
        keys: &["year", "source", "title"],
        write: "sites.write",
        of_parent: store::ITEMS_OF_SITE,
        every: store::ITEMS,
        admit,
        check,
        logged: Object::clone,
    })]
});

/// Every register of this slice.
pub fn registers() -> Vec<&'static Register> {
    ALL.iter().collect()
}

/// What plans list (4B.1-7).
///
/// # Errors
/// Never: the slice has it.
pub fn items() -> Result<&'static Register> {
    ALL.first().ok_or(db::Error::Missing)
}

fn admit(tx: &mut Tx<'_>, cx: &Cx, site: &str) -> Result<Option<String>> {
    let found = store::site_in_scope(tx, cx, site)?;
    found.map(|s| Some(s.id.0)).ok_or(db::Error::Missing)
}

fn check(tx: &mut Tx<'_>, _: &Cx, o: &Object, _: Option<&Object>) -> Result<Refusals> {
    let year = o.get("year").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let mut no = Refusals::none();
    if store::same_item(
        tx,
        text(o, "site"),
        year,
        text(o, "source"),
        text(o, "title"),
        text(o, "id"),
    )? {
        no.push(Refusal::at("title", "service_items.twice"));
    }
    Ok(no)
}
